import { chainOf, readChain, type ChainState } from '../../bots/understanding/jielong.ts';
import { calls, peopleOf } from './read-chains.ts';

export type Step = readonly [from: string, text: string];

/**
 * What a group's messages come to. `+ line` is the list so far with that line added, `= a\n= b` the same list
 * with other lines under it, anything else a message as it stands.
 */
export function readSteps(room: string, activities: string, head: string, steps: readonly Step[]): string {
  const open = calls.filter(({ activity }) => activities.split(' ').includes(activity));
  const people = peopleOf(room);
  let state: ChainState | null = null;
  let lines: string[] = [];
  for (const [from, given] of steps) {
    let text = given;
    if (given.startsWith('+ ')) lines = [...lines, ...given.slice(2).split('\n')];
    if (given.startsWith('= ')) lines = given.slice(2).split('\n');
    if (/^[+=] /u.test(given)) text = [head, '', ...lines.map((line, n) => `${n + 1}. ${line}`)].join('\n');
    state = readChain(state, open, people, { from, text, at: new Date('2026-03-18T09:30:00+08:00') })?.state ?? state;
  }
  return open
    .map(({ activity }) => chainOf(state, activity))
    .flatMap(({ entries, questions }) => [
      ...entries.filter(({ live }) => live).map((one) => `${one.member ?? one.name} ${one.people} ${one.signedBy}`),
      ...questions.map(({ kind, word }) => `? ${kind} ${word}`),
    ])
    .join(', ');
}
