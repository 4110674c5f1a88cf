import { AppError } from '../../shared/errors.ts';
import type { Table } from './catalog.ts';
import { applyChange } from './change.ts';
import { idKey } from './keys.ts';
import type { Draft } from './kv.ts';
import { parseWhere, type Query } from './match.ts';
import { byOneId } from './plan-by-id.ts';
import { planQuery } from './plan.ts';
import type { Plan, SortKey } from './plan-types.ts';
import type { Emitting } from './port.ts';
import { answers, rowAt } from './reading.ts';
import { withEvents, type Row } from './rows.ts';
import type { Operation } from './writer.ts';
import { ready, replace } from './writing.ts';

export function planned(table: Table, where: object, sort: readonly SortKey[] = []): [Query, Plan] {
  const query = parseWhere(where);
  return [query, byOneId(where, query) ?? planQuery(query, sort, table.indexes)];
}

/**
 * The writes of one collection, as operations on a commit in the making. What can be refused without looking is
 * refused when they are made. The rows that they give back may be kept for others.
 */
export interface Operations {
  insert(doc: object, options?: Emitting): Operation<Row>;
  /** Whether it was written: false where the id is taken. */
  insertUnlessThere(doc: object): Operation<boolean>;
  update(where: object, change: object, options?: Emitting): Operation<Row | null>;
  upsert(id: string, change: object): Operation<{ row: Row; inserted: boolean }>;
  /** Writes the changed row in its place. */
  rewrite(draft: Draft, row: Row, change: object, options?: Emitting): Row;
}

export function createOperations(
  table: Table,
  means: { inVain: (documents: number) => void; nextDue: () => Date },
): Operations {
  const { name, space } = table;
  const { inVain, nextDue } = means;

  function rewrite(draft: Draft, row: Row, change: object, { emit = [] }: Emitting = {}): Row {
    const doc = table.check(applyChange(row.doc, change));
    const waiting = emit.length === 0 ? row.waiting : withEvents(row.waiting, emit, nextDue);
    const next = ready(table, { doc, waiting }, row);
    replace(draft, table, row, next);
    return next.row;
  }

  function insertUnlessThere(doc: object, { emit = [] }: Emitting = {}): Operation<Row | null> {
    const row: Row = { doc: table.check(doc), waiting: withEvents([], emit, nextDue) };
    const made = ready(table, row);
    return (draft) => {
      if (draft.get(space + made.id) !== undefined) return null;
      replace(draft, table, null, made);
      return row;
    };
  }

  return {
    rewrite,
    insert(doc, options) {
      const insert = insertUnlessThere(doc, options);
      return (draft) => {
        const made = insert(draft);
        if (made === null) throw new AppError('store.duplicate', 409, { collection: name, index: '_id' });
        return made;
      };
    },
    insertUnlessThere(doc) {
      const insert = insertUnlessThere(doc);
      return (draft) => insert(draft) !== null;
    },
    update(where, change, options) {
      const [query, plan] = planned(table, where);
      return (draft) => {
        for (const row of answers(draft, table, query, plan, inVain)) return rewrite(draft, row, change, options);
        return null;
      };
    },
    upsert(id, change) {
      const key = idKey(name, id);
      return (draft) => {
        const row = rowAt(draft, table, key);
        if (row !== null) return { row: rewrite(draft, row, change), inserted: false };
        const made = ready(table, { doc: table.check(applyChange({ _id: id }, change, true)), waiting: [] });
        replace(draft, table, null, made);
        return { row: made.row, inserted: true };
      };
    },
  };
}
