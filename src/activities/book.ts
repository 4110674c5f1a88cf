import type { Clock } from '../platform/clock.ts';
import type { Change, Collection, Store } from '../platform/store/port.ts';
import { quietShift, type VillageCalendar } from '../shared/calendar/index.ts';
import { isAppError } from '../shared/errors.ts';
import { signupCancelled, signupConfirmed, signupOffered } from './activities.events.ts';
import * as model from './activities.model.ts';
import type { Activity, Signup } from './activities.model.ts';
import { createSeats, entryOf, type Seats, type Taken, type WhenShort } from './seats.ts';

/** What a new attempt of a row starts from. */
export type Attempt = Pick<
  Signup,
  | 'activity'
  | 'person'
  | 'member'
  | 'name'
  | 'people'
  | 'companions'
  | 'guests'
  | 'by'
  | 'from'
  | 'room'
  | 'speaker'
  | 'signedAt'
> & {
  /** What the message does, and the message: see `did` of the row. */
  readonly did: Signup['did'];
};

export interface Settled {
  readonly row: Signup;
  readonly activity: Activity | null;
  readonly kind: Taken['kind'];
}

/** The sign-up rows and the seats they stand for, kept in step so that every step may be repeated. */
export interface Book {
  readonly activities: Collection<Activity>;
  readonly signups: Collection<Signup>;
  readonly seats: Seats;
  rowOf(activity: string, person: string): Promise<Signup | null>;
  /** Writes the row as pending, a new attempt; the row as it stands when it is live already. */
  begin(attempt: Attempt): Promise<{ row: Signup; begun: boolean }>;
  /** Takes seats for a pending row. */
  settle(row: Signup, short: WhenShort): Promise<Settled>;
  /** Gives up a live row; the row as it is afterwards. Null when it had changed before. */
  leave(row: Signup, why: string, did: Signup['did']): Promise<Signup | null>;
  /** Finishes a row that is leaving. */
  finish(row: Signup): Promise<Signup>;
  /** The entry came from the queue to a seat: the row's person must be asked. */
  offer(activity: Activity, entry: string): Promise<void>;
}

export const rowId = (activity: string, person: string): string => `${activity}:${person}`;

export function createBook(deps: {
  store: Store;
  clock: Clock;
  calendar: () => Promise<VillageCalendar>;
  usesWechat: (person: string) => Promise<boolean>;
}): Book {
  const { store, clock } = deps;
  const activities = store.collection(model.activities);
  const signups = store.collection(model.signups);
  const sayAt = async (now: Date): Promise<Date> => quietShift(now, (await deps.calendar()).quietHours);
  const seats = createSeats({ activities, clock, sayAt, moved: offer });

  async function offer(activity: Activity, entry: string): Promise<void> {
    const row = await signups.findOne({ activity: activity._id, entry });
    if (row === null || (row.status !== 'waitlisted' && row.status !== 'pending')) return;
    const reachable = row.by === null || (row.room !== null && (await deps.usesWechat(row.person)));
    const now = clock.now();
    const say = await sayAt(now);
    await signups.update(
      { _id: row._id, seq: row.seq, status: { $in: ['waitlisted', 'pending'] } },
      {
        $set: {
          status: 'held',
          offer: {
            sayAt: say,
            saidAt: null,
            holdsUntil: null,
            to: reachable ? row.person : row.speaker,
            room: row.room,
          },
          touchedAt: now,
        },
      },
      { emit: [signupOffered(`${row._id}#${row.seq}`, { signup: row._id, activity: row.activity, seq: row.seq })] },
    );
  }

  async function begin(attempt: Attempt): Promise<{ row: Signup; begun: boolean }> {
    const _id = rowId(attempt.activity, attempt.person);
    for (;;) {
      const known = await signups.get(_id);
      if (known?.status === 'leaving') {
        await finish(known);
        continue;
      }
      if (known !== null && known.status !== 'cancelled') return { row: known, begun: false };
      const seq = (known?.seq ?? 0) + 1;
      const fresh: Omit<Signup, '_id'> = {
        ...attempt,
        status: 'pending',
        why: null,
        seq,
        entry: entryOf(attempt.person, seq, attempt.people),
        offer: null,
        touchedAt: clock.now(),
      };
      const row = known === null ? await insert({ _id, ...fresh }) : await renew(known, fresh);
      if (row !== null) return { row, begun: true };
    }
  }

  async function insert(row: Signup): Promise<Signup | null> {
    try {
      return await signups.insert(row);
    } catch (fault) {
      if (isAppError(fault, 'store.duplicate')) return null;
      throw fault;
    }
  }

  const renew = (known: Signup, fresh: Omit<Signup, '_id'>): Promise<Signup | null> =>
    signups.update({ _id: known._id, seq: known.seq, status: 'cancelled' }, { $set: fresh });

  async function settle(row: Signup, short: WhenShort): Promise<Settled> {
    const { entry } = row;
    if (row.status !== 'pending' || entry === null) return { row, activity: null, kind: kindOf(row) };
    const taken = await seats.take(row.activity, entry, short);
    const { activity, kind } = taken;
    const now = clock.now();
    const about = { signup: row._id, activity: row.activity, seq: row.seq };
    const $set: Change<Signup>['$set'] =
      kind === 'claimed'
        ? { status: 'confirmed', touchedAt: now }
        : kind === 'queued'
          ? { status: 'waitlisted', touchedAt: now }
          : { status: 'cancelled', why: kind === 'few' ? 'asked' : 'gone', entry: null, touchedAt: now };
    const after = await signups.update(
      { _id: row._id, seq: row.seq, status: 'pending' },
      { $set },
      kind === 'claimed' ? { emit: [signupConfirmed(`${row._id}#${row.seq}`, about)] } : {},
    );
    if (after !== null) return { row: after, activity, kind };
    const current = await signups.get(row._id);
    // Somebody else settled it, or it was given up meanwhile: then what was taken goes back.
    const stands = current !== null && current.entry === entry && current.status !== 'cancelled';
    if (!stands && (kind === 'claimed' || kind === 'queued')) await seats.release(row.activity, entry);
    return { row: current ?? row, activity, kind: current === null ? kind : kindOf(current) };
  }

  async function leave(row: Signup, why: string, did: Signup['did']): Promise<Signup | null> {
    const leaving = await signups.update(
      { _id: row._id, seq: row.seq, status: row.status },
      { $set: { status: 'leaving', why, did, touchedAt: clock.now() } },
    );
    return leaving === null ? null : finish(leaving);
  }

  async function finish(row: Signup): Promise<Signup> {
    if (row.entry !== null) await seats.release(row.activity, row.entry);
    const why = row.why ?? 'cancelled';
    const about = { signup: row._id, activity: row.activity, seq: row.seq, why };
    const after = await signups.update(
      { _id: row._id, seq: row.seq, status: 'leaving' },
      { $set: { status: 'cancelled', entry: null, touchedAt: clock.now() } },
      { emit: [signupCancelled(`${row._id}#${row.seq}`, about)] },
    );
    return after ?? (await signups.get(row._id)) ?? row;
  }

  return {
    activities,
    signups,
    seats,
    rowOf: (activity, person) => signups.get(rowId(activity, person)),
    begin,
    settle,
    leave,
    finish,
    offer,
  };
}

/** What the row's state means for somebody who asks how it went. */
function kindOf(row: Signup): Taken['kind'] {
  switch (row.status) {
    case 'confirmed':
    case 'pending':
      return 'claimed';
    case 'held':
    case 'waitlisted':
      return 'queued';
    case 'leaving':
    case 'cancelled':
      return row.why === 'asked' ? 'few' : 'gone';
  }
}
