import { describe, expect, it } from 'vitest';
import {
  addDays,
  daysBetween,
  leapMonthOf,
  lunarMonthLength,
  lunarOf,
  nextSolarTerm,
  solarOf,
  solarTermOf,
  solarTerms,
} from '../../../src/shared/calendar/index.ts';

describe('the lunar calendar', () => {
  it.each([
    ['2026-03-18', '正月三十'],
    ['2026-03-21', '二月初三'],
    ['2026-02-16', '腊月廿九'],
    ['2026-02-17', '正月初一'],
    ['2025-07-25', '闰六月初一'],
    ['2026-12-09', '冬月初一'],
    ['2033-12-22', '闰冬月初一'],
  ])('calls %s %s', (date, text) => {
    expect(lunarOf(date).text).toBe(text);
  });

  it('names the lunar year by the year in which it begins', () => {
    expect(lunarOf('2026-02-16')).toMatchObject({ year: 2025, month: 12, day: 29, leap: false });
    expect(lunarOf('2026-02-17')).toMatchObject({ year: 2026, month: 1, day: 1 });
  });

  it('agrees with the Chinese calendar of the runtime for sixty years, and leads back', () => {
    const intl = new Intl.DateTimeFormat('en-u-ca-chinese', { timeZone: 'UTC', month: 'numeric', day: 'numeric' });
    const differing = new Set<string>();
    const lost: string[] = [];
    for (let date = '2000-01-01'; date < '2060-01-01'; date = addDays(date, 1)) {
      const lunar = lunarOf(date);
      const text = `${lunar.month}${lunar.leap ? 'bis' : ''}/${lunar.day}`;
      if (text !== intl.format(new Date(`${date}T00:00:00Z`))) differing.add(addDays(date, 1 - lunar.day));
      if (lunar.day % 14 === 1 && solarOf(lunar) !== date) lost.push(date);
    }
    expect(lost).toEqual([]);
    // The runtime's own astronomy misses four new moons that come within minutes of midnight in Beijing.
    const published = {
      '2012-08-17': '七月初一',
      '2018-11-08': '十月初一',
      '2027-02-06': '正月初一',
      '2030-02-03': '正月初一',
    };
    for (const [date, text] of Object.entries(published)) expect(lunarOf(date).text).toBe(text);
    for (const start of differing) {
      const near = Object.keys(published).some((date) => Math.abs(daysBetween(date, start)) <= 30);
      expect(`${start} ${String(near)}`).toBe(`${start} true`);
    }
  });

  it('knows leap months and months of 29 days', () => {
    expect(leapMonthOf(2025)).toBe(6);
    expect(leapMonthOf(2026)).toBeNull();
    expect(lunarMonthLength(2025, 6, true)).toBe(29);
    expect(lunarMonthLength(2026, 6, true)).toBeNull();
    expect(solarOf({ year: 2025, month: 12, day: 30 })).toBeNull();
    expect(solarOf({ year: 2026, month: 6, day: 1, leap: true })).toBeNull();
  });
});

describe('solar terms', () => {
  it.each([
    ['2026-02-04', '立春'],
    ['2026-03-20', '春分'],
    ['2026-04-05', '清明'],
    ['2026-06-21', '夏至'],
    ['2026-12-22', '冬至'],
  ])('%s is %s', (date, term) => {
    expect(solarTermOf(date)).toBe(term);
    expect(solarTermOf(addDays(date, 1))).toBeNull();
  });

  it('come each once a year, in their order', () => {
    const found: string[] = [];
    for (let date = '2026-02-04'; date < '2027-02-04'; date = addDays(date, 1)) {
      const term = solarTermOf(date);
      if (term !== null) found.push(term);
    }
    expect(found).toEqual(solarTerms);
  });

  it('are found from a day on, that day included', () => {
    expect(nextSolarTerm('清明', '2026-04-05')).toBe('2026-04-05');
    expect(nextSolarTerm('清明', '2026-04-06')).toBe('2027-04-05');
    expect(nextSolarTerm('清明节', '2026-04-06')).toBeNull();
  });
});
