import { openQuestion, undoWithinMs, type Action, type Dialogue } from '../../src/messages/index.ts';
import type { Heard, Skill, Slots, Turn } from '../skills/skill.ts';
import { endsDialogue, isCourtesy, looksLikeAnswer, parseAnswer } from '../understanding/answers.ts';
import { parseCommand, type Command } from '../understanding/commands.ts';

/** What kinds of things besides text and pictures came with the message. */
export interface Seen {
  readonly turn: Turn;
  readonly dialogue: Dialogue | null;
  /** Only its beginning was read. */
  readonly tooLong: boolean;
  /** Voice, sticker, file, video: nothing the bot can read. */
  readonly unreadable: boolean;
  /** The message that was recalled, by its inbox id. */
  readonly recalls: string | null;
}

export interface Recognised {
  readonly action: Action;
  /** It answered the open question. */
  readonly answers: boolean;
  /** Kept instead of what was written. */
  readonly text?: string;
}

/** Verbs that the chat layer answers itself. */
export const own = {
  fallback: 'talk.fallback',
  courtesy: 'talk.courtesy',
  unreadable: 'talk.unreadable',
  photo: 'talk.photo',
  expired: 'talk.expired',
  ended: 'talk.ended',
  nothingToUndo: 'talk.nothing-to-undo',
  tooLateToUndo: 'talk.too-late-to-undo',
  recalled: 'talk.recalled',
  undoRecalled: 'talk.undo-recalled',
  tooLong: 'talk.too-long',
} as const;

const act = (verb: string, slots: Slots = {}): Recognised => ({ action: { verb, slots }, answers: false });
const fromSkill = ({ verb, slots, forgetsText }: Heard, answers: boolean): Recognised => ({
  action: { verb, slots },
  answers,
  ...(forgetsText === true ? { text: '' } : {}),
});
/** Words of daily talk: without something open that they fit, they are no commands. */
const soft = new Set(['notice.ack', 'activity.offer', 'more']);

export type Verbs = ReadonlyMap<string, Skill>;

async function command(verbs: Verbs, seen: Seen, alone: boolean): Promise<Command | null> {
  const found = parseCommand(seen.turn.text);
  if (found === null || found.verb === 'undo') return found;
  const skill = verbs.get(found.verb);
  if (skill === undefined) return null;
  if (!alone && !seen.turn.management && skill.forStaff?.includes(found.verb) === true && !isForm(seen.turn, found))
    return null;
  const fits = skill.fits?.[found.verb];
  if (fits !== undefined && (soft.has(found.verb) || !alone) && !(await fits(seen.turn, found.slots))) return null;
  return found;
}

/** A cadre's filled-in form in the wrong group is meant for the bot. */
const isForm = (turn: Turn, { slots }: Command): boolean =>
  turn.actor.grants.length > 0 && Object.keys(slots['fields'] ?? {}).length > 0;

function undo(dialogue: Dialogue | null, now: Date): Recognised {
  const change = dialogue?.change ?? null;
  if (change === null) return act(own.nothingToUndo);
  if (Math.abs(now.getTime() - change.at.getTime()) > undoWithinMs) return act(own.tooLateToUndo);
  return act(change.verb, change.slots);
}

function answer(seen: Seen, alone: boolean): Recognised | null {
  const { turn, dialogue } = seen;
  const question = openQuestion(dialogue, turn.at);
  if (question === null) return null;
  const to = (more: Slots): Recognised => {
    const { verb, slots } = question;
    if (verb !== own.undoRecalled) return { action: { verb, slots: { ...slots, ...more } }, answers: true };
    const undone =
      more['yes'] === true ? { verb: String(slots['verb']), slots: { ...(slots['slots'] as Slots) } } : null;
    return { action: undone ?? { verb: own.ended, slots: {} }, answers: true };
  };
  if (turn.images.length > 0) return question.accepts.includes('photo') ? to({ images: turn.images }) : null;
  const reply = parseAnswer(turn.text, question.accepts, alone);
  if (reply !== null) {
    if (!('number' in reply)) return to({ ...reply });
    const choice = question.options[reply.number - 1];
    return to({ number: reply.number, ...(choice === undefined ? {} : { choice }) });
  }
  return endsDialogue(turn.text) ? { action: { verb: own.ended, slots: {} }, answers: true } : null;
}

/** Something that is neither a command nor an answer, and yet concerns a skill. */
async function heard(verbs: Verbs, turn: Turn): Promise<Recognised | null> {
  for (const { hears } of new Set(verbs.values())) {
    const found = (await hears?.(turn)) ?? null;
    if (found !== null) return fromSkill(found, false);
  }
  return null;
}

/** An answer, as the skill that asked reads it. */
async function read(verbs: Verbs, turn: Turn, answered: Recognised): Promise<Recognised> {
  const { verb, slots } = answered.action;
  const reader = verbs.get(verb)?.answers?.[verb];
  return reader === undefined ? answered : fromSkill(await reader(turn, slots), true);
}

/**
 * What the bot will do about a message, or null: silence. In a group it speaks only to a mention, an exact
 * command, what a skill hears (a 接龙), or the sender's own open dialogue; in a direct chat it always answers.
 * Reads only.
 */
export async function recognise(verbs: Verbs, seen: Seen): Promise<Recognised | null> {
  const recognised = await understood(verbs, seen);
  return recognised !== null && seen.tooLong ? act(own.tooLong) : recognised;
}

async function understood(verbs: Verbs, seen: Seen): Promise<Recognised | null> {
  const recognised = await recognisedIn(verbs, seen);
  return recognised?.answers === true ? read(verbs, seen.turn, recognised) : recognised;
}

async function recognisedIn(verbs: Verbs, seen: Seen): Promise<Recognised | null> {
  const { turn, dialogue } = seen;
  const alone = turn.room === null || turn.mention;
  if (seen.recalls !== null) {
    const change = dialogue?.change ?? null;
    const undoable = change !== null && change.from === seen.recalls;
    return undoable ? act(own.recalled, { verb: change.verb, slots: change.slots }) : null;
  }
  if (turn.images.length > 0) return answer(seen, alone) ?? (alone ? act(own.photo) : null);
  if (seen.unreadable) return alone ? act(own.unreadable) : null;
  const found = await command(verbs, seen, alone);
  if (found?.verb === 'undo') return undo(dialogue, turn.at);
  if (found?.verb === 'notice.ack' && !/收到|收倒/u.test(turn.text)) {
    // 要得 may as well answer what was asked.
    const replied = answer(seen, alone);
    if (replied !== null) return replied;
  }
  if (found !== null) return act(found.verb, found.slots);
  const told = await heard(verbs, turn);
  if (told !== null) return told;
  const replied = answer(seen, alone);
  if (replied !== null || !alone) return replied;
  if (isCourtesy(turn.text)) return act(own.courtesy);
  const wasAsked = dialogue?.question ?? null;
  if (wasAsked !== null && looksLikeAnswer(turn.text)) return act(own.expired);
  return act(own.fallback);
}
