import { AppError } from '../../shared/errors.ts';
import type { Cancel, Clock } from '../clock.ts';
import type { Work } from '../work.ts';
import type { Job, ProcessOptions, Queue } from './port.ts';
import { waitBefore, withDefaults } from './tries.ts';

/** Traces of given-up jobs that are kept, each queue. */
const keptFailures = 1000;

interface Entry {
  readonly job: Job;
  state: 'waiting' | 'delayed' | 'active';
  tries: number;
  cancel: Cancel | undefined;
}

interface Line {
  readonly name: string;
  /** Every job that is present, by id. */
  readonly present: Map<string, Entry>;
  /** Due, in the order in which they fell due. */
  readonly waiting: Set<Entry>;
  readonly failed: Map<string, unknown>;
  active: number;
  handle: ((job: Job, attempt: number) => Promise<void>) | undefined;
  options: Required<ProcessOptions>;
}

/**
 * The queue of a process that has no Redis: timers of `clock`, jobs in memory. Nothing survives the process; the
 * rows do, and the sweepers that run at boot add their alarms again. A job given up after its last try is
 * reported as a fault of `work`, with the handler's fault as `cause`.
 */
export function createInProcessQueue({ clock, work }: { clock: Clock; work: Work }): Queue {
  const lines = new Map<string, Line>();
  let state: 'open' | 'closing' | 'closed' = 'open';
  let drained = (): void => undefined;

  const lineOf = (name: string): Line => {
    const known = lines.get(name);
    if (known) return known;
    const line: Line = {
      name,
      present: new Map(),
      waiting: new Set(),
      failed: new Map(),
      active: 0,
      handle: undefined,
      options: withDefaults({}),
    };
    lines.set(name, line);
    return line;
  };

  const schedule = (line: Line, entry: Entry, at: Date | undefined): void => {
    if (at === undefined || at.getTime() <= clock.now().getTime()) {
      entry.state = 'waiting';
      entry.cancel = undefined;
      line.waiting.add(entry);
      pump(line);
    } else {
      entry.state = 'delayed';
      // Looks again when it fires: a clock that was put back must not bring the job forward.
      entry.cancel = clock.at(at, () => schedule(line, entry, at));
    }
  };

  const pump = (line: Line): void => {
    const { handle } = line;
    if (state !== 'open' || handle === undefined) return;
    for (const entry of line.waiting) {
      if (line.active >= line.options.concurrency) return;
      line.waiting.delete(entry);
      line.active++;
      entry.state = 'active';
      entry.tries++;
      work.run(`queue ${line.name}`, () => run(line, entry, handle));
    }
  };

  const run = async (line: Line, entry: Entry, handle: NonNullable<Line['handle']>): Promise<void> => {
    try {
      // The one who adds goes on first.
      await Promise.resolve();
      await handle(entry.job, entry.tries);
      line.present.delete(entry.job.id);
    } catch (fault) {
      if (entry.tries >= line.options.attempts) {
        line.present.delete(entry.job.id);
        keep(line.failed, entry.job.id, fault);
        throw new AppError('queue.gave-up', 500, { queue: line.name, job: entry.job.id }, { cause: fault });
      }
      const wait = waitBefore(entry.tries, line.options.backoffMs);
      schedule(line, entry, new Date(clock.now().getTime() + wait));
    } finally {
      line.active--;
      pump(line);
      if ([...lines.values()].every(({ active }) => active === 0)) drained();
    }
  };

  const add = (queue: string, job: Job): void => {
    if (state === 'closed') throw new AppError('queue.closed', 503, { queue });
    const line = lineOf(queue);
    if (line.present.has(job.id)) return;
    const entry: Entry = { job: { ...job, data: { ...job.data } }, state: 'waiting', tries: 0, cancel: undefined };
    line.present.set(job.id, entry);
    schedule(line, entry, job.at);
  };

  return {
    async add(queue, job) {
      add(queue, job);
    },
    async addMany(queue, jobs) {
      for (const job of jobs) add(queue, job);
    },
    async remove(queue, id) {
      const line = lineOf(queue);
      const entry = line.present.get(id);
      if (entry === undefined || entry.state === 'active') return;
      entry.cancel?.();
      line.waiting.delete(entry);
      line.present.delete(id);
    },
    process(queue, handle, options = {}) {
      const line = lineOf(queue);
      if (line.handle) throw new AppError('queue.handler-taken', 500, { queue });
      line.handle = handle;
      line.options = withDefaults(options);
      pump(line);
    },
    async counts(queue) {
      const line = lineOf(queue);
      const waiting = line.waiting.size;
      return {
        waiting,
        active: line.active,
        delayed: line.present.size - waiting - line.active,
        failed: line.failed.size,
      };
    },
    async close() {
      if (state === 'closed') return;
      state = 'closing';
      if ([...lines.values()].some(({ active }) => active > 0)) {
        await new Promise<void>((resolve) => {
          const before = drained;
          drained = () => {
            before();
            resolve();
          };
        });
      }
      state = 'closed';
      for (const line of lines.values()) for (const entry of line.present.values()) entry.cancel?.();
    },
  };
}

function keep(failed: Map<string, unknown>, id: string, fault: unknown): void {
  failed.delete(id);
  failed.set(id, fault);
  const [oldest] = failed.keys();
  if (failed.size > keptFailures && oldest !== undefined) failed.delete(oldest);
}
