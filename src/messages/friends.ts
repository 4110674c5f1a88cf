import { z } from 'zod';
import type { Clock } from '../platform/clock.ts';
import { declare, type Store } from '../platform/store/port.ts';
import { addDays, atLocal, localDate } from '../shared/calendar/index.ts';

/** Somebody who asked the account to be a contact. `_id` = the contact. Kept until two days after it was accepted. */
export const friendRequests = declare(
  'friendRequests',
  z.object({
    _id: z.string(),
    /** The channel's id of the request. */
    request: z.string(),
    state: z.enum(['waiting', 'accepted', 'failed']),
    /** When it is to be accepted. */
    dueAt: z.date(),
    tries: z.number().int(),
  }),
  { state: { fields: ['state', 'dueAt'] }, due: { fields: ['dueAt'] } },
);
export type FriendRequest = z.infer<typeof friendRequests.schema>;

/** How many are accepted a day, 20 at most; `random` gives [0, 1). */
export interface FriendPace {
  readonly perDay: number;
  readonly random: () => number;
}

/** Accounts that accept many at once, or at even intervals, are taken for machines and limited. */
const leastGapMs = 60_000;
const gapSpreadMs = 540_000;
const begins = '09:00';
/** Whoever comes while so many wait asks again, or is accepted on the phone. */
const mostWaiting = 200;
const mostTries = 3;
const againMs = 600_000;
const keptMs = 2 * 86_400_000;

/** Requests to become a contact, accepted calmly. They bind nobody: who somebody is takes a code or a cadre. */
export interface Friends {
  /** Keeps the request; asking again, in vain or anew, is one more request of the same contact. */
  asked(contact: string, request: string, pace: FriendPace): Promise<void>;
  /** Those whose time has come. */
  due(): Promise<FriendRequest[]>;
  accepted(row: FriendRequest): Promise<void>;
  /** Tried in vain; three times, or once where no try will help. */
  failed(row: FriendRequest, final: boolean): Promise<void>;
  purge(): Promise<number>;
}

/** `calm` moves an instant out of the quiet hours. */
export function createFriends(deps: { store: Store; clock: Clock; calm: (at: Date) => Promise<Date> }): Friends {
  const { clock } = deps;
  const rows = deps.store.collection(friendRequests);

  let turn: Promise<unknown> = Promise.resolve();

  /** After the last one that is planned, on the first day that has room. */
  async function slot({ perDay, random }: FriendPace): Promise<Date> {
    const now = clock.now();
    const [last] = await rows.find({ dueAt: { $gt: new Date(0) } }, { sort: { dueAt: -1 }, limit: 1 });
    const gap = (): number => leastGapMs + Math.floor(random() * gapSpreadMs);
    let at = await deps.calm(new Date(Math.max(now.getTime(), last?.dueAt.getTime() ?? 0) + gap()));
    for (;;) {
      const day = localDate(at);
      const next = atLocal(addDays(day, 1), begins);
      if (
        (await rows.count({ dueAt: { $gte: atLocal(day, '00:00'), $lt: atLocal(addDays(day, 1), '00:00') } })) < perDay
      )
        return at;
      at = await deps.calm(new Date(next.getTime() + gap()));
    }
  }

  async function keep(contact: string, request: string, pace: FriendPace): Promise<void> {
    if (pace.perDay < 1) return;
    const known = await rows.get(contact);
    if (known?.state === 'waiting') {
      await rows.update({ _id: contact, state: 'waiting' }, { $set: { request } });
      return;
    }
    if (known?.request === request || (await rows.count({ state: 'waiting' })) >= mostWaiting) return;
    const wanted = { request, state: 'waiting' as const, dueAt: await slot(pace), tries: 0 };
    await rows.upsert(contact, { $set: wanted });
  }

  return {
    asked(contact, request, pace) {
      // One after the other: many who come at once must not be given the same time.
      const mine = turn.then(() => keep(contact, request, pace));
      turn = mine.catch(() => undefined);
      return mine;
    },
    due: () => rows.find({ state: 'waiting', dueAt: { $lte: clock.now() } }, { sort: { dueAt: 1 } }),
    async accepted({ _id, request }) {
      await rows.update({ _id, request, state: 'waiting' }, { $set: { state: 'accepted' } });
    },
    async failed({ _id, request, tries }, final) {
      const over = final || tries + 1 >= mostTries;
      const dueAt = new Date(clock.now().getTime() + againMs);
      await rows.update(
        { _id, request, state: 'waiting' },
        over ? { $set: { state: 'failed' }, $inc: { tries: 1 } } : { $set: { dueAt }, $inc: { tries: 1 } },
      );
    },
    purge: async () => {
      const before = new Date(clock.now().getTime() - keptMs);
      return rows.remove({ state: { $in: ['accepted', 'failed'] }, dueAt: { $lt: before } });
    },
  };
}
