/** What one run cost. */
export interface Cost {
  /** Milliseconds. */
  readonly wall: number;
  /** Milliseconds of CPU, all threads of the process, kernel included. */
  readonly cpu: number;
}

/** One thing measured at one size. */
export interface Figure {
  readonly name: string;
  readonly n: number;
  readonly ours: Cost;
  /** The same done without Cunkou; null where there is nothing to compare with. */
  readonly bare: Cost | null;
  /** What else is worth knowing: seconds, MB. */
  readonly extra?: Readonly<Record<string, number>>;
}

/** One run of a thing: what it does before and after is not measured. */
export interface Run {
  prepare?(): Promise<void>;
  work(): Promise<void>;
  finish?(): Promise<void>;
}

export const rounds = 5;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

const medianCost = (costs: readonly Cost[]): Cost => ({
  wall: median(costs.map(({ wall }) => wall)),
  cpu: median(costs.map(({ cpu }) => cpu)),
});

const collectGarbage = Reflect.get(globalThis, 'gc') as (() => void) | undefined;

export async function cost(run: Run): Promise<Cost> {
  await run.prepare?.();
  collectGarbage?.();
  const began = performance.now();
  const before = process.cpuUsage();
  await run.work();
  const { user, system } = process.cpuUsage(before);
  const wall = performance.now() - began;
  await run.finish?.();
  return { wall, cpu: (user + system) / 1000 };
}

/** Ours and the bare one by turns, so that a noisy neighbour meets both; a first turn warms up and isn't counted. */
export async function compare(
  name: string,
  n: number,
  ours: () => Run,
  bare: (() => Run) | null,
  times = rounds,
): Promise<Figure> {
  const costs: { ours: Cost[]; bare: Cost[] } = { ours: [], bare: [] };
  for (let round = 0; round <= times; round++) {
    const first = bare === null ? null : await cost(bare());
    const second = await cost(ours());
    if (round === 0) continue;
    if (first !== null) costs.bare.push(first);
    costs.ours.push(second);
  }
  return { name, n, ours: medianCost(costs.ours), bare: bare === null ? null : medianCost(costs.bare) };
}

/** So many at a time, each starting when one before it is through. */
export async function inFlight(n: number, width: number, one: (at: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < n) await one(next++);
  };
  await Promise.all(Array.from({ length: Math.min(width, n) }, lane));
}
