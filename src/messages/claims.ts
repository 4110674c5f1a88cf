import { updating } from '../platform/store/port.ts';
import type { Change, Write } from '../platform/store/port.ts';
import { outbox as declaration, type OutboxRow } from './messages.model.ts';
import type { Outbox } from './outbox.ts';

/** A row is said only by the process that claimed it; how it ended is written down, if not now then later. */
export interface Claims {
  /** Null: another has it, or it is not to be said any more. */
  claim(row: OutboxRow, now: Date): Promise<OutboxRow | null>;
  /**
   * The claim of a row that is being written, as what follows the writing, and the row as it is then. Null while an
   * earlier claim of that row waits for `settle`.
   */
  claiming(row: OutboxRow, now: Date): { write: Write; row: OutboxRow } | null;
  /** Nobody knows whether that claim was written; nothing was said: it goes back into the queue with `settle`. */
  lost(row: OutboxRow): void;
  /** How the saying of that row ended; kept and written once more by `settle` while the store can't be told. */
  ended(key: string, write: () => Promise<unknown>): Promise<void>;
  /** Whether something waits for `settle`. */
  unsettled(): boolean;
  settle(): Promise<void>;
  /**
   * Rows that another process had handed over when it lost the login become unknown; how many. `before`: only those
   * that it claimed earlier.
   */
  recover(before?: Date): Promise<number>;
}

/** `owner` names this process and start. */
export function createClaims({ rows }: Pick<Outbox, 'rows'>, owner: string): Claims {
  const unwritten = new Map<string, () => Promise<unknown>>();

  async function ended(key: string, write: () => Promise<unknown>): Promise<void> {
    unwritten.set(key, write);
    await write();
    unwritten.delete(key);
  }

  const claimed = (now: Date): Change<OutboxRow> => ({
    $set: { state: 'sending', claimedBy: owner, claimedAt: now },
    $inc: { attempts: 1 },
  });

  function lost(row: OutboxRow, claimedAt: Date): void {
    const ours = { _id: row._id, state: 'sending', claimedBy: owner, claimedAt } as const;
    unwritten.set(row._id, () => rows.update(ours, { $set: { state: 'queued' } }));
  }

  return {
    ended,
    claiming(row, now) {
      if (unwritten.has(row._id)) return null;
      const { $set } = claimed(now);
      return {
        write: updating(declaration, { _id: row._id, state: 'queued' }, claimed(now)),
        row: { ...row, ...$set, attempts: row.attempts + 1 },
      };
    },
    lost: (row) => lost(row, row.claimedAt ?? row.createdAt),
    unsettled: () => unwritten.size > 0,
    async claim(row, now) {
      unwritten.delete(row._id);
      try {
        return await rows.update({ _id: row._id, state: 'queued' }, claimed(now));
      } catch (fault) {
        // It may have been written all the same; nothing was said.
        lost(row, now);
        throw fault;
      }
    },
    async settle() {
      for (const [key, write] of [...unwritten]) await ended(key, write);
    },
    async recover(before) {
      let count = 0;
      for (const row of await rows.find({ state: 'sending' })) {
        if (row.claimedBy === owner || (before !== undefined && (row.claimedAt ?? row.createdAt) >= before)) continue;
        const { _id, claimedBy, claimedAt } = row;
        const dead = { _id, state: 'sending', claimedBy, claimedAt } as const;
        if ((await rows.update(dead, { $set: { state: 'unknown' } })) !== null) count++;
      }
      return count;
    },
  };
}
