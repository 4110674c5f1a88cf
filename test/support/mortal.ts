import { writeOneByOne } from '../../src/platform/store/one-by-one.ts';
import type { Collection, Declaration, Keyed, Store, Write } from '../../src/platform/store/port.ts';

/** Where a process dies: at its n-th write, before or after the write is in the store. */
export interface Death {
  readonly write: number;
  readonly applied: boolean;
  /** What is written in order is written as one, as the embedded engine does it. */
  readonly together?: boolean;
}

export interface MortalStore {
  readonly store: Store;
  /** Resolves once the process is dead. */
  readonly died: Promise<void>;
  /** Writes so far. */
  writes(): number;
}

class Failure {
  readonly fault: unknown;
  constructor(fault: unknown) {
    this.fault = fault;
  }
}
const fail = (fault: unknown): Failure => new Failure(fault);

const writing = new Set(['inOrder', 'insert', 'update', 'upsert', 'updateMany', 'remove', 'done', 'retry']);

/**
 * A store as one process sees it until it is killed: from its last write on nothing ever answers again. What
 * was written stays in `store`, for the next process.
 */
export function mortal(store: Store, death: Death | null): MortalStore {
  let count = 0;
  let dead = false;
  let tell = (): void => undefined;
  const died = new Promise<void>((resolve) => (tell = resolve));
  const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

  function wrap<T extends object>(target: T): T {
    return new Proxy(target, {
      get(object, name, receiver) {
        const value: unknown = Reflect.get(object, name, receiver);
        if (typeof value !== 'function' || name === 'onEmit' || name === 'stream') return value;
        return async (...args: unknown[]) => {
          if (dead) return never();
          const call = (): unknown => Reflect.apply(value, object, args);
          if (!writing.has(String(name))) {
            const read = await call();
            return dead ? never() : read;
          }
          const last = ++count === death?.write;
          if (last) dead = true;
          const result = last && !death.applied ? undefined : await Promise.resolve(call()).catch(fail);
          if (last) tell();
          if (dead) return never();
          if (result instanceof Failure) throw result.fault;
          return result;
        };
      },
    });
  }

  const collection = <T extends Keyed>(declaration: Declaration<T>): Collection<T> =>
    wrap(store.collection(declaration));

  const whole = wrap({ inOrder: (writes: readonly Write[]) => store.inOrder(writes) });

  return {
    died,
    writes: () => count,
    store: {
      collection,
      // One by one, as on an engine that can't do better: the process may die between any two.
      inOrder: (writes) => (death?.together === true ? whole.inOrder(writes) : writeOneByOne({ collection }, writes)),
      events: wrap(store.events),
      compact: () => (dead ? never() : store.compact()),
      close: () => Promise.resolve(),
    },
  };
}
