import { AppError } from '../shared/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../platform/store/port.ts';
import { signInTries } from './staff.model.ts';
import { digestOf } from './tokens.ts';

interface Rule {
  /** So many wrong ones cost nothing. */
  readonly free: number;
  readonly longestMs: number;
}

/**
 * A known device answers for itself, so strangers who guess can't keep the owner out. Everybody else answers for
 * the account from there, for the address (many people may share one), and a little for the account from anywhere.
 */
const rules = {
  device: { free: 3, longestMs: 15 * 60_000 },
  pair: { free: 3, longestMs: 15 * 60_000 },
  address: { free: 20, longestMs: 5 * 60_000 },
  account: { free: 10, longestMs: 60_000 },
} as const satisfies Record<string, Rule>;

/** After a day without a wrong one all is forgotten. */
const forgetMs = 24 * 3_600_000;

export interface Trier {
  readonly account: string;
  readonly address: string;
  /** Known to belong to this account, else null. */
  readonly device: string | null;
}

export interface Tries {
  /**
   * Runs the check of a password unless too many were wrong: each wrong one doubles the wait.
   * Errors: staff.wait 429 (facts.seconds).
   */
  guard(who: Trier, check: () => Promise<boolean>): Promise<boolean>;
  forget(now: Date): Promise<void>;
}

function waitMs(failures: number, { free, longestMs }: Rule): number {
  return failures < free ? 0 : Math.min(1000 * 2 ** (failures - free), longestMs);
}

/**
 * A try is counted before the password is looked at and taken back when it was right: guesses that come at
 * once are counted as well. Refused tries neither count nor prolong the wait.
 */
export function createTries(store: Store, clock: Clock): Tries {
  const rows = store.collection(signInTries);

  const keysOf = ({ account, address, device }: Trier): { id: string; rule: Rule; own: boolean }[] =>
    device !== null
      ? [{ id: digestOf('device', account, device), rule: rules.device, own: true }]
      : [
          { id: digestOf('pair', account, address), rule: rules.pair, own: true },
          { id: digestOf('account', account), rule: rules.account, own: true },
          { id: digestOf('address', address), rule: rules.address, own: false },
        ];

  const giveBack = (id: string) =>
    rows.update({ _id: id, failures: { $gt: 0 } }, { $inc: { failures: -1 }, $set: { until: clock.now() } });

  async function count(keys: ReturnType<typeof keysOf>): Promise<void> {
    for (;;) {
      const now = clock.now();
      const known = await Promise.all(
        keys.map(async ({ id }) => (await rows.upsert(id, { $setOnInsert: { failures: 0, until: now } })).doc),
      );
      const until = Math.max(...known.map((row) => row.until.getTime()));
      if (until > now.getTime()) {
        throw new AppError('staff.wait', 429, { seconds: Math.ceil((until - now.getTime()) / 1000) });
      }
      const counted = await Promise.all(
        known.map((row, at) => {
          const old = row.until.getTime() < now.getTime() - forgetMs;
          const failures = old ? 1 : row.failures + 1;
          const wait = waitMs(failures, keys[at]?.rule ?? rules.pair);
          return rows.update(
            { _id: row._id, failures: row.failures, until: row.until },
            { $set: { failures, until: new Date(now.getTime() + wait) } },
          );
        }),
      );
      if (!counted.includes(null)) return;
      // Another try came at the same time: look again, it may mean waiting.
    }
  }

  return {
    async guard(who, check) {
      const keys = keysOf(who);
      await count(keys);
      let right: boolean;
      try {
        right = await check();
      } catch (fault) {
        // It was not looked at.
        for (const { id } of keys) await giveBack(id);
        throw fault;
      }
      if (!right) return false;
      // Whoever knows one password doesn't clear what they guess of others.
      for (const { id, own } of keys) await (own ? rows.remove({ _id: id }) : giveBack(id));
      return true;
    },
    async forget(now) {
      await rows.remove({ until: { $lt: new Date(now.getTime() - forgetMs) } });
    },
  };
}
