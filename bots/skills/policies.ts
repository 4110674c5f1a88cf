import type { Policies, PolicyCard } from '../../src/policies/index.ts';
import * as say from '../../templates/policies.ts';
import type { Answer, Skill, Turn } from './skill.ts';

const most = 5;

/** Policy cards by their words; says so when it knows none. */
export function createPoliciesSkill(deps: { policies: Policies }): Skill {
  const { policies } = deps;

  async function show(turn: Turn, found: PolicyCard): Promise<Answer> {
    await policies.answered(turn.message, found._id);
    return { text: say.card(found) };
  }

  async function overview(): Promise<Answer> {
    const categories = [...new Set((await policies.current()).map(({ category }) => category))];
    return { text: categories.length === 0 ? say.none : say.categories(categories) };
  }

  async function ask(turn: Turn, query: string): Promise<Answer> {
    const found = await policies.matching(query);
    const [only] = found;
    if (found.length === 1 && only !== undefined) return show(turn, only);
    if (only === undefined) {
      await policies.answered(turn.message, null);
      return { text: say.unknown };
    }
    const listed = found.slice(0, most);
    return {
      text: say.which(listed.map(({ title }) => title)),
      ask: { verb: 'policy.choose', slots: {}, accepts: ['number'], options: listed.map(({ _id }) => _id) },
    };
  }

  return {
    verbs: {
      'policy.ask': (turn, slots) => (typeof slots['query'] === 'string' ? ask(turn, slots['query']) : overview()),
      'policy.choose': async (turn, slots) => {
        const choice = typeof slots['choice'] === 'string' ? await policies.get(slots['choice']) : null;
        return choice === null ? { text: say.gone } : show(turn, choice);
      },
    },
  };
}
