import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Figure } from './measure.ts';
import { chatFigures } from './chat.ts';
import { httpFigures } from './http.ts';
import { outboxFigures } from './outbox.ts';
import { replayFigures, startFigures } from './processes.ts';
import { queueFigures } from './queue.ts';
import { signUpFigures } from './signups.ts';
import { storeFigures } from './store.ts';

interface Part {
  readonly sizes: readonly number[];
  readonly measure: (n: number) => Promise<readonly Figure[]>;
}

const parts: Readonly<Record<string, Part>> = {
  store: { sizes: [2_000, 20_000], measure: storeFigures },
  queue: { sizes: [1_000, 10_000], measure: queueFigures },
  chat: { sizes: [500, 5_000], measure: chatFigures },
  http: { sizes: [500, 5_000], measure: httpFigures },
  outbox: { sizes: [10_000, 100_000], measure: outboxFigures },
  signups: { sizes: [1_000, 10_000], measure: signUpFigures },
  start: { sizes: [0, 100_000], measure: startFigures },
  replay: { sizes: [0], measure: replayFigures },
};

const number = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

/** Microseconds of CPU for one. */
const each = ({ ours, n }: Figure): number => (ours.cpu / n) * 1000;

function line(figure: Figure): string {
  const { name, n, ours, bare, extra = {} } = figure;
  const ratio =
    bare === null ? '' : `bare ÷ ours: CPU ${number(bare.cpu / ours.cpu)}, wall ${number(bare.wall / ours.wall)}`;
  const more = Object.entries(extra).map(([what, value]) => `${what} ${number(value)}`);
  return [
    name.padEnd(32),
    String(n).padStart(7),
    `${number(ours.cpu)} ms CPU`.padStart(14),
    (n === 0 ? '' : `${each(figure).toFixed(1)} µs each`).padStart(16),
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
  for (const [part, { sizes, measure }] of Object.entries(parts)) {
    if (values.only !== undefined && !values.only.split(',').includes(part)) continue;
    let small: readonly Figure[] = [];
    for (const size of sizes) {
      const figures = await measure(size);
      for (const [at, figure] of figures.entries()) {
        const before = small[at];
        const growth = before === undefined || before.n === 0 ? null : each(figure) / each(before);
        console.log(`${line(figure)}${growth === null ? '' : `, CPU each × ${growth.toFixed(2)}`}`);
        found.push({ part, ...figure });
      }
      small = figures;
    }
  }
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(found, null, 1)}\n`);
  return 0;
}
