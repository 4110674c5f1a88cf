import type { Thing } from './things.ts';

/**
 * The rules of the store once more, written as naively as can be: a list, walked. It knows the fields of
 * `things` and the operators that the differential test throws at them, and nothing of the engines.
 */
type Values = Record<string, unknown>;
export type Where = Record<string, unknown>;

const clone = <V>(value: V): V => structuredClone(value);

function read(doc: Values, path: string): unknown {
  const [head = '', tail] = path.split('.');
  const outer = doc[head];
  if (tail === undefined) return outer;
  return outer === null || outer === undefined ? undefined : (outer as Values)[tail];
}

const kinds = (value: unknown): string =>
  value === null || value === undefined ? '0' : value instanceof Date ? '3' : typeof value === 'boolean' ? '1' : typeof value === 'number' ? '2' : '4'; // prettier-ignore

/** -1, 0 or 1 by kind and then by value; strings by their bytes. */
export function order(a: unknown, b: unknown): number {
  if (kinds(a) !== kinds(b)) return kinds(a) < kinds(b) ? -1 : 1;
  if (kinds(a) === '0') return 0;
  if (typeof a === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b as string));
  const [x, y] = [Number(a), Number(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

const same = (a: unknown, b: unknown): boolean => kinds(a) === kinds(b) && order(a, b) === 0;
const alternatives = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

function fits(value: unknown, wanted: unknown): boolean {
  const plain = wanted === null || typeof wanted !== 'object' || wanted instanceof Date;
  if (plain) return alternatives(value).some((one) => same(one, wanted));
  return Object.entries(wanted).every(([operator, operand]) => {
    const compares = (test: (by: number) => boolean): boolean =>
      alternatives(value).some((one) => kinds(one) === kinds(operand) && test(order(one, operand)));
    switch (operator) {
      case '$in':
        return (operand as unknown[]).some((one) => fits(value, one));
      case '$ne':
        return !fits(value, operand);
      case '$exists':
        return (value !== undefined) === operand;
      case '$gt':
        return compares((by) => by > 0);
      case '$gte':
        return compares((by) => by >= 0);
      case '$lt':
        return compares((by) => by < 0);
      case '$lte':
        return compares((by) => by <= 0);
      default:
        throw new Error(operator);
    }
  });
}

export function fit(doc: Thing, where: Where): boolean {
  return Object.entries(where).every(([path, wanted]) =>
    path === '$or' ? (wanted as Where[]).some((one) => fit(doc, one)) : fits(read(doc, path), wanted),
  );
}

export function sorted(docs: readonly Thing[], sort: Record<string, 1 | -1>): Thing[] {
  const last = Object.values(sort).at(-1) ?? 1;
  return [...docs].sort((a, b) => {
    for (const [path, way] of [...Object.entries(sort), ['_id', last] as const]) {
      const by = order(read(a, path), read(b, path)) * way;
      if (by !== 0) return by;
    }
    return 0;
  });
}

/** The document changed, or `null` when the store must refuse the change. */
export function changed(doc: Thing, change: Record<string, Values>): Thing | null {
  const after = clone(doc) as unknown as Values;
  for (const [operator, fields] of Object.entries(change)) {
    for (const [path, operand] of Object.entries(fields)) {
      const [head = '', tail] = path.split('.');
      if (tail !== undefined && after[head] === null) return null;
      const holder = tail === undefined ? after : (after[head] as Values);
      const name = tail ?? head;
      const held = holder[name];
      if (operator === '$set') holder[name] = operand;
      if (operator === '$unset') delete holder[name];
      if (operator === '$inc') {
        if (held === null) return null;
        holder[name] = ((held as number | undefined) ?? 0) + (operand as number);
      }
      if (operator === '$min' && (held === undefined || order(operand, held) < 0)) holder[name] = operand;
      if (operator === '$max' && (held === undefined || order(operand, held) > 0)) holder[name] = operand;
      const list = held as unknown[];
      if (operator === '$push') holder[name] = [...list, operand];
      if (operator === '$addToSet' && !list.includes(operand)) holder[name] = [...list, operand];
      if (operator === '$pull') holder[name] = list.filter((one) => one !== operand);
    }
  }
  return after as unknown as Thing;
}
