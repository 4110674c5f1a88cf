import type { Clock } from '../platform/clock.ts';
import type { Change, Collection } from '../platform/store/port.ts';
import { busy } from './activities.errors.ts';
import type { Activity } from './activities.model.ts';

/** An entry of `claims` or `queue`: who, which attempt, how many seats. */
export function entryOf(person: string, seq: number, people: number): string {
  return `${person}#${seq}#${people}`;
}

export function partsOf(entry: string): { person: string; seq: number; people: number } {
  const last = entry.lastIndexOf('#');
  const first = entry.lastIndexOf('#', last - 1);
  return {
    person: entry.slice(0, first),
    seq: Number(entry.slice(first + 1, last)),
    people: Number(entry.slice(last + 1)),
  };
}

export const peopleOf = (entry: string): number => partsOf(entry).people;
export const sumOf = (entries: readonly string[]): number => entries.reduce((sum, entry) => sum + peopleOf(entry), 0);

/** What to do when there are fewer seats than people: ask, wait in the queue, or do nothing. */
export type WhenShort = 'ask' | 'queue' | 'leave';

export type Taken =
  | { readonly kind: 'claimed' | 'queued'; readonly activity: Activity }
  /** Too few seats (`free`, perhaps 0 when the queue wasn't wanted); nothing was changed. */
  | { readonly kind: 'few'; readonly activity: Activity }
  /** Called off or begun. */
  | { readonly kind: 'gone'; readonly activity: Activity | null };

/** Rounds after which a busy activity gives up: each means that somebody else changed it in between. */
const rounds = 200;

/** The seats of activities: every change is one guarded update, so any number of processes may make it. */
export interface Seats {
  take(id: string, entry: string, short: WhenShort): Promise<Taken>;
  /** Gives back what the entry holds, or leaves the queue. Without such an entry nothing happens. */
  release(id: string, entry: string): Promise<void>;
  /**
   * Puts `entry` with another number of people in the place of `old`; false when there aren't enough seats.
   * What it frees is kept: `allocate` once the row has its new entry.
   */
  resize(id: string, old: string, entry: string): Promise<boolean>;
  /** Hands kept seats to the first in the queue whose party fits; what fits nobody becomes free. */
  allocate(id: string): Promise<void>;
}

/**
 * `sayAt` tells when an offer could be said; one at or after the start is not made. `moved` is told of each
 * entry that came from the queue to a held seat.
 */
export function createSeats(deps: {
  activities: Collection<Activity>;
  clock: Clock;
  sayAt: (now: Date) => Promise<Date>;
  moved: (activity: Activity, entry: string) => Promise<void>;
}): Seats {
  const { activities, clock } = deps;

  const claim = (id: string, entry: string): Promise<Activity | null> =>
    activities.update(
      {
        _id: id,
        state: 'open',
        startsAt: { $gt: clock.now() },
        'seats.kept': 0,
        'seats.free': { $gte: peopleOf(entry) },
        'seats.claims': { $ne: entry },
      },
      { $inc: { 'seats.free': -peopleOf(entry), 'seats.rev': 1 }, $push: { 'seats.claims': entry } },
    );

  const enqueue = (id: string, entry: string, free: number): Promise<Activity | null> =>
    activities.update(
      {
        _id: id,
        state: 'open',
        startsAt: { $gt: clock.now() },
        'seats.kept': 0,
        'seats.free': { $lte: free },
        'seats.claims': { $ne: entry },
        'seats.queue': { $ne: entry },
      },
      { $inc: { 'seats.waiting': 1, 'seats.rev': 1 }, $push: { 'seats.queue': entry } },
    );

  /** From a queue entry straight to a seat, when one is free that nobody ahead can use. */
  const promote = (id: string, entry: string): Promise<Activity | null> =>
    activities.update(
      {
        _id: id,
        state: 'open',
        startsAt: { $gt: clock.now() },
        'seats.kept': 0,
        'seats.free': { $gte: peopleOf(entry) },
        'seats.queue': entry,
      },
      {
        $inc: { 'seats.free': -peopleOf(entry), 'seats.waiting': -1, 'seats.rev': 1 },
        $pull: { 'seats.queue': entry },
        $push: { 'seats.claims': entry },
      },
    );

  async function take(id: string, entry: string, short: WhenShort): Promise<Taken> {
    const people = peopleOf(entry);
    for (let round = 0; round < rounds; round++) {
      const claimed = await claim(id, entry);
      if (claimed !== null) return { kind: 'claimed', activity: claimed };
      const activity = await activities.get(id);
      if (activity === null) return { kind: 'gone', activity };
      const { seats } = activity;
      if (seats.claims.includes(entry)) return { kind: 'claimed', activity };
      const waits = seats.queue.includes(entry);
      if (activity.state !== 'open' || activity.startsAt <= clock.now()) {
        return waits ? { kind: 'queued', activity } : { kind: 'gone', activity };
      }
      if (seats.kept > 0) {
        await allocate(id);
        continue;
      }
      if (waits) {
        if (seats.free < people) return { kind: 'queued', activity };
        const promoted = await promote(id, entry);
        if (promoted !== null) return { kind: 'claimed', activity: promoted };
        continue;
      }
      if (seats.free >= people) continue;
      if (short === 'leave' || (short === 'ask' && seats.free > 0)) return { kind: 'few', activity };
      const queued = await enqueue(id, entry, short === 'queue' ? people - 1 : 0);
      if (queued !== null) return { kind: 'queued', activity: queued };
    }
    throw busy(id);
  }

  async function release(id: string, entry: string): Promise<void> {
    const people = peopleOf(entry);
    for (let round = 0; round < rounds; round++) {
      const freed = await activities.update(
        { _id: id, 'seats.claims': entry, 'seats.waiting': 0 },
        { $pull: { 'seats.claims': entry }, $inc: { 'seats.free': people, 'seats.rev': 1 } },
      );
      if (freed !== null) return;
      const kept = await activities.update(
        { _id: id, 'seats.claims': entry, 'seats.waiting': { $gt: 0 } },
        { $pull: { 'seats.claims': entry }, $inc: { 'seats.kept': people, 'seats.rev': 1 } },
      );
      if (kept !== null) return allocate(id);
      const left = await activities.update(
        { _id: id, 'seats.queue': entry },
        { $pull: { 'seats.queue': entry }, $inc: { 'seats.waiting': -1, 'seats.rev': 1 } },
      );
      if (left !== null) return allocate(id);
      const activity = await activities.get(id);
      if (activity === null) return;
      if (!activity.seats.claims.includes(entry) && !activity.seats.queue.includes(entry)) return allocate(id);
    }
    throw busy(id);
  }

  async function allocate(id: string): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      const activity = await activities.get(id);
      if (activity === null || activity.seats.kept === 0) return;
      const { free, kept, queue, rev } = activity.seats;
      const now = clock.now();
      const offering = activity.state === 'open' && (await deps.sayAt(now)) < activity.startsAt;
      const next = offering ? queue.find((entry) => peopleOf(entry) <= free + kept) : undefined;
      const fromKept = next === undefined ? kept : Math.min(kept, peopleOf(next));
      const change: Change<Activity> =
        next === undefined
          ? { $inc: { 'seats.free': kept, 'seats.kept': -kept, 'seats.rev': 1 } }
          : {
              $inc: {
                'seats.kept': -fromKept,
                'seats.free': fromKept - peopleOf(next),
                'seats.waiting': -1,
                'seats.rev': 1,
              },
              $pull: { 'seats.queue': next },
              $push: { 'seats.claims': next },
            };
      const after = await activities.update({ _id: id, 'seats.rev': rev }, change);
      if (after !== null && next !== undefined) await deps.moved(after, next);
    }
    throw busy(id);
  }

  async function resize(id: string, old: string, entry: string): Promise<boolean> {
    for (let round = 0; round < rounds; round++) {
      const activity = await activities.get(id);
      if (activity === null) return false;
      const { seats } = activity;
      if (seats.claims.includes(entry) || seats.queue.includes(entry)) return true;
      const more = peopleOf(entry) - peopleOf(old);
      const holds = seats.claims.includes(old);
      if (!holds && !seats.queue.includes(old)) return false;
      if (seats.kept > 0) {
        await allocate(id);
        continue;
      }
      if (holds && more > seats.free) return false;
      const after = await activities.update({ _id: id, 'seats.rev': seats.rev }, resized(seats, old, entry));
      if (after !== null) return true;
    }
    throw busy(id);
  }

  return { take, release, resize, allocate };
}

/** A larger party in the queue goes to its end, a smaller one keeps its place. */
function resized(seats: Activity['seats'], old: string, entry: string): Change<Activity> {
  const more = peopleOf(entry) - peopleOf(old);
  if (seats.claims.includes(old)) {
    const claims = seats.claims.map((held) => (held === old ? entry : held));
    const shrinks = more < 0 && seats.waiting > 0;
    return {
      $set: { 'seats.claims': claims },
      $inc: { [shrinks ? 'seats.kept' : 'seats.free']: -more, 'seats.rev': 1 },
    };
  }
  const queue =
    more > 0
      ? [...seats.queue.filter((held) => held !== old), entry]
      : seats.queue.map((held) => (held === old ? entry : held));
  // Somebody smaller may now fit into what is free: the allocator looks when seats are kept.
  const fits = more < 0 && seats.free > 0;
  return {
    $set: { 'seats.queue': queue },
    $inc: { 'seats.rev': 1, ...(fits ? { 'seats.kept': seats.free, 'seats.free': -seats.free } : {}) },
  };
}
