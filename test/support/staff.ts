import { createGrid, gridCollections } from '../../src/grid/index.ts';
import { createMembers, membersCollections, type MembersService } from '../../src/members/index.ts';
import { createFakeClock, type FakeClock } from '../../src/platform/clock.ts';
import { createCrypto } from '../../src/platform/crypto.ts';
import { createSerialIds } from '../../src/platform/ids.ts';
import { openMemoryStore } from '../../src/platform/store/embedded.ts';
import type { Store } from '../../src/platform/store/port.ts';
import { systemActor } from '../../src/shared/access.ts';
import { createStaff, staffCollections, type SignedIn, type Staff } from '../../src/staff/index.ts';
import { testKeys } from './members.ts';

export const password = '村口的桂花今年开了没有';
/** As little as argon2 takes: tests ask how, not how hard. */
export const cheap = { memoryCost: 8, timeCost: 1 };

export interface StaffBench {
  readonly store: Store;
  readonly clock: FakeClock;
  readonly members: MembersService;
  readonly staff: Staff;
  /** An account of that member, its name in small letters. */
  account(member: string): Promise<string>;
  signIn(
    name: string,
    more?: { password?: string; address?: string; device?: string | null; previous?: string },
  ): Promise<SignedIn>;
  pass(seconds: number): Promise<void>;
}

/** Three people in the registry: 甲 (S1), 乙 (S2) and 丙 (S3). */
export async function buildStaff(): Promise<StaffBench> {
  const clock = createFakeClock(new Date('2026-03-18T09:30:00+08:00'));
  const store = openMemoryStore([...membersCollections, ...gridCollections, ...staffCollections]);
  const members = createMembers({ store, clock, ids: createSerialIds(), crypto: createCrypto(testKeys) });
  const grid = createGrid({ store, members, clock });
  const staff = createStaff({ store, clock, members, grid, cost: cheap });
  const rest = { sex: null, born: null, relation: '户主', nickname: null, tags: [], grants: [], phone: null };
  await members.intake.take(
    ['甲', '乙', '丙'].map((name, at) => ({ ...rest, id: `S${at + 1}`, name, household: `H${at}`, grid: '一组' })),
    clock.now(),
  );
  return {
    store,
    clock,
    members,
    staff,
    async account(member) {
      const { token } = await staff.invite(systemActor, member);
      return (await staff.accept({ token, name: member, password }))._id;
    },
    signIn: (name, { address = '10.0.0.1', device = null, password: word = password, previous } = {}) =>
      staff.signIn({ name, password: word, address, device, previous: previous ?? null }),
    pass: (seconds) => clock.advanceTo(new Date(clock.now().getTime() + seconds * 1000)),
  };
}
