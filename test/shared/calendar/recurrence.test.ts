import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  atLocal,
  localDate,
  localTime,
  lunarOf,
  nextOccurrence,
  recurrence,
} from '../../../src/shared/calendar/index.ts';
import type { Recurrence } from '../../../src/shared/calendar/index.ts';

const market = { calendar: 'lunar', dayEndsIn: [2, 5, 8] } as const;
const now = atLocal('2026-03-18', '09:30'); // 正月三十, a Wednesday

/** The next `n` occurrences as days. */
function series(rule: Recurrence, n: number): string[] {
  const days: string[] = [];
  for (let at = now, next = nextOccurrence(rule, at, market); next !== null && days.length < n;) {
    days.push(localDate(next));
    at = next;
    next = nextOccurrence(rule, at, market);
  }
  return days;
}

describe('what recurs', () => {
  it.each<[string, Recurrence, string[]]>([
    ['daily, from tomorrow when its time is now', { every: 'day', time: '09:30' }, ['2026-03-19', '2026-03-20']],
    ['daily, from today when its time is ahead', { every: 'day', time: '09:31' }, ['2026-03-18', '2026-03-19']],
    ['on weekdays', { every: 'week', weekdays: [1, 3], time: '09:00' }, ['2026-03-23', '2026-03-25', '2026-03-30']],
    [
      'monthly, on the last day of shorter months',
      { every: 'month', day: 31, time: '08:00' },
      ['2026-03-31', '2026-04-30', '2026-05-31'],
    ],
    [
      'monthly, left out in shorter months when so wished',
      { every: 'month', day: 31, shortMonth: 'skip', time: '08:00' },
      ['2026-03-31', '2026-05-31'],
    ],
    ['yearly', { every: 'year', month: 3, day: 18, time: '09:00' }, ['2027-03-18', '2028-03-18']],
    ['yearly on 2月29日', { every: 'year', month: 2, day: 29, time: '09:00' }, ['2027-02-28', '2028-02-29']],
    [
      'yearly on 2月29日 in leap years only',
      { every: 'year', month: 2, day: 29, shortMonth: 'skip', time: '09:00' },
      ['2028-02-29', '2032-02-29'],
    ],
    [
      'every market day',
      { every: 'market-day', time: '07:00' },
      ['2026-03-20', '2026-03-23', '2026-03-26', '2026-03-30'],
    ],
    [
      'at a solar term',
      { every: 'solar-term', term: '清明', time: '08:00' },
      ['2026-04-05', '2027-04-05', '2028-04-04'],
    ],
  ])('recurs %s', (_, rule, expected) => {
    expect(series(rule, expected.length)).toEqual(expected);
  });

  it.each<[string, Recurrence, string[]]>([
    ['every lunar month', { every: 'lunar-month', day: 15, time: '08:00' }, ['二月十五', '三月十五', '四月十五']],
    [
      'on the 30th or the last day',
      { every: 'lunar-month', day: 30, time: '08:00' },
      ['二月廿九', '三月三十', '四月廿九'],
    ],
    [
      'on the 30th only',
      { every: 'lunar-month', day: 30, shortMonth: 'skip', time: '08:00' },
      ['三月三十', '六月三十'],
    ],
    [
      'on 腊月三十, which may be the 29th',
      { every: 'lunar-year', month: 12, day: 30, time: '08:00' },
      ['腊月廿九', '腊月廿九', '腊月廿九', '腊月三十'],
    ],
    [
      'on a lunar birthday in the month itself',
      { every: 'lunar-year', month: 5, day: 5, time: '08:00' },
      ['五月初五', '五月初五', '五月初五'],
    ],
    [
      'also in the leap month',
      { every: 'lunar-year', month: 5, day: 5, leap: 'also', time: '08:00' },
      ['五月初五', '五月初五', '五月初五', '闰五月初五', '五月初五'],
    ],
    [
      'in the leap month only',
      { every: 'lunar-year', month: 5, day: 5, leap: 'only', time: '08:00' },
      ['闰五月初五', '闰五月初五'],
    ],
  ])('recurs %s by the lunar calendar', (_, rule, expected) => {
    expect(series(rule, expected.length).map((date) => lunarOf(date).text)).toEqual(expected);
  });

  it('is none without a market rule, and when the leap month never comes', () => {
    expect(nextOccurrence({ every: 'market-day', time: '07:00' }, now)).toBeNull();
    expect(nextOccurrence({ every: 'lunar-year', month: 1, day: 1, leap: 'only', time: '07:00' }, now)).toBeNull();
  });

  it('always lies ahead, at its time, with nothing skipped in between', () => {
    const rules: Recurrence[] = [
      { every: 'day', time: '00:00' },
      { every: 'week', weekdays: [0], time: '23:59' },
      { every: 'month', day: 30, time: '07:00' },
      { every: 'lunar-month', day: 1, time: '07:00' },
      { every: 'market-day', time: '07:00' },
      { every: 'year', month: 12, day: 31, time: '07:00' },
      { every: 'lunar-year', month: 1, day: 1, time: '00:00' },
      { every: 'solar-term', term: '冬至', time: '12:00' },
    ];
    const instants = fc.date({ min: new Date('2024-01-01'), max: new Date('2032-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(fc.constantFrom(...rules), instants, fc.double({ min: 0, max: 1, noNaN: true }), (rule, at, part) => {
        const next = nextOccurrence(rule, at, market);
        if (next === null) throw new Error('none');
        expect(next.getTime()).toBeGreaterThan(at.getTime());
        expect(localTime(next)).toBe(rule.time);
        const between = new Date(at.getTime() + Math.floor((next.getTime() - 1 - at.getTime()) * part));
        expect(nextOccurrence(rule, between, market)).toEqual(next);
      }),
    );
  });

  it('is refused when it is no rule', () => {
    for (const rule of [
      { every: 'day', time: '24:00' },
      { every: 'week', weekdays: [], time: '08:00' },
      { every: 'lunar-month', day: 31, time: '08:00' },
      { every: 'solar-term', term: '清明节', time: '08:00' },
      { every: 'fortnight', time: '08:00' },
    ]) {
      expect(recurrence.safeParse(rule).success).toBe(false);
    }
  });
});
