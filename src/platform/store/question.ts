import { isPlain } from './values.ts';

/** A value in a text that no other value has; null for what no query holds. */
function textOf(value: unknown): string | null {
  switch (typeof value) {
    case 'string':
      return `s${value.length}:${value}`;
    case 'number':
      return `n${value};`;
    case 'boolean':
      return value ? 't' : 'f';
    case 'object':
      if (value === null) return 'z';
      if (value instanceof Date) return `d${value.getTime()};`;
      if (Array.isArray(value)) return listOf(value);
      return isPlain(value) ? fieldsOf(value) : null;
    default:
      return null;
  }
}

function listOf(values: readonly unknown[]): string | null {
  let text = '[';
  for (const value of values) {
    const part = textOf(value);
    if (part === null) return null;
    text += part;
  }
  return `${text}]`;
}

function fieldsOf(object: Readonly<Record<string, unknown>>): string | null {
  let text = '{';
  for (const field of Object.keys(object)) {
    const part = textOf(object[field]);
    if (part === null) return null;
    text += `${field.length}:${field}${part}`;
  }
  return `${text}}`;
}

/** What is asked, in a text: the same for the same question, never for another. Null: not to be remembered. */
export function questionOf(
  where: object,
  { sort, limit }: { readonly sort?: object | undefined; readonly limit?: number | undefined } = {},
): string | null {
  const asked = textOf(where);
  const order = asked === null || sort === undefined ? '' : textOf(sort);
  return asked === null || order === null ? null : `${asked}${order}#${limit ?? ''}`;
}
