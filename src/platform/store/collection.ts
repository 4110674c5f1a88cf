import { AppError } from '../../shared/errors.ts';
import type { Table } from './catalog.ts';
import { bytesOf, decode, encode, skip, type Key } from './keys.ts';
import { rememberAnswers, type Answer, type KeptKv } from './kept.ts';
import type { Draft } from './kv.ts';
import { matches, type Query } from './match.ts';
import { planned, type Operations } from './operations.ts';
import type { Plan } from './plan-types.ts';
import type { Collection, Emitting, FindOptions, Keyed, Scalar } from './port.ts';
import { questionOf } from './question.ts';
import {
  answers,
  candidates,
  exactKeys,
  orderOf,
  parseSort,
  rowAt,
  scanLimit,
  spansAfter,
  storedIndex,
} from './reading.ts';
import type { Row } from './rows.ts';
import { at, copyOf, isScalar, type Doc } from './values.ts';
import type { Writer } from './writer.ts';
import { replace } from './writing.ts';

export interface Means {
  readonly kv: KeptKv;
  readonly writer: Writer;
  /** Called when a query has looked at too many documents in vain; may throw. */
  readonly inVain: (collection: string, documents: number) => void;
  readonly emitted: () => void;
}

const portion = 500;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export function createCollection<T extends Keyed>(table: Table, means: Means, operations: Operations): Collection<T> {
  const { kv, writer } = means;
  const { name } = table;
  const remembered = rememberAnswers(() => kv.version(table.space));
  /** What callers get is theirs: a copy of what is kept for others. */
  const out = (doc: Doc): T => copyOf(doc) as unknown as T;
  const outOf = (row: Row): T => (row.kept === true ? out(row.doc) : (row.doc as unknown as T));
  const inVain = (documents: number): void => means.inVain(name, documents);
  const tell = ({ emit = [] }: Emitting = {}): void => {
    if (emit.length > 0) means.emitted();
  };
  const search = (where: object, { sort, limit = Infinity, after }: FindOptions<T> = {}): readonly Row[] => {
    const keys = parseSort(sort);
    const [query, plan] = planned(table, where, keys);
    const last = after === undefined ? null : (after as unknown as Doc);
    if (limit <= 0) return [];
    const found: Row[] = [];
    if (plan.ordered && plan.how !== 'ids') {
      const spans = last === null ? plan.spans : spansAfter(table, plan, last);
      for (const row of answers(kv, table, query, plan, inVain, spans)) if (found.push(row) >= limit) break;
      return found;
    }
    const order = orderOf(keys);
    for (const row of answers(kv, table, query, plan, inVain)) {
      if (last === null || order(row.doc, last) > 0) found.push(row);
    }
    if (found.length - limit > scanLimit) inVain(found.length - limit);
    return found.sort((a, b) => order(a.doc, b.doc)).slice(0, limit);
  };
  const first = (where: object): Row[] => {
    const [query, plan] = planned(table, where);
    for (const row of answers(kv, table, query, plan, inVain)) return [row];
    return [];
  };
  const given = ({ rows, remembered: shared }: Answer): T[] => rows.map((row) => (shared ? out(row.doc) : outOf(row)));
  /** All documents, read in an index that holds the field. */
  const wholeIndex = (field: string, plan: Plan): Plan => {
    const index = table.indexes.find(({ fields, many }) => many.size === 0 && fields.includes(field));
    return index === undefined ? plan : { ...plan, how: 'spans', index };
  };
  /** Ids of what answers now, for work in portions. */
  const idsOf = (query: Query, plan: Plan): Key[] => {
    const ids: Key[] = [];
    for (const { doc } of answers(kv, table, query, plan, inVain)) ids.push(bytesOf(doc._id));
    return ids;
  };
  const eachPortion = async (where: object, work: (draft: Draft, row: Row) => void) => {
    const [query, plan] = planned(table, where);
    const ids = idsOf(query, plan);
    let changed = 0;
    for (let from = 0; from < ids.length; from += portion) {
      changed += await writer.submit((draft) => {
        let here = 0;
        for (const id of ids.slice(from, from + portion)) {
          const row = rowAt(draft, table, id);
          if (row === null || !matches(row.doc, query)) continue;
          work(draft, row);
          here++;
        }
        return here;
      });
    }
    return changed;
  };

  return {
    name,
    async insert(doc, options) {
      const inserted = await writer.submit(operations.insert(doc, options));
      tell(options);
      return outOf(inserted);
    },

    async get(id) {
      const row = rowAt(kv, table, bytesOf(id));
      return row === null ? null : outOf(row);
    },

    async findOne(where) {
      const question = questionOf(where);
      const ask = (): Row[] => first(where);
      const [doc] = given(question === null ? { rows: ask(), remembered: false } : remembered.of(question, ask));
      return doc ?? null;
    },

    async find(where, options) {
      const question = options?.after === undefined ? questionOf(where, options) : null;
      const ask = (): readonly Row[] => search(where, options);
      return given(question === null ? { rows: ask(), remembered: false } : remembered.of(question, ask));
    },

    async *stream(where) {
      const [query, plan] = planned(table, where);
      const ids = [...candidates(kv, table, plan)];
      let vain = 0;
      for (let i = 0; i < ids.length; i++) {
        if (i % portion === portion - 1) await turn();
        const row = rowAt(kv, table, ids[i] ?? '');
        if (row === null) continue;
        if (matches(row.doc, query)) yield outOf(row);
        else if (++vain === scanLimit + 1) inVain(vain);
      }
    },

    async count(where) {
      const [query, plan] = planned(table, where);
      let count = 0;
      if (plan.exact && plan.how !== 'ids') {
        const keys = exactKeys(kv, table, plan);
        while (!keys.next().done) count++;
        return count;
      }
      for (const _ of answers(kv, table, query, plan, inVain)) count++;
      return count;
    },

    async countBy(where, field) {
      const [query, chosen] = planned(table, where);
      const plan = chosen.how === 'all' && chosen.exact ? wholeIndex(field, chosen) : chosen;
      const counts = new Map<Scalar, number>();
      const seen = new Map<Key, Scalar>();
      const add = (key: Key, valueOf: () => Scalar): void => {
        let value = seen.get(key);
        if (value === undefined) seen.set(key, (value = valueOf()));
        counts.set(value, (counts.get(value) ?? 0) + 1);
      };
      const index = storedIndex(table, plan);
      const position = index?.fields.indexOf(field) ?? -1;
      if (plan.exact && index !== null && position >= 0 && !index.many.has(field)) {
        for (const [, key] of exactKeys(kv, table, plan)) {
          let from = 0;
          for (let i = 0; i < position; i++) from = skip(key, from);
          add(key.slice(from, skip(key, from)), () => decode(key, from));
        }
        return counts;
      }
      for (const { doc } of answers(kv, table, query, plan, inVain)) {
        const value = at(doc, field) ?? null;
        if (!isScalar(value)) throw new AppError('store.query', 500, { path: field });
        add(encode(value) ?? JSON.stringify(value), () => value);
      }
      return counts;
    },

    async update(where, change, options) {
      const row = await writer.submit(operations.update(where, change, options));
      if (row === null) return null;
      tell(options);
      return outOf(row);
    },

    async upsert(id, change) {
      const { row, inserted } = await writer.submit(operations.upsert(id, change));
      return { doc: outOf(row), inserted };
    },

    updateMany: (where, change) => eachPortion(where, (draft, row) => void operations.rewrite(draft, row, change)),
    remove: (where) => eachPortion(where, (draft, row) => replace(draft, table, row, null)),
  };
}
