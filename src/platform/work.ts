/**
 * Knows what runs in the background, so that a shutdown, a test or a replay can wait until all is
 * quiet. Every part that starts work on its own (queue, relay, outbox, pipeline) runs it through here.
 */
export interface Work {
  /** Counts the task until it settles; a fault goes to `onFault` and is never lost in silence. */
  run(name: string, task: () => Promise<void>): void;
  /** Resolves when nothing runs and nothing was started within a full loop turn. */
  idle(): Promise<void>;
}

export function createWork(onFault: (name: string, fault: unknown) => void): Work {
  let running = 0;
  let waiting: (() => void)[] = [];
  const quiet = (): void => {
    if (running > 0) return;
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  return {
    run(name, task) {
      running++;
      task()
        .catch((fault: unknown) => onFault(name, fault))
        .finally(() => {
          running--;
          setImmediate(quiet);
        });
    },
    async idle() {
      for (;;) {
        await new Promise<void>((resolve) => setImmediate(resolve));
        if (running === 0) {
          await new Promise<void>((resolve) => setImmediate(resolve));
          if (running === 0) return;
        }
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          setImmediate(quiet);
        });
      }
    },
  };
}
