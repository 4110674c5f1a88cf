import type { Clock } from '../platform/clock.ts';
import { inserting, updating } from '../platform/store/port.ts';
import type { Change, Store, Write } from '../platform/store/port.ts';
import { isAppError } from '../shared/errors.ts';
import { inbox as declaration, type InboxRow, type InboxTask } from './messages.model.ts';

/** Ids are kept this long, so that a message sent again is known. */
export const keepIdsMs = 48 * 3_600_000;

export interface Inbox {
  /** Written before anything is done; false when this id was received before. Chatter has no task. */
  receive(id: string, task?: InboxTask): Promise<boolean>;
  /** This id was received before. */
  knows(id: string): Promise<boolean>;
  /** All its effects and its answer are written: nothing but the id stays. */
  done(id: string): Promise<void>;
  /** The same, as what follows the writing of its answer. Of one that is not written yet: that it was received. */
  handled(id: string, received: boolean): Write;
  /** Tried in vain; how often now. */
  failed(id: string): Promise<number>;
  park(id: string): Promise<void>;
  /** Still to be handled: neither done, parked nor forgotten meanwhile. */
  waits(id: string): Promise<boolean>;
  /** What a crash left unhandled, oldest first. */
  unhandled(): Promise<InboxRow[]>;
  /** Forgets ids older than 48 hours; how many. */
  purge(): Promise<number>;
}

const ended: Change<InboxRow> = { $set: { state: 'done' }, $unset: { task: true } };

export function createInbox(deps: { store: Store; clock: Clock }): Inbox {
  const rows = deps.store.collection(declaration);
  const rowOf = (id: string, task?: InboxTask): InboxRow => ({
    _id: id,
    state: task === undefined ? 'done' : 'received',
    receivedAt: deps.clock.now(),
    ...(task === undefined ? {} : { task }),
    attempts: 0,
  });
  return {
    async receive(id, task) {
      try {
        await rows.insert(rowOf(id, task));
        return true;
      } catch (fault) {
        if (isAppError(fault, 'store.duplicate')) return false;
        throw fault;
      }
    },
    knows: async (id) => (await rows.get(id)) !== null,
    async done(id) {
      await rows.update({ _id: id, state: 'received' }, ended);
    },
    handled: (id, received) =>
      received
        ? updating(declaration, { _id: id, state: 'received' }, ended)
        : inserting(declaration, rowOf(id), { unlessThere: true }),
    async failed(id) {
      return (await rows.update({ _id: id }, { $inc: { attempts: 1 } }))?.attempts ?? 0;
    },
    async park(id) {
      await rows.update({ _id: id, state: 'received' }, { $set: { state: 'parked' } });
    },
    waits: async (id) => (await rows.get(id))?.state === 'received',
    unhandled: () => rows.find({ state: 'received' }, { sort: { receivedAt: 1 } }),
    purge: () => rows.remove({ state: 'done', receivedAt: { $lt: new Date(deps.clock.now().getTime() - keepIdsMs) } }),
  };
}
