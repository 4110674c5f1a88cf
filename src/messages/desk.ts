import { may, village, type Actor } from '../shared/access.ts';
import { AppError } from '../shared/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../platform/store/port.ts';
import { inbox as inboxRows, type InboxRow, type OutboxRow } from './messages.model.ts';
import type { BlockRow } from './block.ts';
import type { Outage, Outages } from './outages.ts';
import type { Outbox } from './outbox.ts';

/** States of the outbox that a person may look through. */
export const deskStates = ['queued', 'sending', 'failed', 'unknown'] as const;
export type DeskState = (typeof deskStates)[number];

export interface DeskPage {
  /** Key of the last row seen. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/**
 * Where a person looks after what the service can't decide: for admins and those who approve notices.
 * Errors of all: access.denied.
 */
export interface Desk {
  outbox(actor: Actor, state: DeskState, page: DeskPage): Promise<OutboxRow[]>;
  /**
   * Nobody knows whether it was said: it is said again, or left. What is left counts as said when it was handed
   * over, so that what waits for it goes on (an offer's two hours, a notice's 收到).
   * Errors: messages.not-found 404, messages.decided 409.
   */
  decide(actor: Actor, key: string, decision: 'again' | 'leave'): Promise<OutboxRow>;
  /** What came in and could not be handled, oldest first. */
  parked(actor: Actor, page: DeskPage): Promise<InboxRow[]>;
  /** Handled once more within a minute, or forgotten. Errors: messages.not-found 404, messages.decided 409. */
  settle(actor: Actor, id: string, decision: 'again' | 'leave'): Promise<void>;
  /** Whether WeChat has stopped the account, and since when; null: never. */
  block(actor: Actor): Promise<BlockRow | null>;
  /**
   * The bot may speak again: by an admin, who has looked at the phone. Errors: messages.not-blocked 409.
   */
  lift(actor: Actor): Promise<BlockRow>;
  /** Times without the login, the newest first. */
  outages(actor: Actor, limit: number): Promise<Outage[]>;
  /** For metrics. */
  countOutbox(state: DeskState): Promise<number>;
  countInbox(state: 'received' | 'parked'): Promise<number>;
  blocked(): Promise<boolean>;
}

function demandAdmin(actor: Actor): void {
  if (!may(actor, 'admin', village)) throw new AppError('access.denied', 403, { action: 'admin' });
}

function demandDesk(actor: Actor): void {
  if (may(actor, 'admin', village) || may(actor, 'notice.approve', village)) return;
  throw new AppError('access.denied', 403, { action: 'admin' });
}

export function createDesk(deps: {
  store: Store;
  clock: Clock;
  outbox: Outbox;
  outages: Outages;
  wake: () => Promise<void>;
}): Desk {
  const { rows, block } = deps.outbox;
  const received = deps.store.collection(inboxRows);
  return {
    async outbox(actor, state, { after, limit }) {
      demandDesk(actor);
      const last = after === undefined ? null : await rows.get(after);
      const sort = { priority: 1, notBefore: 1, order: 1 } as const;
      return rows.find({ state }, { sort, limit, ...(last === null ? {} : { after: last }) });
    },
    async decide(actor, key, decision) {
      demandDesk(actor);
      const facts = { 'facts.decision': decision, 'facts.decidedBy': actor.member ?? 'system' };
      const again = {
        state: 'queued' as const,
        notBefore: deps.clock.now(),
        claimedBy: null,
        claimedAt: null,
        error: null,
      };
      const row = await rows.update(
        { _id: key, state: 'unknown' },
        { $set: decision === 'again' ? { ...facts, ...again } : facts },
      );
      if (row !== null && decision === 'again') {
        await deps.wake();
        return row;
      }
      const left = row === null ? null : await deps.outbox.sent(row, row.claimedAt ?? deps.clock.now(), null);
      if (left !== null) return left;
      throw (await rows.get(key)) === null
        ? new AppError('messages.not-found', 404)
        : new AppError('messages.decided', 409);
    },
    async parked(actor, { after, limit }) {
      demandDesk(actor);
      const last = after === undefined ? null : await received.get(after);
      const options = { sort: { receivedAt: 1 }, limit } as const;
      return received.find({ state: 'parked' }, last === null ? options : { ...options, after: last });
    },
    async settle(actor, id, decision) {
      demandDesk(actor);
      const change =
        decision === 'again'
          ? { $set: { state: 'received' as const, attempts: 0 } }
          : { $set: { state: 'done' as const }, $unset: { task: true as const } };
      if ((await received.update({ _id: id, state: 'parked' }, change)) !== null) return;
      throw (await received.get(id)) === null
        ? new AppError('messages.not-found', 404)
        : new AppError('messages.decided', 409);
    },
    async block(actor) {
      demandDesk(actor);
      return block.row();
    },
    async lift(actor) {
      demandAdmin(actor);
      if (!(await block.lift(actor.member ?? 'system'))) throw new AppError('messages.not-blocked', 409);
      await deps.wake();
      const row = await block.row();
      if (row === null) throw new AppError('messages.not-blocked', 409);
      return row;
    },
    blocked: block.stands,
    async outages(actor, limit) {
      demandDesk(actor);
      return deps.outages.recent(limit);
    },
    countOutbox: (state) => rows.count({ state }),
    countInbox: (state) => received.count({ state }),
  };
}
