import { AppError, isAppError } from '../../shared/errors.ts';
import { Draft, type Kv } from './kv.ts';

/** Works out its writes against what the batch has done so far; throws before it puts anything. */
export type Operation<R> = (draft: Draft) => R;

export interface Writer {
  submit<R>(operation: Operation<R>): Promise<R>;
  close(): Promise<void>;
}

const most = 2000;

/**
 * Gathers the operations of one loop turn into one commit; while one commit is on its way the next
 * gathers. An operation that fails is left out and touches no other; if the commit fails, all of it fails.
 */
export function createWriter(kv: Kv, schedule: (run: () => void) => void): Writer {
  type Entry = { run: (draft: Draft) => void; settle: (fault: AppError | null) => void };
  let gathered: Entry[] = [];
  let busy = false;
  let closed = false;
  let whenQuiet: (() => void)[] = [];

  const flush = async (): Promise<void> => {
    while (gathered.length > 0) {
      const batch = gathered.splice(0, most);
      let fault: AppError | null = null;
      try {
        kv.refresh();
        const draft = new Draft(kv);
        for (const { run } of batch) run(draft);
        if (draft.writes.size > 0) await kv.commit(draft.writes.all());
      } catch (cause) {
        fault = isAppError(cause) ? cause : new AppError('store.unwritable', 503, {}, { cause });
      }
      for (const { settle } of batch) settle(fault);
    }
    busy = false;
    for (const wake of whenQuiet.splice(0)) wake();
  };

  return {
    submit<R>(operation: Operation<R>): Promise<R> {
      if (closed) return Promise.reject(new AppError('store.closed', 503));
      return new Promise<R>((resolve, reject) => {
        let finish = (): void => reject(new AppError('store.unwritable', 503));
        gathered.push({
          run(draft) {
            try {
              const result = operation(draft);
              finish = () => resolve(result);
            } catch (fault) {
              finish = () => reject(fault);
            }
          },
          settle: (fault) => (fault === null ? finish() : reject(fault)),
        });
        if (busy) return;
        busy = true;
        schedule(() => void flush());
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
