import type { Activity, ChainLine, LineOutcome, LineRequest, Signup } from '../../../src/activities/index.ts';
import { isAppError } from '../../../src/shared/errors.ts';
import * as say from '../../../templates/activities.chain.ts';
import {
  answerChain,
  chainOf,
  type ChainChange,
  type ChainEntry,
  type ChainQuestion,
  type ChainState,
} from '../../understanding/jielong.ts';
import type { Answer, Heard, Question, Skill, Slots, Turn, Verb } from '../skill.ts';
import { correct, createChainReader, heardOf, keyOf, readOf, type Read } from './chain.read.ts';
import { undoChain, type Done } from './chain.undo.ts';
import { childrenLeft } from './children.ts';
import { choiceOf, rowRef, type Deps } from './parts.ts';

/** How one line came out. */
interface Told {
  readonly change: ChainChange;
  readonly line: ChainLine;
  readonly outcome: LineOutcome | { readonly kind: 'refused'; readonly code: string };
}

/** 接龙: a copy of the list is read, what is new on it is done, and said in one message. */
export function chainVerbs(deps: Deps): Required<Pick<Skill, 'hears' | 'answers'>> & {
  readonly verbs: Readonly<Record<string, Verb>>;
} {
  const { activities, members } = deps;
  const { lines, chains } = activities;
  const reader = createChainReader(deps);

  function lineOf(turn: Turn, room: string, { kind, entry }: ChainChange): ChainLine {
    const { member, name, people, signedBy, companions = [] } = entry;
    return {
      key: keyOf(room, entry),
      member,
      name,
      people,
      companions,
      signedBy: kind === 'join' ? turn.person : signedBy,
    };
  }

  async function apply(turn: Turn, room: string, read: Read, activity: string, change: ChainChange): Promise<Told> {
    const line = lineOf(turn, room, change);
    const request: LineRequest = {
      from: turn.message,
      activity,
      room,
      person: turn.person,
      name: turn.name,
      line,
      agreed: read.answered !== null,
      together: read.changes.flatMap(({ kind, entry }) => (kind === 'join' ? (entry.member ?? []) : [])),
    };
    try {
      return { change, line, outcome: await act(request, change) };
    } catch (fault) {
      const told = isAppError(fault) && fault.code in say.reasons;
      if (!told) throw fault;
      return { change, line, outcome: { kind: 'refused', code: fault.code } };
    }
  }

  function act(request: LineRequest, change: ChainChange): Promise<LineOutcome> {
    switch (change.kind) {
      case 'join':
        return lines.join(request);
      case 'people':
        return lines.setPeople({ ...request, was: change.was });
      case 'leave':
        return lines.leave(request);
      case 'who':
        return lines.identify(request);
    }
  }

  /** What the list says differently from what came of it: a refused line may be written anew. */
  function afterAll(state: ChainState, activity: string, told: readonly Told[]): ChainState {
    const really = new Map<string, Partial<ChainEntry>>();
    for (const { change, outcome } of told) {
      if (outcome.kind !== 'refused' && outcome.kind !== 'few') continue;
      const { key } = change.entry;
      if (change.kind === 'join') really.set(key, { live: false });
      else if (change.kind === 'people') really.set(key, { people: change.was });
      else if (change.kind === 'leave') really.set(key, { live: true });
    }
    return really.size === 0 ? state : correct(state, activity, ({ key }) => really.get(key) ?? null);
  }

  /** Only somebody of the household may change another's sign-up; the others' questions are closed, and said so. */
  async function forOthers(turn: Turn, state: ChainState, activity: string, asked: readonly ChainQuestion[]) {
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

  /** Keeps the state, unless another message of the room was read since; then the next copy tells anew. */
  async function keep(turn: Turn, room: string, read: Read, state: ChainState): Promise<void> {
    await chains.save(room, { state: JSON.stringify(state), rev: read.rev, from: turn.message });
  }

  async function take(turn: Turn, slots: Slots): Promise<Answer> {
    const { room } = turn;
    if (room === null) return { text: null };
    let read = readOf(slots);
    const row = await chains.of(room);
    const stale = (row?.rev ?? 0) !== read.rev && row?.from !== turn.message;
    // Another process has read a message of this room since; this one's own words are still at hand.
    if (stale && turn.text !== '' && read.answered === null) read = (await reader.read(turn)) ?? read;
    const { activity: id } = read;
    const activity = id === null ? null : await activities.get(id);
    if (id === null || activity === null) {
      await keep(turn, room, read, read.state);
      return { text: null };
    }
    const told: Told[] = [];
    for (const change of read.changes) told.push(await apply(turn, room, read, id, change));
    const others = await forOthers(turn, afterAll(read.state, id, told), id, read.questions);
    await keep(turn, room, read, others.state);
    return answerTo(turn, read, (await activities.get(id)) ?? activity, told, others);
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

  async function answerTo(
    turn: Turn,
    read: Read,
    activity: Activity,
    told: readonly Told[],
    { state, open, refused }: Awaited<ReturnType<typeof forOthers>>,
  ): Promise<Answer> {
    const done = told.flatMap(({ change, line, outcome }) => doneBy(change, line, outcome));
    const news = newsOf(told, refused, done.length > 0);
    const something = Object.values(news).some((part) => Array.isArray(part) && part.length > 0);
    const question = await questionAfter(turn, read, activity._id, told, state, open);
    const change = { verb: 'activity.chain.undo', slots: { activity: activity._id, done } };
    const text = [
      ...(something ? [say.chain(activity, news)] : []),
      ...(question === null ? [] : [question.text]),
    ].join('\n');
    if (text === '') return { text: read.answered === null ? null : say.settled };
    return {
      text,
      ...(question === null ? {} : { ask: question.ask }),
      ...(done.length > 0
        ? { change }
        : told.some(({ outcome }) => outcome.kind === 'identified')
          ? { change: null }
          : {}),
    };
  }

  return {
    async hears(turn): Promise<Heard | null> {
      const read = await reader.read(turn);
      return read === null ? null : heardOf(read);
    },
    answers: {
      async 'activity.chain.answer'(turn, slots) {
        const read = await reader.answer(turn, slots);
        return read === null ? { verb: 'activity.chain.answer', slots: {} } : heardOf(read);
      },
    },
    verbs: {
      'activity.chain': take,
      // Its question was settled meanwhile.
      'activity.chain.answer': () => Promise.resolve({ text: say.settled }),
      'activity.chain.undo': undoChain(deps),
    },
  };
}

function changeAsked(state: ChainState, activity: string, { entry, leaves }: ChainQuestion) {
  const live = chainOf(state, activity).entries.some((one) => one.key === entry && one.live);
  return leaves === true ? say.leaves : live ? say.changes : say.comesAgain;
}

const endedRow = (row: Signup | null): string | null => (row?.status === 'cancelled' ? `${row._id}@${row.seq}` : null);

/** What 撤销 turns round. */
function doneBy({ kind }: ChainChange, line: ChainLine, outcome: Told['outcome']): Done[] {
  switch (outcome.kind) {
    case 'joined':
      return [{ what: 'join', line }];
    case 'resized':
      return kind === 'people' ? [{ what: 'people', line, was: outcome.was }] : [];
    case 'left':
      return [{ what: 'leave', line, row: endedRow(outcome.row) }];
    default:
      return [];
  }
}

function newsOf(told: readonly Told[], others: readonly string[], undoable: boolean): say.ChainNews {
  const joined: say.Listed[] = [];
  const waiting: (say.Listed & { position: number })[] = [];
  const changed: (say.Listed & { was: number })[] = [];
  const left: string[] = [];
  const identified: { word: string; name: string }[] = [];
  const refused = others.map((name) => ({ name, reason: say.reasons['activities.not-yours'] ?? '' }));
  for (const { line, outcome } of told) {
    const { name, people } = line;
    switch (outcome.kind) {
      case 'joined':
        if (outcome.row.status === 'confirmed') joined.push({ name, people });
        else waiting.push({ name, people, position: outcome.position });
        break;
      case 'resized':
        changed.push({ name, people, was: outcome.was });
        break;
      case 'left':
        left.push(name);
        break;
      case 'identified':
        identified.push({ word: name, name: outcome.row.name });
        break;
      case 'few':
        refused.push({ name, reason: say.reasons['few'] ?? '' });
        break;
      case 'refused':
        refused.push({ name, reason: say.reasons[outcome.code] ?? '' });
        break;
      case 'already':
      case 'counted':
      case 'other-number':
        break;
    }
  }
  return { joined, waiting, changed, left, identified, refused, undoable };
}
