import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Figure } from './measure.ts';
import { storeFigures } from './store.ts';

interface Part {
  readonly n: number;
  /** Of the CPU time that the bare one needs, what ours may need at most is 1 ÷ this. */
  readonly aim?: number;
  readonly measure: (n: number) => Promise<readonly Figure[]>;
}

const parts: Readonly<Record<string, Part>> = {
  store: { n: 2_000, aim: 0.5, measure: storeFigures },
};

const number = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

function line({ name, n, ours, bare, extra = {} }: Figure): string {
  const each = ((ours.cpu / n) * 1000).toFixed(1);
  const ratio =
    bare === null ? '' : `bare ÷ ours: CPU ${number(bare.cpu / ours.cpu)}, wall ${number(bare.wall / ours.wall)}`;
  const more = Object.entries(extra).map(([what, value]) => `${what} ${number(value)}`);
  return [
    name.padEnd(32),
    String(n).padStart(7),
    `${number(ours.cpu)} ms CPU`.padStart(14),
    `${each} µs each`.padStart(16),
    `${number(ours.wall)} ms wall`.padStart(15),
    `  ${[ratio, ...more].filter((text) => text !== '').join(', ')}`,
  ].join('');
}

/** `npm run bench`: the exit code is 0 when all parts ran. */
export async function bench(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { json: { type: 'string' }, only: { type: 'string' } },
  });
  const found: (Figure & { part: string })[] = [];
  for (const [name, { n, measure }] of Object.entries(parts)) {
    if (values.only !== undefined && !values.only.split(',').includes(name)) continue;
    const small = await measure(n);
    const large = await measure(n * 10);
    for (const [at, figure] of small.entries()) {
      const tenfold = large[at];
      console.log(line(figure));
      found.push({ part: name, ...figure });
      if (tenfold === undefined) continue;
      const growth = tenfold.ours.cpu / tenfold.n / (figure.ours.cpu / figure.n);
      console.log(`${line(tenfold)}, CPU each × ${growth.toFixed(2)}`);
      found.push({ part: name, ...tenfold });
    }
  }
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(found, null, 1)}\n`);
  return 0;
}
