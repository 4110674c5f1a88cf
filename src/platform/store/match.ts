import { AppError } from '../../shared/errors.ts';
import { at, compare, equal, isPlain, rank, type Doc } from './values.ts';

/** One field's conditions, all of which must hold. */
export interface Condition {
  readonly path: string;
  /** Values of which one must be equal (equality and $in); more than one list: each must hold. */
  readonly among: readonly (readonly unknown[])[];
  readonly not: readonly unknown[];
  readonly bounds: readonly { readonly op: '$gt' | '$gte' | '$lt' | '$lte'; readonly value: unknown }[];
  readonly exists: boolean | null;
}

/** A query taken apart once: for the planner and for the test of a document. */
export interface Query {
  readonly conditions: readonly Condition[];
  /** One of these must hold besides; null without $or. */
  readonly any: readonly Query[] | null;
}

const refuse = (path: string): never => {
  throw new AppError('store.query', 500, { path });
};

function given(path: string, value: unknown): unknown {
  if (value === undefined || Array.isArray(value)) refuse(path);
  if (typeof value === 'number' && Number.isNaN(value)) refuse(path);
  if (value instanceof Date && Number.isNaN(value.getTime())) refuse(path);
  return value;
}

function conditionOf(path: string, wanted: unknown): Condition {
  const operators = isPlain(wanted) ? Object.keys(wanted) : [];
  if (!isPlain(wanted) || !operators.some((key) => key.startsWith('$'))) {
    return { path, among: [[given(path, wanted)]], not: [], bounds: [], exists: null };
  }
  const among: unknown[][] = [];
  const not: unknown[] = [];
  const bounds: { op: '$gt' | '$gte' | '$lt' | '$lte'; value: unknown }[] = [];
  let exists: boolean | null = null;
  for (const op of operators) {
    const value = wanted[op];
    switch (op) {
      case '$in':
        if (!Array.isArray(value)) return refuse(path);
        among.push(value.map((item: unknown) => given(path, item)));
        break;
      case '$ne':
        not.push(given(path, value));
        break;
      case '$gt':
      case '$gte':
      case '$lt':
      case '$lte':
        if (rank(given(path, value)) > 4) refuse(path);
        bounds.push({ op, value });
        break;
      case '$exists':
        if (typeof value !== 'boolean') return refuse(path);
        exists = value;
        break;
      default:
        refuse(path);
    }
  }
  return { path, among, not, bounds, exists };
}

/** Takes a `where` apart. A value that is `undefined` is a fault of the caller, never "any": `store.query`. */
export function parseWhere(where: object): Query {
  const conditions: Condition[] = [];
  let any: Query[] | null = null;
  for (const [path, wanted] of Object.entries(where)) {
    if (path === '$or') {
      if (!Array.isArray(wanted) || wanted.length === 0) return refuse('$or');
      any = wanted.map((branch: unknown) => (isPlain(branch) ? parseWhere(branch) : refuse('$or')));
    } else if (path.startsWith('$')) {
      refuse(path);
    } else {
      conditions.push(conditionOf(path, wanted));
    }
  }
  return { conditions, any };
}

function has(value: unknown, wanted: unknown): boolean {
  if (equal(value, wanted)) return true;
  return Array.isArray(value) && value.some((item: unknown) => equal(item, wanted));
}

function within(value: unknown, op: Condition['bounds'][number]['op'], bound: unknown): boolean {
  if (Array.isArray(value)) return value.some((item: unknown) => !Array.isArray(item) && within(item, op, bound));
  if (rank(value) !== rank(bound)) return false;
  const order = compare(value, bound);
  switch (op) {
    case '$gt':
      return order > 0;
    case '$gte':
      return order >= 0;
    case '$lt':
      return order < 0;
    case '$lte':
      return order <= 0;
  }
}

function holds(doc: Doc, { path, among, not, bounds, exists }: Condition): boolean {
  const value = at(doc, path);
  if (exists !== null && exists !== (value !== undefined)) return false;
  for (const values of among) if (!values.some((wanted) => has(value, wanted))) return false;
  for (const unwanted of not) if (has(value, unwanted)) return false;
  for (const { op, value: bound } of bounds) if (!within(value, op, bound)) return false;
  return true;
}

/** Whether the document answers the query, as MongoDB would say. */
export function matches(doc: Doc, query: Query): boolean {
  for (const condition of query.conditions) if (!holds(doc, condition)) return false;
  return query.any === null || query.any.some((branch) => matches(doc, branch));
}
