/**
 * Runs `work` for each item, so many side by side: what is written together comes to the disk together. They start
 * in order; results come in order. When one fails no further portion starts, and the failure is thrown.
 */
export async function inPortions<T, R>(items: readonly T[], size: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += size) {
    const outcomes = await Promise.allSettled(items.slice(from, from + size).map(work));
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') throw outcome.reason;
      results.push(outcome.value);
    }
  }
  return results;
}
