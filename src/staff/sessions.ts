import type { Clock } from '../platform/clock.ts';
import type { Store } from '../platform/store/port.ts';
import { accounts, sessions, type Account, type Session } from './staff.model.ts';
import { digestOf, randomToken } from './tokens.ts';

/** Without use. */
export const idleMs = 12 * 3_600_000;
/** In all, however much it is used. */
export const longestMs = 7 * 24 * 3_600_000;
const seenEveryMs = 60_000;
/** Tokens in use whose digest is remembered. */
const mostRemembered = 500;

export interface Sessions {
  /** A new session under a new token. */
  begin(account: Account): Promise<{ token: string; session: Session }>;
  /** Whose the token is; null when it is unknown, over, or the account was closed. Use keeps it alive. */
  of(token: string): Promise<Session | null>;
  end(token: string): Promise<void>;
  endAll(account: string): Promise<void>;
  forget(now: Date): Promise<void>;
}

export function createSessions(store: Store, clock: Clock): Sessions {
  const rows = store.collection(sessions);
  const known = store.collection(accounts);
  const digests = new Map<string, string>();
  /** The digest of a token; remembered for those that are in use, since each request asks for it. */
  const idOf = (token: string): string => digests.get(token) ?? digestOf('session', token);
  function remember(token: string, id: string): void {
    if (digests.has(token)) return;
    if (digests.size >= mostRemembered) digests.clear();
    digests.set(token, id);
  }
  const expiry = (now: Date, endsAt: Date): Date => new Date(Math.min(now.getTime() + idleMs, endsAt.getTime()));
  return {
    async begin(account) {
      const token = randomToken();
      const now = clock.now();
      const endsAt = new Date(now.getTime() + longestMs);
      const session = await rows.insert({
        _id: digestOf('session', token),
        account: account._id,
        member: account.member,
        createdAt: now,
        seenAt: now,
        expiresAt: expiry(now, endsAt),
        endsAt,
      });
      return { token, session };
    },
    async of(token) {
      const session = await rows.get(idOf(token));
      const now = clock.now();
      if (session === null || session.expiresAt <= now) {
        digests.delete(token);
        return null;
      }
      remember(token, session._id);
      const account = await known.get(session.account);
      if (account === null || account.state !== 'active' || account.member !== session.member) return null;
      if (now.getTime() - session.seenAt.getTime() < seenEveryMs) return session;
      const fresh = { seenAt: now, expiresAt: expiry(now, session.endsAt) };
      // Null: it was ended meanwhile.
      return rows.update({ _id: session._id }, { $set: fresh });
    },
    async end(token) {
      digests.delete(token);
      await rows.remove({ _id: digestOf('session', token) });
    },
    async endAll(account) {
      await rows.remove({ account });
    },
    async forget(now) {
      await rows.remove({ expiresAt: { $lte: now } });
    },
  };
}
