import { AppError } from '../../shared/errors.ts';
import { at, compare, equal, isPlain, type Doc } from './values.ts';

type Fields = Readonly<Record<string, unknown>>;
type Operator = (current: unknown, operand: unknown) => unknown;

class Unfit extends Error {}

const list = (current: unknown): readonly unknown[] => {
  if (current === undefined) return [];
  if (!Array.isArray(current)) throw new Unfit();
  return current;
};

const operators: Readonly<Record<string, Operator>> = {
  $set: (_, value) => value,
  $setOnInsert: (_, value) => value,
  $unset: () => undefined,
  $inc: (current, by) => {
    if ((current !== undefined && typeof current !== 'number') || typeof by !== 'number') throw new Unfit();
    return (current ?? 0) + by;
  },
  $push: (current, item) => [...list(current), item],
  $addToSet: (current, item) => (list(current).some((held) => equal(held, item)) ? current : [...list(current), item]),
  $pull: (current, item) => (current === undefined ? undefined : list(current).filter((held) => !equal(held, item))),
  $min: (current, value) => (current === undefined || compare(value, current) < 0 ? value : current),
  $max: (current, value) => (current === undefined || compare(value, current) > 0 ? value : current),
};

function place(doc: Record<string, unknown>, path: string, value: unknown): void {
  const dot = path.indexOf('.');
  if (dot < 0) {
    if (value === undefined) delete doc[path];
    else doc[path] = value;
    return;
  }
  const head = path.slice(0, dot);
  const outer = doc[head];
  if (outer === undefined && value === undefined) return;
  if (outer !== undefined && !isPlain(outer)) {
    if (value === undefined) return;
    throw new Unfit();
  }
  const inner = { ...outer };
  place(inner, path.slice(dot + 1), value);
  doc[head] = inner;
}

/** Refuses an unknown operator, `undefined`, the _id, and a field that is changed twice: `store.change`. */
export function checkChange(change: object): void {
  const touched: string[] = [];
  for (const [name, fields] of Object.entries(change) as [string, Fields | undefined][]) {
    if (operators[name] === undefined) throw new AppError('store.change', 500, { path: name });
    for (const [path, operand] of Object.entries(fields ?? {})) {
      const clash = touched.some((t) => t === path || t.startsWith(`${path}.`) || path.startsWith(`${t}.`));
      if (clash || operand === undefined || path === '_id') throw new AppError('store.change', 500, { path });
      touched.push(path);
    }
  }
}

/**
 * The document after the change; the one given stays as it is. Faults as MongoDB's: a field of `null`,
 * a number added to what is none — `store.change`, facts.path.
 */
export function applyChange(doc: Doc, change: object, inserting = false): Doc {
  checkChange(change);
  const after: Doc = { ...doc };
  for (const [name, fields] of Object.entries(change) as [string, Fields | undefined][]) {
    const operator = operators[name];
    if (operator === undefined || fields === undefined || (name === '$setOnInsert' && !inserting)) continue;
    for (const [path, operand] of Object.entries(fields)) {
      try {
        place(after, path, operator(at(doc, path), operand));
      } catch (fault) {
        if (fault instanceof Unfit) throw new AppError('store.change', 500, { path });
        throw fault;
      }
    }
  }
  return after;
}
