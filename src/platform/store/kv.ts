import { above, type Key } from './keys.ts';
import { Ordered } from './ordered.ts';
import type { Row } from './rows.ts';

/** What can be read: the last commit, or a commit in the making. */
export interface Reader {
  /** Valid until the next call. */
  get(key: Key): Uint8Array | undefined;
  /** Keys from `start` up to but without `end`, backwards if asked. */
  keys(start: Key, end: Key, reverse?: boolean): Iterable<Key>;
  /** The row at that key where it is kept decoded; not to be changed. */
  known?(key: Key): Row | undefined;
  /** Offers a row that was just decoded from so many bytes, to be kept. */
  keep?(key: Key, row: Row, size: number): void;
}

/** A row as it was written, and its bytes. */
export interface Written {
  readonly row: Row;
  readonly size: number;
  /** The row in whose place it stands was kept. */
  readonly keep: boolean;
}

/** What the embedded engine stands on: ordered keys, commits that are whole or not at all. */
export interface Kv extends Reader {
  /** `null` removes. On disk when it resolves (where there is a disk). `rows`: the documents among the writes. */
  commit(writes: Iterable<[Key, Uint8Array | null]>, rows?: ReadonlyMap<Key, Written | null>): Promise<void>;
  /** Called once before the writes of a batch are worked out. */
  refresh(): void;
  /** Leaves nothing of what was removed on its medium; nothing may be written meanwhile. */
  compact(): Promise<void>;
  close(): Promise<void>;
}

export function createMemoryKv(): Kv {
  const held = new Ordered<Uint8Array>();
  return {
    get: (key) => held.get(key),
    keys: (start, end, reverse) => held.keys(start, end, reverse),
    refresh: () => undefined,
    compact: () => Promise.resolve(),
    close: () => Promise.resolve(),
    commit(writes) {
      for (const [key, value] of writes) {
        if (value === null) held.delete(key);
        else held.set(key, value);
      }
      return Promise.resolve();
    },
  };
}

/** A commit in the making: reads through what was written so far to what is committed. */
export class Draft implements Reader {
  private readonly writes = new Map<Key, Uint8Array | null>();
  /** The keys written, in order; those not yet sorted in wait until somebody reads in order, which most don't. */
  private readonly sorted = new Ordered<true>();
  private unsorted: Key[] = [];
  private readonly base: Reader;
  /** The documents among the writes. */
  readonly rows = new Map<Key, Written | null>();

  constructor(base: Reader) {
    this.base = base;
  }

  known(key: Key): Row | undefined {
    const ours = this.rows.get(key);
    return ours === undefined ? this.base.known?.(key) : ours?.row;
  }

  keep(key: Key, row: Row, size: number): void {
    if (!this.writes.has(key)) this.base.keep?.(key, row, size);
  }

  /** Puts a document; null removes it. `keep`: the one in whose place it stands was kept. */
  putRow(key: Key, bytes: Uint8Array | null, row: Row | null, keep: boolean): void {
    const again = keep || this.rows.get(key)?.keep === true;
    this.put(key, bytes);
    this.rows.set(key, bytes === null || row === null ? null : { row, size: bytes.length, keep: again });
  }

  get(key: Key): Uint8Array | undefined {
    const written = this.writes.get(key);
    return written === undefined ? this.base.get(key) : (written ?? undefined);
  }

  put(key: Key, value: Uint8Array | null): void {
    if (!this.writes.has(key)) this.unsorted.push(key);
    this.writes.set(key, value);
  }

  /** What `run` writes, or nothing of it when it throws. */
  whole<R>(run: (part: Draft) => R): R {
    const part = new Draft(this);
    const result = run(part);
    for (const [key, value] of part.writes) this.put(key, value);
    for (const [key, row] of part.rows) this.rows.set(key, row);
    return result;
  }

  get size(): number {
    return this.writes.size;
  }

  /** All that was written, in the order of the keys. */
  *all(): Generator<[Key, Uint8Array | null]> {
    const keys = this.sorted.size === 0 ? this.unsorted.sort() : this.written('', above);
    for (const key of keys) yield [key, this.writes.get(key) ?? null];
  }

  private written(start: Key, end: Key, reverse = false): Generator<Key> {
    for (const key of this.unsorted.splice(0)) this.sorted.set(key, true);
    return this.sorted.keys(start, end, reverse);
  }

  *keys(start: Key, end: Key, reverse = false): Generator<Key> {
    const ours = this.written(start, end, reverse);
    let mine = ours.next();
    for (const key of this.base.keys(start, end, reverse)) {
      while (!mine.done && (reverse ? mine.value > key : mine.value < key)) {
        if (this.writes.get(mine.value) !== null) yield mine.value;
        mine = ours.next();
      }
      if (!mine.done && mine.value === key) {
        if (this.writes.get(key) !== null) yield key;
        mine = ours.next();
      } else {
        yield key;
      }
    }
    for (; !mine.done; mine = ours.next()) if (this.writes.get(mine.value) !== null) yield mine.value;
  }
}
