import { createSystemClock } from '../../../src/platform/clock.ts';
import { createBullQueue } from '../../../src/platform/queue/bull.ts';
import type { Rig } from './contract.ts';

let opened = 0;

/** Bull on a real server, in a corner of its own; time is real, so waits are short. */
export function openBullRig(url: string): Rig & { prefix: string; faults: unknown[] } {
  const clock = createSystemClock();
  const faults: unknown[] = [];
  const prefix = `test-${process.pid}-${++opened}`;
  const queue = createBullQueue({ url, clock, prefix, onFault: (_, fault) => faults.push(fault) });
  return {
    queue,
    prefix,
    faults,
    now: () => clock.now(),
    until: (what, holds) => until(what, holds),
    pass: (ms) => new Promise((resolve) => clock.at(new Date(clock.now().getTime() + ms), resolve)),
    close: () => queue.close(),
  };
}

/** Looks again and again until it holds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  for (const end = performance.now() + ms; performance.now() < end;) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`never: ${what}`);
}
