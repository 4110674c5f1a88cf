import type { z } from 'zod';
import { bare, exactField, fieldSchema, shapeOf } from './fields.ts';
import { longestString } from './keys.ts';
import type { Index } from './plan-types.ts';
import { equal } from './values.ts';

/** Takes the value, and takes it as it is. */
function takes(schema: z.ZodType, value: unknown): boolean {
  const result = schema.safeParse(value);
  return result.success && equal(result.data, value);
}

function element(field: z.ZodType): z.ZodType | null {
  const list = fieldSchema(field, '');
  return list !== null && shapeOf(list).type === 'array' && bare(list) ? (shapeOf(list).element ?? null) : null;
}

function endless(field: z.ZodType, by: unknown): boolean {
  const number = fieldSchema(field, '');
  if (number === null || shapeOf(number).type !== 'number' || typeof by !== 'number') return false;
  const ends = [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
  return ends.every((end) => takes(number, end)) && (Number.isInteger(by) || takes(number, 0.5));
}

function holds(operator: string, field: z.ZodType, operand: unknown): boolean {
  switch (operator) {
    case '$set':
    case '$min':
    case '$max':
      return takes(field, operand);
    case '$unset':
      return takes(field, undefined);
    case '$inc':
      return endless(field, operand);
    case '$push':
    case '$addToSet': {
      const items = element(field);
      return items !== null && takes(items, operand);
    }
    case '$pull':
      return element(field) !== null;
    default:
      return false;
  }
}

/**
 * Whether every valid document stays valid under the change, as far as can be told without looking at
 * one. False means only: look. `$setOnInsert` is left out of it.
 */
export function keepsValid(schema: z.ZodType, indexes: readonly Index[], change: object): boolean {
  if (shapeOf(schema).type !== 'object' || !bare(schema)) return false;
  return Object.entries(change as Record<string, Record<string, unknown> | undefined>).every(
    ([operator, fields = {}]) =>
      operator === '$setOnInsert' ||
      Object.entries(fields).every(([path, operand]) => {
        const field = exactField(schema, path);
        const long = typeof operand === 'string' && operand.length * 3 > longestString / 2;
        if (field === null || (long && indexes.some((index) => index.fields.includes(path)))) return false;
        return holds(operator, field, operand);
      }),
  );
}
