import type { Clock } from '../platform/clock.ts';
import type { Collection, Store } from '../platform/store/port.ts';
import type { PersonKey } from '../members/index.ts';
import { demand, type Actor } from '../shared/access.ts';
import { AppError, isAppError } from '../shared/errors.ts';
import { codeUnknown, notFound } from './activities.errors.ts';
import { attendanceConfirmed } from './activities.events.ts';
import * as model from './activities.model.ts';
import type { Activity, Attendance, Signup } from './activities.model.ts';
import type { Book } from './book.ts';
import { rowId } from './book.ts';

/** Check-in opens this long before the start. */
export const checkinOpensMs = 30 * 60_000;

export interface CheckedIn {
  readonly activity: Activity;
  readonly rows: readonly Attendance[];
  /** Registered names, or as written. */
  readonly names: readonly string[];
  /** Had been counted before. */
  readonly again: boolean;
}

export interface AttendanceOf {
  /**
   * By the code said on the spot, from 30 minutes before the start until the end. Somebody who came without
   * having signed up counts too. Errors: activities.code-unknown 404, activities.checkin-early 409,
   * activities.checkin-over 410 (facts: activity, name, opensAt or endsAt in ISO).
   */
  checkIn(request: {
    from: string;
    person: PersonKey;
    member: string | null;
    name: string;
    code: string;
  }): Promise<CheckedIn>;
  /** A cadre's roll call: rows by id. Counts the same. */
  rollCall(actor: Actor, request: { from: string; activity: string; rows: readonly string[] }): Promise<CheckedIn>;
  attended(activity: string): Promise<Attendance[]>;
  /** Confirmed rows whose person wasn't there, once it is over. */
  noShows(activity: string): Promise<Signup[]>;
  /** Minutes of a person between two instants. */
  minutesOf(person: PersonKey, from: Date, to: Date): Promise<number>;
}

export function createAttendance(deps: { store: Store; clock: Clock; book: Book }): AttendanceOf {
  const { clock, book } = deps;
  const rows: Collection<Attendance> = deps.store.collection(model.attendance);

  async function record(fields: Omit<Attendance, '_id'>): Promise<{ row: Attendance; again: boolean }> {
    const _id = rowId(fields.activity, fields.person);
    const { activity, person, minutes } = fields;
    try {
      const event = attendanceConfirmed(_id, { attendance: _id, activity, person, minutes });
      return { row: await rows.insert({ _id, ...fields }, { emit: [event] }), again: false };
    } catch (fault) {
      if (!isAppError(fault, 'store.duplicate')) throw fault;
      const row = await rows.get(_id);
      if (row === null) throw fault;
      return { row, again: row.from !== fields.from };
    }
  }

  const minutesLong = ({ startsAt, endsAt }: Activity): number =>
    Math.round((endsAt.getTime() - startsAt.getTime()) / 60_000);

  async function recordAll(
    activity: Activity,
    people: readonly { person: string; member: string | null; name: string; people: number; signedUp: boolean }[],
    how: Attendance['how'],
    by: string,
    from: string,
  ): Promise<CheckedIn> {
    const recorded = [];
    for (const { name: _, ...person } of people) {
      const fields = { activity: activity._id, ...person, how, by, from, at: clock.now() };
      recorded.push(await record({ ...fields, minutes: minutesLong(activity) }));
    }
    return {
      activity,
      rows: recorded.map(({ row }) => row),
      names: people.map(({ name }) => name),
      again: recorded.every(({ again }) => again),
    };
  }

  /** The activity that the code opens now; else the reason why it doesn't. */
  async function byCode(code: string, person: string): Promise<Activity> {
    const now = clock.now();
    const known = (await book.activities.find({ endsAt: { $gte: new Date(now.getTime() - 24 * 3600_000) } })).filter(
      ({ checkinCode, state }) => state === 'open' && checkinCode === code,
    );
    const begins = (activity: Activity): Date => new Date(activity.startsAt.getTime() - checkinOpensMs);
    const open = known.filter((activity) => begins(activity) <= now && now <= activity.endsAt);
    for (const activity of open) {
      if ((await book.rowOf(activity._id, person))?.status === 'confirmed') return activity;
    }
    const [only] = open;
    if (only !== undefined) return only;
    const [early] = known.filter((activity) => begins(activity) > now);
    if (early !== undefined) {
      const facts = { activity: early._id, name: early.name, opensAt: begins(early).toISOString() };
      throw new AppError('activities.checkin-early', 409, facts);
    }
    const [over] = known;
    if (over === undefined) throw codeUnknown();
    throw new AppError('activities.checkin-over', 410, { activity: over._id, name: over.name });
  }

  const goes = ({ status }: Signup): boolean => status === 'confirmed';

  return {
    async checkIn({ from, person, member, name, code }) {
      const activity = await byCode(code.toUpperCase(), person);
      const own = await book.rowOf(activity._id, person);
      const signed = await book.signups.find({ by: person, status: 'confirmed' });
      const others = signed.filter((row) => row.activity === activity._id);
      // Whoever signed up only for others brings them along; who signed up is there in person.
      const there =
        own !== null && goes(own) ? [own] : others.length > 0 ? others : [{ person, member, name, people: 1 }];
      const signedUp = (own !== null && goes(own)) || others.length > 0;
      const people = there.map((row) => ({
        person: row.person,
        member: row.member,
        name: row.name,
        people: row.people,
        signedUp,
      }));
      return recordAll(activity, people, 'code', person, from);
    },

    async rollCall(actor, { from, activity: id, rows: called }) {
      const activity = await book.activities.get(id);
      if (activity === null) throw notFound();
      demand(actor, 'activity.manage', activity.scope);
      const opens = new Date(activity.startsAt.getTime() - checkinOpensMs);
      if (clock.now() < opens) {
        const facts = { activity: id, name: activity.name, opensAt: opens.toISOString() };
        throw new AppError('activities.checkin-early', 409, facts);
      }
      const found = (await Promise.all(called.map((row) => book.signups.get(row)))).filter(
        (row) => row !== null && row.activity === id && goes(row),
      );
      const people = found.flatMap((row) =>
        row === null
          ? []
          : [{ person: row.person, member: row.member, name: row.name, people: row.people, signedUp: true }],
      );
      return recordAll(activity, people, 'roll call', actor.member ?? 'system', from);
    },

    attended: (activity) => rows.find({ activity }, { sort: { _id: 1 } }),

    async noShows(id) {
      const activity = await book.activities.get(id);
      if (activity === null || activity.state !== 'open' || activity.endsAt > clock.now()) return [];
      const there = new Set((await rows.find({ activity: id })).map(({ person }) => person));
      const confirmed = await book.signups.find({ activity: id, status: 'confirmed' });
      return confirmed.filter(({ person }) => !there.has(person));
    },

    async minutesOf(person, from, to) {
      const counted = await rows.find({ person, at: { $gte: from, $lt: to } });
      return counted.reduce((sum, { minutes }) => sum + minutes, 0);
    },
  };
}
