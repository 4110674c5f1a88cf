import { demand, systemActor, village, type Actor } from '../shared/access.ts';
import { AppError, isAppError } from '../shared/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../platform/store/port.ts';
import type { GridQueries } from '../grid/index.ts';
import type { MembersService } from '../members/index.ts';
import { accountName, foldName } from './names.ts';
import type { Passwords } from './passwords.ts';
import type { Sessions } from './sessions.ts';
import { accounts, devices, setUpTokens, type Account, type SetUpToken } from './staff.model.ts';
import { digestOf, randomToken } from './tokens.ts';

export const firstAdminMs = 24 * 3_600_000;
export const invitationMs = 7 * 24 * 3_600_000;

export interface Link {
  readonly token: string;
  readonly expiresAt: Date;
}

export interface SetUpRequest {
  readonly token: string;
  /** Who the first admin is in the registry; absent: somebody who isn't in it. */
  readonly member?: string | undefined;
  /** To sign in with; needless when the member has an account already. */
  readonly name?: string | undefined;
  readonly password: string;
}

export interface SetUp {
  /** A link for the first admin, valid for a day; null once there is one. */
  firstAdminLink(): Promise<Link | null>;
  /** A link by which the member makes an account or, having one, a new password. Errors: members.not-found, access.denied. */
  invite(actor: Actor, member: string): Promise<Link>;
  /**
   * Makes the account, or sets its password. One use; cut off half-way, the same name may use it again.
   * Errors: staff.link-unknown 404, staff.link-used 410, staff.link-expired 410, staff.name-taken 409, staff.name 422,
   * staff.password-short 422, staff.password-long 422, members.not-found 404.
   */
  accept(request: SetUpRequest): Promise<Account>;
  /** Whether an admin can sign in. */
  hasAdmin(): Promise<boolean>;
  forget(now: Date): Promise<void>;
}

export function createSetUp(deps: {
  store: Store;
  clock: Clock;
  members: Pick<MembersService, 'get' | 'holders' | 'intake' | 'grants'>;
  grid: Pick<GridQueries, 'village'>;
  passwords: Passwords;
  sessions: Sessions;
}): SetUp {
  const { store, clock, members, passwords, sessions } = deps;
  const known = store.collection(accounts);
  const tokens = store.collection(setUpTokens);

  async function make(fields: Pick<SetUpToken, 'kind' | 'member' | 'by'>, validMs: number): Promise<Link> {
    const token = randomToken();
    const expiresAt = new Date(clock.now().getTime() + validMs);
    await tokens.insert({ _id: digestOf('set-up', token), ...fields, expiresAt, usedBy: null, doneAt: null });
    return { token, expiresAt };
  }

  async function hasAdmin(): Promise<boolean> {
    for (const { _id } of await members.holders('管理员', village)) {
      if ((await known.findOne({ member: _id }))?.state === 'active') return true;
    }
    return false;
  }

  /** The link, as long as this name may use it. */
  async function claim(id: string, name: string): Promise<SetUpToken> {
    const found = await tokens.get(id);
    if (found === null) throw new AppError('staff.link-unknown', 404);
    if (found.doneAt !== null) throw new AppError('staff.link-used', 410);
    if (found.expiresAt <= clock.now()) throw new AppError('staff.link-expired', 410);
    if (found.usedBy === name) return found;
    const claimed = await tokens.update({ _id: id, usedBy: null, doneAt: null }, { $set: { usedBy: name } });
    if (claimed === null) throw new AppError('staff.link-used', 410);
    return claimed;
  }

  /** The first admin of a village whose registry is still empty. */
  async function newcomer(token: string, name: string): Promise<string> {
    const id = `admin-${token.replace(/[^A-Za-z0-9]/g, '').slice(0, 10)}`;
    const person = { sex: null, born: null, relation: '户主', nickname: null, tags: [], grants: [], phone: null };
    const home = (await deps.grid.village())?._id ?? village;
    await members.intake.take([{ ...person, id, name, household: id, grid: home }], clock.now());
    return id;
  }

  async function write(token: SetUpToken, member: string, name: string, hash: string): Promise<Account> {
    const row: Account = {
      _id: foldName(name),
      name,
      member,
      hash,
      state: 'active',
      invitedBy: token.by,
      madeFrom: token._id,
      createdAt: clock.now(),
      signedInAt: null,
    };
    try {
      return await known.insert(row);
    } catch (fault) {
      if (!isAppError(fault, 'store.duplicate')) throw fault;
      // The member's own: a new password. Nobody else's account is touched.
      const changed = await known.update(
        { _id: row._id, member },
        { $set: { hash, state: 'active', madeFrom: token._id } },
      );
      if (changed === null) {
        await tokens.update({ _id: token._id, usedBy: row._id, doneAt: null }, { $set: { usedBy: null } });
        throw new AppError('staff.name-taken', 409);
      }
      await sessions.endAll(row._id);
      await store.collection(devices).remove({ account: row._id });
      return changed;
    }
  }

  return {
    hasAdmin,
    async firstAdminLink() {
      return (await hasAdmin()) ? null : make({ kind: 'first-admin', member: null, by: 'system' }, firstAdminMs);
    },
    async invite(actor, member) {
      demand(actor, 'admin', village);
      if ((await members.get(member)) === null) throw new AppError('members.not-found', 404);
      return make({ kind: 'invitation', member, by: actor.member ?? 'system' }, invitationMs);
    },
    async accept({ token, member: wanted, name: given, password }) {
      passwords.check(password);
      const id = digestOf('set-up', token);
      const link = await tokens.get(id);
      const own = link?.member == null ? null : await known.findOne({ member: link.member });
      const name = own?.name ?? accountName(given ?? '');
      if (link?.kind === 'first-admin' && wanted !== undefined && (await members.get(wanted)) === null) {
        throw new AppError('members.not-found', 404);
      }
      const claimed = await claim(id, foldName(name));
      const first = claimed.kind === 'first-admin';
      if (first && (await hasAdmin()) && (await known.get(foldName(name)))?.madeFrom !== id) {
        throw new AppError('staff.link-used', 410);
      }
      const member = claimed.member ?? wanted ?? (await newcomer(id, name));
      const account = await write(claimed, member, name, await passwords.hash(password));
      if (first) await members.grants.grant(systemActor, { member, role: '管理员', scope: village });
      await tokens.update({ _id: id }, { $set: { doneAt: clock.now() } });
      return account;
    },
    async forget(now) {
      await tokens.remove({ expiresAt: { $lt: now } });
    },
  };
}
