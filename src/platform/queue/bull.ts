import Bull from 'bull';
import type { Redis } from 'ioredis';
import { AppError, isAppError } from '../../shared/errors.ts';
import type { Clock } from '../clock.ts';
import { connectRedis, disconnectRedis, standing, within } from '../redis.ts';
import type { Work } from '../work.ts';
import { createByHand } from './by-hand.ts';
import type { Job, JobData, ProcessOptions, Queue } from './port.ts';
import { waitBefore, withDefaults } from './tries.ts';

export interface BullQueueOptions {
  /** Of the Redis server; see `connectRedis`. */
  url: string;
  clock: Clock;
  /** Told of lost connections, once each time, and of jobs given up (AppError `queue.gave-up`, with its cause). */
  onFault: (name: string, fault: unknown) => void;
  /** Counts running jobs, when given. */
  work?: Work;
  /** What Redis' keys begin with; keeps several installations on one server apart. */
  prefix?: string;
  /** How long `add` and the like wait for Redis, in milliseconds. */
  deadlineMs?: number;
  /**
   * For a clock that somebody moves (tests, replays), with `work` and a `prefix` of this process' own: jobs for
   * later, and further tries, stay in Redis until a timer of that clock lets them run, whatever the machine's time
   * is. `work` then counts a job from its adding, or from that timer, until it is through, so that `idle` waits for it.
   */
  movedClock?: boolean;
}

/** What stands in Redis. */
interface Packed {
  id: string;
  data: JobData;
  at: number | null;
}

interface Line {
  readonly bull: Bull.Queue<Packed>;
  options: Required<ProcessOptions> | undefined;
}

/** Jobs in one round trip. */
const chunk = 500;
const keptFailures = 1000;
/** Processes that may die over one job before it is given up. */
const deaths = 4;
/** Longer than any process with a moved clock lives. */
const untilPromoted = 365 * 86_400_000;
/** So many tries are never reached: the handler's own `attempts` end them. */
const endless = 1_000_000;

/**
 * The queue on Redis, for several processes. Three kinds of connections: one for commands, one that listens and,
 * for each queue with a handler here, one that waits; a process that only adds opens the first alone. `add`,
 * `addMany`, `remove` and `counts` throw `queue.unreachable` (503) when Redis does not answer in time; adding may
 * have taken effect, and can be repeated.
 */
export function createBullQueue({
  url,
  clock,
  onFault,
  work,
  prefix = 'cunkou',
  deadlineMs = 5000,
  movedClock = false,
}: BullQueueOptions): Queue {
  const lines = new Map<string, Line>();
  const connections = new Map<string, Redis>();
  const running = new Set<Promise<void>>();
  let state: 'open' | 'closing' | 'closed' = 'open';
  const byHand =
    movedClock && work !== undefined
      ? createByHand({ clock, work, handled: (queue) => lines.get(queue)?.options !== undefined, promote })
      : undefined;

  const connection = (key: string): Redis => {
    const known = connections.get(key);
    if (known) return known;
    const made = connectRedis({ url, name: `${prefix}:${key}`, onFault });
    connections.set(key, made);
    return made;
  };

  const lineOf = (name: string): Line => {
    const known = lines.get(name);
    if (known) return known;
    const line: Line = {
      options: undefined,
      bull: new Bull<Packed>(name, {
        prefix,
        // Bull waits on `bclient` for one queue at a time; the two others serve all of them.
        createClient: (type) => connection(type === 'bclient' ? `waiting:${name}` : type),
        settings: {
          maxStalledCount: deaths,
          backoffStrategies: {
            ours: (tries: number) =>
              byHand === undefined ? waitBefore(tries, line.options?.backoffMs ?? 1000) : untilPromoted,
          },
        },
        // Asks for nothing before the first use.
        ...{ skipVersionCheck: true },
      }),
    };
    line.bull.on('error', (fault: unknown) => {
      // Lost connections have been told by the connection.
      if (state === 'open' && connection('client').status === 'ready') onFault(`queue ${name}`, fault);
    });
    line.bull.on('failed', (job: Bull.Job<Packed> | null) => {
      // Bull's own verdict over a job during which process after process died. It comes without the job.
      if (job === null) gaveUp(name, `unknown at ${clock.now().toISOString()}`, new Error('its processes died'));
    });
    if (byHand) {
      line.bull.on('completed', ({ data }: Bull.Job<Packed>) => byHand.through(name, data.id));
      line.bull.on('failed', (job: Bull.Job<Packed> | null) => {
        if (job === null || line.options === undefined) return;
        const { attempts, backoffMs } = line.options;
        if (job.attemptsMade >= attempts) byHand.through(name, job.data.id);
        else byHand.again(name, job.data.id, waitBefore(job.attemptsMade, backoffMs));
      });
    }
    lines.set(name, line);
    return line;
  };

  /** Waits for the connection first: what is not sent can't pile up in this process while Redis is away. */
  const ask = async <T>(queue: string, question: (client: Redis) => Promise<T>): Promise<T> => {
    if (state === 'closed') throw new AppError('queue.closed', 503, { queue });
    const client = connection('client');
    const unreachable = (): AppError => new AppError('queue.unreachable', 503, { queue });
    const until = performance.now() + deadlineMs;
    if (!(await standing(client, deadlineMs))) throw unreachable();
    return within(Math.max(until - performance.now(), 1), question(client), unreachable);
  };

  const failures = (queue: string): string => `${prefix}-gave-up:${queue}`;

  const keepFailure = async (queue: string, id: string): Promise<void> => {
    await ask(queue, async (client) => {
      await client.zadd(failures(queue), clock.now().getTime(), id);
      await client.zremrangebyrank(failures(queue), 0, -1 - keptFailures);
    });
  };

  const gaveUp = (queue: string, id: string, cause: unknown): void => {
    onFault(`queue ${queue}`, new AppError('queue.gave-up', 500, { queue, job: id }, { cause }));
    keepFailure(queue, id).catch((fault: unknown) => onFault(`queue ${queue}`, fault));
  };

  async function promote(queue: string, id: string): Promise<boolean> {
    return ask(queue, async () => {
      const job = await lineOf(queue).bull.getJob(keyOf(id));
      await job?.promote();
      return job !== null;
    });
  }

  const optionsOf = (queue: string, job: Job): Bull.JobOptions => {
    const now = byHand === undefined ? clock.now().getTime() : Date.now();
    const later = byHand?.adding(queue, job.id, job.at) ?? false;
    // Bull's types leave `timestamp` out: the instant from which it counts the delay.
    const options = {
      jobId: keyOf(job.id),
      timestamp: now,
      delay: byHand === undefined ? Math.max((job.at?.getTime() ?? now) - now, 0) : later ? untilPromoted : 0,
      attempts: endless,
      backoff: { type: 'ours' },
      // Kept ones would swallow their ids.
      removeOnComplete: true,
      removeOnFail: true,
    };
    return options;
  };

  const handleOne = async (
    queue: string,
    bullJob: Bull.Job<Packed>,
    handle: (job: Job, attempt: number) => Promise<void>,
    attempts: number,
  ): Promise<void> => {
    const attempt = bullJob.attemptsMade + 1;
    const job = unpacked(bullJob.data);
    try {
      await handle(job, attempt);
    } catch (fault) {
      if (attempt >= attempts) {
        await bullJob.discard();
        gaveUp(queue, job.id, fault);
      }
      // Bull writes the fault down in Redis: its code is enough there.
      throw new Error(isAppError(fault) ? fault.code : 'fault');
    }
  };

  return {
    async add(queue, job) {
      const options = optionsOf(queue, job);
      try {
        await ask(queue, () => lineOf(queue).bull.add(packed(job), options));
      } catch (fault) {
        byHand?.through(queue, job.id);
        throw fault;
      }
    },

    async addMany(queue, jobs) {
      if (state === 'closed') throw new AppError('queue.closed', 503, { queue });
      for (let from = 0; from < jobs.length; from += chunk) {
        const some = jobs.slice(from, from + chunk).map((job) => ({ data: packed(job), opts: optionsOf(queue, job) }));
        const added = await ask(queue, () => lineOf(queue).bull.addBulk(some));
        // Bull does not look at the answers of its transaction.
        const refused = added.filter(({ id }) => typeof id !== 'string').length;
        if (refused > 0) throw new AppError('queue.unreachable', 503, { queue, refused });
      }
    },

    async remove(queue, id) {
      await ask(queue, async () => {
        const job = await lineOf(queue).bull.getJob(keyOf(id));
        if (job === null) return;
        try {
          await job.remove();
          byHand?.through(queue, id);
        } catch (fault) {
          if (!(await job.isActive())) throw fault;
        }
      });
    },

    process(queue, handle, options = {}) {
      const line = lineOf(queue);
      if (line.options) throw new AppError('queue.handler-taken', 500, { queue });
      const filled = withDefaults(options);
      line.options = filled;
      const take = (bullJob: Bull.Job<Packed>): Promise<void> => {
        const one = handleOne(queue, bullJob, handle, filled.attempts);
        const settled = one.then(undefined, () => undefined);
        running.add(settled);
        void settled.then(() => running.delete(settled));
        work?.run(`queue ${queue}`, () => settled);
        return one;
      };
      Object.assign(line.bull, amended(line.bull, connection(`waiting:${queue}`)));
      line.bull.process(filled.concurrency, take).catch((fault: unknown) => {
        if (state === 'open') onFault(`queue ${queue}`, fault);
      });
    },

    async counts(queue) {
      return ask(queue, async (client) => {
        const [jobs, failed] = await Promise.all([lineOf(queue).bull.getJobCounts(), client.zcard(failures(queue))]);
        return { waiting: jobs.waiting, delayed: jobs.delayed, active: jobs.active, failed };
      });
    },

    async close() {
      if (state !== 'open') return;
      state = 'closing';
      byHand?.close();
      const closed = Promise.all([...lines.values()].map(({ bull }) => bull.close()));
      while (running.size > 0) await Promise.all(running);
      // Their outcomes are on the way; without Redis they never arrive, and the jobs will come again.
      await within(deadlineMs, closed, () => new Error('late')).catch(() => undefined);
      state = 'closed';
      await Promise.all([...connections.values()].map(disconnectRedis));
    },
  };
}

/**
 * Two of Bull's inner steps leave promises without an owner, which would end the process when Redis is away: naming
 * its connection, and connecting the waiting one anew in order to close it. Nothing waits on it after a close.
 */
function amended(bull: Bull.Queue<Packed>, waiting: Redis): object {
  return {
    setWorkerName: () => Promise.resolve(),
    whenCurrentJobsFinished: async () => {
      waiting.disconnect();
      const inner: object = bull;
      if ('processing' in inner) await Promise.allSettled(Object.values(inner.processing ?? {}));
    },
  };
}

/** Bull's own keys stand beside the jobs: an id must not be one of them, nor a bare number, nor empty. */
function keyOf(id: string): string {
  return `job:${id}`;
}

function packed({ id, data, at }: Job): Packed {
  return { id, data, at: at?.getTime() ?? null };
}

function unpacked({ id, data, at }: Packed): Job {
  return at === null ? { id, data } : { id, data, at: new Date(at) };
}
