import Bull from 'bull';
import { createSystemClock } from '../../src/platform/clock.ts';
import { createBullQueue } from '../../src/platform/queue/bull.ts';
import type { Queue } from '../../src/platform/queue/port.ts';
import { startRedis } from '../support/redis-server.ts';
import { compare, type Figure, type Run } from './measure.ts';

const concurrency = 20;
const chunk = 500;
let runs = 0;

/** Resolves when called so often. */
function countdown(n: number): { one(): void; done: Promise<void> } {
  let left = n;
  let finish = (): void => undefined;
  const done = new Promise<void>((resolve) => (finish = resolve));
  return { done, one: () => void (--left === 0 && finish()) };
}

function ours(n: number, url: string): Run {
  let queue: Queue;
  return {
    async prepare() {
      const onFault = (name: string, fault: unknown): void => {
        throw new Error(name, { cause: fault });
      };
      queue = createBullQueue({ url, clock: createSystemClock(), onFault, prefix: `ours${runs++}` });
      await queue.counts('no-op');
    },
    async work() {
      const { one, done } = countdown(n);
      const handle = (): Promise<void> => Promise.resolve(one());
      queue.process('no-op', handle, { concurrency });
      await queue.addMany(
        'no-op',
        Array.from({ length: n }, (_, i) => ({ id: `row${i}:1`, data: { row: `row${i}` } })),
      );
      await done;
    },
    finish: () => queue.close(),
  };
}

function bare(n: number, url: string): Run {
  let queue: Bull.Queue;
  return {
    async prepare() {
      queue = new Bull('no-op', url, { prefix: `bare${runs++}` });
      await queue.isReady();
    },
    async work() {
      const { one, done } = countdown(n);
      void queue.process(concurrency, () => Promise.resolve(one()));
      for (let from = 0; from < n; from += chunk) {
        await queue.addBulk(
          Array.from({ length: Math.min(chunk, n - from) }, (_, i) => ({
            data: { row: `row${from + i}` },
            opts: { jobId: `row${from + i}:1`, removeOnComplete: true },
          })),
        );
      }
      await done;
    },
    finish: () => queue.close(),
  };
}

/** Jobs that do nothing, through the port and on Bull alone, on a Redis of their own. */
export async function queueFigures(n: number): Promise<Figure[]> {
  const redis = await startRedis();
  try {
    return [
      await compare(
        'queue, no-op jobs',
        n,
        () => ours(n, redis.url),
        () => bare(n, redis.url),
      ),
    ];
  } finally {
    await redis.stop();
  }
}
