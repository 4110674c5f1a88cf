import type { Work } from '../../src/platform/work.ts';

export interface InOrder {
  push(id: string): void;
}

interface Slot<T> {
  readonly id: string;
  settled: boolean;
  result: T | null;
}

/**
 * Fetches several things at a time and hands them on in the order in which they were pushed. A puppet tells
 * only ids, and its look-ups overtake each other. What waits beyond the window is an id, so that a burst
 * costs no memory. A fetch that fails hands on null; its fault goes to the work's own report.
 */
export function createInOrder<T>(deps: {
  work: Work;
  name: string;
  /** How many are fetched at the same time. */
  window: number;
  fetch: (id: string) => Promise<T | null>;
  /** May be async: then nothing waits for it, and its fault goes the same way as one that is thrown. */
  hand: (id: string, result: T | null) => unknown;
}): InOrder {
  const waiting: string[] = [];
  const slots: Slot<T>[] = [];

  function release(): void {
    for (let first = slots[0]; first?.settled === true; first = slots[0]) {
      slots.shift();
      const { id, result } = first;
      // A fault of one listener must neither hold up the messages behind nor end the process.
      deps.work.run(deps.name, async () => void (await deps.hand(id, result)));
    }
    fill();
  }

  function fill(): void {
    while (slots.length < deps.window) {
      const id = waiting.shift();
      if (id === undefined) return;
      const slot: Slot<T> = { id, settled: false, result: null };
      slots.push(slot);
      deps.work.run(deps.name, async () => {
        try {
          slot.result = await deps.fetch(id);
        } finally {
          slot.settled = true;
          release();
        }
      });
    }
  }

  return {
    push(id) {
      waiting.push(id);
      fill();
    },
  };
}
