import fc from 'fast-check';
import { HolidayUtil } from 'lunar-typescript';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  addWorkingDays,
  holidayTable,
  holidaysKnown,
  isWorkingDay,
  lunarOf,
  publishedHolidays,
  solarTermOf,
  workingDayFrom,
  workingDaysBetween,
} from '../../../src/shared/calendar/index.ts';
import type { HolidayTable } from '../../../src/shared/calendar/index.ts';

/** Ten years, day by day, made without the code under test: weekends by Date, exceptions by lists. */
function plainTable(tables: readonly HolidayTable[]): { date: string; works: boolean }[] {
  const off = new Set(tables.flatMap((table) => table.holidays));
  const on = new Set(tables.flatMap((table) => table.workdays));
  const days: { date: string; works: boolean }[] = [];
  for (let at = Date.UTC(2019, 0, 1); at < Date.UTC(2029, 0, 1); at += 86_400_000) {
    const date = new Date(at).toISOString().slice(0, 10);
    const weekend = [0, 6].includes(new Date(at).getUTCDay());
    days.push({ date, works: on.has(date) || (!weekend && !off.has(date)) });
  }
  return days;
}

/** Another source of the same announcements, for as many years as it has. */
function libraryTable(year: number): HolidayTable {
  const days = HolidayUtil.getHolidays(year).filter((day) => day.getDay().startsWith(String(year)));
  return {
    year,
    holidays: days.filter((day) => !day.isWork()).map((day) => day.getDay()),
    workdays: days.filter((day) => day.isWork()).map((day) => day.getDay()),
  };
}

const tenYears = Array.from({ length: 10 }, (_, at) => libraryTable(2019 + at));

describe('published holidays', () => {
  it.each(publishedHolidays)('of $year agree with another source', (table) => {
    const other = libraryTable(table.year);
    expect(table.holidays.toSorted()).toEqual(other.holidays.toSorted());
    expect(table.workdays.toSorted()).toEqual(other.workdays.toSorted());
  });

  it.each(publishedHolidays)('of $year cover every day off that the State Council regulation names', (table) => {
    // 全国年节及纪念日放假办法: 元旦 1, 春节 3 (from 2025 除夕 too), 清明, 劳动节 1 (from 2025 also 5月2日), 端午, 中秋, 国庆 3.
    const lunarDays = new Set(['正月初一', '正月初二', '正月初三', '五月初五', '八月十五']);
    const solarDays = new Set(['01-01', '05-01', '10-01', '10-02', '10-03']);
    if (table.year >= 2025) solarDays.add('05-02');
    const named: string[] = [];
    for (let date = `${table.year}-01-01`; date <= `${table.year}-12-31`; date = addDays(date, 1)) {
      const eve = table.year >= 2025 && lunarOf(addDays(date, 1)).text === '正月初一';
      const fixed = lunarDays.has(lunarOf(date).text) || solarDays.has(date.slice(5));
      if (eve || fixed || solarTermOf(date) === '清明') named.push(date);
    }
    expect(named).toHaveLength(table.year >= 2025 ? 13 : 11);
    expect(table.holidays).toEqual(expect.arrayContaining(named));
  });

  it.each(publishedHolidays)('of $year make people work on weekends only', ({ workdays, holidays }) => {
    for (const date of workdays) {
      expect([0, 6]).toContain(new Date(`${date}T00:00:00Z`).getUTCDay());
      expect(holidays).not.toContain(date);
    }
  });

  it('say which years they do not know; there only weekends are days off', () => {
    expect(holidaysKnown(2026)).toBe(true);
    expect(holidaysKnown(2031)).toBe(false);
    expect(isWorkingDay('2031-10-01')).toBe(true);
    expect(isWorkingDay('2031-10-04')).toBe(false);
  });

  it.each(publishedHolidays)('of $year pass the check of an imported table', (table) => {
    expect(holidayTable.parse(table)).toEqual(table);
  });

  it.each([
    ['a day that does not exist', { year: 2027, holidays: ['2027-02-30'], workdays: [] }, ['holidays', 0]],
    ['a day of another year', { year: 2027, holidays: ['2026-10-01'], workdays: [] }, ['holidays', 0]],
    ['a day named twice', { year: 2027, holidays: ['2027-10-02'], workdays: ['2027-10-02'] }, ['workdays', 0]],
    [
      'a make-up workday on a Monday',
      { year: 2027, holidays: ['2027-10-01'], workdays: ['2027-10-11'] },
      ['workdays', 0],
    ],
    ['no holiday at all', { year: 2027, holidays: [], workdays: [] }, ['holidays']],
  ])('are refused with the place of the fault: %s', (_, table, path) => {
    expect(holidayTable.safeParse(table).error?.issues[0]?.path).toEqual(path);
  });

  it('can be added to and corrected by an imported table; the last one of a year counts', () => {
    const tables = [...publishedHolidays, { year: 2026, holidays: ['2026-03-19'], workdays: ['2026-03-21'] }];
    expect(isWorkingDay('2026-03-19', tables)).toBe(false);
    expect(isWorkingDay('2026-03-21', tables)).toBe(true);
    expect(isWorkingDay('2026-10-01', tables)).toBe(true);
  });
});

describe('working days', () => {
  const plain = plainTable(tenYears);
  const works = plain.filter((day) => day.works).map((day) => day.date);

  it('are those of a plain table over ten years', () => {
    for (const { date, works: expected } of plain) {
      expect(`${date} ${String(isWorkingDay(date, tenYears))}`).toBe(`${date} ${String(expected)}`);
    }
  });

  it('are counted on and back as in the plain table', () => {
    const day = fc.constantFrom(...plain.slice(60, -60));
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 30 }), ({ date }, n) => {
        const later = works.filter((other) => other > date)[n - 1];
        const earlier = works.filter((other) => other < date).at(-n);
        expect(addWorkingDays(date, n, tenYears)).toBe(later);
        expect(addWorkingDays(date, -n, tenYears)).toBe(earlier);
        expect(workingDaysBetween(date, later ?? '', tenYears)).toBe(n);
      }),
    );
  });

  it('skip a holiday and take the make-up workday', () => {
    // 2026-02-13 is a Friday; Saturday the 14th is worked, then nine days of 春节.
    expect(addWorkingDays('2026-02-13', 1)).toBe('2026-02-14');
    expect(addWorkingDays('2026-02-13', 2)).toBe('2026-02-24');
    expect(addWorkingDays('2026-03-18', 2)).toBe('2026-03-20');
    expect(addWorkingDays('2026-03-21', 0)).toBe('2026-03-21');
    expect(workingDayFrom('2026-03-21')).toBe('2026-03-23');
    expect(workingDayFrom('2026-03-20')).toBe('2026-03-20');
    expect(workingDaysBetween('2026-03-20', '2026-03-20')).toBe(0);
    expect(() => addWorkingDays('2026-03-18', 1.5)).toThrow(RangeError);
  });
});
