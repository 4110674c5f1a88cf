import type { GridQueries, Room } from '../../src/grid/index.ts';
import type { BindList, BindLists, Members, RoomMember } from '../../src/members/index.ts';
import { may, village, type Actor } from '../../src/shared/access.ts';
import { AppError } from '../../src/shared/errors.ts';
import * as say from '../../templates/members.ts';
import type { Answer, Turn, Verb } from './skill.ts';

/** The list of who is who that was last shown to this cadre in this chat. */
export const bindList = 'bind-list';

/** 认人 and 确认 1,3,5-8: who in a room bears whose full name, bound in one go. Only exact full names, never nicknames. */
export function whoIsWhoVerbs(deps: {
  members: Pick<Members, 'get'> & { readonly proposals: BindLists };
  grid: Pick<GridQueries, 'named' | 'room' | 'rooms' | 'roomOf'>;
  roomMembers: (room: string) => Promise<readonly RoomMember[]>;
  /** Among cadres, or in a direct chat. */
  inPrivate: (turn: Turn) => Promise<boolean>;
  bindsAnyone: (actor: Actor) => boolean;
}): Readonly<Record<string, Verb>> {
  const { members, grid, roomMembers } = deps;
  const { proposals } = members;

  /** By the group's own name, else the group of the grid that is named. */
  async function roomIn(place: string): Promise<Room | null> {
    const own = (await grid.rooms()).find(({ _id, topic }) => topic === place || _id === place);
    if (own !== undefined) return own;
    const named = await grid.named(place);
    return named === null ? null : grid.roomOf(named._id);
  }

  /** Whoever answers for one grid alone means that one. */
  function homeOf({ grants }: Actor): string {
    const scopes = new Set(grants.filter((one) => bindsIn(one)).map(({ scope }) => scope));
    const [only] = scopes;
    return scopes.size === 1 && only !== undefined && only !== village ? only : '';
  }
  const bindsIn = (grant: Actor['grants'][number]): boolean =>
    may({ member: null, household: null, grants: [grant] }, 'members.bind', grant.scope);

  async function show(list: BindList, room: string): Promise<Answer> {
    const found = [];
    for (const [at, { member, replaces }] of list.items.entries()) {
      const known = member === null ? null : await members.get(member);
      const again = replaces !== undefined;
      if (known !== null) found.push({ number: at + 1, name: known.name, household: known.household, again });
    }
    const alike = list.items.filter(({ member, hints }) => member === null && hints.length > 0).length;
    const text = say.whoIsWho({ room, found, alike });
    return found.length === 0 ? { text } : { text, shown: { kind: bindList, ids: [list._id] } };
  }

  async function demandPlace(turn: Turn): Promise<Answer | null> {
    if (!deps.bindsAnyone(turn.actor)) throw new AppError('access.denied', 403, { action: 'members.bind' });
    return (await deps.inPrivate(turn)) ? null : { text: say.elsewhere };
  }

  return {
    'account.who': async (turn, slots) => {
      const elsewhere = await demandPlace(turn);
      if (elsewhere !== null) return elsewhere;
      const named = typeof slots['place'] === 'string' ? slots['place'].trim() : '';
      const place = named === '' ? homeOf(turn.actor) : named;
      if (place === '') return { text: say.noPlace };
      const room = await roomIn(place);
      if (room === null) return { text: say.unknownPlace };
      const before = await proposals.get(turn.message);
      const seen = before === null && may(turn.actor, 'members.bind', room.grid) ? await roomMembers(room._id) : [];
      return show(await proposals.propose(turn.actor, room.grid, seen, turn.message), room.topic);
    },
    'account.confirm': async (turn, { numbers }) => {
      const elsewhere = await demandPlace(turn);
      if (elsewhere !== null) return elsewhere;
      const [list] = turn.shown[bindList] ?? [];
      if (list === undefined) return { text: say.noList };
      const chosen = Array.isArray(numbers) ? numbers.filter((one) => typeof one === 'number') : [];
      const { bound, left } = await proposals.confirm(turn.actor, list, chosen, turn.message);
      const text = say.boundAll(
        bound.map(({ member }) => member.name),
        left.map(({ number }) => number),
      );
      return { text, change: bound.length === 0 ? null : { verb: 'account.unconfirm', slots: { list } } };
    },
    'account.unconfirm': async (turn, { list }) => {
      const free = await proposals.undo(turn.actor, String(list));
      return { text: say.unboundAll(free.map(({ name }) => name)), change: null };
    },
  };
}
