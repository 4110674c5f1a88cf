import { AppError, isAppError } from '../shared/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../platform/store/port.ts';
import { bindTries } from './members.model.ts';

/** After so many wrong codes within ten minutes a contact is refused for ten minutes. */
export const mostTries = 5;
const window = 10 * 60 * 1000;

const wrong = ['members.code-unknown', 'members.code-expired', 'members.code-used'];

export interface Tries {
  /** Runs the use of a code unless the contact has guessed too often. Errors: members.code-tries 429 (facts.minutes). */
  guard<T>(contact: string, from: string, use: () => Promise<T>): Promise<T>;
  /** Removes tries before that instant. */
  forget(before: Date): Promise<void>;
}

/**
 * A try is written down before the code is looked at, and taken back when it was right: guesses that
 * come at once are counted as well, and a crash in between leaves at most one try too many.
 */
export function createTries(store: Store, clock: Clock): Tries {
  const rows = store.collection(bindTries);
  return {
    async forget(before) {
      await rows.remove({ at: { $lt: before } });
    },
    async guard(contact, from, use) {
      const now = clock.now();
      const { doc: own } = await rows.upsert(from, { $setOnInsert: { contact, at: now } });
      const before = await rows.find({ contact, at: { $lte: own.at } }, { sort: { at: -1 }, limit: mostTries + 1 });
      const others = before.filter(({ _id }) => _id !== from).slice(0, mostTries);
      const [newest, oldest] = [others[0], others[mostTries - 1]];
      if (newest !== undefined && oldest !== undefined) {
        const until = newest.at.getTime() + window;
        if (newest.at.getTime() - oldest.at.getTime() <= window && own.at.getTime() < until) {
          // Refused tries don't prolong the refusal.
          await rows.remove({ _id: from });
          throw new AppError('members.code-tries', 429, {
            minutes: Math.max(1, Math.ceil((until - own.at.getTime()) / 60_000)),
          });
        }
      }
      try {
        const result = await use();
        await rows.remove({ _id: from });
        return result;
      } catch (fault) {
        if (!wrong.some((code) => isAppError(fault, code))) await rows.remove({ _id: from });
        throw fault;
      }
    },
  };
}
