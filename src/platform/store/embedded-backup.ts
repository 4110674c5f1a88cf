import { AppError } from '../../shared/errors.ts';
import type { BackupSource, RestoreTarget } from './backup.ts';
import { clear, dueSpace, emptyCatalog, lay, readCatalog, settle, spaceKey, writeCatalog } from './catalog.ts';
import type { Catalog, Table } from './catalog.ts';
import { above, type Key } from './keys.ts';
import type { Kv, Reader } from './kv.ts';
import { openLmdb, openLmdbSnapshot } from './lmdb.ts';
import { dataFileIn } from './lmdb-files.ts';
import { migrations as released } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import { migrate } from './migrations/run.ts';
import type { AnyDeclaration } from './port.ts';
import { createRawStore } from './raw.ts';
import { decodeRow, type Row } from './rows.ts';
import { ready } from './writing.ts';

/** Documents handed on before others have their turn. */
const turn = 500;

/**
 * The data folder as it is now, read in one transaction of lmdb's: also while a village runs on it in another
 * process, which neither waits nor is waited for. Errors: `backup.nothing`, `store.damaged`, `store.restoring`.
 */
export async function openEmbeddedBackup(folder: string): Promise<BackupSource> {
  if (dataFileIn(folder) === null) throw new AppError('backup.nothing', 404);
  const { close, ...reader } = openLmdbSnapshot(folder);
  try {
    return createKvBackup(reader, close);
  } catch (fault) {
    await close();
    throw fault;
  }
}

/** The same over any ordered keys that stand still. */
export function createKvBackup(reader: Reader, close: () => Promise<void> = () => Promise.resolve()): BackupSource {
  const catalog = readCatalog(reader);
  if (catalog === null) throw new AppError('backup.nothing', 404);
  if (catalog.restoring !== undefined) throw new AppError('store.restoring', 409);
  return {
    engine: 'embedded',
    schema: catalog.version,
    snapshot: true,
    collections: Object.keys(catalog.collections).sort(),
    async *rows(collection): AsyncGenerator<Row> {
      const known = catalog.collections[collection];
      if (known === undefined) return;
      const space = spaceKey(known.space);
      let given = 0;
      for (const key of reader.keys(space, space + above)) {
        const bytes = reader.get(key);
        if (bytes === undefined) throw new AppError('store.damaged', 500, { collection });
        yield decodeRow(collection, bytes);
        if (++given % turn === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    },
    close,
  };
}

export interface EmbeddedRestoreOptions {
  readonly folder: string;
  readonly declarations: readonly AnyDeclaration[];
  readonly migrations?: readonly Migration[];
}

/** The data folder as a place for a backup. Errors: those of opening it. */
export function openEmbeddedRestore(options: EmbeddedRestoreOptions): RestoreTarget {
  return createKvRestore(openLmdb(options.folder), options);
}

/** The same over any ordered keys. */
export function createKvRestore(
  kv: Kv,
  { declarations, migrations = released }: Omit<EmbeddedRestoreOptions, 'folder'>,
): RestoreTarget {
  let catalog: Catalog = emptyCatalog(0);

  function holds({ collections }: Catalog): boolean {
    for (const known of Object.values(collections)) {
      const space = spaceKey(known.space);
      for (const _ of kv.keys(space, space + above)) return true;
    }
    return false;
  }

  return {
    async begin({ schema, collections, mark }) {
      const found = readCatalog(kv);
      if (found !== null && found.restoring === undefined && holds(found)) throw new AppError('backup.not-empty', 409);
      catalog = { ...emptyCatalog(schema), restoring: mark };
      for (const name of collections) catalog.collections[name] = { space: catalog.next++, indexes: {} };
      await writeCatalog(kv, catalog);
      await clear(kv, dueSpace, above);
    },
    async put(collection, rows) {
      const known = catalog.collections[collection];
      if (known === undefined) throw new AppError('store.undeclared', 500, { collection });
      const bare: Table = {
        name: collection,
        space: spaceKey(known.space),
        indexes: [],
        check: (doc) => doc as never,
      };
      const writes: [Key, Uint8Array][] = [];
      for (const row of rows) {
        const { id, bytes, event } = ready(bare, row);
        writes.push([bare.space + id, bytes]);
        for (const key of event) writes.push([key, new Uint8Array(0)]);
      }
      await kv.commit(writes);
    },
    async finish() {
      await migrate(catalog.version, migrations, createRawStore(kv, catalog), async (version) => {
        catalog.version = version;
        await writeCatalog(kv, catalog);
      });
      await settle(kv, catalog, lay(catalog, declarations));
      delete catalog.restoring;
      await writeCatalog(kv, catalog);
    },
    close: () => kv.close(),
  };
}
