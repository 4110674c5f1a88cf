import { demand, village, type Actor } from '../shared/access.ts';
import { AppError } from '../shared/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../platform/store/port.ts';
import type { GridQueries } from '../grid/index.ts';
import type { MembersService } from '../members/index.ts';
import { foldName } from './names.ts';
import { createPasswords, type HashCost } from './passwords.ts';
import { createSessions } from './sessions.ts';
import { createSetUp, type SetUp } from './set-up.ts';
import { accounts, devices, type Account, type Session } from './staff.model.ts';
import { digestOf, randomToken } from './tokens.ts';
import { createTries } from './tries.ts';

/** How long a browser is remembered as one of the account's own. */
export const deviceMs = 180 * 24 * 3_600_000;

export interface SignInRequest {
  readonly name: string;
  readonly password: string;
  readonly address: string;
  /** The browser's own token from an earlier sign-in. */
  readonly device: string | null;
  /** The session that this browser has; it ends, so that nobody can foist one on a person. */
  readonly previous: string | null;
}

export interface SignedIn {
  readonly token: string;
  readonly device: string;
  readonly session: Session;
  readonly account: Account;
}

export interface Staff extends Omit<SetUp, 'forget'> {
  /** Errors: staff.sign-in 401 (whatever was wrong), staff.wait 429 (facts.seconds), staff.busy 503. */
  signIn(request: SignInRequest): Promise<SignedIn>;
  /** Who the token's owner is; null when nobody (any more). */
  session(token: string): Promise<Session | null>;
  signOut(token: string): Promise<void>;
  /** Everywhere, this browser included; browsers are no longer remembered. */
  signOutEverywhere(session: Session): Promise<void>;
  /**
   * Ends all sessions and begins a new one. Errors: staff.password-wrong 403, staff.wait 429,
   * staff.password-short 422, staff.password-long 422.
   */
  changePassword(
    session: Session,
    change: { current: string; next: string; address: string; device: string | null },
  ): Promise<SignedIn>;
  account(id: string): Promise<Account | null>;
  /** Errors: access.denied. */
  accounts(actor: Actor): Promise<Account[]>;
  /** Nobody signs in with it and its sessions end. Errors: staff.not-found 404, staff.last-admin 409, access.denied. */
  close(actor: Actor, name: string): Promise<Account>;
  /** Removes what is over: sessions, links, old tries. */
  forgetExpired(): Promise<void>;
}

export interface StaffDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly members: Pick<MembersService, 'get' | 'holders' | 'intake' | 'grants'>;
  readonly grid: Pick<GridQueries, 'village'>;
  /** Less only in tests. */
  readonly cost?: HashCost;
}

/** Sign-in of cadres and social workers. What they may do is decided by the roles of the member behind the account. */
export function createStaff({ store, clock, members, grid, cost }: StaffDeps): Staff {
  const known = store.collection(accounts);
  const browsers = store.collection(devices);
  const passwords = createPasswords(cost);
  const sessions = createSessions(store, clock);
  const tries = createTries(store, clock);
  const setUp = createSetUp({ store, clock, members, grid, passwords, sessions });

  const deviceId = (account: string, device: string): string => digestOf('device', account, device);

  async function knownDevice(account: string, device: string | null): Promise<string | null> {
    const row = device === null ? null : await browsers.get(deviceId(account, device));
    return row !== null && row.expiresAt > clock.now() ? device : null;
  }

  /** The account when the password is right, else null: an unknown name takes the same way and time. */
  async function proven(id: string, password: string, address: string, device: string | null): Promise<Account | null> {
    const account = await known.get(id);
    const open = account?.state === 'active' ? account : null;
    const who = { account: id, address, device: await knownDevice(id, device) };
    const right = await tries.guard(who, () => passwords.verify(open?.hash ?? null, password));
    return right ? open : null;
  }

  async function begin(account: Account, device: string | null): Promise<SignedIn> {
    const { token, session } = await sessions.begin(account);
    const own = (await knownDevice(account._id, device)) ?? randomToken();
    const expiresAt = new Date(clock.now().getTime() + deviceMs);
    await browsers.upsert(deviceId(account._id, own), { $set: { account: account._id, expiresAt } });
    await known.update({ _id: account._id }, { $set: { signedInAt: clock.now() } });
    return { token, device: own, session, account };
  }

  return {
    firstAdminLink: setUp.firstAdminLink,
    invite: setUp.invite,
    accept: setUp.accept,
    hasAdmin: setUp.hasAdmin,
    async signIn({ name, password, address, device, previous }) {
      const account = await proven(foldName(name), password, address, device);
      if (account === null) throw new AppError('staff.sign-in', 401);
      if (previous !== null) await sessions.end(previous);
      return begin(account, device);
    },
    session: (token) => sessions.of(token),
    signOut: (token) => sessions.end(token),
    async signOutEverywhere({ account }) {
      await browsers.remove({ account });
      await sessions.endAll(account);
    },
    async changePassword(session, { current, next, address, device }) {
      passwords.check(next);
      const account = await proven(session.account, current, address, device);
      if (account === null) throw new AppError('staff.password-wrong', 403);
      const hash = await passwords.hash(next);
      const changed = await known.update({ _id: account._id, hash: account.hash, state: 'active' }, { $set: { hash } });
      if (changed === null) throw new AppError('staff.password-wrong', 403);
      await sessions.endAll(account._id);
      await browsers.remove({ account: account._id });
      return begin(changed, null);
    },
    account: (id) => known.get(id),
    async accounts(actor) {
      demand(actor, 'admin', village);
      return known.find({}, { sort: { _id: 1 } });
    },
    async close(actor, name) {
      demand(actor, 'admin', village);
      const account = await known.get(foldName(name));
      if (account === null) throw new AppError('staff.not-found', 404);
      const admins = (await members.holders('管理员', village)).map(({ _id }) => _id);
      if (account.state === 'active' && admins.includes(account.member)) {
        const others = await Promise.all(
          admins.map(async (member) => (await known.find({ member })).filter(({ state }) => state === 'active')),
        );
        if (others.flat().every(({ _id }) => _id === account._id)) throw new AppError('staff.last-admin', 409);
      }
      const closed = await known.update({ _id: account._id }, { $set: { state: 'closed' } });
      await sessions.endAll(account._id);
      await browsers.remove({ account: account._id });
      return closed ?? account;
    },
    async forgetExpired() {
      const now = clock.now();
      await sessions.forget(now);
      await setUp.forget(now);
      await tries.forget(now);
      await browsers.remove({ expiresAt: { $lt: now } });
    },
  };
}
