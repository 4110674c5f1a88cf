import type { GridQueries } from '../../src/grid/index.ts';
import type { Binding, BindLists, Member, Members, RoomMember } from '../../src/members/index.ts';
import { may, type Actor } from '../../src/shared/access.ts';
import { AppError } from '../../src/shared/errors.ts';
import * as say from '../../templates/members.ts';
import { bindList, whoIsWhoVerbs } from './members.who.ts';
import type { Answer, Skill, Turn } from './skill.ts';

export interface MembersSkillDeps {
  readonly members: Members & Binding & { readonly proposals: BindLists };
  readonly grid: GridQueries;
  /** Who is in a room of ours now. */
  readonly roomMembers: (room: string) => Promise<readonly RoomMember[]>;
}

/** Binding by code, codes for cadres to hand over, who is who in a room, 退订 and 订阅. */
export function createMembersSkill(deps: MembersSkillDeps): Skill {
  const { members, grid } = deps;
  const issue = async (turn: Turn, member: Member): Promise<Answer> => {
    const { code, validUntil } = await members.issueBindCode(turn.actor, member._id, turn.message);
    return { text: say.issued({ name: member.name, grid: member.grid, code, validUntil }) };
  };

  /** Codes are not for a group's eyes, the management group apart. */
  const inPrivate = async (turn: Turn): Promise<boolean> =>
    turn.room === null || (await grid.room(turn.room))?.management === true;

  return {
    forStaff: ['account.issue', 'account.who', 'account.confirm'],
    // 确认 1 may be said of anything while no list was shown.
    fits: { 'account.confirm': ({ shown }) => Promise.resolve((shown[bindList] ?? []).length > 0) },
    verbs: {
      ...whoIsWhoVerbs({ ...deps, inPrivate, bindsAnyone }),
      'account.bind': async (turn, { code }) => {
        if (typeof code !== 'string' || code === '') return { text: say.noCode };
        const member = await members.bindByCode(turn.contact, code, turn.message);
        return { text: say.bound(member.name), change: null };
      },
      'account.issue': async (turn, { name, choice }) => {
        if (!bindsAnyone(turn.actor)) throw new AppError('access.denied', 403, { action: 'members.bind' });
        if (!(await inPrivate(turn))) return { text: say.inPrivate };
        if (typeof choice === 'string') {
          const chosen = await members.get(choice);
          return chosen === null ? { text: say.unknownName } : issue(turn, chosen);
        }
        const wanted = typeof name === 'string' ? name.trim() : '';
        if (wanted === '') return { text: say.noName };
        const named = await members.named(wanted);
        const own = named.filter((member) => may(turn.actor, 'members.bind', member.grid));
        const found = own.length > 0 ? own : named;
        const [only] = found;
        if (only === undefined) return { text: say.unknownName };
        if (found.length === 1) return issue(turn, only);
        return {
          text: say.whichMember(found),
          ask: { verb: 'account.issue', slots: { name }, accepts: ['number'], options: found.map(({ _id }) => _id) },
        };
      },
      'subscription.stop': async (turn) => {
        await members.stop(turn.person, turn.message);
        return { text: say.stopped, change: null };
      },
      'subscription.start': async (turn) => {
        await members.resume(turn.person);
        return { text: say.resumed, change: null };
      },
    },
  };
}

function bindsAnyone(actor: Actor): boolean {
  return actor.system === true || actor.grants.some(({ scope }) => may(actor, 'members.bind', scope));
}
