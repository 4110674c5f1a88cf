import { AppError } from '../../shared/errors.ts';
import type { StoredIndex, Table } from './catalog.ts';
import { bytesOf, entries, longestString, skip, type Key } from './keys.ts';
import type { Reader } from './kv.ts';
import { matches, type Query } from './match.ts';
import type { Plan, SortKey, Span } from './plan-types.ts';
import { decodeRow, type Row } from './rows.ts';
import { at, compare, compareStrings, sortValue, type Doc } from './values.ts';

export interface Scan {
  collection: string;
  /** Documents looked at in vain so far. */
  documents: number;
}

/** Looking at more documents than these in vain is a scan. */
export const scanLimit = 1000;

/** The row of an id in key bytes. It may be kept for others: not to be changed. */
export function rowAt(reader: Reader, table: Table, id: Key): Row | null {
  if (id.length > longestString) return null;
  const key = table.space + id;
  const known = reader.known?.(key);
  if (known !== undefined) return known;
  const bytes = reader.get(key);
  if (bytes === undefined) return null;
  const row = decodeRow(table.name, bytes);
  reader.keep?.(key, row, bytes.length);
  return row;
}

/** Keys of a plan's spans in its order: for each the id's bytes and the key without its space. */
function* spanKeys(
  reader: Reader,
  table: Table,
  index: StoredIndex | null,
  spans: readonly Span[],
  reverse: boolean,
): Generator<[id: Key, key: Key]> {
  const space = index === null ? table.space : index.space;
  for (const { start, end } of spans) {
    for (const full of reader.keys(space + start, space + end, reverse)) {
      let from = space.length;
      if (index !== null) for (let i = 0; i < index.fields.length; i++) from = skip(full, from);
      yield [full.slice(from), full.slice(space.length)];
    }
  }
}

export function storedIndex(table: Table, plan: Plan): StoredIndex | null {
  return plan.index === null ? null : (table.indexes.find(({ name }) => name === plan.index?.name) ?? null);
}

/** Ids that may answer, each once, in the plan's order. `spans` may narrow the plan's own. */
export function* candidates(reader: Reader, table: Table, plan: Plan, spans = plan.spans): Generator<Key> {
  if (plan.how === 'ids') {
    for (const id of plan.ids) yield bytesOf(id);
    return;
  }
  const seen = new Set<Key>();
  if (plan.how === 'union') {
    for (const part of plan.parts) {
      for (const id of candidates(reader, table, part)) if (seen.size !== seen.add(id).size) yield id;
    }
    return;
  }
  const index = storedIndex(table, plan);
  const distinct = index === null || index.many.size === 0;
  for (const [id] of spanKeys(reader, table, index, spans, plan.reverse)) {
    if (distinct || seen.size !== seen.add(id).size) yield id;
  }
}

/** For plans that are exact: the keys alone are the answer. */
export function exactKeys(reader: Reader, table: Table, plan: Plan): Generator<[id: Key, key: Key]> {
  return spanKeys(reader, table, storedIndex(table, plan), plan.spans, false);
}

/** Rows that answer; tells `inVain` once when too many were looked at without answering. */
export function* answers(
  reader: Reader,
  table: Table,
  query: Query,
  plan: Plan,
  inVain: (documents: number) => void,
  spans = plan.spans,
): Generator<Row> {
  let vain = 0;
  for (const id of candidates(reader, table, plan, spans)) {
    const row = rowAt(reader, table, id);
    if (row === null) continue;
    if (plan.exact || matches(row.doc, query)) yield row;
    else if (++vain === scanLimit + 1) inVain(vain);
  }
}

/** The order of a sort, ties by _id in the direction of its last field. */
export function orderOf(sort: readonly SortKey[]): (a: Doc, b: Doc) => number {
  const last = sort.at(-1)?.[1] ?? 1;
  return (a, b) => {
    for (const [path, direction] of sort) {
      const by = compare(sortValue(at(a, path), direction), sortValue(at(b, path), direction)) * direction;
      if (by !== 0) return by;
    }
    return compareStrings(a._id, b._id) * last;
  };
}

/** A plan's spans from behind the document on. */
export function spansAfter(table: Table, plan: Plan, after: Doc): readonly Span[] {
  const index = storedIndex(table, plan);
  const id = bytesOf(after._id);
  const held = index === null ? [id] : entries(table.name, after, index.fields).map((entry) => entry + id);
  return plan.spans.map(({ start, end }) => {
    const key = held.find((entry) => entry >= start && entry < end) ?? held[0] ?? id;
    if (plan.reverse) return { start, end: key < end ? key : end };
    return { start: `${key}\0` > start ? `${key}\0` : start, end };
  });
}

export function parseSort(sort: object | undefined): SortKey[] {
  return Object.entries(sort ?? {}).map(([path, direction]) => {
    if (direction !== 1 && direction !== -1) throw new AppError('store.query', 500, { path });
    return [path, direction] as const;
  });
}
