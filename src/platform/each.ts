import { AppError, isAppError } from '../shared/errors.ts';

/**
 * Tries the task on each item, one after the other: one that fails keeps the others from nothing. Afterwards throws
 * `sweep.failed` (facts: failed, tried) with the first fault as its cause. A fault of what all stand on (503: store or
 * queue away) ends it at once: each further item would wait for the same in vain. So does a fault of the items' source.
 */
export async function tryEach<T>(
  items: Iterable<T> | AsyncIterable<T>,
  task: (item: T) => Promise<unknown>,
): Promise<void> {
  let tried = 0;
  let failed = 0;
  let first: unknown;
  for await (const item of items) {
    tried++;
    try {
      await task(item);
    } catch (fault) {
      if (isAppError(fault) && fault.status === 503) throw fault;
      if (failed++ === 0) first = fault;
    }
  }
  if (failed > 0) throw new AppError('sweep.failed', 500, { failed, tried }, { cause: first });
}

/** Runs each step though the one before failed; throws the first fault. */
export async function tryAll(...steps: readonly (() => Promise<unknown>)[]): Promise<void> {
  const faults: unknown[] = [];
  for (const step of steps) await step().catch((fault: unknown) => faults.push(fault));
  if (faults.length > 0) throw faults[0];
}
