import { above, bytesOf, longestString, type Key } from './keys.ts';
import type { Query } from './match.ts';
import { blank, isOnly, type Candidate, type Conditions, type Plan, type SortKey } from './plan-types.ts';
import { compareStrings } from './values.ts';

/** The plan for one document by its id, which most queries are; null for others. */
export function byOneId(where: object, query: Query): Plan | null {
  const id = (where as { _id?: unknown })._id;
  if (typeof id !== 'string') return null;
  return { ...blank, how: 'ids', ids: [id], ordered: true, exact: query.any === null && query.conditions.length === 1 };
}

/** How the documents themselves would answer, by their ids; null when that doesn't help. */
export function byId(conditions: Conditions, sort: readonly SortKey[]): Candidate | null {
  if (sort[0]?.[0] !== '_id' && !conditions.some(({ path }) => path === '_id')) return null;
  const ours = conditions.filter(({ path }) => path === '_id');
  const left = sort.length === 0 || sort[0]?.[0] === '_id';
  const reverse = sort[0]?.[1] === -1;
  const exact = ours.length === conditions.length;
  const lists = ours.flatMap(({ among }) => among);
  if (lists.length > 0) {
    const [first = [], ...others] = lists;
    const ids = [...new Set(first)]
      .filter((id): id is string => typeof id === 'string' && others.every((list) => list.includes(id)))
      .sort(compareStrings);
    if (reverse) ids.reverse();
    const ordered = left || ids.length < 2;
    return {
      plan: { ...blank, how: 'ids', ids, ordered, reverse, exact: exact && ours.every((c) => isOnly(c, 'among')) },
      score: 1000,
    };
  }
  let start: Key = '';
  let end: Key = above;
  for (const { op, value } of ours.flatMap(({ bounds }) => bounds)) {
    const key = typeof value === 'string' ? bytesOf(value) : '';
    if (typeof value !== 'string' || key.length > longestString) continue;
    if (op === '$gt' && `${key}\0` > start) start = `${key}\0`;
    else if (op === '$gte' && key > start) start = key;
    else if (op === '$lt' && key < end) end = key;
    else if (op === '$lte' && `${key}\0` < end) end = `${key}\0`;
  }
  const bounded = start !== '' || end !== above;
  if (!bounded && !(left && sort.length > 0)) return null;
  const whole =
    exact && ours.every((c) => isOnly(c, 'bounds') && c.bounds.every(({ value }) => typeof value === 'string'));
  return {
    plan: { ...blank, how: 'spans', spans: [{ start, end }], ordered: left, reverse: left && reverse, exact: whole },
    score: (bounded ? 4 : 0) + (left ? 3 : 0),
  };
}
