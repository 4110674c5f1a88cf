import { deserialize, serialize } from 'bson';
import { AppError } from '../../shared/errors.ts';
import { createCheck } from './check.ts';
import { fieldSchema, mayBeArray } from './fields.ts';
import { above, entries, type Key } from './keys.ts';
import type { Kv } from './kv.ts';
import type { Index } from './plan.ts';
import type { AnyDeclaration } from './port.ts';
import { decodeRow, hidden } from './rows.ts';
import type { Doc } from './values.ts';

/** Every collection and every index has its own space: two bytes that its keys begin with. */
export interface StoredIndex extends Index {
  readonly space: Key;
}

export interface Table {
  readonly name: string;
  readonly space: Key;
  readonly indexes: readonly StoredIndex[];
  readonly check: (doc: object) => Doc;
}

/** What the data folder knows about itself. */
export interface Catalog {
  /** The schema version: the number of the last migration that it went through. */
  version: number;
  next: number;
  collections: Record<string, { space: number; indexes: Record<string, { space: number; fields: string[] }> }>;
}

const place: Key = '\0\0catalog';
/** Events by due time, and those parked. */
export const dueSpace: Key = '\0\x01';
export const parkedSpace: Key = '\0\x02';
const firstFree = 16;

export const spaceKey = (space: number): Key => String.fromCharCode(space >> 8, space & 255);

export function emptyCatalog(version: number): Catalog {
  return { version, next: firstFree, collections: {} };
}

/** Null in a new folder; throws `store.damaged`. */
export function readCatalog(kv: Kv): Catalog | null {
  const bytes = kv.get(place);
  if (bytes === undefined) {
    if ([...kv.keys('\0', above)].length > 0) throw new AppError('store.damaged', 500, { part: 'catalog' });
    return null;
  }
  try {
    return deserialize(bytes, { allowObjectSmallerThanBufferSize: true }) as Catalog;
  } catch (cause) {
    throw new AppError('store.damaged', 500, { part: 'catalog' }, { cause });
  }
}

export const writeCatalog = (kv: Kv, catalog: Catalog): Promise<void> => kv.commit([[place, serialize(catalog)]]);

interface Work {
  readonly build: readonly { table: Table; index: StoredIndex }[];
  readonly drop: readonly Key[];
}

/** Gives spaces to what is declared; says which indexes are new and which are no longer wanted. */
export function lay(catalog: Catalog, declarations: readonly AnyDeclaration[]): { tables: Map<string, Table> } & Work {
  const tables = new Map<string, Table>();
  const build: { table: Table; index: StoredIndex }[] = [];
  const drop: Key[] = [];
  for (const { name, schema, indexes } of declarations) {
    if (tables.has(name)) throw new AppError('store.declared-twice', 500, { collection: name });
    for (const field of hidden) {
      if (fieldSchema(schema, field) !== null)
        throw new AppError('store.reserved', 500, { collection: name, path: field });
    }
    const known = (catalog.collections[name] ??= { space: catalog.next++, indexes: {} });
    const stored: StoredIndex[] = [];
    const fresh: StoredIndex[] = [];
    for (const [id, { fields, unique = false }] of Object.entries(indexes)) {
      const before = known.indexes[id];
      const same = before !== undefined && before.fields.join() === fields.join();
      if (before !== undefined && !same) drop.push(spaceKey(before.space));
      const { space } = same ? before : (known.indexes[id] = { space: catalog.next++, fields: [...fields] });
      const many = new Set(fields.filter((field) => mayBeArray(schema, field)));
      const index = { name: id, fields, unique, many, space: spaceKey(space) };
      stored.push(index);
      if (!same) fresh.push(index);
    }
    for (const [id, { space }] of Object.entries(known.indexes)) {
      if (indexes[id] !== undefined) continue;
      drop.push(spaceKey(space));
      delete known.indexes[id];
    }
    const table = { name, space: spaceKey(known.space), indexes: stored, check: createCheck(name, schema) };
    tables.set(name, table);
    build.push(...fresh.map((index) => ({ table, index })));
  }
  return { tables, build, drop };
}

const portion = 2000;

async function clear(kv: Kv, space: Key): Promise<void> {
  for (;;) {
    const keys: Key[] = [];
    kv.refresh();
    for (const key of kv.keys(space, space + above)) if (keys.push(key) === portion) break;
    if (keys.length === 0) return;
    await kv.commit(keys.map((key) => [key, null]));
  }
}

async function fill(kv: Kv, table: Table, index: StoredIndex): Promise<void> {
  const taken = new Set<Key>();
  for (let from = table.space; ;) {
    const writes: [Key, Uint8Array][] = [];
    let read = 0;
    kv.refresh();
    for (const key of kv.keys(from, table.space + above)) {
      from = `${key}\0`;
      const bytes = kv.get(key);
      if (bytes === undefined) continue;
      for (const entry of entries(table.name, decodeRow(table.name, bytes).doc, index.fields)) {
        if (index.unique && taken.size === taken.add(entry).size) {
          throw new AppError('store.duplicate', 409, { collection: table.name, index: index.name });
        }
        writes.push([index.space + entry + key.slice(table.space.length), new Uint8Array(0)]);
      }
      if (++read === portion) break;
    }
    if (writes.length > 0) await kv.commit(writes);
    if (read < portion) return;
  }
}

/** Builds and drops; whatever a crash leaves half done is done again, since the catalog is written last. */
export async function settle(kv: Kv, { build, drop }: Work): Promise<void> {
  for (const space of drop) await clear(kv, space);
  for (const { table, index } of build) {
    await clear(kv, index.space);
    await fill(kv, table, index);
  }
}
