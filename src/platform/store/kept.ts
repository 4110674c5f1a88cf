import type { Key } from './keys.ts';
import type { Kv } from './kv.ts';
import type { Row } from './rows.ts';

/** Of rows that are kept decoded: so many bytes as they are written, twice. In memory they are several times as large. */
const keptBytes = 2_000_000;
/** Answers of one collection that are remembered, and how long one may be. */
const mostAnswers = 200;
const longestAnswer = 100;
/** Keys and questions whose last mention is remembered. */
const rowsMentioned = 8_192;
const questionsMentioned = 512;

/**
 * Knows what was mentioned lately, roughly: what is asked for once is not worth keeping, and would only push out what is
 * asked for again and again.
 */
function rememberMentions(places: number): (text: string) => boolean {
  const mentioned = new Uint32Array(places);
  return (text) => {
    let hash = 0x811c9dc5;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    const place = (hash ^ (hash >>> 15)) & (places - 1);
    const before = mentioned[place] === hash >>> 0;
    mentioned[place] = hash >>> 0;
    return before;
  };
}

/** The collection or index that a key belongs to. */
const spaceOf = (key: Key): Key => key.slice(0, 2);

/**
 * Keeps the rows that are read again and again, so that they need not be read and decoded each time. It stands where
 * one process alone writes, and all of it through here: what is being written is not known until it is written.
 * The rows are its own; nobody may change them.
 */
export interface KeptKv extends Kv {
  known(key: Key): Row | undefined;
  /** Keeps a row that was read, if it was read lately before. */
  keep(key: Key, row: Row, size: number): void;
  /** Grows with each commit that touches the collection; null while one is on its way. */
  version(space: Key): number | null;
}

export function keepRows(kv: Kv): KeptKv {
  let young = new Map<Key, Row>();
  let old = new Map<Key, Row>();
  let size = 0;
  /** What the commit on its way touches. */
  let touched: ReadonlyMap<Key, unknown> = new Map();
  const moving = new Set<Key>();
  const versions = new Map<Key, number>();

  const wasMentioned = rememberMentions(rowsMentioned);

  function add(key: Key, row: Row, bytes: number): void {
    row.kept = true;
    young.set(key, row);
    size += bytes;
    if (size < keptBytes) return;
    old = young;
    young = new Map();
    size = 0;
  }

  return {
    ...kv,
    known(key) {
      const row = young.get(key);
      if (row !== undefined) return row;
      const older = old.get(key);
      if (older !== undefined) young.set(key, older);
      return older;
    },
    keep(key, row, bytes) {
      if (!touched.has(key) && wasMentioned(key)) add(key, row, bytes);
    },
    version: (space) => (moving.has(space) ? null : (versions.get(space) ?? 0)),
    async commit(writes, rows = new Map()) {
      touched = rows;
      for (const key of rows.keys()) {
        young.delete(key);
        old.delete(key);
        moving.add(spaceOf(key));
      }
      let written = false;
      try {
        await kv.commit(writes);
        written = true;
      } finally {
        touched = new Map();
        for (const space of moving) versions.set(space, (versions.get(space) ?? 0) + 1);
        moving.clear();
      }
      if (written) for (const [key, held] of rows) if (held?.keep === true) add(key, held.row, held.size);
    },
  };
}

/** Rows that answer a question; where they are remembered they are not to be changed. */
export interface Answer {
  readonly rows: readonly Row[];
  readonly remembered: boolean;
}

/** Answers to queries of one collection that were given since it was last changed. */
export interface Answers {
  /** What was found then; what `ask` finds otherwise. */
  of(question: string, ask: () => readonly Row[]): Answer;
}

export function rememberAnswers(version: () => number | null): Answers {
  let answers = new Map<string, Answer>();
  let of: number | null = null;
  const wasMentioned = rememberMentions(questionsMentioned);
  return {
    of(question, ask) {
      const now = version();
      if (now === null) return { rows: ask(), remembered: false };
      if (now !== of) {
        if (answers.size > 0) answers = new Map();
        of = now;
      }
      const known = answers.get(question);
      if (known !== undefined) return known;
      const rows = ask();
      const remembered = rows.length <= longestAnswer && wasMentioned(question);
      const answer = { rows, remembered };
      if (!remembered) return answer;
      if (answers.size >= mostAnswers) answers = new Map();
      answers.set(question, answer);
      return answer;
    },
  };
}
