/** Cancels a timer that has not fired yet; harmless afterwards. */
export type Cancel = () => void;

/** The only source of time. All times are instants; Asia/Shanghai enters in shared/calendar. */
export interface Clock {
  now(): Date;
  /** Milliseconds of running time since some instant: never goes back, whatever the clock is set to. For measuring. */
  elapsed(): number;
  /** Runs once at that instant, or in the next loop turn if it has passed. */
  at(when: Date, run: () => void): Cancel;
}

/**
 * Timers count neither a sleeping laptop's time nor a clock that was set right, so long waits look at the clock
 * once a minute. (Node holds at most 2^31 - 1 ms anyway.)
 */
const longest = 60_000;

/** The machine's clock. */
export function createSystemClock(): Clock {
  const now = (): Date => new Date();
  const at = (when: Date, run: () => void): Cancel => {
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const wait = when.getTime() - Date.now();
      timer = setTimeout(wait > longest ? arm : run, Math.min(Math.max(wait, 0), longest));
    };
    arm();
    return () => clearTimeout(timer);
  };
  return { now, at, elapsed: () => performance.now() };
}

/** A clock that stands still until it is moved: for tests, `cunkou replay` and the simulator. */
export interface FakeClock extends Clock {
  /** Moves on to `when`, firing each due timer at its own time and awaiting `settle` after each. */
  advanceTo(when: Date, settle?: () => Promise<void>): Promise<void>;
  /** Sets the time without firing anything, backwards too (a machine whose clock was corrected). */
  jumpTo(when: Date): void;
}

export function createFakeClock(start: Date): FakeClock {
  let current = start.getTime();
  let jumped = 0;
  let order = 0;
  const timers = new Map<number, { when: number; run: () => void }>();
  const next = (limit: number): number | undefined => {
    let found: number | undefined;
    let best = limit;
    for (const [id, { when }] of timers) {
      if (when < best || (when === best && found === undefined)) {
        best = when;
        found = id;
      }
    }
    return found;
  };
  return {
    now: () => new Date(current),
    elapsed: () => current - jumped,
    at(when, run) {
      const id = order++;
      timers.set(id, { when: when.getTime(), run });
      return () => timers.delete(id);
    },
    async advanceTo(when, settle = () => Promise.resolve()) {
      await settle();
      for (let id = next(when.getTime()); id !== undefined; id = next(when.getTime())) {
        const timer = timers.get(id);
        timers.delete(id);
        if (timer === undefined) continue;
        current = Math.max(current, timer.when);
        timer.run();
        await settle();
      }
      current = Math.max(current, when.getTime());
    },
    jumpTo(when) {
      jumped += when.getTime() - current;
      current = when.getTime();
    },
  };
}
