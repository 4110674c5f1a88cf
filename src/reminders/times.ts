import { addDays, atLocal, localDate, quietShift, type QuietHours } from '../shared/calendar/index.ts';

export interface Planned {
  readonly kind: string;
  readonly dueAt: Date;
  readonly until: Date;
}

/**
 * When an activity is reminded of: at 18:00 on the day before and two hours before the start. A time in the
 * quiet hours moves to their end; one that would then be at or after the start is left out. The first is
 * pointless once the second is due.
 */
export function activityTimes(startsAt: Date, quiet: QuietHours): Planned[] {
  const dayBefore = quietShift(atLocal(addDays(localDate(startsAt), -1), '18:00'), quiet);
  const hoursBefore = quietShift(new Date(startsAt.getTime() - 2 * 3_600_000), quiet);
  const secondIsSaid = hoursBefore < startsAt;
  const all = [
    { kind: 'T-1d', dueAt: dayBefore, until: secondIsSaid ? hoursBefore : startsAt },
    { kind: 'T-2h', dueAt: hoursBefore, until: startsAt },
  ];
  return all.filter(({ dueAt, until }) => dueAt < until);
}
