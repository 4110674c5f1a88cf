/** [0, 1), the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Runs and seed of the long form come from outside (`npm run test:long`); otherwise these. */
export function roundsOf(short: { runs: number; seed: number }): { runs: number; seed: number; long: boolean } {
  const runs = Number(process.env['CUNKOU_TEST_RUNS'] ?? '');
  const seed = Number(process.env['CUNKOU_TEST_SEED'] ?? '');
  return runs > 0 ? { runs, seed: seed || short.seed, long: true } : { ...short, long: false };
}

/** A figure for docs/RELIABILITY.md; the short form keeps quiet. */
export function figure(line: string): void {
  if (process.env['CUNKOU_TEST_RUNS'] !== undefined) process.stdout.write(`${line}\n`);
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Looks until it is so; a fault that says what was waited for when it takes longer. */
export async function until(what: string, so: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  for (const end = performance.now() + ms; ;) {
    if (await so()) return;
    if (performance.now() > end) throw new Error(`${what}: not within ${ms / 1000} s`);
    await pause(20);
  }
}
