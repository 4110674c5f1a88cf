import { z } from 'zod';
import { nextOccurrence, recurrence as rule, type MarketRule } from '../shared/calendar/index.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** When a recurring notice comes again: on the days of the rule, or some days before them. */
export const recurrence = z.object({
  rule,
  /** 1: on the day before (赶场前一天). */
  daysBefore: z.number().int().min(0).max(30),
});
export type Recurrence = z.infer<typeof recurrence>;

/** The first time after that instant; null when the rule never comes again. */
export function nextTime(repeat: Recurrence, after: Date, marketDays: MarketRule | null): Date | null {
  const ahead = repeat.daysBefore * dayMs;
  const day = nextOccurrence(repeat.rule, new Date(after.getTime() + ahead), marketDays);
  return day === null ? null : new Date(day.getTime() - ahead);
}
