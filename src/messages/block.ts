import { z } from 'zod';
import type { Clock } from '../platform/clock.ts';
import { declare, type Store } from '../platform/store/port.ts';

/**
 * Whether WeChat has stopped the account: a row, so that neither a restart nor another process talks on. `_id` =
 * `account`; no row: it never was. A person lifts it.
 */
export const blocks = declare(
  'blocks',
  z.object({
    _id: z.string(),
    state: z.enum(['blocked', 'lifted']),
    since: z.date(),
    liftedAt: z.date().nullable(),
    /** The member who did, or `system`. */
    liftedBy: z.string().nullable(),
  }),
);
export type BlockRow = z.infer<typeof blocks.schema>;

export interface Block {
  /** Null: never blocked. */
  row(): Promise<BlockRow | null>;
  stands(): Promise<boolean>;
  /** The account must stop; the same while it stands already. */
  set(): Promise<void>;
  /** Whether it stood. */
  lift(by: string): Promise<boolean>;
}

const id = 'account';

export function createBlock({ store, clock }: { store: Store; clock: Clock }): Block {
  const rows = store.collection(blocks);
  const row = (): Promise<BlockRow | null> => rows.get(id);
  return {
    row,
    stands: async () => (await row())?.state === 'blocked',
    async set() {
      const { inserted } = await rows.upsert(id, {
        $setOnInsert: { state: 'blocked', since: clock.now(), liftedAt: null, liftedBy: null },
      });
      if (inserted) return;
      await rows.update(
        { _id: id, state: 'lifted' },
        { $set: { state: 'blocked', since: clock.now(), liftedAt: null, liftedBy: null } },
      );
    },
    lift: async (by) =>
      (await rows.update(
        { _id: id, state: 'blocked' },
        { $set: { state: 'lifted', liftedAt: clock.now(), liftedBy: by } },
      )) !== null,
  };
}
