import { schedule } from 'node-cron';
import type { Work } from '../src/platform/work.ts';

/** Something looked after now and then: what a crash left, what an emptied Redis lost, what is too old. */
export interface Sweep {
  readonly name: string;
  readonly everyMinutes: number;
  readonly run: () => Promise<void>;
}

/** Runs each sweep at its pace, never twice at once. Returns what stops them. */
export function scheduleSweeps(sweeps: readonly Sweep[], work: Work): () => void {
  const tasks = sweeps.map(({ name, everyMinutes, run }) => {
    const minutes = everyMinutes < 60 ? `*/${everyMinutes} * * * *` : `7 */${Math.round(everyMinutes / 60)} * * *`;
    let running = false;
    return schedule(
      minutes,
      () => {
        if (running) return;
        running = true;
        work.run(`sweep ${name}`, () => run().finally(() => (running = false)));
      },
      { timezone: 'Asia/Shanghai', noOverlap: true, name },
    );
  });
  return () => {
    for (const task of tasks) void task.destroy();
  };
}
