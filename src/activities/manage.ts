import type { Clock } from '../platform/clock.ts';
import { demand, may, village, type Actor } from '../shared/access.ts';
import { AppError } from '../shared/errors.ts';
import { cleanLine } from '../shared/text.ts';
import { badDraft, badTime, calledOff, noLonger, notFound, started } from './activities.errors.ts';
import { activityCancelled, activityRescheduled } from './activities.events.ts';
import { liveStatuses, type Activity } from './activities.model.ts';
import type { Book } from './book.ts';
import type { Draft, Publishing } from './publish.ts';

export interface Move {
  readonly startsAt: Date;
  readonly endsAt?: Date;
  readonly reason?: string | null;
}

export interface Managing {
  /** Errors: access.denied 403, activities.bad-time 422, activities.bad-draft 422. */
  create(actor: Actor, draft: Draft, from?: string): Promise<Activity>;
  /** Checks a draft as `create` does, without making anything: for a preview. */
  check(actor: Actor, draft: Draft): Promise<void>;
  /** Errors: access.denied, activities.not-found, .cancelled, .started, .bad-time. */
  reschedule(actor: Actor, id: string, move: Move, from?: string): Promise<Activity>;
  /** Checks as `reschedule` and `callOff` do, for a preview. */
  checkMove(actor: Actor, id: string, move: Move): Promise<void>;
  checkCallOff(actor: Actor, id: string): Promise<void>;
  callOff(actor: Actor, id: string, reason: string | null, from?: string): Promise<Activity>;
  setCheckinCode(actor: Actor, id: string, code: string): Promise<void>;
  /** Cancels the rows of an activity that was called off; may be repeated. */
  finishCallOff(id: string): Promise<void>;
}

export function createManaging(deps: {
  book: Book;
  clock: Clock;
  publishing: Publishing;
  /** The grid of a garden, or null when it isn't known. */
  gardenGrid: (garden: string) => Promise<string | null>;
  /** The grid whose group a room is, or null when it isn't known. */
  roomGrid: (room: string) => Promise<string | null>;
}): Managing {
  const { book, clock, publishing } = deps;
  const { activities, signups } = book;

  /** Its garden's grid, else the grid in which alone the creator has rights, else the village. */
  async function scopeOf(actor: Actor, garden: string | null): Promise<string> {
    const grid = garden === null ? null : await deps.gardenGrid(garden);
    if (grid !== null) return grid;
    if (actor.system === true || may(actor, 'activity.manage', village)) return village;
    return (
      actor.grants.find(({ scope }) => scope !== village && may(actor, 'activity.manage', scope))?.scope ?? village
    );
  }

  /** A call goes only into groups in which its creator has a say. */
  async function demandRooms(actor: Actor, rooms: readonly string[]): Promise<void> {
    for (const room of rooms) demand(actor, 'activity.manage', (await deps.roomGrid(room)) ?? village);
  }

  function checkDraft(draft: Draft): void {
    const name = cleanLine(draft.name);
    if (name === '' || name.length > 40) throw badDraft('name');
    if (!Number.isInteger(draft.capacity) || draft.capacity < 1 || draft.capacity > 100_000) throw badDraft('capacity');
    const least = draft.minimum ?? 1;
    if (!Number.isInteger(least) || least < 1 || least > draft.capacity) throw badDraft('minimum');
    if ((draft.meet ?? '').length > 100) throw badDraft('meet');
    const { bring = [] } = draft;
    if (bring.length > 20 || bring.some((one) => one.length > 40)) throw badDraft('bring');
    if ((draft.content ?? '').length > 500) throw badDraft('content');
    if (draft.startsAt >= draft.endsAt || draft.startsAt <= clock.now()) throw badTime();
    if (draft.deadline != null && draft.deadline > draft.startsAt) throw badTime();
  }

  async function manageable(actor: Actor, id: string): Promise<Activity> {
    const activity = await activities.get(id);
    if (activity === null) throw notFound();
    demand(actor, 'activity.manage', activity.scope);
    return activity;
  }

  function moveOf(activity: Activity, move: Move): { shift: number; endsAt: Date } {
    if (activity.state === 'cancelled') throw calledOff(activity);
    const now = clock.now();
    if (activity.startsAt <= now) throw started(activity);
    const shift = move.startsAt.getTime() - activity.startsAt.getTime();
    const endsAt = move.endsAt ?? new Date(activity.endsAt.getTime() + shift);
    if (move.startsAt <= now || endsAt <= move.startsAt) throw badTime();
    return { shift, endsAt };
  }

  async function finishCallOff(id: string): Promise<void> {
    for (const row of await signups.find({ activity: id, status: { $in: liveStatuses } })) {
      await signups.update(
        { _id: row._id, seq: row.seq, status: { $in: liveStatuses } },
        { $set: { status: 'cancelled', why: 'activity cancelled', entry: null, ticket: null, touchedAt: clock.now() } },
      );
    }
  }

  return {
    async check(actor, draft) {
      demand(actor, 'activity.manage', await scopeOf(actor, draft.garden ?? null));
      await demandRooms(actor, draft.callRooms ?? []);
      checkDraft(draft);
    },

    async create(actor, draft, from) {
      const scope = await scopeOf(actor, draft.garden ?? null);
      demand(actor, 'activity.manage', scope);
      const made = from === undefined ? null : await activities.findOne({ from });
      if (made !== null) return made;
      await demandRooms(actor, draft.callRooms ?? []);
      checkDraft(draft);
      const published = await publishing.publish(draft, { scope, by: actor.member, from: from ?? null });
      if (published === null) throw new AppError('activities.id-taken', 409, { activity: draft.id ?? null });
      return published;
    },

    async checkMove(actor, id, move) {
      moveOf(await manageable(actor, id), move);
    },

    async checkCallOff(actor, id) {
      const activity = await manageable(actor, id);
      if (activity.state === 'cancelled') throw calledOff(activity);
      if (activity.endsAt <= clock.now()) throw started(activity);
    },

    async reschedule(actor, id, move, from) {
      const activity = await manageable(actor, id);
      if (from !== undefined && activity.changedFrom === from) return activity;
      const { shift, endsAt } = moveOf(activity, move);
      if (shift === 0 && endsAt.getTime() === activity.endsAt.getTime()) return activity;
      const version = activity.version + 1;
      const { deadline, startsAt } = activity;
      const made = {
        at: clock.now(),
        by: actor.member,
        startsAt,
        endsAt: activity.endsAt,
        reason: move.reason ?? null,
      };
      const moved = await activities.update(
        { _id: id, state: 'open', version: activity.version },
        {
          $set: {
            startsAt: move.startsAt,
            endsAt,
            deadline: deadline === null ? null : new Date(deadline.getTime() + shift),
            version,
            changedFrom: from ?? null,
          },
          $push: { moves: made },
        },
        { emit: [activityRescheduled(`${id}:${String(version)}`, { activity: id, version })] },
      );
      if (moved === null) throw noLonger();
      return moved;
    },

    async callOff(actor, id, reason, from) {
      const activity = await manageable(actor, id);
      const { capacity } = activity.seats;
      if (activity.state === 'open') {
        if (activity.endsAt <= clock.now()) throw started(activity);
        await activities.update(
          { _id: id, state: 'open' },
          {
            $set: {
              state: 'cancelled',
              reason: reason === null ? null : cleanLine(reason),
              changedFrom: from ?? null,
              'seats.free': capacity,
              'seats.kept': 0,
              'seats.waiting': 0,
              'seats.claims': [],
            },
            $inc: { 'seats.rev': 1 },
          },
          { emit: [activityCancelled(id, { activity: id, version: activity.version })] },
        );
      }
      await finishCallOff(id);
      return (await activities.get(id)) ?? activity;
    },

    finishCallOff,

    async setCheckinCode(actor, id, code) {
      await manageable(actor, id);
      if (!/^[0-9A-Z]{3,8}$/.test(code)) throw badDraft('checkinCode');
      await activities.update({ _id: id }, { $set: { checkinCode: code } });
    },
  };
}
