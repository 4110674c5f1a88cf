import { z } from 'zod';
import { AppError } from '../shared/errors.ts';

/** An instant in an answer. */
export const instant = z.date().meta({ format: 'date-time' });

/** An instant in a request: ISO 8601 with its offset (2026-03-21T08:30:00+08:00). */
export const when = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

export const id = z.string().min(1).max(200);

/** Words of one line or more, without what is around them. */
export const words = (most: number): z.ZodString => z.string().trim().min(1).max(most);

const mostItems = 100;

/** Query parameters of a list. */
export const paging = {
  limit: z.coerce.number().int().min(1).max(mostItems).default(50),
  cursor: z.string().max(400).optional(),
};

/** One page; `next` is the cursor of the one that follows, null on the last. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

/** A cursor is opaque to clients: the key of the last item. */
export function cursorOf(key: string): string {
  return Buffer.from(key).toString('base64url');
}

/** Errors: http.cursor 400. */
export function keyIn(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const key = Buffer.from(cursor, 'base64url').toString();
  if (key === '' || cursorOf(key) !== cursor) throw new AppError('http.cursor', 400);
  return key;
}

/** As `keyIn`, for lists in the order of a number. */
export function numberIn(cursor: string | undefined): number | null {
  const key = keyIn(cursor);
  if (key === null) return null;
  if (!/^\d{1,15}$/.test(key)) throw new AppError('http.cursor', 400);
  return Number(key);
}

/** Takes one more than asked for and tells whether there is more. */
export function onePage<T>(found: readonly T[], limit: number, keyOf: (item: T) => string) {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next: found.length > limit && last !== undefined ? cursorOf(keyOf(last)) : null };
}
