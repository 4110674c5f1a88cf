import type { Clock } from '../platform/clock.ts';
import type { Ids } from '../platform/ids.ts';
import type { Store } from '../platform/store/port.ts';
import { isAppError } from '../shared/errors.ts';
import { cleanLine, cleanText } from '../shared/text.ts';
import { activityCreated } from './activities.events.ts';
import { activityCounters, type Activity } from './activities.model.ts';
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

/** Where a new activity comes from. */
export interface Origin {
  readonly scope: string;
  readonly by: string | null;
  /** The message that made it. */
  readonly from: string | null;
}

export interface Publishing {
  /** Null when the id that the draft asks for is taken. */
  publish(draft: Draft, origin: Origin): Promise<Activity | null>;
}

const line = (text: string | null | undefined): string | null =>
  text === null || text === undefined || text.trim() === '' ? null : cleanLine(text);

/** Writes new activities, each under its short number. */
export function createPublishing(deps: { store: Store; book: Book; clock: Clock; ids: Ids }): Publishing {
  const { clock, ids } = deps;
  const { activities } = deps.book;
  const counters = deps.store.collection(activityCounters);

  function document(draft: Draft, { scope, by, from }: Origin): Omit<Activity, '_id'> {
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
      seats: { capacity: draft.capacity, free: draft.capacity, kept: 0, waiting: 0, lastTicket: 0, rev: 0, claims: [] },
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

  return {
    async publish(draft, origin) {
      const fields = document(draft, origin);
      if (draft.id !== undefined) return insert(draft.id, fields);
      for (;;) {
        const { doc } = await counters.upsert('activity', { $inc: { last: 1 } });
        const inserted = await insert(`A${String(doc.last)}`, fields);
        if (inserted !== null) return inserted;
      }
    },
  };
}
