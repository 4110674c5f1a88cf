import type { DialoguePatch, InboxTask } from '../../src/messages/index.ts';
import type { Answer, Turn } from '../skills/skill.ts';

/** What the answer does to the open question: a new one, or null when it closes the one that was open. */
function questionOf({ ask, keepsQuestion }: Answer, wasOpen: boolean): Pick<DialoguePatch, 'question'> {
  if (ask !== undefined) {
    const { verb, slots, accepts, options = [] } = ask;
    return { question: { verb, slots: { ...slots }, accepts: [...accepts], options: [...options] } };
  }
  return wasOpen && keepsQuestion !== true ? { question: null } : {};
}

/** What 撤销 would call from now on. */
function changeOf({ change }: Answer, turn: Turn, undone: boolean): Pick<DialoguePatch, 'change'> {
  if (change === undefined) return undone ? { change: null } : {};
  return { change: change === null ? null : { verb: change.verb, slots: { ...change.slots }, from: turn.message } };
}

/** What the answer changes in the dialogue; null when nothing does. */
export function patchOf(turn: Turn, task: InboxTask, answer: Answer, wasOpen: boolean): DialoguePatch | null {
  const patch: DialoguePatch = {
    ...questionOf(answer, wasOpen),
    ...(answer.shown === undefined ? {} : { shown: answer.shown }),
    ...changeOf(answer, turn, task.action.verb.endsWith('.undo')),
  };
  return Object.keys(patch).length === 0 ? null : patch;
}
