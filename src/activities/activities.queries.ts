import type { Clock } from '../platform/clock.ts';
import type { PersonKey } from '../members/index.ts';
import { foldText } from '../shared/text.ts';
import { liveStatuses, type Activity, type Attendance, type Signup } from './activities.model.ts';
import type { AttendanceOf } from './attendance.ts';
import type { Book } from './book.ts';
import { sumOf } from './entries.ts';

/** What a name fits. */
export type Named =
  | { readonly kind: 'one'; readonly activity: Activity }
  | { readonly kind: 'several'; readonly activities: readonly Activity[] }
  /** Nothing open; `past` was called off or has begun. */
  | { readonly kind: 'none'; readonly past: Activity | null };

export interface Mine {
  readonly activity: Activity;
  readonly row: Signup;
  /** Place in the queue, 1 for the next; 0 when not waiting. */
  readonly position: number;
}

/** People, not rows. */
export interface SeatCount {
  readonly confirmed: number;
  readonly held: number;
  readonly waitlisted: number;
}

export interface SignupState {
  readonly member: string | null;
  readonly name: string;
  readonly by?: string;
  readonly people: number;
  readonly status: string;
  readonly why?: string;
  readonly companions?: readonly string[];
  readonly guests?: readonly string[];
  readonly from: string;
}

export interface ActivitiesState {
  readonly signups: Readonly<Record<string, readonly SignupState[]>>;
  readonly seats: Readonly<Record<string, SeatCount & { capacity: number; state: string; startsAt: string }>>;
  readonly attendance: Readonly<Record<string, readonly string[]>>;
}

export interface ActivitiesQueries {
  get(id: string): Promise<Activity | null>;
  signup(row: string): Promise<Signup | null>;
  /** Not begun, not called off, by start: the list of 活动. */
  upcoming(): Promise<Activity[]>;
  /** By name: the exact one, else the only one of which it is a part. Of 2 characters at least. */
  named(text: string): Promise<Named>;
  /** Live sign-ups of upcoming activities that the person made or that stand for the person, by start. */
  mine(person: PersonKey): Promise<Mine[]>;
  /** What this very message of the person signed up for before a crash cut it off; null when nothing. */
  takenUpBy(from: string, person: PersonKey): Promise<Activity | null>;
  /** The row that this very message of the person gave up before a crash cut it off; null when it did not. */
  givenUpBy(from: string, person: PersonKey): Promise<Signup | null>;
  /** Live rows of upcoming activities in which the member comes along. */
  alongIn(member: string): Promise<Mine[]>;
  /** Confirmed rows in the order of sign-up: the numbers of the printed list. */
  roster(id: string): Promise<Signup[]>;
  waitlist(id: string): Promise<Signup[]>;
  /** All that ever signed up for it, in whatever state. */
  rows(id: string): Promise<Signup[]>;
  seatCounts(): Promise<Record<string, SeatCount>>;
  /** Everything, in the shape of the replay's state. */
  state(): Promise<ActivitiesState>;
}

const isoMinute = (at: Date): string => at.toISOString();

const live = ['confirmed', 'waitlisted', 'held'] as const;

export function createActivitiesQueries(deps: {
  book: Book;
  clock: Clock;
  attended: AttendanceOf['attended'];
}): ActivitiesQueries {
  const { book, clock } = deps;
  const { activities, signups } = book;

  const upcoming = (): Promise<Activity[]> =>
    activities.find({ state: 'open', startsAt: { $gt: clock.now() } }, { sort: { startsAt: 1 } });

  async function counts(activity: Activity): Promise<SeatCount> {
    const { claims, kept } = activity.seats;
    const waiting = await waitlist(activity._id);
    const offered = await signups.find({ activity: activity._id, status: 'held' });
    const held = sumOf(offered.flatMap(({ entry }) => (entry !== null && claims.includes(entry) ? [entry] : [])));
    return {
      confirmed: sumOf(claims) - held,
      held: held + kept,
      waitlisted: sumOf(waiting.flatMap(({ entry }) => (entry !== null && !claims.includes(entry) ? [entry] : []))),
    };
  }

  const waitlist = (id: string): Promise<Signup[]> =>
    signups.find({ activity: id, status: 'waitlisted' }, { sort: { ticket: 1 } });

  function every(): Promise<Activity[]> {
    return activities.find({ endsAt: { $gte: new Date(0) } }, { sort: { endsAt: 1 } });
  }

  /** With their activities, by start; without those that have begun or were called off. */
  async function ahead(rows: readonly Signup[]): Promise<Mine[]> {
    const found = await Promise.all(rows.map((row) => activities.get(row.activity)));
    const places = await Promise.all(rows.map((row) => book.placeOf(row)));
    const now = clock.now();
    const mine = rows.flatMap((row, at) => {
      const activity = found[at];
      if (activity == null || activity.state !== 'open' || activity.startsAt <= now) return [];
      return [{ activity, row, position: places[at] ?? 0 }];
    });
    return mine.sort(
      (a, b) => a.activity.startsAt.getTime() - b.activity.startsAt.getTime() || (a.row._id < b.row._id ? -1 : 1),
    );
  }

  return {
    get: (id) => activities.get(id),
    signup: (row) => signups.get(row),
    upcoming,

    async named(text) {
      const wanted = foldText(text);
      if (wanted.length < 2) return { kind: 'none', past: null };
      const open = await upcoming();
      const exact = open.filter(({ name }) => foldText(name) === wanted);
      const found = exact.length > 0 ? exact : open.filter(({ name }) => foldText(name).includes(wanted));
      const [only, ...more] = found;
      if (only !== undefined)
        return more.length === 0 ? { kind: 'one', activity: only } : { kind: 'several', activities: found };
      const past = await activities.find({ endsAt: { $gte: new Date(clock.now().getTime() - 7 * 24 * 3600_000) } });
      const same = past.filter(({ name }) => foldText(name) === wanted || foldText(name).includes(wanted));
      same.sort((a, b) => b.startsAt.getTime() - a.startsAt.getTime());
      return { kind: 'none', past: same[0] ?? null };
    },

    async mine(person) {
      const [own, others] = await Promise.all([
        signups.find({ person, status: { $in: live } }),
        signups.find({ by: person, status: { $in: live } }),
      ]);
      return ahead([...own, ...others]);
    },

    async takenUpBy(from, person) {
      const status = { $in: liveStatuses };
      const [own, others] = await Promise.all([signups.find({ person, status }), signups.find({ by: person, status })]);
      const row = [...own, ...others].find(({ did }) => did.from === from && did.what !== 'cancel');
      return row === undefined ? null : activities.get(row.activity);
    },

    async givenUpBy(from, person) {
      const [own, others] = await Promise.all([
        signups.find({ person, status: { $in: ['leaving', 'cancelled'] } }),
        signups.find({ by: person, status: { $in: ['leaving', 'cancelled'] } }),
      ]);
      return [...own, ...others].find(({ did }) => did.from === from && did.what === 'cancel') ?? null;
    },

    async alongIn(member) {
      const rows = await signups.find({ companions: member });
      return ahead(rows.filter(({ status }) => live.some((one) => one === status)));
    },

    async roster(id) {
      const rows = await signups.find({ activity: id, status: 'confirmed' });
      return rows.sort((a, b) => a.signedAt.getTime() - b.signedAt.getTime() || (a._id < b._id ? -1 : 1));
    },

    waitlist,

    rows: (id) => signups.find({ activity: id }, { sort: { _id: 1 } }),

    async seatCounts() {
      const counted: Record<string, SeatCount> = {};
      for (const activity of await every()) counted[activity._id] = await counts(activity);
      return counted;
    },

    async state() {
      const state: {
        signups: Record<string, SignupState[]>;
        seats: Record<string, ActivitiesState['seats'][string]>;
        attendance: Record<string, string[]>;
      } = { signups: {}, seats: {}, attendance: {} };
      for (const activity of await every()) {
        const { _id } = activity;
        const rows = await signups.find({ activity: _id });
        rows.sort((a, b) => a.signedAt.getTime() - b.signedAt.getTime() || (a._id < b._id ? -1 : 1));
        state.signups[_id] = rows.filter(({ why }) => why !== 'asked' && why !== 'moved').map(stateOf);
        state.seats[_id] = {
          capacity: activity.seats.capacity,
          ...(await counts(activity)),
          state: activity.state,
          startsAt: isoMinute(activity.startsAt),
        };
        const there = (await deps.attended(_id)).map((row: Attendance) => row.member ?? row.person);
        if (there.length > 0) state.attendance[_id] = there;
      }
      return state;
    },
  };
}

function stateOf(row: Signup): SignupState {
  const { member, name, by, people, status, why, companions, guests, from } = row;
  return {
    member,
    name,
    ...(by === null ? {} : { by }),
    people,
    status,
    ...(why === null ? {} : { why }),
    ...(companions.length === 0 ? {} : { companions }),
    ...(guests.length === 0 ? {} : { guests }),
    from,
  };
}
