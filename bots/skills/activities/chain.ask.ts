import { childrenLeft } from './children.ts';
import * as say from '../../../templates/activities.chain.ts';
import { answerChain, chainOf, type ChainQuestion, type ChainState } from '../../understanding/jielong.ts';
import type { Question, Turn } from '../skill.ts';
import type { Read } from './chain.read.ts';
import type { Told } from './chain.told.ts';
import { choiceOf, rowRef, type Deps } from './parts.ts';

/** What is open after a copy was read. */
export interface Open {
  readonly state: ChainState;
  /** To be asked, in this order. */
  readonly open: readonly ChainQuestion[];
  /** Whom the sender can't speak for, as written. */
  readonly refused: readonly string[];
}

/** The questions that a copy of a 接龙 leaves. */
export function chainQuestions({ activities, members }: Pick<Deps, 'activities' | 'members'>) {
  /** Only somebody of the household may change another's sign-up; the others' questions are closed, and said so. */
  async function forOthers(
    turn: Turn,
    state: ChainState,
    activity: string,
    asked: readonly ChainQuestion[],
  ): Promise<Open> {
    let now = state;
    const open: ChainQuestion[] = [];
    const refused: string[] = [];
    for (const question of asked) {
      const entry = chainOf(now, activity).entries.find(({ key }) => key === question.entry);
      if (
        question.kind !== 'change' ||
        entry?.live !== true ||
        (await speaksFor(turn, entry.member ?? entry.signedBy))
      ) {
        open.push(question);
        continue;
      }
      now = answerChain(now, activity, question.key, { yes: false }).state;
      refused.push(question.word);
    }
    return { state: now, open, refused };
  }

  async function speaksFor(turn: Turn, person: string): Promise<boolean> {
    if (turn.member === null) return false;
    const other = await members.get(person);
    return other !== null && other.household === turn.actor.household;
  }

  async function ask(
    state: ChainState,
    activity: string,
    question: ChainQuestion,
  ): Promise<{ text: string; ask: Question }> {
    const { word, kind, options, people = 1 } = question;
    const slots = { activity, question: question.key };
    const to = (text: string, accepts: Question['accepts'], more: Partial<Question> = {}) => ({
      text,
      ask: { verb: 'activity.chain.answer', slots, accepts, ...more },
    });
    switch (kind) {
      case 'who': {
        const known = (await Promise.all(options.map((id) => members.get(id)))).filter((member) => member !== null);
        const choices = await Promise.all(known.map((member) => choiceOf(members, member)));
        return to(say.who(word, choices), ['number'], { options: [...choices.map(({ member }) => member), 'none'] });
      }
      case 'how-many':
        return to(say.howMany(word), ['number']);
      case 'tentative':
        return to(say.tentative(word), ['yes-no']);
      case 'change':
        return to(changeAsked(state, activity, question)(word, people), ['yes-no']);
    }
  }

  /** One question at a time, the most urgent first; the reader's others stay open and follow its answer. */
  async function questionAfter(
    turn: Turn,
    read: Read,
    activity: string,
    told: readonly Told[],
    state: ChainState,
    open: readonly ChainQuestion[],
  ): Promise<{ readonly text: string; readonly ask: Question } | null> {
    const gone = told.flatMap(({ outcome }) => (outcome.kind === 'left' && outcome.row !== null ? outcome.row : []));
    const children = await childrenLeft(activities, gone);
    if (children !== null) return children;
    for (const { line, outcome } of told) {
      if (outcome.kind !== 'other-number') continue;
      const { row, people } = outcome;
      const slots = { row: rowRef(row), people };
      return {
        text: say.otherNumber(line.name, people),
        ask: { verb: 'activity.resize', slots, accepts: ['yes-no'] },
      };
    }
    const waiting = chainOf(state, activity).questions.filter(({ from }) => from === turn.person);
    const next = open[0] ?? (read.answered === null ? undefined : waiting[0]);
    return next === undefined ? null : ask(state, activity, next);
  }

  return { forOthers, questionAfter };
}

function changeAsked(state: ChainState, activity: string, { entry, leaves }: ChainQuestion) {
  const live = chainOf(state, activity).entries.some((one) => one.key === entry && one.live);
  return leaves === true ? say.leaves : live ? say.changes : say.comesAgain;
}
