import { above } from './keys.ts';
import type { Query } from './match.ts';
import { byId } from './plan-by-id.ts';
import { byIndex } from './plan-by-index.ts';
import { blank, type Candidate, type Index, type Plan, type SortKey } from './plan-types.ts';
import { isScalar, rank } from './values.ts';

/** What the choice of an index depends on: fields, kinds of conditions and the sort, not the values. */
function shapeOf({ conditions, any }: Query, sort: readonly SortKey[]): string | null {
  if (any !== null) return null;
  let shape = '';
  for (const { path, among, not, bounds, exists } of conditions) {
    shape += `${path}\0`;
    for (const values of among) {
      if (values.length > mostShaped || !values.every(isScalar)) return null;
      shape += `=${values.length}`;
    }
    for (const { op, value } of bounds) shape += `${op}${rank(value)}`;
    if (not.length > 0) shape += not.includes(null) ? '!0' : '!';
    if (exists !== null) shape += '?';
  }
  for (const [path, direction] of sort) shape += `\x01${path}\0${direction}`;
  return shape;
}

/** Values of an `$in` up to which the choice is remembered. */
const mostShaped = 4;
/** Shapes are as many as there are queries in the code; some are made of what people send. */
const mostShapes = 1000;
const chosen = new WeakMap<readonly Index[], Map<string, Index>>();

/** Chooses the index that narrows most; `all` when none helps. */
export function planQuery(query: Query, sort: readonly SortKey[], indexes: readonly Index[]): Plan {
  const own = byId(query.conditions, sort);
  if (own !== null && own.plan.how === 'ids') return query.any === null ? own.plan : { ...own.plan, exact: false };
  const shape = shapeOf(query, sort);
  if (shape === null) return choose(query, sort, indexes, own);
  const known = chosen.get(indexes) ?? new Map<string, Index>();
  const index = known.get(shape);
  const again = index === undefined ? null : byIndex(index, query.conditions, sort);
  if (again !== null) return again.plan;
  const plan = choose(query, sort, indexes, own);
  if (plan.how === 'spans' && plan.index !== null && known.size < mostShapes) {
    known.set(shape, plan.index);
    chosen.set(indexes, known);
  }
  return plan;
}

function choose(query: Query, sort: readonly SortKey[], indexes: readonly Index[], own: Candidate | null): Plan {
  let best = own;
  for (const index of indexes) {
    const candidate = byIndex(index, query.conditions, sort);
    if (candidate !== null && (best === null || candidate.score > best.score)) best = candidate;
  }
  if (query.any !== null && (best === null || best.score < 4)) {
    const parts = query.any.map((branch) =>
      planQuery({ conditions: [...query.conditions, ...branch.conditions], any: branch.any }, [], indexes),
    );
    if (parts.every((part) => part.how !== 'all')) return { ...blank, how: 'union', parts };
  }
  if (best !== null) return query.any === null ? best.plan : { ...best.plan, exact: false };
  const ordered = sort.length === 0;
  return {
    ...blank,
    how: 'all',
    spans: [{ start: '', end: above }],
    ordered,
    exact: query.any === null && query.conditions.length === 0,
  };
}
