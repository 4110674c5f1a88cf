import { z } from 'zod';
import type { Clock } from '../platform/clock.ts';
import type { Ids } from '../platform/ids.ts';
import { demand, may, village, type Actor } from '../shared/access.ts';
import { AppError, isAppError } from '../shared/errors.ts';
import { cleanLine, cleanText } from '../shared/text.ts';
import { badDraft, badTime, calledOff, noLonger, notFound, started } from './activities.errors.ts';
import { activityCancelled, activityCreated, activityRescheduled } from './activities.events.ts';
import { liveStatuses, type Activity } from './activities.model.ts';
import type { Book } from './book.ts';

/** What a cadre gives to make an activity; the rest has defaults. */
export interface Draft {
  /** Its short number, when it is known already (import); else the next one. */
  readonly id?: string;
  readonly name: string;
  readonly kind?: string;
  readonly garden?: string | null;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly capacity: number;
  readonly minimum?: number | null;
  readonly minAge?: number | null;
  readonly deadline?: Date | null;
  readonly meet?: string | null;
  readonly bring?: readonly string[];
  readonly content?: string | null;
  readonly checkinCode?: string | null;
  readonly callRooms?: readonly string[];
  readonly jielong?: boolean;
}

export interface Move {
  readonly startsAt: Date;
  readonly endsAt?: Date;
  readonly reason?: string | null;
}

/** A fault of one row of an import: `row` counts from 1. */
export interface ImportFault {
  readonly row: number;
  readonly field: string;
  readonly reason: string;
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
  /** All or nothing; rows that are there already (by id) are left alone. Throws `activities.bad-import` with `faults`. */
  importActivities(
    rows: readonly unknown[],
    options?: { dryRun?: boolean },
  ): Promise<{ added: string[]; known: string[]; faults: ImportFault[] }>;
}

const instant = z.string().transform((text, context) => {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) {
    context.addIssue({ code: 'custom', message: 'not a time' });
    return z.NEVER;
  }
  return at;
});

const importRow = z
  .object({
    id: z.string().regex(/^[\w-]{1,40}$/u),
    name: z.string().min(1).max(40),
    kind: z.string().min(1),
    garden: z.string().nullable().optional(),
    startsAt: instant,
    endsAt: instant,
    deadline: instant.nullable().optional(),
    capacity: z.number().int().min(1).max(100_000),
    minimum: z.number().int().min(1).nullable().optional(),
    minAge: z.number().int().min(0).max(120).nullable().optional(),
    meet: z.string().nullable().optional(),
    bring: z.array(z.string()).optional(),
    content: z.string().nullable().optional(),
    checkinCode: z
      .string()
      .regex(/^[0-9A-Z]{3,8}$/)
      .nullable()
      .optional(),
  })
  .refine(({ startsAt, endsAt }) => startsAt < endsAt, { path: ['endsAt'], message: 'ends before it starts' });

export function createManaging(deps: {
  book: Book;
  clock: Clock;
  ids: Ids;
  /** The grid of a garden, or null when it isn't known. */
  gardenGrid: (garden: string) => Promise<string | null>;
}): Managing {
  const { book, clock, ids } = deps;
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

  function document(draft: Draft, scope: string, by: string | null, from: string | null): Omit<Activity, '_id'> {
    const line = (text: string | null | undefined): string | null =>
      text === null || text === undefined || text.trim() === '' ? null : cleanLine(text);
    return {
      name: cleanLine(draft.name),
      kind: line(draft.kind) ?? '活动',
      garden: line(draft.garden),
      scope,
      startsAt: draft.startsAt,
      endsAt: draft.endsAt,
      deadline: draft.deadline ?? null,
      minimum: draft.minimum ?? null,
      minAge: draft.minAge ?? null,
      meet: line(draft.meet),
      bring: (draft.bring ?? []).map(cleanLine).filter((thing) => thing !== ''),
      content: draft.content === null || draft.content === undefined ? null : cleanText(draft.content),
      state: 'open',
      reason: null,
      version: 1,
      moves: [],
      checkinCode: draft.checkinCode ?? ids.code(4),
      callRooms: [...(draft.callRooms ?? [])],
      jielong: draft.jielong ?? false,
      createdBy: by,
      createdAt: clock.now(),
      from,
      changedFrom: null,
      seats: { capacity: draft.capacity, free: draft.capacity, kept: 0, waiting: 0, rev: 0, claims: [], queue: [] },
    };
  }

  async function insert(id: string, fields: Omit<Activity, '_id'>): Promise<Activity | null> {
    try {
      return await activities.insert(
        { _id: id, ...fields },
        { emit: [activityCreated(id, { activity: id, version: 1 })] },
      );
    } catch (fault) {
      if (isAppError(fault, 'store.duplicate')) return null;
      throw fault;
    }
  }

  function checkDraft(draft: Draft): void {
    const name = cleanLine(draft.name);
    if (name === '' || name.length > 40) throw badDraft('name');
    if (!Number.isInteger(draft.capacity) || draft.capacity < 1 || draft.capacity > 100_000) throw badDraft('capacity');
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
        { $set: { status: 'cancelled', why: 'activity cancelled', entry: null, touchedAt: clock.now() } },
      );
    }
  }

  return {
    async check(actor, draft) {
      demand(actor, 'activity.manage', await scopeOf(actor, draft.garden ?? null));
      checkDraft(draft);
    },

    async create(actor, draft, from) {
      const scope = await scopeOf(actor, draft.garden ?? null);
      demand(actor, 'activity.manage', scope);
      const made = from === undefined ? null : await activities.findOne({ from });
      if (made !== null) return made;
      checkDraft(draft);
      const fields = document(draft, scope, actor.member, from ?? null);
      if (draft.id !== undefined) {
        const inserted = await insert(draft.id, fields);
        if (inserted === null) throw new AppError('activities.id-taken', 409, { activity: draft.id });
        return inserted;
      }
      for (let number = (await activities.count({})) + 1; ; number++) {
        const inserted = await insert(`A${String(number)}`, fields);
        if (inserted !== null) return inserted;
      }
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
      const { capacity, rev } = activity.seats;
      if (activity.state === 'open') {
        if (activity.endsAt <= clock.now()) throw started(activity);
        await activities.update(
          { _id: id, state: 'open' },
          {
            $set: {
              state: 'cancelled',
              reason: reason === null ? null : cleanLine(reason),
              changedFrom: from ?? null,
              seats: { capacity, free: capacity, kept: 0, waiting: 0, rev: rev + 1, claims: [], queue: [] },
            },
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

    async importActivities(rows, { dryRun = false } = {}) {
      const faults: ImportFault[] = [];
      const drafts = rows.flatMap((row, at) => {
        const read = importRow.safeParse(row);
        if (read.success) return [read.data];
        for (const { path, message } of read.error.issues) {
          faults.push({ row: at + 1, field: path.join('.'), reason: message });
        }
        return [];
      });
      const seen = new Set<string>();
      for (const [at, { id }] of drafts.entries()) {
        if (seen.has(id)) faults.push({ row: at + 1, field: 'id', reason: 'twice' });
        seen.add(id);
      }
      if (faults.length > 0) return { added: [], known: [], faults };
      const added: string[] = [];
      const known: string[] = [];
      for (const row of drafts) {
        const there = (await activities.get(row.id)) !== null;
        (there ? known : added).push(row.id);
        if (there || dryRun) continue;
        const { garden, deadline, minimum, minAge, meet, bring, content, checkinCode, ...rest } = row;
        const draft: Draft = {
          ...rest,
          garden: garden ?? null,
          deadline: deadline ?? null,
          minimum: minimum ?? null,
          minAge: minAge ?? null,
          meet: meet ?? null,
          bring: bring ?? [],
          content: content ?? null,
          checkinCode: checkinCode ?? null,
        };
        const grid = draft.garden == null ? null : await deps.gardenGrid(draft.garden);
        await insert(row.id, document(draft, grid ?? village, null, null));
      }
      return { added, known, faults };
    },
  };
}
