import type { Clock } from '../platform/clock.ts';
import type { Change, Collection, Store } from '../platform/store/port.ts';
import { quietShift, type VillageCalendar } from '../shared/calendar/index.ts';
import { isAppError } from '../shared/errors.ts';
import { signupCancelled, signupConfirmed, signupOffered } from './activities.events.ts';
import * as model from './activities.model.ts';
import type { Activity, Line, Signup } from './activities.model.ts';
import { entryOf, partsOf } from './entries.ts';
import { createSeats, type Seats, type Taken, type WhenShort } from './seats.ts';

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
  readonly lines?: readonly Line[];
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
  /** Takes seats for a pending row. Without `short`: for a row that a crash left; a line of a 接龙 then waits. */
  settle(row: Signup, short?: WhenShort): Promise<Settled>;
  /** Gives up a live row; the row as it is afterwards. Null when it had changed before. */
  leave(row: Signup, why: string, did: Signup['did']): Promise<Signup | null>;
  /** Finishes a row that is leaving. */
  finish(row: Signup): Promise<Signup>;
  /** The entry came from the queue to a seat: the row's person must be asked. If the row is gone, so is the seat. */
  offer(activity: Activity, entry: string): Promise<void>;
  /** Place in the queue, 1 for the next; 0 when the row isn't in it. A place far back is given as `seats` count it. */
  placeOf(row: Signup, seats?: Activity['seats']): Promise<number>;
}

/** A new attempt in full. */
type Fresh = Omit<Signup, '_id' | 'tookOver' | 'lines' | 'next'> & { lines: Line[]; next: null };

/** From this place on a queue isn't counted person by person. */
const farBack = 200;

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
  const seats = createSeats({ activities, signups, clock, sayAt, moved: offer });

  async function offer(activity: Activity, entry: string): Promise<void> {
    const row = await signups.findOne({ activity: activity._id, entry });
    if (row === null || row.status === 'leaving') return outdated(activity._id, entry);
    if (row.status !== 'waitlisted') return;
    const reachable = row.by === null || (row.room !== null && (await deps.usesWechat(row.person)));
    const now = clock.now();
    const say = await sayAt(now);
    const held = await signups.update(
      { _id: row._id, seq: row.seq, status: 'waitlisted' },
      {
        $set: {
          status: 'held',
          ticket: null,
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
    if (held === null) await offer(activity, entry);
  }

  /** The row left, or has another number of people, since it was chosen: it goes on waiting without this seat. */
  async function outdated(activity: string, entry: string): Promise<void> {
    const row = await rowOf(activity, partsOf(entry).person);
    if (row?.status === 'waitlisted') await seats.correct(activity, 1);
    await seats.release(activity, entry);
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
      const fresh: Fresh = {
        ...attempt,
        lines: [...(attempt.lines ?? [])],
        next: null,
        status: 'pending',
        why: null,
        seq,
        entry: entryOf(attempt.person, seq, attempt.people),
        ticket: null,
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

  const renew = (known: Signup, fresh: Fresh): Promise<Signup | null> =>
    signups.update({ _id: known._id, seq: known.seq, status: 'cancelled' }, { $set: fresh });

  const asBegun = ({ lines = [] }: Signup): WhenShort => (lines.length > 0 ? 'queue' : 'ask');

  async function settle(row: Signup, short: WhenShort = asBegun(row)): Promise<Settled> {
    const { entry } = row;
    if (row.status !== 'pending' || entry === null) return { row, activity: null, kind: kindOf(row) };
    const taken = await seats.take(row.activity, entry, short);
    const { activity, kind } = taken;
    const now = clock.now();
    const about = { signup: row._id, activity: row.activity, seq: row.seq };
    const $set: Change<Signup>['$set'] =
      taken.kind === 'claimed'
        ? { status: 'confirmed', touchedAt: now }
        : taken.kind === 'queued'
          ? { status: 'waitlisted', ticket: taken.ticket, touchedAt: now }
          : { status: 'cancelled', why: kind === 'few' ? 'asked' : 'gone', entry: null, touchedAt: now };
    const after = await signups.update(
      { _id: row._id, seq: row.seq, status: 'pending' },
      { $set },
      kind === 'claimed' ? { emit: [signupConfirmed(`${row._id}#${row.seq}`, about)] } : {},
    );
    if (after !== null) {
      // Seats that were freed before the row stood in the queue have passed it by.
      const looked = kind === 'queued' && (await seats.look(row.activity, row.people));
      return { row: looked ? ((await signups.get(row._id)) ?? after) : after, activity, kind };
    }
    const current = await signups.get(row._id);
    // Somebody else settled it, or it was given up meanwhile: then what was taken goes back.
    const stands = current !== null && current.entry === entry && current.status !== 'cancelled';
    if (kind === 'queued') await seats.correct(row.activity, -1);
    if (kind === 'claimed' && !stands) await seats.release(row.activity, entry);
    if (kind === 'claimed' && current?.status === 'waitlisted') {
      await seats.correct(row.activity, -1);
      await offer(activity, entry);
    }
    return { row: current ?? row, activity, kind: current === null ? kind : kindOf(current) };
  }

  async function leave(row: Signup, why: string, did: Signup['did']): Promise<Signup | null> {
    const leaving = await signups.update(
      { _id: row._id, seq: row.seq, status: row.status },
      { $set: { status: 'leaving', why, did, touchedAt: clock.now() } },
    );
    return leaving === null ? null : finish(leaving, row.status === 'waitlisted');
  }

  /** `waited`: it has just left the queue, and nobody has counted that. */
  async function finish(row: Signup, waited = false): Promise<Signup> {
    if (row.entry !== null) await seats.release(row.activity, row.entry, waited);
    if (row.next != null) await seats.release(row.activity, row.next.entry);
    const why = row.why ?? 'cancelled';
    const about = { signup: row._id, activity: row.activity, seq: row.seq, why };
    const after = await signups.update(
      { _id: row._id, seq: row.seq, status: 'leaving' },
      { $set: { status: 'cancelled', entry: null, ticket: null, touchedAt: clock.now() } },
      { emit: [signupCancelled(`${row._id}#${row.seq}`, about)] },
    );
    return after ?? (await signups.get(row._id)) ?? row;
  }

  const rowOf = (activity: string, person: string): Promise<Signup | null> => signups.get(rowId(activity, person));

  async function placeOf(row: Signup, counted?: Activity['seats']): Promise<number> {
    const { activity, status, ticket } = row;
    if (status !== 'waitlisted' || ticket === null) return 0;
    if (counted !== undefined && counted.lastTicket === ticket && counted.waiting > farBack) return counted.waiting;
    return signups.count({ activity, status: 'waitlisted', ticket: { $lte: ticket } });
  }

  return {
    activities,
    signups,
    seats,
    rowOf,
    begin,
    settle,
    leave,
    finish: (row) => finish(row),
    offer,
    placeOf,
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
