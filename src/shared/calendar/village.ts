import { publishedHolidays, type HolidayTable } from './holidays.ts';
import { addDays, atLocal, daysInMonth, localDate, localTime, partsOf } from './day.ts';
import { lunarMonthLength, lunarOf } from './lunar.ts';

/** Market days (赶场): every day of the month whose number ends in one of the digits. */
export interface MarketRule {
  readonly calendar: 'lunar' | 'solar';
  /** Digits 0–9. */
  readonly dayEndsIn: readonly number[];
  /**
   * What a market of the 30th (or 31st) does in a month without that day: `skip` (default), or `last-day`,
   * where it is held on the month's last day. Only places where the day is a market by the rule are asked.
   */
  readonly shortMonth?: 'skip' | 'last-day';
}

/** A farming peak (农忙), both days included, every year; `start` after `end` wraps over the year's end. */
export interface FarmingPeak {
  readonly name: string;
  /** `MM-DD`. */
  readonly start: string;
  /** `MM-DD`. */
  readonly end: string;
}

/** From and to, `HH:mm`; from is quiet, to is not. From after to spans midnight; equal: never quiet. */
export type QuietHours = readonly [from: string, to: string];

/** What differs from village to village. */
export interface VillageCalendar {
  readonly marketDays: MarketRule | null;
  readonly farmingPeaks: readonly FarmingPeak[];
  readonly quietHours: QuietHours;
  /** Tables of years that are not among the published ones, or that correct them. */
  readonly holidays?: readonly HolidayTable[];
}

/** Everybody's tables and the village's own, which go first. */
export function holidayTables(calendar: VillageCalendar): readonly HolidayTable[] {
  return [...publishedHolidays, ...(calendar.holidays ?? [])];
}

export const defaultQuietHours: QuietHours = ['21:30', '07:00'];

/** A village that told nothing: no market days, no farming peaks, quiet from 21:30 to 07:00. */
export const plainCalendar: VillageCalendar = { marketDays: null, farmingPeaks: [], quietHours: defaultQuietHours };

/** Whether the instant lies in the quiet hours. */
export function isQuiet(at: Date, hours: QuietHours = defaultQuietHours): boolean {
  const [from, to] = hours;
  const time = localTime(at);
  return from <= to ? time >= from && time < to : time >= from || time < to;
}

/** An instant in the quiet hours moves to their end (the next 07:00); any other stays. */
export function quietShift(at: Date, hours: QuietHours = defaultQuietHours): Date {
  if (!isQuiet(at, hours)) return at;
  const [from, to] = hours;
  const date = localDate(at);
  const over = from > to && localTime(at) >= from;
  return atLocal(over ? addDays(date, 1) : date, to);
}

/** Whether the day (`YYYY-MM-DD`) is a market day by the rule; without a rule: no. */
export function isMarketDay(date: string, rule: MarketRule | null | undefined): boolean {
  if (rule === null || rule === undefined) return false;
  const solar = partsOf(date);
  const lunar = lunarOf(date);
  const day = rule.calendar === 'lunar' ? lunar.day : solar.day;
  if (rule.dayEndsIn.includes(day % 10)) return true;
  if (rule.shortMonth !== 'last-day' || !rule.dayEndsIn.includes(0)) return false;
  const length =
    rule.calendar === 'lunar'
      ? lunarMonthLength(lunar.year, lunar.month, lunar.leap)
      : daysInMonth(solar.year, solar.month);
  return length !== null && length < 30 && day === length;
}

/** The name of the farming peak on that day, or null. */
export function farmingPeakOn(date: string, peaks: readonly FarmingPeak[]): string | null {
  const day = date.slice(5);
  const found = peaks.find(({ start, end }) =>
    start <= end ? day >= start && day <= end : day >= start || day <= end,
  );
  return found?.name ?? null;
}
