import { z } from 'zod';
import { addDays, atLocal, dayOf, daysInMonth, isTime, localDate, partsOf, weekdayNumber } from './day.ts';
import { lunarMonthLength, lunarOf, nextSolarTerm, solarOf, solarTerms } from './lunar.ts';
import { isMarketDay } from './village.ts';
import type { MarketRule } from './village.ts';

const time = z.string().refine(isTime, { error: 'HH:mm' });
const day = z.number().int().min(1);
/** What happens in a month (or year) without that day; by default it is the month's last day, so nothing is left out. */
const shortMonth = z.enum(['last-day', 'skip']).optional();

/** When something recurs, in the village's time; weekdays are 0 Sunday … 6 Saturday. */
export const recurrence = z.discriminatedUnion('every', [
  z.object({ every: z.literal('day'), time }),
  z.object({ every: z.literal('week'), weekdays: z.array(z.number().int().min(0).max(6)).min(1), time }),
  z.object({ every: z.literal('month'), day: day.max(31), shortMonth, time }),
  z.object({ every: z.literal('year'), month: day.max(12), day: day.max(31), shortMonth, time }),
  /** A day of every lunar month, leap months included. */
  z.object({ every: z.literal('lunar-month'), day: day.max(30), shortMonth, time }),
  /** A lunar date. `leap`: in the month of that number (`no`, the custom), also in its leap month, or only there. */
  z.object({
    every: z.literal('lunar-year'),
    month: day.max(12),
    day: day.max(30),
    leap: z.enum(['no', 'also', 'only']).optional(),
    shortMonth,
    time,
  }),
  /** By the rule of the village, which may change: it is given when the next one is asked for. */
  z.object({ every: z.literal('market-day'), time }),
  z.object({ every: z.literal('solar-term'), term: z.enum(solarTerms), time }),
]);
export type Recurrence = z.infer<typeof recurrence>;

/** Leap months of one number can be decades apart. */
const yearsAhead = 60;
const daysAhead = 400;

/**
 * The first occurrence strictly later than `after`. Null when there is none: a market day without a market
 * rule, a leap month that doesn't come within sixty years.
 */
export function nextOccurrence(rule: Recurrence, after: Date, marketDays: MarketRule | null = null): Date | null {
  const today = localDate(after);
  const first = atLocal(today, rule.time).getTime() > after.getTime() ? today : addDays(today, 1);
  const date = nextDay(rule, first, marketDays);
  return date === null ? null : atLocal(date, rule.time);
}

/** The first day from `from` on. */
function nextDay(rule: Recurrence, from: string, marketDays: MarketRule | null): string | null {
  switch (rule.every) {
    case 'day':
      return from;
    case 'year':
      return inYears(from, partsOf(from).year, (year) => [solarDay(year, rule)]);
    case 'lunar-year':
      return inYears(from, lunarOf(from).year, (year) => lunarDays(year, rule));
    case 'solar-term':
      return nextSolarTerm(rule.term, from);
    case 'week':
      return scan(from, (date) => rule.weekdays.includes(weekdayNumber(date)));
    case 'market-day':
      return scan(from, (date) => isMarketDay(date, marketDays));
    case 'month':
      return scan(from, (date) => {
        const { year, month, day: at } = partsOf(date);
        return falls(at, rule.day, daysInMonth(year, month), rule.shortMonth);
      });
    case 'lunar-month':
      return scan(from, (date) => {
        const { year, month, day: at, leap } = lunarOf(date);
        return falls(at, rule.day, lunarMonthLength(year, month, leap) ?? 30, rule.shortMonth);
      });
  }
}

function falls(at: number, wanted: number, length: number, short: 'last-day' | 'skip' | undefined): boolean {
  return at === wanted || (short !== 'skip' && wanted > length && at === length);
}

function scan(from: string, fits: (date: string) => boolean): string | null {
  for (let date = from, left = daysAhead; left > 0; date = addDays(date, 1), left--) if (fits(date)) return date;
  return null;
}

function inYears(from: string, first: number, daysOf: (year: number) => (string | null)[]): string | null {
  for (let year = first; year <= first + yearsAhead; year++) {
    const dates = daysOf(year).filter((date) => date !== null && date >= from);
    const found = dates[0];
    if (found !== undefined) return found;
  }
  return null;
}

function solarDay(year: number, rule: Extract<Recurrence, { every: 'year' }>): string | null {
  const date = dayOf(year, rule.month, rule.day);
  return date ?? (rule.shortMonth === 'skip' ? null : dayOf(year, rule.month, daysInMonth(year, rule.month)));
}

/** In the order of the year: the month itself, then its leap month. */
function lunarDays(year: number, rule: Extract<Recurrence, { every: 'lunar-year' }>): (string | null)[] {
  const { month, leap = 'no' } = rule;
  const months = leap === 'no' ? [false] : leap === 'only' ? [true] : [false, true];
  return months.map((isLeap) => {
    const length = lunarMonthLength(year, month, isLeap);
    if (length === null || (rule.shortMonth === 'skip' && rule.day > length)) return null;
    return solarOf({ year, month, day: Math.min(rule.day, length), leap: isLeap });
  });
}
