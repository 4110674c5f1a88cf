import { openBook, type Book } from './jielong-book.ts';
import { isTopic, topicOf } from './jielong-head.ts';
import { lineReader, type ReadLine } from './jielong-line.ts';
import { listOf } from './jielong-list.ts';
import {
  emptyChain,
  emptyState,
  isChainLike,
  targetOf,
  withChain,
  withForeign,
  writeCopy,
  writeSentence,
} from './jielong-reader.ts';
import { openRoom, type Room } from './jielong-room.ts';
import { readSentence } from './jielong-sentence.ts';
import { readCopies, type Copy } from './jielong-text.ts';
import type {
  Chain,
  ChainAnswer,
  ChainCall,
  ChainEntry,
  ChainMessage,
  ChainPerson,
  ChainQuestion,
  ChainReading,
  ChainState,
} from './jielong-types.ts';

export type * from './jielong-types.ts';

/** The chain of that activity is the current one, as after the bot has posted a call that begins a 接龙. */
export function beginChain(state: ChainState | null, activity: string): ChainState {
  const { foreign, chains } = state ?? emptyState;
  return {
    current: activity,
    foreign: { ...foreign, current: false },
    chains: { ...chains, [activity]: chains[activity] ?? emptyChain },
  };
}

const numbered = /接[龙龍]|^\s*[^\p{L}\s]*(?:\d|[一二三四五六七八九十①-⑳❶-❿⒈-⒛㈠-㈩⑴-⒇])/mu;

/** Whether a message is worth giving to `readChain`: it says 接龙, or a line of it begins with a number. */
export const mayBeChain = (text: string): boolean => numbered.test(text) || numbered.test(text.normalize('NFKC'));

/** Text longer than this isn't read further: WeChat itself sends no more. */
const longest = 20_000;
/**
 * Reads a message of a group as a copy of a 接龙. Null: it isn't one, and nothing is worth remembering.
 * `calls`: the activities with an open call in the room, soonest first; `people`: the room's grid.
 */
export function readChain(
  state: ChainState | null,
  calls: readonly ChainCall[],
  people: readonly ChainPerson[],
  message: ChainMessage,
): ChainReading | null {
  const text = message.text.slice(0, longest);
  if (!mayBeChain(text)) return null;
  const room = openRoom(people);
  const read = lineReader(room, message.from);
  let now = state ?? emptyState;
  let reading: ChainReading | null = null;
  for (const copy of readCopies(text, room.isName)) {
    const next = readCopy(now, copy, calls, room, read, message);
    if (next === null) continue;
    now = next.state;
    reading =
      reading === null || reading.activity === null || next.activity === null
        ? latest(reading, next)
        : both(reading, next);
  }
  return reading;
}

/** Of two copies in one message the one that belongs to an activity tells what happened. */
const latest = (first: ChainReading | null, then: ChainReading): ChainReading =>
  first === null || then.activity !== null ? then : { ...first, state: then.state };

function both(first: ChainReading, then: ChainReading): ChainReading {
  if (first.activity !== then.activity) return then.changes.length > 0 ? then : { ...first, state: then.state };
  return { ...then, changes: [...first.changes, ...then.changes], questions: [...first.questions, ...then.questions] };
}

function readCopy(
  state: ChainState,
  copy: Copy,
  calls: readonly ChainCall[],
  room: Room,
  read: ReadLine,
  message: ChainMessage,
): ChainReading | null {
  const { from, at } = message;
  const list = listOf(copy, read);
  if (list.length === 0 && copy.items.length === 0 && copy.marked)
    return readSaid(state, copy, calls, room, read, message);
  if (copy.items.length === 0 && list.length === 0) return null;
  if (!copy.marked && !isChainLike(state, copy, list, read)) return null;
  const activity = targetOf(state, copy, list, calls, read, at);
  if (activity === undefined) return null;
  if (activity === null) return { activity, state: withForeign(state, copy, list), changes: [], questions: [] };
  return written(state, activity, calls, (before, book) => writeCopy(before, book, copy, list, read, from));
}

/** What becomes of the chain, and what that changes and asks. */
function written(
  state: ChainState,
  activity: string,
  calls: readonly ChainCall[],
  write: (before: Chain, book: Book) => Chain,
): ChainReading {
  const before = state.chains[activity] ?? emptyChain;
  const book = openBook(before);
  const chain = write(before, book);
  return {
    activity,
    state: withChain(state, activity, { ...chain, ...book.close() }, calls),
    changes: book.changes(),
    questions: book.asked(),
  };
}

/** 接龙 我也去, 接龙 星期六扯草 梁大爷和吴嬢嬢都去. */
function readSaid(
  state: ChainState,
  copy: Copy,
  calls: readonly ChainCall[],
  room: Room,
  read: ReadLine,
  message: ChainMessage,
): ChainReading | null {
  const { from, at } = message;
  const text = copy.head.map(({ plain }) => plain).join(' ');
  const raw = copy.head.map((line) => line.raw).join(' ');
  if (text.length > 200) return null;
  const { parsed, rest } = readSentence({ raw, plain: text }, room, from, (word) => isTopic(word, calls));
  const topic = topicOf(rest, calls, at);
  if (topic === 'other') return null;
  const activity = topic === 'open' ? targetOf(state, { ...copy, head: [] }, [], calls, read, at) : topic.about;
  if (activity === undefined || activity === null) return null;
  if (parsed.length === 0) {
    // A head alone begins a chain: what follows without a head belongs to it.
    return topic === 'open' ? null : written(state, activity, calls, (before) => before);
  }
  return written(state, activity, calls, (before, book) => writeSentence(before, book, parsed, text, from));
}

/** Settles an open question; one that is closed already, or an answer that doesn't fit it, changes nothing. */
export function answerChain(state: ChainState, activity: string, question: string, answer: ChainAnswer): ChainReading {
  const before = state.chains[activity] ?? emptyChain;
  const book = openBook(before);
  book.settle(question, answer);
  const chains = { ...state.chains, [activity]: { ...before, ...book.close() } };
  return { activity, state: { ...state, chains }, changes: book.changes(), questions: [] };
}

/** The entries (cancelled ones included, `live` false) and open questions of an activity. */
export function chainOf(
  state: ChainState | null,
  activity: string,
): { entries: readonly ChainEntry[]; questions: readonly ChainQuestion[] } {
  const { entries = [], questions = [] } = state?.chains[activity] ?? {};
  return { entries, questions };
}
