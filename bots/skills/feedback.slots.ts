import { AppError } from '../../src/shared/errors.ts';
import type { Slots } from './skill.ts';

/** A slot's text, or null. */
export const text = (slots: Slots, key: string): string | null => {
  const value = slots[key];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
};
/** A slot's whole number, or null. */
export const whole = (slots: Slots, key: string): number | null => {
  const value = slots[key];
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : null;
};
/** The number in a command; what isn't one is no report of ours. */
export const ticketOf = (slots: Slots): number | null => {
  if (slots['ticket'] === undefined || slots['ticket'] === null) return null;
  const number = whole(slots, 'ticket');
  if (number === null) throw new AppError('feedback.not-found', 404);
  return number;
};
