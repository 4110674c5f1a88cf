import { z } from 'zod';
import { addDays, isDay, weekdayNumber } from './day.ts';

/** Days off and make-up workdays (调休) of one year, as the State Council announces them each autumn. */
export interface HolidayTable {
  readonly year: number;
  /** Days off, `YYYY-MM-DD`, weekends within a holiday included. */
  readonly holidays: readonly string[];
  /** Weekend days on which people work. */
  readonly workdays: readonly string[];
}

const days = z.array(z.string().refine(isDay, { error: 'not a day (YYYY-MM-DD)' }));

/**
 * A table that is handed in for a year: every day in that year and named once, workdays only on weekends and
 * not among the holidays. A table without any holiday is refused: it would be a mistake.
 */
export const holidayTable: z.ZodType<HolidayTable> = z
  .object({ year: z.number().int().min(2000).max(2100), holidays: days.min(1), workdays: days })
  .superRefine(({ year, holidays, workdays }, { addIssue }) => {
    const all = [...holidays, ...workdays];
    for (const [at, day] of all.entries()) {
      const path = at < holidays.length ? ['holidays', at] : ['workdays', at - holidays.length];
      if (!day.startsWith(String(year))) addIssue({ code: 'custom', path, message: 'not in that year' });
      if (all.indexOf(day) < at) addIssue({ code: 'custom', path, message: 'named twice' });
      if (path[0] === 'workdays' && isDay(day) && ![0, 6].includes(weekdayNumber(day))) {
        addIssue({ code: 'custom', path, message: 'not on a weekend' });
      }
    }
  });

function build(year: number, spans: readonly (readonly [string, string])[], worked: readonly string[]): HolidayTable {
  const holidays: string[] = [];
  for (const [first, last] of spans) {
    for (let day = `${year}-${first}`; day <= `${year}-${last}`; day = addDays(day, 1)) holidays.push(day);
  }
  return { year, holidays, workdays: worked.map((day) => `${year}-${day}`) };
}

/**
 * 国务院办公厅关于部分节假日安排的通知 for 2024 (国办发明电〔2023〕7号), 2025 (国办发明电〔2024〕12号)
 * and 2026 (国办发明电〔2025〕7号). Other years are imported once they are announced.
 */
export const publishedHolidays: readonly HolidayTable[] = [
  build(
    2024,
    [
      ['01-01', '01-01'],
      ['02-10', '02-17'],
      ['04-04', '04-06'],
      ['05-01', '05-05'],
      ['06-08', '06-10'],
      ['09-15', '09-17'],
      ['10-01', '10-07'],
    ],
    ['02-04', '02-18', '04-07', '04-28', '05-11', '09-14', '09-29', '10-12'],
  ),
  build(
    2025,
    [
      ['01-01', '01-01'],
      ['01-28', '02-04'],
      ['04-04', '04-06'],
      ['05-01', '05-05'],
      ['05-31', '06-02'],
      ['10-01', '10-08'],
    ],
    ['01-26', '02-08', '04-27', '09-28', '10-11'],
  ),
  build(
    2026,
    [
      ['01-01', '01-03'],
      ['02-15', '02-23'],
      ['04-04', '04-06'],
      ['05-01', '05-05'],
      ['06-19', '06-21'],
      ['09-25', '09-27'],
      ['10-01', '10-07'],
    ],
    ['01-04', '02-14', '02-28', '05-09', '09-20', '10-10'],
  ),
];
