import { Lunar, LunarYear, Solar } from 'lunar-typescript';
import { addDays, daysBetween, partsOf } from './day.ts';

/** A day of the lunar calendar (农历). */
export interface LunarDay {
  /** The lunar year, named by the solar year in which it begins. */
  readonly year: number;
  /** 1–12. */
  readonly month: number;
  /** 1–30. */
  readonly day: number;
  /** Whether the month is the leap one (闰六月). */
  readonly leap: boolean;
  /** 二月初三, 闰六月初一, 冬月十四, 腊月廿九. */
  readonly text: string;
}

const cache = new Map<string, LunarDay & { readonly term: string | null }>();
const cacheSize = 4000;

function look(date: string): LunarDay & { readonly term: string | null } {
  const known = cache.get(date);
  if (known !== undefined) return known;
  const { year, month, day } = partsOf(date);
  const lunar = Solar.fromYmd(year, month, day).getLunar();
  const term = lunar.getJieQi();
  const found = {
    year: lunar.getYear(),
    month: Math.abs(lunar.getMonth()),
    day: lunar.getDay(),
    leap: lunar.getMonth() < 0,
    text: `${lunar.getMonthInChinese()}月${lunar.getDayInChinese()}`,
    term: term === '' ? null : term,
  };
  if (cache.size >= cacheSize) cache.clear();
  cache.set(date, found);
  return found;
}

/** The lunar date of a solar day (`YYYY-MM-DD`). */
export function lunarOf(date: string): LunarDay {
  const { term: _term, ...lunar } = look(date);
  return lunar;
}

/** The solar term (节气) that begins on this day, or null. */
export function solarTermOf(date: string): string | null {
  return look(date).term;
}

/** How many days the lunar month has: 29 or 30; null when the year has no such (leap) month. */
export function lunarMonthLength(year: number, month: number, leap = false): number | null {
  const found = LunarYear.fromYear(year)
    .getMonths()
    .find((each) => each.getYear() === year && each.getMonth() === (leap ? -month : month));
  return found?.getDayCount() ?? null;
}

/** The leap month of a lunar year, or null. */
export function leapMonthOf(year: number): number | null {
  const month = LunarYear.fromYear(year).getLeapMonth();
  return month === 0 ? null : month;
}

/** The solar day of a lunar date; null when there is none (a 30th in a month of 29 days, a leap month in another year). */
export function solarOf(lunar: { year: number; month: number; day: number; leap?: boolean }): string | null {
  const { year, month, day, leap = false } = lunar;
  const length = lunarMonthLength(year, month, leap);
  if (length === null || !Number.isInteger(day) || day < 1 || day > length) return null;
  return Lunar.fromYmd(year, leap ? -month : month, day)
    .getSolar()
    .toYmd();
}

/** The first day on or after `date` on which that solar term begins; null for an unknown name. */
export function nextSolarTerm(term: string, date: string): string | null {
  if (!solarTerms.includes(term)) return null;
  for (let day = date; daysBetween(date, day) < 370; day = addDays(day, 1)) {
    if (solarTermOf(day) === term) return day;
  }
  return null;
}

/** The 24 solar terms from 立春 on. */
export const solarTerms: readonly string[] =
  '立春 雨水 惊蛰 春分 清明 谷雨 立夏 小满 芒种 夏至 小暑 大暑 立秋 处暑 白露 秋分 寒露 霜降 立冬 小雪 大雪 冬至 小寒 大寒'.split(
    ' ',
  );
