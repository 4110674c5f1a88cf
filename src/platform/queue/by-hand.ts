import type { Cancel, Clock } from '../clock.ts';
import type { Work } from '../work.ts';

/** Follows the jobs of a queue whose server has another time than `clock`. */
export interface ByHand {
  /** Before a job is handed to the server; true if it must wait there until it is promoted. */
  adding(queue: string, id: string, at: Date | undefined): boolean;
  /** It failed and is to run again after so many milliseconds of the clock. */
  again(queue: string, id: string, ms: number): void;
  /** It is done, given up, removed or was never added. */
  through(queue: string, id: string): void;
  close(): void;
}

/**
 * A job counts as work from its adding, or from its promotion if it is for later, until it is `through`; one that
 * waits for the clock doesn't. `handled` says whether a handler for that queue is here: nobody else's are counted.
 */
export function createByHand({
  clock,
  work,
  handled,
  promote,
}: {
  clock: Clock;
  work: Work;
  handled: (queue: string) => boolean;
  /** Lets the server run it now; false when it is no longer there. */
  promote: (queue: string, id: string) => Promise<boolean>;
}): ByHand {
  const running = new Map<string, () => void>();
  const waiting = new Map<string, Cancel>();
  const keyOf = (queue: string, id: string): string => JSON.stringify([queue, id]);

  const count = (queue: string, key: string): void => {
    if (running.has(key) || !handled(queue)) return;
    work.run(`queue ${queue}`, () => new Promise<void>((resolve) => running.set(key, resolve)));
  };

  const through = (queue: string, id: string): void => {
    const key = keyOf(queue, id);
    waiting.get(key)?.();
    waiting.delete(key);
    running.get(key)?.();
    running.delete(key);
  };

  const wait = (queue: string, id: string, at: Date): void => {
    const key = keyOf(queue, id);
    const due = (): void => {
      waiting.delete(key);
      // A clock that was put back must not bring the job forward.
      if (clock.now() < at) {
        wait(queue, id, at);
        return;
      }
      count(queue, key);
      work.run(`queue ${queue}`, async () => {
        try {
          if (!(await promote(queue, id))) through(queue, id);
        } catch (fault) {
          through(queue, id);
          throw fault;
        }
      });
    };
    waiting.set(key, clock.at(at, due));
  };

  return {
    adding(queue, id, at) {
      const key = keyOf(queue, id);
      const later = at !== undefined && at > clock.now();
      // One that is there already stays as it is.
      if (waiting.has(key) || running.has(key)) return later;
      if (later) wait(queue, id, at);
      else count(queue, key);
      return later;
    },
    again(queue, id, ms) {
      through(queue, id);
      wait(queue, id, new Date(clock.now().getTime() + ms));
    },
    through,
    close() {
      for (const cancel of waiting.values()) cancel();
      for (const resolve of running.values()) resolve();
      waiting.clear();
      running.clear();
    },
  };
}
