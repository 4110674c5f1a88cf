import type { GridQueries } from '../../src/grid/index.ts';
import * as say from '../../templates/grid.ts';
import type { Answer, Skill } from './skill.ts';

/** Who answers for a grid, with the published duty phone; personal numbers are never said. */
export function createGridSkill({ grid }: { grid: GridQueries }): Skill {
  async function officer(asked: string): Promise<Answer> {
    const duty = await grid.dutyOf(asked);
    if (duty === null) return { text: say.nobody };
    const phone = (await grid.dutyPhone(asked))?.phone ?? null;
    return { text: say.officer({ grid: asked, name: duty.member.name, as: duty.as, of: duty.grid, phone }) };
  }

  async function ask(): Promise<Answer> {
    const known = await grid.all();
    const leaves = known.filter(({ _id }) => !known.some(({ parent }) => parent === _id)).map(({ _id }) => _id);
    const [only] = leaves;
    if (only === undefined) return { text: say.noGrids };
    if (leaves.length === 1) return officer(only);
    return {
      text: say.which(leaves),
      ask: { verb: 'grid.contact', slots: {}, accepts: ['number'], options: leaves },
    };
  }

  return {
    reads: ['grid.contact'],
    verbs: {
      'grid.contact': async (turn, { choice, number }) => {
        if (typeof choice === 'string') return officer(choice);
        // A number that is not in the list: ask again.
        if (typeof number === 'number') return ask();
        // The grid that the sender names goes before the sender's own.
        const asked = (await grid.named(turn.text))?._id ?? turn.grid;
        return asked === null ? ask() : officer(asked);
      },
    },
  };
}
