import { addDays, weekdayNumber } from './day.ts';
import { publishedHolidays } from './holidays.ts';
import type { HolidayTable } from './holidays.ts';

function tableOf(date: string, tables: readonly HolidayTable[]): HolidayTable | undefined {
  const year = Number(date.slice(0, 4));
  return tables.findLast((table) => table.year === year);
}

/** Whether the year's holidays are known; if not, only weekends count as days off. The last table of a year counts. */
export function holidaysKnown(year: number, tables: readonly HolidayTable[] = publishedHolidays): boolean {
  return tables.some((table) => table.year === year);
}

/** Whether people work on that day: make-up workdays (调休) do, holidays and other weekends don't. */
export function isWorkingDay(date: string, tables: readonly HolidayTable[] = publishedHolidays): boolean {
  const table = tableOf(date, tables);
  if (table?.workdays.includes(date)) return true;
  if (table?.holidays.includes(date)) return false;
  const weekday = weekdayNumber(date);
  return weekday !== 0 && weekday !== 6;
}

/** The n-th working day after that day (before it when negative), the day itself not counted; 0: the day itself. */
export function addWorkingDays(date: string, n: number, tables: readonly HolidayTable[] = publishedHolidays): string {
  if (!Number.isInteger(n)) throw new RangeError('working days are whole days');
  const step = n < 0 ? -1 : 1;
  let day = date;
  for (let left = Math.abs(n); left > 0;) {
    day = addDays(day, step);
    if (isWorkingDay(day, tables)) left--;
  }
  return day;
}

/** That day if it is a working day, else the next one. */
export function workingDayFrom(date: string, tables: readonly HolidayTable[] = publishedHolidays): string {
  return isWorkingDay(date, tables) ? date : addWorkingDays(date, 1, tables);
}

/** Working days after `from` up to and including `to`; 0 when `to` is not later. */
export function workingDaysBetween(
  from: string,
  to: string,
  tables: readonly HolidayTable[] = publishedHolidays,
): number {
  let count = 0;
  for (let day = addDays(from, 1); day <= to; day = addDays(day, 1)) if (isWorkingDay(day, tables)) count++;
  return count;
}
