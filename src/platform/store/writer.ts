import { AppError, isAppError } from '../../shared/errors.ts';
import { Draft, type Kv } from './kv.ts';

/** Works out its writes against what the batch has done so far; throws before it puts anything. */
export type Operation<R> = (draft: Draft) => R;

export interface Writer {
  submit<R>(operation: Operation<R>): Promise<R>;
  /** Runs while nothing is being written; what is submitted meanwhile waits. */
  alone(run: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

const most = 2000;

/** An operation on its way: worked out first, answered when its commit is through. */
class Pending<R> {
  private readonly operation: Operation<R>;
  private readonly resolve: (result: R) => void;
  private readonly reject: (fault: unknown) => void;
  private outcome: { result: R } | { fault: unknown } | null = null;

  constructor(operation: Operation<R>, resolve: (result: R) => void, reject: (fault: unknown) => void) {
    this.operation = operation;
    this.resolve = resolve;
    this.reject = reject;
  }

  run(draft: Draft): void {
    try {
      this.outcome = { result: this.operation(draft) };
    } catch (fault) {
      this.outcome = { fault };
    }
  }

  settle(failed: AppError | null): void {
    if (failed !== null) this.reject(failed);
    else if (this.outcome === null) this.reject(new AppError('store.unwritable', 503));
    else if ('fault' in this.outcome) this.reject(this.outcome.fault);
    else this.resolve(this.outcome.result);
  }
}

/**
 * Gathers the operations of one loop turn into one commit; while one commit is on its way the next
 * gathers. An operation that fails is left out and touches no other; if the commit fails, all of it fails.
 */
export function createWriter(kv: Kv, schedule: (run: () => void) => void): Writer {
  let gathered: Pick<Pending<unknown>, 'run' | 'settle'>[] = [];
  let busy = false;
  let closed = false;
  let whenQuiet: (() => void)[] = [];
  const lonely: (() => Promise<void>)[] = [];

  const flush = async (): Promise<void> => {
    while (gathered.length > 0 || lonely.length > 0) {
      await lonely.shift()?.();
      const batch = gathered.splice(0, most);
      let fault: AppError | null = null;
      try {
        kv.refresh();
        const draft = new Draft(kv);
        for (const pending of batch) pending.run(draft);
        if (draft.size > 0) await kv.commit(draft.all(), draft.rows);
      } catch (cause) {
        fault = isAppError(cause) ? cause : new AppError('store.unwritable', 503, {}, { cause });
      }
      for (const pending of batch) pending.settle(fault);
    }
    busy = false;
    for (const wake of whenQuiet.splice(0)) wake();
  };

  const start = (): void => void flush();

  return {
    submit<R>(operation: Operation<R>): Promise<R> {
      if (closed) return Promise.reject(new AppError('store.closed', 503));
      return new Promise<R>((resolve, reject) => {
        gathered.push(new Pending(operation, resolve, reject));
        if (busy) return;
        busy = true;
        schedule(start);
      });
    },
    alone(run) {
      if (closed) return Promise.reject(new AppError('store.closed', 503));
      return new Promise<void>((resolve, reject) => {
        lonely.push(() => run().then(resolve, reject));
        if (busy) return;
        busy = true;
        schedule(start);
      });
    },
    async close() {
      closed = true;
      if (busy) await new Promise<void>((resolve) => whenQuiet.push(resolve));
      whenQuiet = [];
      gathered = [];
    },
  };
}
