import { writeOneByOne } from '../../src/platform/store/one-by-one.ts';
import type { Collection, Declaration, Keyed, Store } from '../../src/platform/store/port.ts';

/** What a process that died can no longer do. */
export class Died extends Error {}

export interface DyingStore {
  readonly store: Store;
  /** Operations so far, reads and writes. */
  readonly counted: { reads: number; writes: number };
  /** Dies at the n-th write from now, before or after it reaches the store; everything later fails too. */
  dieAt(write: number, when: 'before' | 'after'): void;
  /** A new process on the same store. */
  revive(): void;
}

/** A store whose process can be killed between any two writes. */
export function createDyingStore(inner: Store): DyingStore {
  const counted = { reads: 0, writes: 0 };
  let left = Infinity;
  let when: 'before' | 'after' = 'before';
  let dead = false;

  const read = <R>(run: () => Promise<R>): Promise<R> => {
    counted.reads++;
    return dead ? Promise.reject(new Died()) : run();
  };
  const write = async <R>(run: () => Promise<R>): Promise<R> => {
    if (dead) throw new Died();
    counted.writes++;
    left--;
    if (left > 0) return run();
    dead = true;
    if (when === 'after') await run();
    throw new Died();
  };

  function wrap<T extends Keyed>(declaration: Declaration<T>): Collection<T> {
    const rows = inner.collection(declaration);
    return {
      name: rows.name,
      insert: (doc, options) => write(() => rows.insert(doc, options)),
      get: (id) => read(() => rows.get(id)),
      findOne: (where) => read(() => rows.findOne(where)),
      find: (where, options) => read(() => rows.find(where, options)),
      stream: (where) => rows.stream(where),
      count: (where) => read(() => rows.count(where)),
      countBy: (where, field) => read(() => rows.countBy(where, field)),
      update: (where, change, options) => write(() => rows.update(where, change, options)),
      upsert: (id, change) => write(() => rows.upsert(id, change)),
      updateMany: (where, change) => write(() => rows.updateMany(where, change)),
      remove: (where) => write(() => rows.remove(where)),
    };
  }

  return {
    store: { ...inner, collection: wrap, inOrder: (writes) => writeOneByOne({ collection: wrap }, writes) },
    counted,
    dieAt(writes, at) {
      left = writes;
      when = at;
    },
    revive() {
      dead = false;
      left = Infinity;
    },
  };
}
