import type { Clock } from '../platform/clock.ts';
import type { Activity } from './activities.model.ts';
import type { Book } from './book.ts';
import { sumOf } from './entries.ts';

const dayMs = 24 * 3_600_000;

/** An activity that too few have signed up for, while something can still be done about it. */
export interface Short {
  readonly activity: Activity;
  /** People who have a seat. */
  readonly people: number;
}

export interface Minimums {
  /**
   * When it is looked whether enough have signed up: a day before sign-up ends. Null: there is no minimum, or the
   * activity was made or moved later than that.
   */
  minimumAt(activity: Activity): Date | null;
  /** Null: enough have signed up, it is not yet time or no longer, or the time has changed since that version. */
  shortOf(id: string, version: number): Promise<Short | null>;
}

export function createMinimums({ book, clock }: { book: Book; clock: Clock }): Minimums {
  function minimumAt({ minimum, deadline, startsAt, createdAt, moves }: Activity): Date | null {
    const at = new Date((deadline ?? startsAt).getTime() - dayMs);
    return minimum === null || at <= (moves.at(-1)?.at ?? createdAt) ? null : at;
  }

  return {
    minimumAt,
    async shortOf(id, version) {
      const activity = await book.activities.get(id);
      const at = activity === null ? null : minimumAt(activity);
      if (activity === null || at === null) return null;
      const now = clock.now();
      const due = activity.state === 'open' && activity.version === version && at <= now && now < activity.startsAt;
      const people = sumOf(activity.seats.claims);
      return due && people < (activity.minimum ?? 0) ? { activity, people } : null;
    },
  };
}
