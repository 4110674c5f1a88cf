import { farmingPeakOn, isMarketDay, localDate, type VillageCalendar } from '../shared/calendar/index.ts';
import type { Activity } from './activities.model.ts';
import type { Book } from './book.ts';

/** What else is on at that time. It warns and never refuses. */
export interface Warnings {
  /** Names of the person's other activities that overlap. */
  readonly clashes: readonly string[];
  /** 赶场 on that day. */
  readonly marketDay: boolean;
  /** 农忙: the peak's name, or null. */
  readonly farmingPeak: string | null;
}

export const noWarnings: Warnings = { clashes: [], marketDay: false, farmingPeak: null };

export async function warningsFor(
  deps: { book: Book; calendar: () => Promise<VillageCalendar> },
  person: string,
  activity: Activity,
): Promise<Warnings> {
  const { signups, activities } = deps.book;
  const rows = await signups.find({ person, status: { $in: ['confirmed', 'held', 'waitlisted'] } });
  const others = await Promise.all(
    rows.filter((row) => row.activity !== activity._id).map((row) => activities.get(row.activity)),
  );
  const clashes = others.flatMap((other) =>
    other !== null && other.state === 'open' && other.startsAt < activity.endsAt && activity.startsAt < other.endsAt
      ? [other.name]
      : [],
  );
  const day = localDate(activity.startsAt);
  const { marketDays, farmingPeaks } = await deps.calendar();
  return {
    clashes,
    marketDay: isMarketDay(day, marketDays),
    farmingPeak: farmingPeakOn(day, farmingPeaks),
  };
}
