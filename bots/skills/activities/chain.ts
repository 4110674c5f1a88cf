import type { Activity, ChainLine, LineOutcome, LineRequest } from '../../../src/activities/index.ts';
import { isAppError } from '../../../src/shared/errors.ts';
import * as say from '../../../templates/activities.chain.ts';
import { unchanged } from '../../../templates/activities.ts';
import type { ChainChange, ChainState } from '../../understanding/jielong.ts';
import type { Answer, Heard, Skill, Slots, Turn, Verb } from '../skill.ts';
import { chainQuestions, type Open } from './chain.ask.ts';
import { createChainReader, heardOf, keyOf, readOf, type Read } from './chain.read.ts';
import { afterAll, doneBy, newsOf, type Told } from './chain.told.ts';
import { undoChain } from './chain.undo.ts';
import type { Deps } from './parts.ts';

/** 接龙: a copy of the list is read, what is new on it is done, and said in one message. */
export function chainVerbs(deps: Deps): Required<Pick<Skill, 'hears' | 'answers'>> & {
  readonly verbs: Readonly<Record<string, Verb>>;
} {
  const { activities } = deps;
  const { lines, chains } = activities;
  const reader = createChainReader(deps);
  const { forOthers, questionAfter } = chainQuestions(deps);

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
      return { text: turn.mention ? say.notOurs : null };
    }
    const told: Told[] = [];
    for (const change of read.changes) told.push(await apply(turn, room, read, id, change));
    const others = await forOthers(turn, afterAll(read.state, id, told), id, read.questions);
    await keep(turn, room, read, others.state);
    return answerTo(turn, read, (await activities.get(id)) ?? activity, told, others);
  }

  async function answerTo(
    turn: Turn,
    read: Read,
    activity: Activity,
    told: readonly Told[],
    { state, open, refused }: Open,
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
    if (text === '')
      return { text: read.answered !== null ? unchanged : turn.mention ? say.nothingNew(activity) : null };
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
