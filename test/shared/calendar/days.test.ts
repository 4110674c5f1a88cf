import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  atLocal,
  dayOf,
  daysBetween,
  formatDay,
  formatSpan,
  formatWhen,
  isDay,
  isTime,
  localDate,
  localTime,
  weekdayOf,
} from '../../../src/shared/calendar/index.ts';

const instants = fc.date({ min: new Date('1992-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
const shanghai = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'short',
});

describe('days and times of the village', () => {
  it("agree with the time-zone database's Asia/Shanghai", () => {
    fc.assert(
      fc.property(instants, (at) => {
        expect(`${localDate(at)} ${localTime(at)}`).toBe(shanghai.format(at));
      }),
    );
  });

  it('lead back to the instant, to the minute', () => {
    fc.assert(
      fc.property(instants, (at) => {
        const back = atLocal(localDate(at), localTime(at)).getTime();
        expect(at.getTime() - back).toBeGreaterThanOrEqual(0);
        expect(at.getTime() - back).toBeLessThan(60_000);
      }),
    );
  });

  it('count days forwards and backwards', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: -4000, max: 4000 }), (at, n) => {
        const date = localDate(at);
        expect(daysBetween(date, addDays(date, n))).toBe(n);
        expect(addDays(addDays(date, n), -n)).toBe(date);
      }),
    );
  });

  it('name the weekday', () => {
    expect(['2026-03-16', '2026-03-21', '2026-03-22'].map(weekdayOf)).toEqual(['周一', '周六', '周日']);
  });

  it('know what is a day and a time and what is not', () => {
    expect(['2026-02-28', '2024-02-29'].every(isDay)).toBe(true);
    expect(['2026-02-29', '2026-13-01', '2026-3-1', '', '2026-03-21 '].some(isDay)).toBe(false);
    expect(['00:00', '23:59'].every(isTime)).toBe(true);
    expect(['24:00', '8:30', '08:60'].some(isTime)).toBe(false);
    expect(dayOf(2026, 2, 29)).toBeNull();
    expect(() => atLocal('2026-02-29', '08:30')).toThrow(RangeError);
    expect(() => addDays('tomorrow', 1)).toThrow(RangeError);
  });

  it('are written with weekday and lunar date, the year only when it is another', () => {
    const start = atLocal('2026-03-21', '08:30');
    expect(formatDay(start)).toBe('3月21日(周六,二月初三)');
    expect(formatWhen(start)).toBe('3月21日(周六,二月初三)8:30');
    expect(formatWhen(start, atLocal('2025-12-30', '09:00'))).toBe('2026年3月21日(周六,二月初三)8:30');
    expect(formatSpan(start, atLocal('2026-03-21', '11:00'))).toBe('3月21日(周六,二月初三)8:30–11:00');
    expect(formatSpan(start, atLocal('2026-03-22', '00:10'))).toBe(
      '3月21日(周六,二月初三)8:30–3月22日(周日,二月初四)0:10',
    );
  });
});
