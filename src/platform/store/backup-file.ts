import { Binary, deserialize, serialize } from 'bson';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { z } from 'zod';
import { AppError, isAppError } from '../../shared/errors.ts';
import type { Waiting } from './rows.ts';
import type { Doc } from './values.ts';

/**
 * A backup file: a line of JSON (the header, so that `head -1` tells what it is), the gzip'd records, each a BSON
 * document, and `sha256:<hex>\n` over every byte before. Record: `{ c, d, w? }` a document of collection c with the
 * events that wait in it, `{ f, b }` a file, and at the end `{ end: { documents per collection }, files }`.
 */
const format = 'cunkou-backup';
const version = 1;

const headerSchema = z.object({
  format: z.literal(format),
  version: z.number().int(),
  schema: z.number().int(),
  createdAt: z.iso.datetime().transform((text) => new Date(text)),
  engine: z.enum(['embedded', 'mongodb']),
  snapshot: z.boolean(),
  collections: z.array(z.string().regex(/^[A-Za-z][\w-]*$/)),
  keys: z.record(z.string(), z.string()),
});
export type BackupHeader = Omit<z.output<typeof headerSchema>, 'format' | 'version'>;

export type BackupRecord =
  | { kind: 'document'; collection: string; doc: Doc; waiting: readonly Waiting[] }
  | { kind: 'file'; name: string; bytes: Uint8Array };

const sealOf = (digest: string): string => `sha256:${digest}\n`;
const sealLength = sealOf('0'.repeat(64)).length;
const longestHeader = 65_536;
const chunk = 256 * 1024;
/** Above what one document or picture may have. */
const longestRecord = 20_000_000;

const damaged = (part: string, cause?: unknown): AppError => new AppError('backup.damaged', 422, { part }, { cause });

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

/** Beside its place first, on disk, and then moved there. */
export async function writeBackupFile(
  path: string,
  about: Omit<BackupHeader, 'collections'> & { readonly collections: readonly string[] },
  records: AsyncIterable<BackupRecord>,
): Promise<{ documents: number; files: number }> {
  if (await exists(path)) throw new AppError('backup.exists', 409);
  const partial = `${path}.partial`;
  const counts: Record<string, number> = Object.fromEntries(about.collections.map((name) => [name, 0]));
  let documents = 0;
  let files = 0;

  async function* bytes(): AsyncGenerator<Uint8Array> {
    let gathered: Uint8Array[] = [];
    let length = 0;
    for await (const record of records) {
      if (record.kind === 'document') {
        documents++;
        counts[record.collection] = (counts[record.collection] ?? 0) + 1;
      } else files++;
      const packed = pack(record);
      gathered.push(packed);
      length += packed.length;
      if (length < chunk) continue;
      yield Buffer.concat(gathered);
      gathered = [];
      length = 0;
    }
    yield Buffer.concat([...gathered, serialize({ end: counts, files })]);
  }

  const handle = await open(partial, 'w', 0o600);
  try {
    const hash = createHash('sha256');
    const write = async (part: Uint8Array): Promise<void> => {
      hash.update(part);
      await handle.writeFile(part);
    };
    await write(Buffer.from(`${JSON.stringify({ format, version, ...about })}\n`));
    await pipeline(Readable.from(bytes()), createGzip(), async (source: AsyncIterable<Buffer>) => {
      for await (const part of source) await write(part);
    });
    await handle.writeFile(sealOf(hash.digest('hex')));
    await handle.sync();
    await handle.close();
    await rename(partial, path);
  } catch (fault) {
    await handle.close();
    await rm(partial, { force: true });
    throw fault;
  }
  await sync(dirname(path));
  return { documents, files };
}

function pack(record: BackupRecord): Uint8Array {
  if (record.kind === 'file') return serialize({ f: record.name, b: new Binary(record.bytes) });
  const { collection: c, doc: d, waiting: w } = record;
  return serialize(w.length === 0 ? { c, d } : { c, d, w }, { ignoreUndefined: true });
}

interface Frame {
  readonly header: BackupHeader;
  /** Where the gzip'd records lie: first byte, and the first after. */
  readonly from: number;
  readonly to: number;
}

async function frameOf(handle: FileHandle): Promise<Frame> {
  const { size } = await handle.stat();
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(longestHeader), 0, longestHeader, 0);
  const end = buffer.subarray(0, bytesRead).indexOf('\n');
  if (end < 0 || end + 1 > size - sealLength) throw damaged('header');
  let json: unknown;
  try {
    json = JSON.parse(buffer.toString('utf8', 0, end));
  } catch (cause) {
    throw damaged('header', cause);
  }
  const about = z.object({ format: z.literal(format), version: z.number() }).safeParse(json);
  if (!about.success) throw damaged('header');
  if (about.data.version > version)
    throw new AppError('backup.newer', 409, { found: about.data.version, known: version });
  const parsed = headerSchema.safeParse(json);
  if (!parsed.success) throw damaged('header');
  const { format: _, version: __, ...header } = parsed.data;
  return { header, from: end + 1, to: size - sealLength };
}

async function opened<R>(path: string, work: (handle: FileHandle) => Promise<R>): Promise<R> {
  const handle = await open(path, 'r');
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

export interface Verified {
  readonly header: BackupHeader;
  /** The checksum: names this backup. */
  readonly mark: string;
  readonly documents: number;
  readonly files: ReadonlySet<string>;
}

/** Reads the whole file: its checksum first, then every record. Throws `backup.damaged`, `backup.newer`. */
export async function verifyBackup(path: string): Promise<Verified> {
  const { frame, mark } = await opened(path, async (handle) => {
    const found = await frameOf(handle);
    const hash = createHash('sha256');
    const bytes = createReadStream(path, { end: found.to - 1, highWaterMark: chunk });
    for await (const part of bytes as AsyncIterable<Buffer>) hash.update(part);
    const digest = hash.digest('hex');
    const seal = await handle.read(Buffer.alloc(sealLength), 0, sealLength, found.to);
    if (seal.buffer.toString('latin1') !== sealOf(digest)) throw damaged('checksum');
    return { frame: found, mark: digest };
  });
  const files = new Set<string>();
  let documents = 0;
  for await (const record of readRecords(path)) {
    if (record.kind === 'file') files.add(record.name);
    else if (frame.header.collections.includes(record.collection)) documents++;
    else throw damaged('collection');
  }
  return { header: frame.header, mark, documents, files };
}

/** The records of a file that was verified. */
export async function* readRecords(path: string): AsyncGenerator<BackupRecord> {
  const { from, to } = await opened(path, frameOf);
  const counts = new Map<string, number>();
  let files = 0;
  let ended = false;
  const gunzip = createGunzip({ chunkSize: chunk });
  const flowing = pipeline(createReadStream(path, { start: from, end: to - 1, highWaterMark: chunk }), gunzip);
  // Its fault also ends the reading below, and is told there.
  flowing.catch(() => undefined);
  try {
    for await (const bytes of split(gunzip as AsyncIterable<Buffer>)) {
      if (ended) throw damaged('end');
      const packed = deserialize(bytes, { validation: { utf8: false } });
      if ('end' in packed) {
        const told = packed['end'] as Record<string, number>;
        if (packed['files'] !== files) throw damaged('count');
        for (const [name, count] of Object.entries(told)) if ((counts.get(name) ?? 0) !== count) throw damaged('count');
        ended = true;
      } else if ('f' in packed) {
        files++;
        yield { kind: 'file', name: String(packed['f']), bytes: (packed['b'] as Binary).value() };
      } else {
        const collection = String(packed['c']);
        counts.set(collection, (counts.get(collection) ?? 0) + 1);
        const waiting = (packed['w'] ?? []) as Waiting[];
        yield { kind: 'document', collection, doc: packed['d'] as Doc, waiting };
      }
    }
    if (!ended) throw damaged('end');
    await flowing;
  } catch (fault) {
    throw isAppError(fault) ? fault : damaged('records', fault);
  } finally {
    gunzip.destroy();
  }
}

/** Cuts a stream into BSON documents, which begin with their length. */
async function* split(source: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  let held: Buffer[] = [];
  let length = 0;
  let wanted = 4;
  for await (const part of source) {
    held.push(part);
    length += part.length;
    if (length < wanted) continue;
    let bytes = Buffer.concat(held);
    for (;;) {
      wanted = bytes.length < 4 ? 4 : bytes.readInt32LE(0);
      if (wanted < 4 || wanted > longestRecord) throw damaged('records');
      if (bytes.length < wanted || bytes.length < 4) break;
      yield bytes.subarray(0, wanted);
      bytes = bytes.subarray(wanted);
    }
    held = [bytes];
    length = bytes.length;
  }
  if (length > 0) throw damaged('records');
}
