import type { Clock } from '../platform/clock.ts';
import type { Change, Collection } from '../platform/store/port.ts';
import { busy, notFound } from './activities.errors.ts';
import type { Activity, Signup } from './activities.model.ts';
import { peopleOf, sumOf } from './entries.ts';

/** What to do when there are fewer seats than people: ask, wait in the queue, or do nothing. */
export type WhenShort = 'ask' | 'queue' | 'leave';

export type Taken =
  | { readonly kind: 'claimed'; readonly activity: Activity }
  /** A place was given out; the row gets it, and then somebody must `look`. */
  | { readonly kind: 'queued'; readonly activity: Activity; readonly ticket: number }
  /** Too few seats (`free`, perhaps 0 when the queue wasn't wanted); nothing was changed. */
  | { readonly kind: 'few'; readonly activity: Activity }
  /** Called off or begun. */
  | { readonly kind: 'gone'; readonly activity: Activity | null };

/** Rounds after which a busy activity gives up: each means that somebody else changed it in between. */
const rounds = 200;
const page = 50;

/** The seats of activities: every change is one guarded update, so any number of processes may make it. */
export interface Seats {
  take(id: string, entry: string, short: WhenShort): Promise<Taken>;
  /**
   * Gives back what the entry holds. Without such an entry nothing happens, but that `waited` tells of a row
   * that has just left the queue.
   */
  release(id: string, entry: string, waited?: boolean): Promise<void>;
  /**
   * Puts `entry` with another number of people in the place of a claim, and `beside` next to it; false when there
   * aren't enough seats.
   */
  resize(id: string, old: string, entry: string, beside?: string): Promise<boolean>;
  /** A place at the end of the queue for a row that waits already. */
  ticket(id: string): Promise<number>;
  /** Hands seats to the first in the queue whose party fits; what is kept and fits nobody becomes free. */
  allocate(id: string): Promise<void>;
  /** A row of so many people has come into the queue: allocates if it could have a seat. Whether it did. */
  look(id: string, people: number): Promise<boolean>;
  /** Corrects the number of rows that wait by so many. */
  correct(id: string, by: 1 | -1): Promise<void>;
  /** Sets the number of rows that wait right, unless somebody is just signing up. */
  recount(id: string): Promise<void>;
}

/**
 * `sayAt` tells when an offer could be said; one at or after the start is not made. `moved` is told of each
 * entry that came from the queue to a held seat, and again of one whose row doesn't know it yet.
 */
export function createSeats(deps: {
  activities: Collection<Activity>;
  signups: Collection<Signup>;
  clock: Clock;
  sayAt: (now: Date) => Promise<Date>;
  moved: (activity: Activity, entry: string) => Promise<void>;
}): Seats {
  const { activities, signups, clock } = deps;

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
      },
      { $inc: { 'seats.waiting': 1, 'seats.lastTicket': 1, 'seats.rev': 1 } },
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
      if (activity.state !== 'open' || activity.startsAt <= clock.now()) return { kind: 'gone', activity };
      if (seats.kept > 0) {
        await allocate(id);
        continue;
      }
      if (seats.free >= people) continue;
      if (short === 'leave' || (short === 'ask' && seats.free > 0)) return { kind: 'few', activity };
      const queued = await enqueue(id, entry, short === 'queue' ? people - 1 : 0);
      if (queued !== null) return { kind: 'queued', activity: queued, ticket: queued.seats.lastTicket };
    }
    throw busy(id);
  }

  async function release(id: string, entry: string, waited = false): Promise<void> {
    const people = peopleOf(entry);
    for (let round = 0; round < rounds; round++) {
      const activity = await activities.get(id);
      if (activity === null) return;
      const { claims, waiting, rev } = activity.seats;
      const holds = claims.includes(entry);
      if (!holds && !waited) return allocate(id);
      const freed: Change<Activity> = {
        $pull: { 'seats.claims': entry },
        $inc: { [waiting > 0 ? 'seats.kept' : 'seats.free']: people, 'seats.rev': 1 },
      };
      const left: Change<Activity> = { $inc: { 'seats.waiting': waiting > 0 ? -1 : 0, 'seats.rev': 1 } };
      const after = await activities.update({ _id: id, 'seats.rev': rev }, holds ? freed : left);
      if (after !== null) return allocate(id);
    }
    throw busy(id);
  }

  /** The first in the queue whose party fits. A row in the queue that holds a seat is finished on the way. */
  async function nextFitting(activity: Activity, people: number): Promise<string | null> {
    const claims = new Set(activity.seats.claims);
    let after: Signup | undefined;
    for (;;) {
      const rows: Signup[] = await signups.find(
        { activity: activity._id, status: 'waitlisted' },
        { sort: { ticket: 1 }, limit: page, ...(after === undefined ? {} : { after }) },
      );
      for (const row of rows) {
        if (row.entry !== null && claims.has(row.entry)) await deps.moved(activity, row.entry);
        else if (row.entry !== null && row.people <= people) return row.entry;
      }
      after = rows[page - 1];
      if (after === undefined) return null;
    }
  }

  async function allocate(id: string): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      const activity = await activities.get(id);
      if (activity === null) return;
      const { free, kept, waiting, rev } = activity.seats;
      if (free + kept === 0) return;
      const offering = activity.state === 'open' && (await deps.sayAt(clock.now())) < activity.startsAt;
      const next = offering ? await nextFitting(activity, free + kept) : null;
      if (next === null && kept === 0) return;
      const fromKept = next === null ? kept : Math.min(kept, peopleOf(next));
      const change: Change<Activity> =
        next === null
          ? { $inc: { 'seats.free': kept, 'seats.kept': -kept, 'seats.rev': 1 } }
          : {
              $inc: {
                'seats.kept': -fromKept,
                'seats.free': fromKept - peopleOf(next),
                'seats.waiting': waiting > 0 ? -1 : 0,
                'seats.rev': 1,
              },
              $push: { 'seats.claims': next },
            };
      const after = await activities.update({ _id: id, 'seats.rev': rev }, change);
      if (after !== null && next !== null) await deps.moved(after, next);
    }
    throw busy(id);
  }

  async function look(id: string, people: number): Promise<boolean> {
    const activity = await activities.get(id);
    if (activity === null || (activity.seats.kept === 0 && activity.seats.free < people)) return false;
    await allocate(id);
    return true;
  }

  async function resize(id: string, old: string, entry: string, beside?: string): Promise<boolean> {
    const entries = beside === undefined ? [entry] : [entry, beside];
    for (let round = 0; round < rounds; round++) {
      const activity = await activities.get(id);
      if (activity === null) return false;
      const { seats } = activity;
      if (seats.claims.includes(entry)) return true;
      if (!seats.claims.includes(old)) return false;
      if (seats.kept > 0) {
        await allocate(id);
        continue;
      }
      const more = sumOf(entries) - peopleOf(old);
      if (more > seats.free) return false;
      // What it frees is kept: allocated once the row has its new entry.
      const frees = more < 0 && seats.waiting > 0;
      const after = await activities.update(
        { _id: id, 'seats.rev': seats.rev },
        {
          $set: { 'seats.claims': seats.claims.flatMap((held) => (held === old ? entries : held)) },
          $inc: { [frees ? 'seats.kept' : 'seats.free']: -more, 'seats.rev': 1 },
        },
      );
      if (after !== null) return true;
    }
    throw busy(id);
  }

  return {
    take,
    release,
    resize,
    allocate,
    look,
    async ticket(id) {
      const drawn = await activities.update({ _id: id }, { $inc: { 'seats.lastTicket': 1, 'seats.rev': 1 } });
      if (drawn === null) throw notFound();
      return drawn.seats.lastTicket;
    },
    async correct(id, by) {
      const least = by < 0 ? 1 : 0;
      await activities.update(
        { _id: id, 'seats.waiting': { $gte: least } },
        { $inc: { 'seats.waiting': by, 'seats.rev': 1 } },
      );
    },
    async recount(id) {
      const activity = await activities.get(id);
      if (activity === null || (await signups.count({ activity: id, status: 'pending' })) > 0) return;
      const waiting = await signups.count({ activity: id, status: 'waitlisted' });
      const { rev, waiting: before } = activity.seats;
      if (waiting === before) return;
      await activities.update(
        { _id: id, 'seats.rev': rev },
        { $set: { 'seats.waiting': waiting }, $inc: { 'seats.rev': 1 } },
      );
    },
  };
}
