import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  atLocal,
  farmingPeakOn,
  isMarketDay,
  isQuiet,
  localDate,
  lunarOf,
  quietShift,
} from '../../../src/shared/calendar/index.ts';

function marketDaysFrom(first: string, days: number, rule: Parameters<typeof isMarketDay>[1]): string[] {
  return Array.from({ length: days }, (_, at) => addDays(first, at)).filter((date) => isMarketDay(date, rule));
}

describe('market days', () => {
  it('fall on lunar days that end in the digits', () => {
    const days = marketDaysFrom('2026-03-19', 29, { calendar: 'lunar', dayEndsIn: [2, 5, 8] });
    expect(days.map((date) => lunarOf(date).day)).toEqual([2, 5, 8, 12, 15, 18, 22, 25, 28]);
  });

  it('fall on solar days that end in the digits, the 31st included', () => {
    const days = marketDaysFrom('2026-03-01', 31, { calendar: 'solar', dayEndsIn: [1] });
    expect(days.map((date) => date.slice(8))).toEqual(['01', '11', '21', '31']);
  });

  it('of the 30th are left out in a month of 29 days, or held on its last day where the village does so', () => {
    const second = marketDaysFrom('2026-03-19', 29, { calendar: 'lunar', dayEndsIn: [0] });
    expect(second.map((date) => lunarOf(date).text)).toEqual(['二月初十', '二月二十']);
    const moved = marketDaysFrom('2026-03-19', 29, { calendar: 'lunar', dayEndsIn: [0], shortMonth: 'last-day' });
    expect(moved.map((date) => lunarOf(date).text)).toEqual(['二月初十', '二月二十', '二月廿九']);
    const february = marketDaysFrom('2026-02-01', 28, { calendar: 'solar', dayEndsIn: [0], shortMonth: 'last-day' });
    expect(february.at(-1)).toBe('2026-02-28');
    const long = marketDaysFrom('2026-03-01', 31, { calendar: 'solar', dayEndsIn: [0], shortMonth: 'last-day' });
    expect(long.at(-1)).toBe('2026-03-30');
  });

  it('are none without a rule', () => {
    expect(isMarketDay('2026-03-20', null)).toBe(false);
  });
});

describe('farming peaks', () => {
  const peaks = [
    { name: '春耕', start: '04-05', end: '05-10' },
    { name: '冬藏', start: '12-20', end: '01-05' },
  ];

  it.each([
    ['2026-04-04', null],
    ['2026-04-05', '春耕'],
    ['2026-05-10', '春耕'],
    ['2026-05-11', null],
    ['2026-12-20', '冬藏'],
    ['2027-01-01', '冬藏'],
    ['2027-01-05', '冬藏'],
    ['2027-01-06', null],
  ])('on %s: %s', (date, peak) => {
    expect(farmingPeakOn(date, peaks)).toBe(peak);
  });
});

describe('quiet hours', () => {
  it.each([
    ['21:29', '2026-03-20 21:29'],
    ['21:30', '2026-03-21 07:00'],
    ['23:59', '2026-03-21 07:00'],
    ['00:00', '2026-03-20 07:00'],
    ['06:59', '2026-03-20 07:00'],
    ['07:00', '2026-03-20 07:00'],
  ])('move %s to %s', (time, expected) => {
    const [date = '', at = ''] = expected.split(' ');
    expect(quietShift(atLocal('2026-03-20', time))).toEqual(atLocal(date, at));
  });

  it('within one day and empty ones work too', () => {
    expect(quietShift(atLocal('2026-03-20', '13:00'), ['12:30', '14:00'])).toEqual(atLocal('2026-03-20', '14:00'));
    expect(isQuiet(atLocal('2026-03-20', '12:30'), ['12:30', '12:30'])).toBe(false);
  });

  it('never let anything be said within them, nor move it by a day or backwards', () => {
    const time = fc.integer({ min: 0, max: 1439 }).map((m) => atLocal('2026-03-20', '00:00').getTime() + m * 60_000);
    const clock = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
      .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
    fc.assert(
      fc.property(time, clock, clock, (at, from, to) => {
        const moved = quietShift(new Date(at), [from, to]);
        expect(isQuiet(moved, [from, to])).toBe(false);
        expect(moved.getTime() - at).toBeGreaterThanOrEqual(0);
        expect(moved.getTime() - at).toBeLessThan(24 * 60 * 60_000);
        expect([at, atLocal(localDate(moved), to).getTime()]).toContain(moved.getTime());
      }),
    );
  });
});
