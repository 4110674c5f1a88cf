import { AppError } from '../../shared/errors.ts';
import { spaceKey, writeCatalog, type Catalog, type Table } from './catalog.ts';
import { above, type Key } from './keys.ts';
import type { Kv } from './kv.ts';
import type { RawStore } from './migrations/migration.ts';
import { decodeRow, encodeRow } from './rows.ts';
import { Draft } from './kv.ts';
import { replace } from './writing.ts';

const portion = 1000;
/** Fields that no index has: it will be built anew. */
const stale = ['\0stale'];

/** Documents as they are kept, for migrations. The indexes of what they touch are built anew afterwards. */
export function createRawStore(kv: Kv, catalog: Catalog): RawStore {
  return {
    async each(collection, change) {
      const known = catalog.collections[collection];
      if (known === undefined) return;
      for (const index of Object.values(known.indexes)) index.fields = [...stale];
      await writeCatalog(kv, catalog);
      const space = spaceKey(known.space);
      const bare: Table = { name: collection, space, indexes: [], check: (doc) => doc as never };
      let from = space;
      for (;;) {
        kv.refresh();
        const keys: Key[] = [];
        for (const key of kv.keys(from, space + above)) if (keys.push(key) === portion) break;
        const draft = new Draft(kv);
        for (const key of keys) {
          const bytes = kv.get(key);
          if (bytes === undefined) continue;
          const row = decodeRow(collection, bytes);
          const doc = change(row.doc);
          if (doc === row.doc) continue;
          if (doc !== null && doc._id !== row.doc._id) throw new AppError('store.migration', 500, { collection });
          if (doc === null) replace(draft, bare, row, null);
          else draft.put(key, encodeRow({ doc, waiting: row.waiting }));
        }
        if (draft.size > 0) await kv.commit(draft.all());
        const last = keys.at(-1);
        if (last === undefined || keys.length < portion) return;
        from = `${last}\0`;
      }
    },
  };
}
