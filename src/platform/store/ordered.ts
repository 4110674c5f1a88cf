import type { Key } from './keys.ts';

const chunkSize = 512;

/** A sorted map in memory: short sorted runs of keys, so that an insertion moves little. */
export class Ordered<V> {
  private readonly values = new Map<Key, V>();
  private runs: Key[][] = [];

  get size(): number {
    return this.values.size;
  }

  get(key: Key): V | undefined {
    return this.values.get(key);
  }

  has(key: Key): boolean {
    return this.values.has(key);
  }

  set(key: Key, value: V): void {
    const known = this.values.has(key);
    this.values.set(key, value);
    if (known) return;
    const at = this.runFor(key);
    const run = this.runs[at];
    if (run === undefined) {
      this.runs.push([key]);
      return;
    }
    run.splice(firstFrom(run, key), 0, key);
    if (run.length > 2 * chunkSize) this.runs.splice(at + 1, 0, run.splice(chunkSize));
  }

  delete(key: Key): void {
    if (!this.values.delete(key)) return;
    const at = this.runFor(key);
    const run = this.runs[at];
    if (run === undefined) return;
    run.splice(firstFrom(run, key), 1);
    if (run.length === 0) this.runs.splice(at, 1);
  }

  clear(): void {
    this.values.clear();
    this.runs = [];
  }

  /** Keys from `start` up to but without `end`; not to be changed while it is read. */
  *keys(start: Key, end: Key, reverse = false): Generator<Key> {
    if (reverse) {
      for (let at = Math.min(this.runFor(end), this.runs.length - 1); at >= 0; at--) {
        const run = this.runs[at] ?? [];
        for (let i = firstFrom(run, end) - 1; i >= 0; i--) {
          const key = run[i] ?? '';
          if (key < start) return;
          yield key;
        }
      }
      return;
    }
    for (let at = this.runFor(start); at < this.runs.length; at++) {
      const run = this.runs[at] ?? [];
      for (let i = firstFrom(run, start); i < run.length; i++) {
        const key = run[i] ?? '';
        if (key >= end) return;
        yield key;
      }
    }
  }

  /** All of it, in order. */
  *all(): Generator<[Key, V]> {
    for (const run of this.runs) for (const key of run) yield [key, this.values.get(key) as V];
  }

  /** The run in which the key is or would be. */
  private runFor(key: Key): number {
    let low = 0;
    let high = this.runs.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.runs[middle]?.at(-1) ?? '') < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The first place whose key is not smaller. */
function firstFrom(run: readonly Key[], key: Key): number {
  let low = 0;
  let high = run.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((run[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
