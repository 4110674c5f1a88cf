import type { Lane } from '../../bots/simulator/index.ts';
import { createFakeClock } from '../../src/platform/clock.ts';
import type { FakeClock } from '../../src/platform/clock.ts';

/** A clock that stands until it is let go, and then keeps pace with the machine's from wherever it is moved to. */
export interface StageClock extends FakeClock {
  run(lane: Lane, settle: () => Promise<void>, onFault: (fault: unknown) => void): () => void;
}

export function createStageClock(start: Date): StageClock {
  const clock = createFakeClock(start);
  return {
    ...clock,
    run(lane, settle, onFault) {
      let last = performance.now();
      let waiting = false;
      const tick = async (): Promise<void> => {
        if (waiting) return;
        waiting = true;
        try {
          await lane(async () => {
            const passed = performance.now() - last;
            last += passed;
            await clock.advanceTo(new Date(clock.now().getTime() + passed), settle);
          });
        } catch (fault) {
          onFault(fault);
        } finally {
          waiting = false;
        }
      };
      const timer = setInterval(() => void tick(), 500);
      return () => clearInterval(timer);
    },
  };
}
