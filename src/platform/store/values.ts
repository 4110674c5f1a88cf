import type { Scalar } from './port.ts';

/** A document as the engines see it. */
export type Doc = { _id: string } & Record<string, unknown>;
/** What stands at a path that is not there. */
export const missing = undefined;

export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

export function at(doc: Readonly<Record<string, unknown>>, path: string): unknown {
  const dot = path.indexOf('.');
  if (dot < 0) return doc[path];
  const outer = doc[path.slice(0, dot)];
  return isPlain(outer) ? at(outer, path.slice(dot + 1)) : missing;
}

/** Order of kinds: nothing and null, false and true, numbers, dates, strings, then what has no order. */
export function rank(value: unknown): number {
  switch (typeof value) {
    case 'boolean':
      return 1;
    case 'number':
      return 2;
    case 'string':
      return 4;
    default:
      if (value === undefined || value === null) return 0;
      return value instanceof Date ? 3 : 5;
  }
}

/** By the bytes of UTF-8, which is not the order of UTF-16 above U+D7FF. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const bothHigh = x >= 0xd800 && y >= 0xd800;
    if (bothHigh) {
      const xPair = x < 0xe000;
      const yPair = y < 0xe000;
      if (xPair !== yPair) return xPair ? 1 : -1;
    }
    return x - y;
  }
  return a.length - b.length;
}

/** The one order of values, of keys and of sorting. */
export function compare(a: unknown, b: unknown): number {
  const kinds = rank(a) - rank(b);
  if (kinds !== 0) return kinds;
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b);
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  return 0;
}

/** Equal all the way down; nothing equals null, keys in the same order as MongoDB asks for. */
export function equal(a: unknown, b: unknown): boolean {
  const kind = rank(a);
  if (kind !== rank(b)) return false;
  if (kind < 5) return compare(a, b) === 0;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => equal(item, b[i]));
  }
  if (!isPlain(a) || !isPlain(b)) return a === b;
  const left = Object.keys(a).filter((key) => a[key] !== undefined);
  const right = Object.keys(b).filter((key) => b[key] !== undefined);
  return left.length === right.length && left.every((key, i) => key === right[i] && equal(a[key], b[key]));
}

export function isScalar(value: unknown): value is Scalar {
  return rank(value) < 5 && value !== undefined;
}

/** The value that a field sorts by: the smallest element going up, the largest going down. */
export function sortValue(value: unknown, direction: 1 | -1): unknown {
  if (!Array.isArray(value)) return value;
  let best: unknown = value[0];
  for (const item of value) if (compare(item, best) * direction < 0) best = item;
  return best;
}

/** Data that has nothing in common with the one given but its dates, which nobody changes. */
export function copyOf<V>(value: V): V;
export function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => copyOf(item));
  if (!isPlain(value)) return value;
  const copy: Record<string, unknown> = { ...value };
  for (const key of Object.keys(copy)) {
    const inner = copy[key];
    if (typeof inner === 'object' && inner !== null) copy[key] = copyOf(inner);
  }
  return copy;
}
