import type { ProcessOptions } from './port.ts';

/** The port's defaults, filled in. */
export function withDefaults({
  concurrency = 1,
  attempts = 5,
  backoffMs = 1000,
}: ProcessOptions): Required<ProcessOptions> {
  return { concurrency, attempts, backoffMs };
}

/** Milliseconds to wait after `tries` failed ones: doubled each time, at most an hour. */
export function waitBefore(tries: number, backoffMs: number): number {
  return Math.min(backoffMs * 2 ** (tries - 1), 60 * 60 * 1000);
}
