/** What a job carries: plain JSON, ids rather than contents. */
export type JobData = Readonly<Record<string, string | number | boolean | null>>;

export interface Job {
  /**
   * Row + version. While a job of this id is present (waiting, delayed, running or between two tries), adding it
   * again does nothing, also with another `at` or other data. So whatever changes the due time changes the version
   * in the id, and a handler that finds its row not yet due adds the next alarm under its own id.
   */
  readonly id: string;
  readonly data: JobData;
  /** Not before then; at once when absent or past. */
  readonly at?: Date;
}

export interface ProcessOptions {
  /** How many at a time in this process (1). */
  concurrency?: number;
  /** Tries in all (5). */
  attempts?: number;
  /** First wait before another try, doubled each time, in milliseconds (1000). */
  backoffMs?: number;
}

export interface QueueCounts {
  waiting: number;
  delayed: number;
  active: number;
  /** Gave up after the last try; kept for a person to look at, and no hindrance to the same id. */
  failed: number;
}

/**
 * Alarm clocks for rows whose due time is the truth. Jobs may be lost (an emptied Redis) or come twice:
 * handlers look at the row first, and a sweeper adds what is missing. A finished job leaves no trace,
 * so the same id can be added again.
 */
export interface Queue {
  add(queue: string, job: Job): Promise<void>;
  addMany(queue: string, jobs: readonly Job[]): Promise<void>;
  /** Forgets a job that is not running; unknown ids are fine. */
  remove(queue: string, id: string): Promise<void>;
  /**
   * Registers this process's handler; one a queue name (`queue.handler-taken`). Starts at once. `attempt` counts
   * from 1. A handler that rejects is called again until the attempts are used up.
   */
  process(queue: string, handle: (job: Job, attempt: number) => Promise<void>, options?: ProcessOptions): void;
  counts(queue: string): Promise<QueueCounts>;
  /** Stops taking, waits for what runs. What is added afterwards is refused (`queue.closed`). */
  close(): Promise<void>;
}
