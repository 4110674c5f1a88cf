import type { Key } from './keys.ts';
import type { Kv } from './kv.ts';
import type { Row } from './rows.ts';
import type { Doc } from './values.ts';

/** Rows that are kept decoded: so many bytes as they are written, twice. In memory they are several times as large. */
const keptBytes = 2_000_000;
/** Answers of one collection that are remembered, and how long one may be. */
const mostAnswers = 200;
const longestAnswer = 100;
/** The collection or index that a key belongs to. */
const spaceOf = (key: Key): Key => key.slice(0, 2);

/**
 * Keeps the rows that were read or written last, so that they need not be read and decoded again. It stands where
 * one process alone writes, and all of it through here: what is being written is not known until it is written.
 * The rows are its own; nobody may change them.
 */
export interface KeptKv extends Kv {
  known(key: Key): Row | undefined;
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

  function keep(key: Key, row: Row, bytes: number): void {
    if (touched.has(key)) return;
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
    keep,
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
      if (written) for (const [key, held] of rows) if (held !== null) keep(key, held.row, held.size);
    },
  };
}

/** Answers to queries of one collection that were given since it was last changed. */
export interface Answers {
  /** The documents that were found then; those of `ask` otherwise. */
  of(question: string, ask: () => readonly Doc[]): readonly Doc[];
}

export function rememberAnswers(version: () => number | null): Answers {
  let answers = new Map<string, readonly Doc[]>();
  let of: number | null = null;
  return {
    of(question, ask) {
      const now = version();
      if (now === null) return ask();
      if (now !== of) {
        if (answers.size > 0) answers = new Map();
        of = now;
      }
      const known = answers.get(question);
      if (known !== undefined) return known;
      const found = ask();
      if (found.length > longestAnswer) return found;
      if (answers.size >= mostAnswers) answers = new Map();
      answers.set(question, found);
      return found;
    },
  };
}
