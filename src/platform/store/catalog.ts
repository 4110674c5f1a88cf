import { deserialize, serialize } from 'bson';
import { AppError } from '../../shared/errors.ts';
import { createCheck } from './check.ts';
import { fieldSchema, mayBeArray } from './fields.ts';
import { above, entries, type Key } from './keys.ts';
import type { Kv, Reader } from './kv.ts';
import type { Index } from './plan-types.ts';
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
  /** Spaces of indexes that are no longer kept, to be emptied. */
  garbage: number[];
  /** Set from the beginning of a restore to its end: the checksum of the backup. Nothing else opens it so long. */
  restoring?: string;
  collections: Record<
    string,
    { space: number; indexes: Record<string, { space: number; fields: string[]; unique: boolean }> }
  >;
}

const place: Key = '\0\0catalog';
/** Events by due time, and those parked. */
export const dueSpace: Key = '\0\x01';
export const parkedSpace: Key = '\0\x02';
const firstFree = 16;

export const spaceKey = (space: number): Key => String.fromCharCode(space >> 8, space & 255);

export function emptyCatalog(version: number): Catalog {
  return { version, next: firstFree, garbage: [], collections: {} };
}

/** Null in a new folder; throws `store.damaged`. */
export function readCatalog(kv: Reader): Catalog | null {
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
  /** Spaces never used before: an attempt that failed may have left something in them. */
  readonly fresh: readonly Key[];
}

/** Gives spaces to what is declared; says which indexes are new, and notes those no longer wanted as garbage. */
export function lay(catalog: Catalog, declarations: readonly AnyDeclaration[]): { tables: Map<string, Table> } & Work {
  const first = catalog.next;
  const tables = new Map<string, Table>();
  const build: { table: Table; index: StoredIndex }[] = [];
  for (const { name, schema, indexes } of declarations) {
    if (tables.has(name)) throw new AppError('store.declared-twice', 500, { collection: name });
    for (const field of hidden) {
      if (fieldSchema(schema, field) !== null)
        throw new AppError('store.reserved', 500, { collection: name, path: field });
    }
    const known = (catalog.collections[name] ??= { space: catalog.next++, indexes: {} });
    const stored: StoredIndex[] = [];
    const added: StoredIndex[] = [];
    for (const [id, { fields, unique = false }] of Object.entries(indexes)) {
      const before = known.indexes[id];
      const same = before !== undefined && before.fields.join() === fields.join() && before.unique === unique;
      if (before !== undefined && !same) catalog.garbage.push(before.space);
      const { space } = same ? before : (known.indexes[id] = { space: catalog.next++, fields: [...fields], unique });
      const many = new Set(fields.filter((field) => mayBeArray(schema, field)));
      const index = { name: id, fields, unique, many, space: spaceKey(space) };
      stored.push(index);
      if (!same) added.push(index);
    }
    for (const [id, { space }] of Object.entries(known.indexes)) {
      if (indexes[id] !== undefined) continue;
      catalog.garbage.push(space);
      delete known.indexes[id];
    }
    const table = { name, space: spaceKey(known.space), indexes: stored, check: createCheck(name, schema) };
    tables.set(name, table);
    build.push(...added.map((index) => ({ table, index })));
  }
  const fresh = Array.from({ length: catalog.next - first }, (_, i) => spaceKey(first + i));
  return { tables, build, fresh };
}

const portion = 2000;

/** Empties a space, or everything from there up to `end`. */
export async function clear(kv: Kv, space: Key, end = space + above): Promise<void> {
  for (;;) {
    const keys: Key[] = [];
    kv.refresh();
    for (const key of kv.keys(space, end)) if (keys.push(key) === portion) break;
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

/** Fills what is new, notes it in the catalog, then empties what is old: in this order a crash harms nothing. */
export async function settle(kv: Kv, catalog: Catalog, { build, fresh }: Work): Promise<void> {
  for (const space of fresh) await clear(kv, space);
  for (const { table, index } of build) await fill(kv, table, index);
  if (build.length > 0 || fresh.length > 0 || catalog.garbage.length > 0) await writeCatalog(kv, catalog);
  if (catalog.garbage.length === 0) return;
  for (const space of catalog.garbage) await clear(kv, spaceKey(space));
  catalog.garbage = [];
  await writeCatalog(kv, catalog);
}
