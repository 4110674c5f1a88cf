import { AppError } from '../../shared/errors.ts';
import { dueSpace, parkedSpace, type Table } from './catalog.ts';
import { above, encode, entries, idKey, type Key } from './keys.ts';
import type { Draft, Reader } from './kv.ts';
import { dueOf, encodeRow, parkedIn, type Row } from './rows.ts';
import { at, equal } from './values.ts';

const nothing = new Uint8Array(0);

/** A row made ready to be written: its bytes, and its entries in each index. */
export interface Ready {
  readonly id: Key;
  readonly row: Row;
  readonly bytes: Uint8Array;
  readonly entries: readonly (readonly Key[])[];
  readonly event: readonly Key[];
}

/** The entries of a row in each index; those of the row before it stand where their fields are the same. */
function entriesOf(table: Table, row: Row, before: Row | null): readonly (readonly Key[])[] {
  const held = before === null ? null : (before.entries ??= entriesOf(table, before, null));
  return table.indexes.map(({ fields }, i) => {
    const same = held?.[i];
    if (before !== null && same !== undefined) {
      if (fields.every((field) => equal(at(before.doc, field), at(row.doc, field)))) return same;
    }
    return entries(table.name, row.doc, fields);
  });
}

/** The row may be kept from now on: it must be nobody else's. Throws `store.key-too-long`. */
export function ready(table: Table, row: Row, before: Row | null = null): Ready {
  const id = idKey(table.name, row.doc._id);
  row.entries = entriesOf(table, row, before);
  return { id, row, bytes: encodeRow(row), entries: row.entries, event: eventKeys(table, row, id) };
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
  const held = before === null ? null : (before.entries ??= entriesOf(table, before, null));
  for (let i = 0; i < table.indexes.length; i++) {
    const index = table.indexes[i];
    if (index === undefined) continue;
    const old = before === null ? [] : (held?.[i] ?? []);
    const fresh = after?.entries[i] ?? [];
    if (old === fresh) continue;
    const added = compareEntries(to, index.space, old, fresh, id);
    if (!index.unique) continue;
    for (const key of added) {
      if (!taken(draft, index.space + key, id)) continue;
      throw new AppError('store.duplicate', 409, { collection: table.name, index: index.name });
    }
  }
  compareEntries(to, '', before === null ? [] : eventKeys(table, before, id), after?.event ?? [], '');
  for (const key of to.drops) draft.put(key, null);
  for (const key of to.puts) draft.put(key, nothing);
  draft.putRow(table.space + id, after?.bytes ?? null, after?.row ?? null, before?.kept === true);
}
