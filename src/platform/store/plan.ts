import type { Condition, Query } from './match.ts';
import { above, bytesOf, encode, longestEntry, longestString, tags, type Key } from './keys.ts';
import { compareStrings, isScalar, rank } from './values.ts';

export interface Index {
  readonly name: string;
  readonly fields: readonly string[];
  readonly unique: boolean;
  /** Fields that may hold arrays: a document may stand in it several times. */
  readonly many: ReadonlySet<string>;
}

export interface Span {
  /** Without the space of the index; `end` is not in it. */
  readonly start: Key;
  readonly end: Key;
}

export type SortKey = readonly [path: string, direction: 1 | -1];

/** How a query is answered. */
export interface Plan {
  readonly how: 'ids' | 'spans' | 'union' | 'all';
  /** The index read; null for the documents themselves, by id. */
  readonly index: Index | null;
  readonly ids: readonly string[];
  readonly spans: readonly Span[];
  readonly parts: readonly Plan[];
  /** The documents come in the order asked for. */
  readonly ordered: boolean;
  readonly reverse: boolean;
  /** Every entry is an answer, each document once: no document need be looked at to count. */
  readonly exact: boolean;
}

const blank = { index: null, ids: [], spans: [], parts: [], ordered: false, reverse: false, exact: false } as const;
const mostSpans = 256;
const widths: readonly (readonly [Key, Key] | null)[] = [
  null,
  [tags.false, '\x22'],
  [tags.number, '\x31'],
  [tags.date, '\x41'],
  [tags.string, '\x51'],
];

type Conditions = readonly Condition[];

/** What equality demands of a field, as sorted distinct keys; null when it demands nothing usable. */
function equalities(conditions: Conditions): Key[] | null {
  const [only] = conditions;
  if (only === undefined) return null;
  const [value] = only.among[0] ?? [];
  if (conditions.length === 1 && only.among.length === 1 && only.among[0]?.length === 1 && isScalar(value)) {
    const key = encode(value);
    return key === null ? [] : [key];
  }
  let held: Key[] | null = null;
  for (const values of conditions.flatMap(({ among }) => among)) {
    if (!values.every((value) => isScalar(value))) continue;
    const keys = new Set(values.map(encode).filter((key) => key !== null));
    held = (held ?? [...keys]).filter((key) => keys.has(key));
  }
  return held === null ? null : held.sort();
}

function span(conditions: Conditions, many: boolean): (Span & { exact: boolean }) | null {
  const bounds = conditions.flatMap((condition) => condition.bounds);
  const kind = rank(bounds[0]?.value);
  const width = widths[kind];
  if (width === undefined || width === null) {
    const solid = !many && bounds.length === 0 && conditions.some(({ not }) => not.includes(null));
    return solid ? { start: tags.false, end: above, exact: false } : null;
  }
  let [start, end] = width;
  let exact = !many;
  for (const { op, value } of many ? bounds.slice(0, 1) : bounds) {
    const key = rank(value) === kind ? encode(value) : null;
    if (key === null) exact = false;
    else if (op === '$gt' && key + above > start) start = key + above;
    else if (op === '$gte' && key > start) start = key;
    else if (op === '$lt' && key < end) end = key;
    else if (op === '$lte' && key + above < end) end = key + above;
  }
  return { start, end, exact };
}

const isOnly = (condition: Condition, part: 'among' | 'bounds'): boolean =>
  condition.not.length === 0 &&
  condition.exists === null &&
  (part === 'among' ? condition.bounds.length === 0 && condition.among.length === 1 : condition.among.length === 0);

interface Candidate {
  readonly plan: Plan;
  readonly score: number;
}

/** What is left to sort by when those fields are fixed; null if not all in one direction. */
function open(sort: readonly SortKey[], fixed: ReadonlySet<string>): { paths: string[]; reverse: boolean } | null {
  const paths: string[] = [];
  const direction = sort.at(-1)?.[1] ?? 1;
  for (const [path, way] of sort) {
    if (fixed.has(path)) continue;
    if (way !== direction) return null;
    if (path === '_id') break;
    paths.push(path);
  }
  return { paths, reverse: direction === -1 };
}

function on(path: string, conditions: Conditions): Conditions {
  return conditions.filter((condition) => condition.path === path);
}

function byIndex(index: Index, conditions: Conditions, sort: readonly SortKey[]): Candidate | null {
  const [first] = index.fields;
  if (sort[0]?.[0] !== first && !conditions.some(({ path }) => path === first)) return null;
  let prefixes: Key[] = [''];
  let fixed = 0;
  const consumed = new Set<Condition>();
  for (const field of index.fields) {
    const here = on(field, conditions);
    const keys = equalities(here);
    if (keys === null || prefixes.length * keys.length > mostSpans) break;
    const [only] = prefixes;
    const [key] = keys;
    if (prefixes.length === 1 && keys.length === 1 && only !== undefined && key !== undefined) prefixes = [only + key];
    else prefixes = prefixes.flatMap((prefix) => keys.map((each) => prefix + each));
    prefixes = prefixes.filter((prefix) => prefix.length <= longestEntry);
    for (const condition of here) {
      if (isOnly(condition, 'among') && (!index.many.has(field) || keys.length === 1)) consumed.add(condition);
    }
    fixed++;
  }
  const next = index.fields[fixed];
  const after = next === undefined ? [] : on(next, conditions);
  const range = next === undefined ? null : span(after, index.many.has(next));
  if (next !== undefined && range?.exact === true) {
    for (const condition of after) if (isOnly(condition, 'bounds')) consumed.add(condition);
  }
  const pinned = new Set(index.fields.slice(0, fixed).filter((field) => !index.many.has(field)));
  const left = prefixes.length > 1 ? null : open(sort, pinned);
  const rest = index.fields.slice(fixed);
  const ordered =
    left !== null &&
    left.paths.length === rest.length &&
    rest.every((field, i) => field === left.paths[i] && !index.many.has(field));
  if (fixed === 0 && range === null && !(ordered && sort.length > 0)) return null;
  const score =
    fixed * 10 +
    (range === null ? 0 : range.end === above ? 1 : 4) +
    (ordered ? 3 : 0) +
    (index.unique && rest.length === 0 ? 50 : 0);
  const spans = prefixes.map((prefix) =>
    range === null ? { start: prefix, end: prefix + above } : { start: prefix + range.start, end: prefix + range.end },
  );
  const many = rest.some((field) => index.many.has(field));
  const exact = !many && conditions.every((condition) => consumed.has(condition));
  const plan: Plan = { ...blank, how: 'spans', index, spans, ordered, reverse: ordered && left.reverse, exact };
  return { plan, score };
}

function byId(conditions: Conditions, sort: readonly SortKey[]): Candidate | null {
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

/** The plan for one document by its id, which most queries are; null for others. */
export function byOneId(where: object, query: Query): Plan | null {
  const id = (where as { _id?: unknown })._id;
  if (typeof id !== 'string') return null;
  return { ...blank, how: 'ids', ids: [id], ordered: true, exact: query.any === null && query.conditions.length === 1 };
}

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
