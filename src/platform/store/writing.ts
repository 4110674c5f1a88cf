import { AppError } from '../../shared/errors.ts';
import { dueSpace, parkedSpace, type Table } from './catalog.ts';
import { above, encode, entries, idKey, type Key } from './keys.ts';
import type { Draft, Reader } from './kv.ts';
import { dueOf, encodeRow, parkedIn, type Row } from './rows.ts';

const nothing = new Uint8Array(0);

/** A row made ready to be written: its bytes, and its entries in each index. */
export interface Ready {
  readonly id: Key;
  readonly bytes: Uint8Array;
  readonly entries: readonly (readonly Key[])[];
  readonly event: readonly Key[];
}

/** Throws `store.key-too-long`. */
export function ready(table: Table, row: Row): Ready {
  const id = idKey(table.name, row.doc._id);
  return {
    id,
    bytes: encodeRow(row),
    entries: table.indexes.map(({ fields }) => entries(table.name, row.doc, fields)),
    event: eventKeys(table, row, id),
  };
}

function eventKeys(table: Table, { waiting }: Row, id: Key): Key[] {
  if (waiting.length === 0) return [];
  const due = dueOf(waiting);
  const keys = due === null ? [] : [`${dueSpace}${encode(due) ?? ''}${table.space}${id}`];
  if (parkedIn(waiting)) keys.push(`${parkedSpace}${table.space}${id}`);
  return keys;
}

function taken(reader: Reader, prefix: Key, id: Key): boolean {
  for (const key of reader.keys(prefix, prefix + above)) if (key.slice(prefix.length) !== id) return true;
  return false;
}

/** What to write: entries to drop and to add. */
interface Difference {
  readonly drops: Key[];
  readonly puts: Key[];
}

function compareEntries(to: Difference, space: Key, old: readonly Key[], fresh: readonly Key[], id: Key): Key[] {
  for (const key of old) if (!fresh.includes(key)) to.drops.push(space + key + id);
  const added = old.length === 0 ? [...fresh] : fresh.filter((key) => !old.includes(key));
  for (const key of added) to.puts.push(space + key + id);
  return added;
}

/** Puts a row in the place of the one before; checks unique indexes before it touches anything. */
export function replace(draft: Draft, table: Table, before: Row | null, after: Ready | null): void {
  const id = after === null ? idKey(table.name, before?.doc._id ?? '') : after.id;
  const to: Difference = { drops: [], puts: [] };
  for (let i = 0; i < table.indexes.length; i++) {
    const index = table.indexes[i];
    if (index === undefined) continue;
    const old = before === null ? [] : entries(table.name, before.doc, index.fields);
    const added = compareEntries(to, index.space, old, after?.entries[i] ?? [], id);
    if (!index.unique) continue;
    for (const key of added) {
      if (!taken(draft, index.space + key, id)) continue;
      throw new AppError('store.duplicate', 409, { collection: table.name, index: index.name });
    }
  }
  compareEntries(to, '', before === null ? [] : eventKeys(table, before, id), after?.event ?? [], '');
  for (const key of to.drops) draft.put(key, null);
  for (const key of to.puts) draft.put(key, nothing);
  draft.put(table.space + id, after === null ? null : after.bytes);
}
