import type { z } from 'zod';

interface Shape {
  readonly type?: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly innerType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly valueType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly checks?: readonly unknown[];
}

const wrappers = new Set(['optional', 'nullable', 'default', 'prefault', 'readonly', 'nonoptional', 'catch']);
const scalars = new Set(['string', 'number', 'int', 'boolean', 'date', 'enum', 'literal', 'null', 'undefined']);

export function shapeOf(schema: z.ZodType): Shape {
  return (schema as unknown as { def?: Shape }).def ?? {};
}

/** The schema of a field, without what makes it optional or nullable; null where the schema doesn't tell. */
export function fieldSchema(schema: z.ZodType, path: string): z.ZodType | null {
  const { type, shape, innerType, valueType } = shapeOf(schema);
  if (type !== undefined && wrappers.has(type) && innerType !== undefined) return fieldSchema(innerType, path);
  if (path === '') return schema;
  const dot = path.indexOf('.');
  const head = dot < 0 ? path : path.slice(0, dot);
  const rest = dot < 0 ? '' : path.slice(dot + 1);
  if (type === 'object') {
    const field = shape?.[head];
    return field === undefined ? null : fieldSchema(field, rest);
  }
  if (type === 'record' && valueType !== undefined) return fieldSchema(valueType, rest);
  return null;
}

/** Whether an array may stand there: yes unless the schema says that it can't. */
export function mayBeArray(schema: z.ZodType, path: string): boolean {
  const field = fieldSchema(schema, path);
  if (field === null) return true;
  const { type, options } = shapeOf(field);
  if (type === 'union' && options !== undefined) return options.some((option) => mayBeArray(option, ''));
  return type === undefined || (!scalars.has(type) && type !== 'object' && type !== 'record');
}

/** Whether a schema is what it seems: nothing checked beyond its type. */
export function bare(schema: z.ZodType): boolean {
  return (shapeOf(schema).checks ?? []).length === 0;
}

/** The schema of a field as it stands, with what makes it optional; null where an outer object may be missing. */
export function exactField(schema: z.ZodType, path: string): z.ZodType | null {
  const [head = '', tail] = path.split('.');
  const field = shapeOf(schema).shape?.[head];
  if (field === undefined || tail === undefined) return field ?? null;
  if (field.safeParse(undefined).success) return null;
  const outer = fieldSchema(field, '');
  if (outer === null || !bare(outer)) return null;
  const { type, shape, valueType } = shapeOf(outer);
  return type === 'record' ? (valueType ?? null) : (shape?.[tail] ?? null);
}

/** Whether the schema may put out a part of what it was given as it is, instead of a copy. */
export function passesOn(schema: z.ZodType): boolean {
  const { type, shape, innerType, options, valueType, element } = shapeOf(schema);
  if (type === undefined) return true;
  if (scalars.has(type)) return false;
  const parts = [...Object.values(shape ?? {}), ...(options ?? []), innerType, valueType, element];
  const known = type === 'object' || type === 'array' || type === 'record' || type === 'union' || wrappers.has(type);
  return !known || parts.some((part) => part !== undefined && passesOn(part));
}
