import { AppError } from '../../shared/errors.ts';
import type { SortKey } from './plan-types.ts';
import { at, isPlain, type Doc } from './values.ts';

/** What MongoDB takes for a query. */
export type Filter = Record<string, unknown>;

/** Exactly that value, and missing only if it was missing. */
export function guard(path: string, value: unknown): Filter {
  return { [path]: value === undefined ? { $exists: false } : { $eq: value, $exists: true } };
}

export function sortOf(sort: readonly SortKey[]): [string, 1 | -1][] {
  const keys = sort.map(([path, direction]): [string, 1 | -1] => [path, direction]);
  const own = keys.findIndex(([path]) => path === '_id');
  return own < 0 ? [...keys, ['_id', keys.at(-1)?.[1] ?? 1]] : keys.slice(0, own + 1);
}

/** What comes behind the document in that order. */
export function behind(sort: readonly SortKey[], last: Doc): Filter {
  const branches: Filter[] = [];
  const same: Filter[] = [];
  for (const [path, direction] of sortOf(sort)) {
    const value = at(last, path) ?? null;
    if (Array.isArray(value)) throw new AppError('store.query', 500, { path });
    if (direction === 1)
      branches.push({ $and: [...same, { [path]: value === null ? { $ne: null } : { $gt: value } }] });
    else if (value !== null)
      branches.push({ $and: [...same, { $or: [{ [path]: { $lt: value } }, { [path]: null }] }] });
    same.push({ [path]: value });
  }
  return branches.length === 0 ? { _id: { $in: [] } } : { $or: branches };
}

/** The change as MongoDB takes it: `$pull` takes out what is equal, not what is like it. */
export function operators(change: object): Record<string, Filter> {
  const { $pull, $setOnInsert: _, ...rest } = change as Record<string, Filter>;
  const pulled = Object.entries($pull ?? {}).map(([path, item]) => [path, [item]]);
  return pulled.length === 0 ? rest : { ...rest, $pullAll: Object.fromEntries(pulled) as Filter };
}

/**
 * "Until that instant" as "before the next millisecond", which is the same for dates. SecantusDB, which stands in
 * for MongoDB in the tests, leaves out the bound itself where further fields of the index follow.
 */
export function earlierThan(where: unknown): unknown {
  if (Array.isArray(where)) return where.map(earlierThan);
  if (!isPlain(where)) return where;
  const entriesOf = Object.entries(where).map(([key, value]): [string, unknown] => {
    const before = key === '$lte' && value instanceof Date ? new Date(value.getTime() + 1) : null;
    if (before === null || Number.isNaN(before.getTime()) || '$lt' in where) return [key, earlierThan(value)];
    return ['$lt', before];
  });
  return Object.fromEntries(entriesOf);
}

/** Whether the change names the field or something in it. */
export function touches(change: object, key: string): boolean {
  return Object.values(change as Record<string, object | undefined>).some((fields) =>
    Object.keys(fields ?? {}).some((path) => path === key || path.startsWith(`${key}.`)),
  );
}
