import { createFakeClock } from '../../src/platform/clock.ts';
import type { FakeClock } from '../../src/platform/clock.ts';

/** A clock that stands until it is let go, and then keeps pace with the machine's from where it stands. */
export interface StageClock extends FakeClock {
  run(settle: () => Promise<void>, onFault: (fault: unknown) => void): () => void;
}

export function createStageClock(start: Date): StageClock {
  const clock = createFakeClock(start);
  return {
    ...clock,
    run(settle, onFault) {
      const [from, began] = [clock.now().getTime(), performance.now()];
      let moving = false;
      const tick = async (): Promise<void> => {
        if (moving) return;
        moving = true;
        try {
          await clock.advanceTo(new Date(from + performance.now() - began), settle);
        } catch (fault) {
          onFault(fault);
        } finally {
          moving = false;
        }
      };
      const timer = setInterval(() => void tick(), 500);
      return () => clearInterval(timer);
    },
  };
}
