import { z } from 'zod';
import { isAppError } from '../shared/errors.ts';
import type { Cancel, Clock } from './clock.ts';
import { declare, type Store } from './store/port.ts';
import type { Work } from './work.ts';

/** Who owns what only one process may own. `_id` names it (`wechat`, `clock`). */
const leases = declare('leases', z.object({ _id: z.string(), owner: z.string(), until: z.date() }));
export const leaseCollections = [leases];

/** Without a renewal it is over after this long; the machines' clocks may differ by `marginMs`. */
export const leaseMs = 20_000;
const marginMs = 5_000;
const renewEveryMs = 5_000;

/** A right that one process at a time has. */
export interface Lease {
  /** Ours now, with a margin: ask right before doing what only the owner may do. */
  held(): boolean;
  /** Tries to get it, and goes on trying and renewing until it is stopped. */
  start(): Promise<void>;
  /** Gives it back, so that another process need not wait. */
  stop(): Promise<void>;
}

/** `onChange` is told when it was won or lost; a loss may be told late (a process that was stopped). */
export function createLease(deps: {
  store: Store;
  clock: Clock;
  work: Work;
  name: string;
  owner: string;
  onChange: (held: boolean) => void;
}): Lease {
  const { clock, work, name, owner } = deps;
  const rows = deps.store.collection(leases);
  let until = 0;
  let told = false;
  let stopped = false;
  let alarm: Cancel | undefined;
  /** The try that is under way; its fault goes to who started it. */
  let turning: Promise<void> = Promise.resolve();

  const held = (): boolean => clock.now().getTime() < until - marginMs;

  function tell(): void {
    if (held() === told) return;
    told = !told;
    deps.onChange(told);
  }

  async function claim(now: Date): Promise<boolean> {
    const next = new Date(now.getTime() + leaseMs);
    const renewed = await rows.update(
      { _id: name, $or: [{ owner }, { until: { $lt: now } }] },
      { $set: { owner, until: next } },
    );
    if (renewed !== null) return true;
    try {
      await rows.insert({ _id: name, owner, until: next });
      return true;
    } catch (fault) {
      if (isAppError(fault, 'store.duplicate')) return false;
      throw fault;
    }
  }

  async function take(): Promise<void> {
    // Counted from before the write: a slow store must not make the lease look longer than it is.
    const now = clock.now();
    tell();
    try {
      if ((await claim(now)) && !stopped) until = now.getTime() + leaseMs;
    } finally {
      tell();
      if (!stopped) alarm = clock.at(new Date(clock.now().getTime() + renewEveryMs), () => work.run('lease', turn));
    }
  }

  async function turn(): Promise<void> {
    const mine = take();
    turning = mine.catch(() => undefined);
    await mine;
  }

  return {
    held,
    start: turn,
    async stop() {
      stopped = true;
      alarm?.();
      until = 0;
      tell();
      // What it was just claiming would outlive the giving back.
      await turning;
      await rows.remove({ _id: name, owner });
    },
  };
}
