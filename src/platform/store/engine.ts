import { AppError } from '../../shared/errors.ts';
import { createCollection, type Means } from './collection.ts';
import { dueSpace, parkedSpace, type Table } from './catalog.ts';
import { above, bytesOf, decode, encode, type Key } from './keys.ts';
import type { KeptKv } from './kept.ts';
import { createOperations, type Operations } from './operations.ts';
import type { Collection, Declaration, Keyed, PendingEvent, Store, Write } from './port.ts';
import { rowAt, type Scan } from './reading.ts';
import type { Row, Waiting } from './rows.ts';
import { copyOf } from './values.ts';
import type { Operation, Writer } from './writer.ts';
import { ready, replace } from './writing.ts';

export interface EngineOptions {
  /** A scan throws `store.scan` instead of being told to `onScan`. */
  readonly strict: boolean;
  readonly onScan: (scan: Scan) => void;
}

/** The port over ordered keys: the same for memory and disk. */
export function createEngine(
  kv: KeptKv,
  writer: Writer,
  tables: ReadonlyMap<string, Table>,
  options: EngineOptions,
): Store {
  const listeners: (() => void)[] = [];
  const collections = new Map<string, unknown>();
  let emitted = 0;

  const means: Means = {
    kv,
    writer,
    inVain(collection, documents) {
      if (options.strict) throw new AppError('store.scan', 500, { collection, documents });
      options.onScan({ collection, documents });
    },
    emitted: () => listeners.forEach((listen) => listen()),
  };

  const operations = new Map<string, Operations>();
  const operationsOn = (name: string): [Table, Operations] => {
    const table = tables.get(name);
    if (table === undefined) throw new AppError('store.undeclared', 500, { collection: name });
    let known = operations.get(name);
    if (known === undefined) {
      const inVain = (documents: number): void => means.inVain(name, documents);
      operations.set(name, (known = createOperations(table, { inVain, nextDue: () => new Date(++emitted) })));
    }
    return [table, known];
  };
  const operationOf = (write: Write): Operation<boolean> => {
    const [, on] = operationsOn(write.to.name);
    switch (write.verb) {
      case 'insert': {
        if (write.unlessThere) return on.insertUnlessThere(write.doc);
        const insert = on.insert(write.doc);
        return (draft) => insert(draft) !== null;
      }
      case 'update': {
        const update = on.update(write.where, write.change);
        return (draft) => update(draft) !== null;
      }
      case 'upsert': {
        const upsert = on.upsert(write.id, write.change);
        return (draft) => upsert(draft).row.doc._id === write.id;
      }
    }
  };

  const bySpace = new Map<Key, Table>([...tables.values()].map((table) => [table.space, table]));
  /** The row that an event key names: its last parts are the collection's space and the id. */
  const rowOf = (key: Key, from: number): [Table, Row] | null => {
    const table = bySpace.get(key.slice(from, from + 2));
    const row = table === undefined ? null : rowAt(kv, table, key.slice(from + 2));
    return table === undefined || row === null ? null : [table, row];
  };
  const pendingOf = ({ name }: Table, { doc }: Row, held: Waiting): PendingEvent => ({
    collection: name,
    document: doc._id,
    event: copyOf(held.event),
    attempts: held.attempts,
    handled: held.handled,
  });
  const alter = (pending: PendingEvent, change: (held: Waiting) => Waiting[]): Promise<void> =>
    writer.submit((draft) => {
      const table = tables.get(pending.collection);
      const row = table === undefined ? null : rowAt(draft, table, bytesOf(pending.document));
      if (table === undefined || row === null) return;
      const waiting = row.waiting.flatMap((held) => (held.event.id === pending.event.id ? change(held) : [held]));
      replace(draft, table, row, ready(table, { doc: row.doc, waiting }, row));
    });

  return {
    collection<T extends Keyed>({ name }: Declaration<T>): Collection<T> {
      const [table, on] = operationsOn(name);
      const known = collections.get(name) ?? createCollection<T>(table, means, on);
      collections.set(name, known);
      return known as Collection<T>;
    },
    async inOrder(writes) {
      const all = writes.map(operationOf);
      return writer.submit((draft) => draft.whole((part) => all.map((run) => run(part))));
    },
    events: {
      async due(now, limit) {
        const found: { due: number; pending: PendingEvent }[] = [];
        for (const key of kv.keys(dueSpace, `${dueSpace}${encode(now) ?? ''}${above}`)) {
          const at = rowOf(key, dueSpace.length + 9);
          for (const held of at?.[1].waiting ?? []) {
            if (at === null || held.due === null || held.due > now) continue;
            found.push({ due: held.due.getTime(), pending: pendingOf(...at, held) });
          }
          if (found.length >= limit) break;
        }
        return found
          .sort((a, b) => a.due - b.due)
          .slice(0, limit)
          .map(({ pending }) => pending);
      },
      async nextDue() {
        for (const key of kv.keys(dueSpace, dueSpace + above)) return decode(key, dueSpace.length) as Date;
        return null;
      },
      done: (pending) => alter(pending, () => []),
      retry: (pending, due, error, handled = pending.handled) =>
        alter(pending, (held) => [{ ...held, due, error, handled, attempts: held.attempts + 1 }]),
      async parked(limit) {
        const found: (PendingEvent & { error: string })[] = [];
        for (const key of kv.keys(parkedSpace, parkedSpace + above)) {
          const at = rowOf(key, parkedSpace.length);
          for (const held of at?.[1].waiting ?? []) {
            if (at !== null && held.due === null) found.push({ ...pendingOf(...at, held), error: held.error });
          }
          if (found.length >= limit) break;
        }
        return found.slice(0, limit);
      },
      onEmit: (listener) => void listeners.push(listener),
    },
    compact: () => writer.alone(() => kv.compact()),
    async close() {
      await writer.close();
      await kv.close();
    },
  };
}
