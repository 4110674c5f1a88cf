import type { Row } from './rows.ts';
import { readRecords, verifyBackup, writeBackupFile, type BackupHeader, type BackupRecord } from './backup-file.ts';
import { AppError } from '../../shared/errors.ts';
import type { Doc } from './values.ts';

/** What a store gives to a backup: every document as it stood at one instant, with the events that wait in it. */
export interface BackupSource {
  readonly engine: 'embedded' | 'mongodb';
  /** The schema version of what is kept. */
  readonly schema: number;
  /** False where the server can't read at one instant (MongoDB that is no replica set). */
  readonly snapshot: boolean;
  readonly collections: readonly string[];
  rows(collection: string): AsyncIterable<Row>;
  close(): Promise<void>;
}

/**
 * A store that takes a backup. From `begin` to the end of `finish` it is marked as being restored, and no
 * village opens it (`store.restoring`); `begin` again, after a crash, empties it and starts anew.
 */
export interface RestoreTarget {
  /** Throws `backup.not-empty` when it holds any document. */
  begin(backup: { schema: number; collections: readonly string[]; mark: string }): Promise<void>;
  put(collection: string, rows: readonly Row[]): Promise<void>;
  /** Migrates, builds the indexes, checks what must be unique, and takes the mark away. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

/** A file that travels with the documents: `pictures/<id>`, `keys.json`. */
export interface BackupFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface BackupTotals {
  readonly documents: number;
  readonly files: number;
}

/**
 * Writes everything to `path` (readable by its owner only), whole or not at all. Errors: `backup.exists` when
 * something is there already, and those of the file system.
 */
export async function backUp(options: {
  readonly path: string;
  readonly source: BackupSource;
  readonly createdAt: Date;
  /** Fingerprints of the keys without which sealed fields can't be read. */
  readonly keys: Readonly<Record<string, string>>;
  /** Read after the documents, so that what they name is there. */
  readonly files: AsyncIterable<BackupFile>;
}): Promise<BackupTotals> {
  const { path, source, createdAt, keys, files } = options;
  const { engine, schema, snapshot, collections } = source;
  async function* records(): AsyncGenerator<BackupRecord> {
    for (const collection of collections) {
      for await (const { doc, waiting } of source.rows(collection))
        yield { kind: 'document', collection, doc, waiting };
    }
    for await (const { name, bytes } of files) yield { kind: 'file', name, bytes };
  }
  return writeBackupFile(path, { schema, createdAt, engine, snapshot, collections, keys }, records());
}

/** Documents written at a time. */
const portion = 1000;

/**
 * Puts a backup into an empty store. The whole file is verified and `admit` has seen its header and files
 * before anything is written; pictures and the like are kept before the store is opened to others. Errors:
 * `backup.damaged`, `backup.newer` (facts found, known), `backup.not-empty`, and what `admit` throws.
 */
export async function restore(options: {
  readonly path: string;
  readonly target: RestoreTarget;
  /** The schema version of this program. */
  readonly schema: number;
  readonly admit: (header: BackupHeader, has: (file: string) => boolean) => Promise<void>;
  readonly file: (file: BackupFile) => Promise<void>;
  /** Looks at each document on its way in. */
  readonly change?: (collection: string, doc: Doc) => Doc;
  /** More documents of one collection, asked for when all of the file are in. */
  readonly more?: { readonly collection: string; readonly docs: () => readonly Doc[] };
}): Promise<BackupTotals & { readonly header: BackupHeader }> {
  const { path, target, change = (_, doc) => doc, more } = options;
  const { header, mark, files, documents } = await verifyBackup(path);
  if (header.schema > options.schema)
    throw new AppError('backup.newer', 409, { found: header.schema, known: options.schema });
  await options.admit(header, (name) => files.has(name));
  const collections = [...new Set([...header.collections, ...(more === undefined ? [] : [more.collection])])];
  await target.begin({ schema: header.schema, collections, mark });
  let gathered: Row[] = [];
  let of = '';
  const flush = async (): Promise<void> => {
    if (gathered.length > 0) await target.put(of, gathered);
    gathered = [];
  };
  for await (const record of readRecords(path)) {
    if (record.kind === 'file') {
      await options.file(record);
      continue;
    }
    if (record.collection !== of || gathered.length === portion) await flush();
    of = record.collection;
    gathered.push({ doc: change(record.collection, record.doc), waiting: record.waiting });
  }
  await flush();
  const added = more?.docs() ?? [];
  if (more !== undefined && added.length > 0) {
    await target.put(
      more.collection,
      added.map((doc) => ({ doc, waiting: [] })),
    );
  }
  await target.finish();
  return { header, documents, files: files.size };
}
