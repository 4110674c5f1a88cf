import { AppError } from '../../shared/errors.ts';
import { emptyCatalog, lay, readCatalog, settle, writeCatalog, type Table } from './catalog.ts';
import { createEngine, type EngineOptions } from './engine.ts';
import { keepRows } from './kept.ts';
import { createMemoryKv, type Kv } from './kv.ts';
import { openLmdb } from './lmdb.ts';
import { migrations as released } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import { migrate, newest } from './migrations/run.ts';
import type { AnyDeclaration, Store } from './port.ts';
import { createRawStore } from './raw.ts';
import { createWriter } from './writer.ts';

export type { Scan } from './reading.ts';
export type MemoryOptions = Partial<EngineOptions>;

const ignored = (): void => undefined;

/**
 * A store in memory, for tests and replays: the same engine as on disk, gone when the process ends.
 * A scan of more than 1,000 documents throws `store.scan` unless `strict` is false.
 */
export function openMemoryStore(declarations: readonly AnyDeclaration[], options: MemoryOptions = {}): Store {
  const kv = keepRows(createMemoryKv());
  const { tables } = lay(emptyCatalog(0), declarations);
  return createEngine(
    kv,
    createWriter(kv, (run) => run()),
    tables,
    { strict: options.strict ?? true, onScan: options.onScan ?? ignored },
  );
}

export interface EmbeddedOptions extends Partial<EngineOptions> {
  /** The data folder; made when it is not there. One process at a time. */
  readonly folder: string;
  readonly declarations: readonly AnyDeclaration[];
  /** Others than those released, for tests. */
  readonly migrations?: readonly Migration[];
}

async function prepare(kv: Kv, declarations: readonly AnyDeclaration[], migrations: readonly Migration[]) {
  const catalog = readCatalog(kv) ?? emptyCatalog(newest(migrations));
  if (catalog.restoring !== undefined) throw new AppError('store.restoring', 409);
  await migrate(catalog.version, migrations, createRawStore(kv, catalog), async (version) => {
    catalog.version = version;
    await writeCatalog(kv, catalog);
  });
  const laid = lay(catalog, declarations);
  await settle(kv, catalog, laid);
  return laid.tables;
}

/**
 * The store of a data folder: documents on disk when a write's promise resolves. Migrates and builds new
 * indexes first. Errors: `store.locked` (facts.pid), `store.damaged`, `store.unwritable`, `store.newer`
 * (facts found, known), `store.restoring` (a restore was not finished), `store.duplicate` when a new unique
 * index does not hold.
 */
export async function createEmbeddedStore(options: EmbeddedOptions): Promise<Store> {
  const kv = openLmdb(options.folder);
  let tables: Map<string, Table>;
  try {
    tables = await prepare(kv, options.declarations, options.migrations ?? released);
  } catch (fault) {
    await kv.close();
    throw fault;
  }
  const kept = keepRows(kv);
  return createEngine(kept, createWriter(kept, setImmediate), tables, {
    strict: options.strict ?? false,
    onScan: options.onScan ?? ignored,
  });
}
