import type { Simulator } from '../../bots/channels/simulator.ts';
import type { Grid, GridService } from '../../src/grid/index.ts';
import type { Member, MembersService } from '../../src/members/index.ts';
import { systemActor } from '../../src/shared/access.ts';

/** The village as its WeChat sees it: who uses WeChat, under which ids, in which groups. */
export interface Cast {
  readonly people: readonly {
    readonly id: string;
    readonly name: string;
    readonly member: string;
    /** The registry gives the 微信昵称. */
    readonly known: boolean;
  }[];
  readonly rooms: readonly {
    readonly id: string;
    readonly topic: string;
    readonly room: string;
    readonly members: readonly string[];
  }[];
}

/** The contact id that a member has in a simulated WeChat. */
export const contactOf = (member: string): string => `wx-${member}`;
/** The member behind a person key, bound or not, of a simulated WeChat. */
export const memberOf = (person: string): string => person.replace(/^wx:wx-/, '');
/** The id of a group there; wechaty's mock tells rooms by the `@`. */
export const channelRoomOf = (room: string): string => `r-${room}@chatroom`;

/** Everyone with a 微信昵称, and whoever else writes (`also`, member ids), is in the group of their grid. */
export async function castOf(
  { members, grid }: { members: MembersService; grid: GridService },
  also: readonly string[] = [],
): Promise<Cast> {
  const grids: Grid[] = await grid.all();
  const everyone: Member[] = (await Promise.all(grids.map(({ _id }) => members.inGrid(_id)))).flat();
  const users = everyone
    .filter(({ _id, nickname }) => nickname !== null || also.includes(_id))
    .map((member) => ({ id: contactOf(member._id), name: member.nickname ?? member._id, member }));
  const rooms = await grid.rooms();
  return {
    people: users.map(({ id, name, member }) => ({ id, name, member: member._id, known: member.nickname !== null })),
    rooms: rooms.map((room) => ({
      id: channelRoomOf(room._id),
      topic: room.topic,
      room: room._id,
      members: users.filter(({ member }) => member.grid === room.grid).map(({ id }) => id),
    })),
  };
}

/**
 * Puts the cast into the simulated WeChat, binds everyone whose 微信昵称 is known, but `unbound`, to their contact,
 * and links the groups.
 */
export async function introduce(
  cast: Cast,
  { members, grid, simulator }: { members: MembersService; grid: GridService; simulator: Simulator },
  unbound: readonly string[],
): Promise<void> {
  for (const { id, name, member, known } of cast.people) {
    simulator.addPerson({ id, name });
    if (known && !unbound.includes(member)) await members.bind(systemActor, id, member);
  }
  for (const { id, topic, members: contacts, room } of cast.rooms) {
    simulator.addRoom({ id, topic, members: contacts });
    await grid.linkRoom(systemActor, room, id);
  }
}
