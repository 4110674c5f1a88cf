import { encode, above, longestEntry, tags, type Key } from './keys.ts';
import type { Condition } from './match.ts';
import {
  blank,
  isOnly,
  type Candidate,
  type Conditions,
  type Index,
  type Plan,
  type SortKey,
  type Span,
} from './plan-types.ts';
import { isScalar, rank } from './values.ts';

const mostSpans = 256;
const widths: readonly (readonly [Key, Key] | null)[] = [
  null,
  [tags.false, '\x22'],
  [tags.number, '\x31'],
  [tags.date, '\x41'],
  [tags.string, '\x51'],
];

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

/** How the index would answer; null when it doesn't help. */
export function byIndex(index: Index, conditions: Conditions, sort: readonly SortKey[]): Candidate | null {
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
