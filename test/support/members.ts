import { readFile } from 'node:fs/promises';
import { gardensCollections, createGardens, type GardensService } from '../../src/gardens/index.ts';
import { createGrid, gridCollections, type GridService } from '../../src/grid/index.ts';
import { grids, rooms, type Grid, type Room } from '../../src/grid/grid.model.ts';
import { createMembers, membersCollections, type MembersService } from '../../src/members/index.ts';
import { grants, households, members, type GrantRow, type Member } from '../../src/members/members.model.ts';
import { createFakeClock, type FakeClock } from '../../src/platform/clock.ts';
import { createCrypto, type Crypto } from '../../src/platform/crypto.ts';
import { createSerialIds, type Ids } from '../../src/platform/ids.ts';
import { openMemoryStore } from '../../src/platform/store/embedded.ts';
import type { AnyDeclaration, Store } from '../../src/platform/store/port.ts';
import { createRegistry, registryCollections, type Registry } from '../../src/registry/index.ts';
import { village, type Actor, type Role } from '../../src/shared/access.ts';

export const testKeys = {
  current: 'k1',
  encryption: { k1: Buffer.alloc(32, 1).toString('base64') },
  lookup: Buffer.alloc(32, 9).toString('base64'),
};

export function buildMember(part: Partial<Member> & { _id: string }): Member {
  return {
    name: '王大明',
    sex: null,
    born: null,
    household: 'H001',
    relation: '户主',
    grid: '一组',
    tags: [],
    nickname: null,
    phone: null,
    registeredAt: new Date('2026-01-01T00:00:00Z'),
    ...part,
  };
}

export function buildGrid(part: Partial<Grid> & { _id: string }): Grid {
  return { parent: '清溪村', households: null, dutyPhone: null, ...part };
}

export function buildRoom(part: Partial<Room> & { _id: string }): Room {
  return { grid: part._id, topic: `${part._id}村民群`, channelRoom: null, management: false, ...part };
}

/** An actor with that role, as the edge would resolve it. */
export function actorWith(role: Role, scope: string = village, member = 'M0900'): Actor {
  return { member, household: 'H900', grants: [{ role, scope }] };
}

export const villager: Actor = { member: 'M0901', household: 'H901', grants: [] };

/** The registry on a store in memory, with a clock that stands at 2026-03-18 09:30 in the village. */
export interface RegistryRig {
  readonly store: Store;
  readonly clock: FakeClock;
  readonly ids: Ids;
  readonly crypto: Crypto;
  readonly members: MembersService;
  readonly grid: GridService;
  readonly gardens: GardensService;
  readonly registry: Registry;
  put(...people: Member[]): Promise<void>;
  putGrids(...rows: Grid[]): Promise<void>;
  putRooms(...rows: Room[]): Promise<void>;
  /** Grants a role from the first of the year on. */
  give(member: string, role: Role, scope?: string, part?: Partial<GrantRow>): Promise<void>;
  /** The clock moves on by so many minutes. */
  pass(minutes: number): Promise<void>;
}

export function buildRegistry(
  options: { store?: Store; more?: readonly AnyDeclaration[]; crypto?: Crypto | null } = {},
): RegistryRig {
  const clock = createFakeClock(new Date('2026-03-18T01:30:00Z'));
  const ids = createSerialIds();
  const crypto = options.crypto ?? createCrypto(testKeys);
  const store = options.store ?? openMemoryStore([...registryDeclarations, ...(options.more ?? [])]);
  const registry = createMembers({ store, clock, ids, ...(options.crypto === null ? {} : { crypto }) });
  const grid = createGrid({ store, members: registry, clock });
  const gardens = createGardens({ store });
  return {
    store,
    clock,
    ids,
    crypto,
    members: registry,
    grid,
    gardens,
    registry: createRegistry({ store, clock, ids, members: registry, grid, gardens }),
    async put(...people) {
      for (const member of people) {
        await store.collection(members).insert(member);
        const { household, registeredAt } = member;
        await store
          .collection(households)
          .upsert(household, { $set: { grid: member.grid }, $setOnInsert: { registeredAt } });
      }
    },
    async putGrids(...rows) {
      for (const row of rows) await store.collection(grids).insert(row);
    },
    async putRooms(...rows) {
      for (const row of rows) await store.collection(rooms).insert(row);
    },
    async give(member, role, scope = village, part = {}) {
      const from = new Date('2026-01-01T00:00:00Z');
      await store.collection(grants).insert({
        _id: `${member}:${role}:${scope}`,
        member,
        role,
        scope,
        grantedBy: 'M0000',
        from,
        to: null,
        endedBy: null,
        ...part,
      });
    },
    pass: (minutes) => clock.advanceTo(new Date(clock.now().getTime() + minutes * 60_000)),
  };
}

export const registryDeclarations: readonly AnyDeclaration[] = [
  ...membersCollections,
  ...gridCollections,
  ...gardensCollections,
  ...registryCollections,
];

const folder = new URL('../data/village/', import.meta.url);

/** The files of the sample village. */
export async function sampleVillage(): Promise<Record<string, Uint8Array>> {
  const names = ['members.csv', 'grids.csv', 'gardens.csv', 'calendar.json'];
  const files = await Promise.all(names.map(async (name) => [name, await readFile(new URL(name, folder))] as const));
  return Object.fromEntries(files);
}
