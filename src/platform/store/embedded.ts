import { AppError } from '../../shared/errors.ts';
import type { Event } from '../events/event.ts';
import { applyChange } from './change.ts';
import { createCheck } from './check.ts';
import { matches, parseWhere } from './match.ts';
import type { AnyDeclaration, Collection, Declaration, Keyed, PendingEvent, Scalar, Store } from './port.ts';
import { at, compare, equal, sortValue, type Doc } from './values.ts';

export interface MemoryOptions {
  /** A scan of more than 1,000 documents throws `store.scan` (true), else it is told to `onScan`. */
  strict?: boolean;
  onScan?: (scan: { collection: string; documents: number }) => void;
}

interface Waiting {
  event: Event;
  due: number | null;
  attempts: number;
  handled: readonly string[];
  error: string;
}

interface Row {
  doc: Doc;
  waiting: Waiting[];
}

/** A store in memory, for tests and replays: the same rules as on disk, gone when the process ends. */
export function openMemoryStore(declarations: readonly AnyDeclaration[], _options: MemoryOptions = {}): Store {
  const tables = new Map<string, Map<string, Row>>(declarations.map(({ name }) => [name, new Map<string, Row>()]));
  const listeners: (() => void)[] = [];
  let emitted = 0;

  const wait = (row: Row, events: readonly Event[] = []): void => {
    for (const event of events) {
      if (row.waiting.some((held) => held.event.id === event.id)) continue;
      row.waiting.push({ event: structuredClone(event), due: ++emitted, attempts: 0, handled: [], error: '' });
    }
    if (events.length > 0) queueMicrotask(() => listeners.forEach((listen) => listen()));
  };

  const collection = <T extends Keyed>(declaration: Declaration<T>): Collection<T> => {
    const { name } = declaration;
    const table = tables.get(name);
    if (table === undefined) throw new AppError('store.undeclared', 500, { collection: name });
    const check = createCheck(name, declaration.schema);
    const out = (doc: Doc): T => structuredClone(doc) as unknown as T;

    const unique = (doc: Doc): void => {
      for (const [index, { fields, unique: only }] of Object.entries(declaration.indexes)) {
        if (only !== true) continue;
        for (const { doc: other } of table.values()) {
          if (other._id !== doc._id && fields.every((field) => equal(at(other, field), at(doc, field)))) {
            throw new AppError('store.duplicate', 409, { collection: name, index });
          }
        }
      }
    };
    const select = (where: object): Row[] => {
      const query = parseWhere(where);
      const rows = [...table.values()].filter(({ doc }) => matches(doc, query));
      return rows.sort((a, b) => compare(a.doc._id, b.doc._id));
    };
    const rewrite = (row: Row, change: object): void => {
      const doc = structuredClone(check(applyChange(row.doc, change)));
      unique(doc);
      row.doc = doc;
    };
    const insert = async (doc: object, events?: readonly Event[]): Promise<T> => {
      const checked = structuredClone(check(doc));
      if (table.has(checked._id)) throw new AppError('store.duplicate', 409, { collection: name, index: '_id' });
      unique(checked);
      const row: Row = { doc: checked, waiting: [] };
      table.set(checked._id, row);
      wait(row, events);
      return out(checked);
    };

    return {
      name,
      insert: (doc, options) => insert(doc, options?.emit),
      async get(id) {
        const row = table.get(id);
        return row === undefined ? null : out(row.doc);
      },
      async findOne(where) {
        const row = select(where)[0];
        return row === undefined ? null : out(row.doc);
      },
      async find(where, { sort = {}, limit, after } = {}) {
        const keys = Object.entries(sort) as [string, 1 | -1][];
        const last = keys.at(-1)?.[1] ?? 1;
        const order = (a: Doc, b: Doc): number => {
          for (const [path, direction] of keys) {
            const by = compare(sortValue(at(a, path), direction), sortValue(at(b, path), direction)) * direction;
            if (by !== 0) return by;
          }
          return compare(a._id, b._id) * last;
        };
        const docs = select(where).map(({ doc }) => doc);
        docs.sort(order);
        const rest = after === undefined ? docs : docs.filter((doc) => order(doc, after as unknown as Doc) > 0);
        return rest.slice(0, limit).map(out);
      },
      async *stream(where) {
        for (const { doc } of select(where)) yield out(doc);
      },
      async count(where) {
        return select(where).length;
      },
      async countBy(where, field) {
        const counts = new Map<Scalar, number>();
        for (const { doc } of select(where)) {
          const value = (at(doc, field) ?? null) as Scalar;
          counts.set(value, (counts.get(value) ?? 0) + 1);
        }
        return counts;
      },
      async update(where, change, options) {
        const row = select(where)[0];
        if (row === undefined) return null;
        rewrite(row, change);
        wait(row, options?.emit);
        return out(row.doc);
      },
      async upsert(id, change) {
        const row = table.get(id);
        if (row === undefined) return { doc: await insert(applyChange({ _id: id }, change, true)), inserted: true };
        rewrite(row, change);
        return { doc: out(row.doc), inserted: false };
      },
      async updateMany(where, change) {
        const rows = select(where);
        for (const row of rows) rewrite(row, change);
        return rows.length;
      },
      async remove(where) {
        const rows = select(where);
        for (const { doc } of rows) table.delete(doc._id);
        return rows.length;
      },
    };
  };

  const waiting = (): (PendingEvent & { error: string; due: number | null })[] =>
    [...tables].flatMap(([name, table]) =>
      [...table.values()].flatMap(({ doc, waiting: events }) =>
        events.map((held) => ({ collection: name, document: doc._id, ...held })),
      ),
    );
  const rowOf = (pending: PendingEvent): Row | undefined => tables.get(pending.collection)?.get(pending.document);
  const byDue = () =>
    waiting()
      .filter(({ due }) => due !== null)
      .sort((a, b) => (a.due ?? 0) - (b.due ?? 0));

  return {
    collection,
    events: {
      async due(now, limit) {
        return byDue()
          .filter(({ due }) => (due ?? 0) <= now.getTime())
          .slice(0, limit);
      },
      async nextDue() {
        const due = byDue()[0]?.due ?? null;
        return due === null ? null : new Date(due);
      },
      async done(pending) {
        const row = rowOf(pending);
        if (row) row.waiting = row.waiting.filter(({ event }) => event.id !== pending.event.id);
      },
      async retry(pending, when, error, handled = pending.handled) {
        const held = rowOf(pending)?.waiting.find(({ event }) => event.id === pending.event.id);
        if (held) Object.assign(held, { due: when?.getTime() ?? null, error, handled, attempts: held.attempts + 1 });
      },
      async parked(limit) {
        return waiting()
          .filter(({ due }) => due === null)
          .slice(0, limit);
      },
      onEmit(listener) {
        listeners.push(listener);
      },
    },
    close: () => Promise.resolve(),
  };
}
