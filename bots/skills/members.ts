import type { Members } from '../../src/members/index.ts';
import * as say from '../../templates/members.ts';
import type { Skill } from './skill.ts';

/** Binding by code, 退订 and 订阅. */
export function createMembersSkill({ members }: { members: Members }): Skill {
  return {
    verbs: {
      'account.bind': async (turn, { code }) => {
        if (typeof code !== 'string' || code === '') return { text: say.noCode };
        const member = await members.bindByCode(turn.contact, code, turn.message);
        return { text: say.bound(member.name) };
      },
      'subscription.stop': async (turn) => {
        await members.stop(turn.person, turn.message);
        return { text: say.stopped };
      },
      'subscription.start': async (turn) => {
        await members.resume(turn.person);
        return { text: say.resumed };
      },
    },
  };
}
