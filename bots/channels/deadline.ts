import type { Clock } from '../../src/platform/clock.ts';

/** The promise's result, or the fault that `late` makes when it takes longer than `ms` milliseconds. */
export function within<T>(clock: Clock, ms: number, promise: Promise<T>, late: () => Error): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const cancel = clock.at(new Date(clock.now().getTime() + ms), () => reject(late()));
    promise.then(resolve, reject).finally(cancel).catch(reject);
  });
}

/** Resolves after `ms` milliseconds of that clock. */
export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.at(new Date(clock.now().getTime() + ms), resolve);
  });
}
