import { addDays, atLocal, localDate } from './day.ts';
import { publishedHolidays, type HolidayTable } from './holidays.ts';
import { isWorkingDay } from './working-days.ts';

/** When the village office answers on a working day. */
export const officeHours: readonly [string, string] = ['08:30', '17:30'];

/** That instant if the office is open then, else when it opens next. */
export function officeHoursFrom(at: Date, tables: readonly HolidayTable[] = publishedHolidays): Date {
  const [opens, closes] = officeHours;
  for (let date = localDate(at); ; date = addDays(date, 1)) {
    if (!isWorkingDay(date, tables)) continue;
    const opening = atLocal(date, opens);
    if (at < opening) return opening;
    if (at < atLocal(date, closes)) return at;
  }
}
