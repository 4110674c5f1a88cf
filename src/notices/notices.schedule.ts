import { z } from 'zod';
import type { GridQueries } from '../grid/index.ts';
import type { Clock } from '../platform/clock.ts';
import { nextOccurrence, quietShift, recurrence as rule, type MarketRule } from '../shared/calendar/index.ts';
import { faults } from './notices.errors.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** When a recurring notice comes again: on the days of the rule, or some days before them. */
export const recurrence = z.object({
  rule,
  /** 1: on the day before (赶场前一天). */
  daysBefore: z.number().int().min(0).max(30),
});
export type Recurrence = z.infer<typeof recurrence>;

/** The first time after that instant; null when the rule never comes again. */
export function nextTime(repeat: Recurrence, after: Date, marketDays: MarketRule | null): Date | null {
  const ahead = repeat.daysBefore * dayMs;
  const day = nextOccurrence(repeat.rule, new Date(after.getTime() + ahead), marketDays);
  return day === null ? null : new Date(day.getTime() - ahead);
}

interface Timed {
  readonly kind: 'normal' | 'urgent';
  readonly wantedAt: Date | null;
  readonly repeat: Recurrence | null;
}

interface Wanted {
  readonly at?: Date | undefined;
  readonly repeat?: Recurrence | undefined;
}

export interface Times {
  /** When it may be said, given that it is approved now. */
  dueAt(notice: Timed): Promise<Date>;
  /** What the author asks for; null: as soon as it may be. Errors: notices.time-past, notices.never-again. */
  wantedAt(input: Wanted): Promise<Date | null>;
}

export function createTimes({ clock, grid }: { clock: Clock; grid: GridQueries }): Times {
  async function dueAt(notice: Timed): Promise<Date> {
    const { quietHours, marketDays } = await grid.calendar();
    const now = clock.now();
    const missed = notice.wantedAt !== null && notice.wantedAt < now;
    const again = missed && notice.repeat !== null ? nextTime(notice.repeat, now, marketDays) : null;
    const wanted = again ?? notice.wantedAt ?? now;
    const at = wanted > now ? wanted : now;
    return notice.kind === 'urgent' ? at : quietShift(at, quietHours);
  }

  async function wantedAt(input: Wanted): Promise<Date | null> {
    const now = clock.now();
    if (input.repeat !== undefined) {
      const first = nextTime(input.repeat, input.at ?? now, (await grid.calendar()).marketDays);
      if (first === null) throw faults.neverAgain();
      return first;
    }
    if (input.at !== undefined && input.at < now) throw faults.timePast();
    return input.at ?? null;
  }

  return { dueAt, wantedAt };
}
