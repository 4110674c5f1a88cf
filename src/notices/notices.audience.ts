import { AppError } from '../shared/errors.ts';
import { may, roles as known, village, type Action, type Actor, type Role } from '../shared/access.ts';
import type { Grid, GridQueries, Room } from '../grid/index.ts';
import type { Member, Members } from '../members/index.ts';
import type { Messages } from '../messages/index.ts';
import { faults } from './notices.errors.ts';
import type { Audience } from './notices.model.ts';

/** An audience turned into chats and people, as of now. */
export interface Reached {
  /** Rooms, ours, in which it is said. */
  readonly rooms: readonly Room[];
  /** Persons to whom it is said in their direct chat, the unsubscribed included. */
  readonly directs: readonly string[];
  /** Of `directs`: who has unsubscribed and is left out, unless it is urgent. */
  readonly stopped: readonly string[];
  /** Members who can read it: those of the rooms' grids who use WeChat, and the directs who are left. */
  readonly people: readonly Member[];
  /** Members who were chosen or live in the grids, but whom no message reaches. */
  readonly unreached: readonly Member[];
}

/** Exact counts for the cadre, before anything is sent. */
export interface Preview {
  readonly people: number;
  /** Households with at least one member who can read it. */
  readonly households: number;
  readonly rooms: readonly string[];
  readonly directs: number;
  readonly leftOut: number;
  /** Households of which nobody can read it: somebody must go there. */
  readonly unreachedHouseholds: number;
}

const isRole = (text: string): text is Role => (known as readonly string[]).includes(text);

export const nobody: Audience = { rooms: [], members: [], grids: [], households: [], roles: [], tags: [] };

export interface Audiences {
  resolve(audience: Audience, urgent: boolean): Promise<Reached>;
  /** The grids in which it is said; `village` for what isn't bound to a grid. */
  scopes(audience: Audience): Promise<string[]>;
  /** Throws access.denied unless the actor may in each of them, or in a grid above. */
  demand(actor: Actor, action: Action, scopes: readonly string[]): Promise<void>;
  allowed(actor: Actor, action: Action, scopes: readonly string[]): Promise<boolean>;
}

export const householdsOf = (people: readonly Member[]): Set<string> => new Set(people.map((one) => one.household));

export function previewOf(reached: Reached): Preview {
  const households = householdsOf(reached.people);
  const without = [...householdsOf(reached.unreached)].filter((one) => !households.has(one));
  return {
    people: reached.people.length,
    households: households.size,
    rooms: reached.rooms.map((room) => room._id),
    directs: reached.directs.length - reached.stopped.length,
    leftOut: reached.stopped.length,
    unreachedHouseholds: without.length,
  };
}

export function createAudiences(deps: {
  members: Members;
  grid: GridQueries;
  messages: Pick<Messages, 'addressOf'>;
}): Audiences {
  const { members, grid, messages } = deps;

  async function branch(ids: readonly string[]): Promise<Set<string>> {
    const all = await grid.all();
    const found = new Set<string>();
    let next = all.filter((one) => ids.includes(one._id));
    while (next.length > 0) {
      for (const one of next) found.add(one._id);
      next = all.filter((one) => one.parent !== null && found.has(one.parent) && !found.has(one._id));
    }
    for (const id of ids) if (!found.has(id)) throw faults.gridUnknown(id);
    return found;
  }

  async function everybody(within: ReadonlySet<string> | null): Promise<Member[]> {
    const ids = within ?? (await grid.all()).map((one: Grid) => one._id);
    const found: Member[] = [];
    for (const id of ids) found.push(...(await members.inGrid(id)));
    return found;
  }

  /** Members who hold one of the roles now, wherever they hold it. */
  async function holding(roles: readonly string[]): Promise<Set<string>> {
    const scopes = [village, ...(await grid.all()).map((one) => one._id)];
    const found = new Set<string>();
    for (const role of roles.filter(isRole)) {
      for (const scope of scopes) for (const one of await members.holders(role, scope)) found.add(one._id);
    }
    return found;
  }

  const narrows = (one: Audience): boolean => one.households.length + one.roles.length + one.tags.length > 0;

  async function chosen(audience: Audience): Promise<Member[]> {
    if (!narrows(audience)) return [];
    const within = audience.grids.length > 0 ? await branch(audience.grids) : null;
    const holders = audience.roles.length > 0 ? await holding(audience.roles) : null;
    return (await everybody(within)).filter(
      (one) =>
        (audience.households.length === 0 || audience.households.includes(one.household)) &&
        (holders === null || holders.has(one._id)) &&
        (audience.tags.length === 0 || audience.tags.some((tag) => one.tags.includes(tag))),
    );
  }

  async function roomsOf(audience: Audience): Promise<Room[]> {
    const found = new Map<string, Room>();
    for (const id of audience.rooms) {
      const room = await grid.room(id);
      if (room === null) throw faults.roomUnknown(id);
      found.set(id, room);
    }
    if (audience.grids.length > 0 && !narrows(audience)) {
      const within = await branch(audience.grids);
      for (const room of await grid.rooms()) if (!room.management && within.has(room.grid)) found.set(room._id, room);
    }
    return [...found.values()];
  }

  const usesWechat = async (one: Member): Promise<boolean> => one.nickname !== null || members.usesWechat(one._id);

  /** The grid and those above it, up to the village. */
  async function chain(scope: string): Promise<string[]> {
    const found: string[] = [];
    for (let at = scope === village ? null : await grid.get(scope); at !== null;) {
      found.push(at._id);
      at = at.parent === null || found.includes(at.parent) ? null : await grid.get(at.parent);
    }
    return [...found, village];
  }

  const scopeOf = async (id: string | null): Promise<string> => {
    const found = id === null ? null : await grid.get(id);
    return found === null || found.parent === null ? village : found._id;
  };

  const audiences: Audiences = {
    async resolve(audience, urgent) {
      const rooms = await roomsOf(audience);
      const people = new Map<string, Member>();
      const unreached = new Map<string, Member>();
      const villagers = rooms.filter((room) => !room.management).map((room) => room.grid);
      for (const id of await branch([...new Set(villagers)])) {
        for (const one of await members.inGrid(id)) ((await usesWechat(one)) ? people : unreached).set(one._id, one);
      }
      const directs = new Set(audience.members);
      for (const one of await chosen(audience)) {
        const address = await messages.addressOf(one._id);
        if (address !== null && 'person' in address) directs.add(one._id);
        else if (!people.has(one._id)) unreached.set(one._id, one);
      }
      const stopped: string[] = [];
      for (const person of directs) {
        const member = await members.get(person);
        if (!urgent && (await members.stopped(person))) {
          stopped.push(person);
          if (member !== null && !people.has(person)) unreached.set(person, member);
          continue;
        }
        if (member === null) continue;
        people.set(person, member);
        unreached.delete(person);
      }
      return {
        rooms,
        directs: [...directs],
        stopped,
        people: [...people.values()],
        unreached: [...unreached.values()],
      };
    },
    async scopes(audience) {
      const found = new Set<string>();
      for (const id of audience.rooms) found.add(await scopeOf((await grid.room(id))?.grid ?? null));
      for (const id of audience.members) found.add(await scopeOf((await members.get(id))?.grid ?? null));
      for (const id of audience.grids) found.add(await scopeOf(id));
      if (narrows(audience) && audience.grids.length === 0) {
        for (const id of audience.households) {
          found.add(await scopeOf((await members.household(id))[0]?.grid ?? null));
        }
        if (audience.households.length === 0) found.add(village);
      }
      return found.size === 0 ? [village] : [...found];
    },
    async allowed(actor, action, scopes) {
      for (const scope of scopes) {
        const above = await chain(scope);
        if (!above.some((one) => may(actor, action, one))) return false;
      }
      return true;
    },
    async demand(actor, action, scopes) {
      if (!(await audiences.allowed(actor, action, scopes))) throw new AppError('access.denied', 403, { action });
    },
  };
  return audiences;
}
