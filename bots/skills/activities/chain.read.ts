import type { Activity } from '../../../src/activities/index.ts';
import type { Member } from '../../../src/members/index.ts';
import {
  answerChain,
  chainOf,
  mayBeChain,
  readChain,
  type ChainAnswer,
  type ChainCall,
  type ChainChange,
  type ChainEntry,
  type ChainPerson,
  type ChainQuestion,
  type ChainReading,
  type ChainState,
} from '../../understanding/jielong.ts';
import { foldText } from '../../../src/shared/text.ts';
import type { Heard, Slots, Turn } from '../skill.ts';
import { count, word, type Deps } from './parts.ts';

/** People of a grid are read again after so long. */
const peopleForMs = 60_000;

/** What was read in a message, with the room's state before (`rev`) and after. Plain data. */
export interface Read {
  readonly activity: string | null;
  readonly state: ChainState;
  readonly rev: number;
  readonly changes: readonly ChainChange[];
  readonly questions: readonly ChainQuestion[];
  /** The question that was answered. */
  readonly answered: string | null;
}

export interface ChainReader {
  /** What a message of a group says as a copy of a 接龙; null: none of the bot's business. Reads only. */
  read(turn: Turn): Promise<Read | null>;
  /** What the answer to an open question of the reader changes. Reads only. */
  answer(turn: Turn, slots: Slots): Promise<Read | null>;
}

/** Kept with the message, so that handling it again does the same; its text is not. */
export function heardOf(read: Read): Heard {
  const { state, ...rest } = read;
  return { verb: 'activity.chain', slots: { ...rest, state: JSON.stringify(state) }, forgetsText: true };
}

/** The reverse of `heardOf`: the slots were written there. */
export function readOf(slots: Slots): Read {
  const { state, ...rest } = slots;
  return { ...(rest as unknown as Omit<Read, 'state'>), state: JSON.parse(String(state)) as ChainState };
}

/** The key of a line among all rooms. */
export const keyOf = (room: string, { key }: Pick<ChainEntry, 'key'>): string => `${room}:${key}`;

/** The state with some entries as they really are. */
export function correct(
  state: ChainState,
  activity: string,
  really: (entry: ChainEntry) => Partial<ChainEntry> | null,
): ChainState {
  const chain = state.chains[activity];
  if (chain === undefined) return state;
  const entries = chain.entries.map((entry) => ({ ...entry, ...really(entry) }));
  return { ...state, chains: { ...state.chains, [activity]: { ...chain, entries } } };
}

const callOf = ({ _id, name, kind, garden, startsAt, meet, bring, content }: Activity): ChainCall => ({
  activity: _id,
  name,
  kind,
  garden,
  startsAt,
  meet,
  bring,
  content,
});
/** Beside a call that was not posted here, so that a chain that names nothing is not taken for it. */
const another = (call: ChainCall): ChainCall => ({
  ...call,
  activity: '',
  name: '',
  kind: '',
  garden: null,
  meet: null,
  content: null,
  startsAt: new Date(call.startsAt.getTime() + 36 * 3_600_000),
});

const personOf = ({ _id, name, nickname, sex, born, household, relation }: Member): ChainPerson => ({
  id: _id,
  name,
  nickname,
  sex,
  born,
  household,
  relation,
});

export function createChainReader({ activities, members, grid, clock }: Deps): ChainReader {
  const { chains } = activities;
  const known = new Map<string, { readonly at: number; readonly people: readonly ChainPerson[] }>();

  async function peopleIn(of: string): Promise<readonly ChainPerson[]> {
    const now = clock.now().getTime();
    const before = known.get(of);
    if (before !== undefined && Math.abs(now - before.at) < peopleForMs) return before.people;
    const people = (await members.inGrid(of)).map(personOf);
    known.set(of, { at: now, people });
    return people;
  }

  /** The room's grid, and the sender, who may be of another. */
  async function peopleFor(turn: Turn, of: string): Promise<readonly ChainPerson[]> {
    const people = await peopleIn(of);
    if (turn.member === null || people.some(({ id }) => id === turn.member)) return people;
    const sender = await members.get(turn.member);
    return sender === null ? people : [...people, personOf(sender)];
  }

  /** Sign-ups that ended and numbers that were changed by commands since the chain was written. */
  async function update(state: ChainState, room: string, person: string): Promise<ChainState> {
    let now = state;
    for (const [activity, { entries }] of Object.entries(state.chains)) {
      if (entries.length === 0) continue;
      const { ended, people } = await chains.now(activity, person);
      now = correct(now, activity, (entry) => {
        const key = keyOf(room, entry);
        const over = ended.keys.has(key) || (entry.member !== null && ended.persons.has(entry.member));
        const number = people.get(key);
        if (entry.live && over && number === undefined) return { live: false };
        return number === undefined || number === entry.people ? null : { people: number };
      });
    }
    return now;
  }

  async function stateIn(turn: Turn, room: string): Promise<{ state: ChainState | null; rev: number; text: string }> {
    const row = await chains.of(room);
    if (row === null) return { state: null, rev: 0, text: '' };
    const state = JSON.parse(row.state) as ChainState;
    return { state: await update(state, room, turn.person), rev: row.rev, text: row.state };
  }

  return {
    async read(turn) {
      const { room: id, text } = turn;
      if (id === null || !mayBeChain(text)) return null;
      const room = await grid.room(id);
      if (room === null || room.management) return null;
      const { state, rev, text: before } = await stateIn(turn, id);
      const { posted, near, far, past } = await chains.calls(id, room.grid);
      const ahead = [...posted, ...near, ...far.filter(isNamedIn(text))];
      const begun = past.filter(({ _id, callRooms }) => callRooms.includes(id) || state?.chains[_id] !== undefined);
      const calls = [...ahead, ...begun.filter((one) => !ahead.some(sameName(one)))];
      const all = calls.map(callOf);
      const [only, ...more] = all;
      if (only !== undefined && more.length === 0 && posted.length === 0) all.push(another(only));
      const people = await peopleFor(turn, room.grid);
      const message = { from: turn.person, text, at: turn.at };
      const wide = readChain(state, all, people, message);
      const here = wide?.activity == null ? readChain(state, posted.map(callOf), people, message) : null;
      const reading = here?.activity == null ? wide : here;
      return reading === null || reading.activity === ''
        ? null
        : worthKeeping({ ...reading, rev, answered: null }, asksAbout(turn) ? null : before);
    },

    async answer(turn, slots) {
      const { room } = turn;
      const activity = word(slots, 'activity');
      const question = word(slots, 'question');
      if (room === null || activity === undefined || question === undefined) return null;
      const { state, rev } = await stateIn(turn, room);
      if (state === null || !chainOf(state, activity).questions.some(({ key }) => key === question)) return null;
      return { ...answerChain(state, activity, question, answerIn(slots)), rev, answered: question };
    },
  };
}

const sameName =
  ({ name }: Activity) =>
  (other: Activity): boolean =>
    other.name === name;

/** What is for another grid must be named in full, or by its garden. */
const isNamedIn = (text: string): ((activity: Activity) => boolean) => {
  const said = foldText(text);
  return ({ name, garden }) => said.includes(foldText(name)) || (garden !== null && said.includes(foldText(garden)));
};

/** A copy with its head and a mention wants an answer; a number behind a mention may answer a question. */
const asksAbout = ({ mention, text }: Turn): boolean => mention && text.includes('接龙');

/** Nothing happened and nothing new is known: chatter. Null `before`: the bot was spoken to, and answers. */
function worthKeeping(read: Omit<ChainReading, 'activity'> & Read, before: string | null): Read | null {
  const { activity, state, rev, changes, questions, answered } = read;
  const silent = changes.length === 0 && questions.length === 0;
  if (silent && JSON.stringify(state) === before) return null;
  return { activity, state, rev, changes, questions, answered };
}

/** `none`: none of those that were shown. */
function answerIn(slots: Slots): ChainAnswer {
  const choice = word(slots, 'choice');
  const people = count(slots, 'number');
  const yes = slots['yes'];
  if (choice !== undefined) return { choice: choice === 'none' ? null : choice };
  if (typeof yes === 'boolean') return { yes };
  return people === undefined ? {} : { people };
}
