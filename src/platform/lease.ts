import { z } from 'zod';
import { AppError, isAppError } from '../shared/errors.ts';
import type { Cancel, Clock } from './clock.ts';
import { declare, type Store } from './store/port.ts';
import type { Work } from './work.ts';

/** Who owns what only one process may own. `_id` names it (`wechat`, `clock`). */
const leases = declare('leases', z.object({ _id: z.string(), owner: z.string(), until: z.date() }));
export const leaseCollections = [leases];
type Row = z.infer<typeof leases.schema>;

/** In milliseconds. */
export interface LeaseTimes {
  /** Without a renewal it is over after this long. */
  readonly lastsMs: number;
  /** Its owner stops so much earlier. */
  readonly marginMs: number;
  readonly renewMs: number;
}

export const leaseTimes: LeaseTimes = { lastsMs: 20_000, marginMs: 5_000, renewMs: 5_000 };

/** Machines whose clocks differ more are told of: what is said, and when, follows these clocks. */
export const mostSkewMs = 5_000;

/** A right that one process at a time has. */
export interface Lease {
  /** Ours now, with a margin: ask right before doing what only the owner may do. */
  held(): boolean;
  /** Tries to get it, and goes on trying and renewing until it is stopped. */
  start(): Promise<void>;
  /** Gives it back, so that another process need not wait. */
  stop(): Promise<void>;
}

/**
 * Who waits takes over when the row stood unchanged for `lastsMs` of its own running time, whatever the owner's clock
 * says: machines' clocks may differ and be set. `onChange` is told when it was won or lost; a loss may be told late (a
 * process that was stopped). `onFault` is told `clock.skew` (facts.seconds), once, when the owner's clock differs by
 * more than `mostSkewMs`.
 */
export function createLease(deps: {
  store: Store;
  clock: Clock;
  work: Work;
  name: string;
  owner: string;
  onChange: (held: boolean) => void;
  onFault?: (name: string, fault: unknown) => void;
  times?: LeaseTimes;
}): Lease {
  const { clock, work, name, owner } = deps;
  const { lastsMs, marginMs, renewMs } = deps.times ?? leaseTimes;
  const rows = deps.store.collection(leases);
  /** Of the last renewal, by both kinds of time: running time stands still while a machine sleeps. */
  let renewed: { at: number; elapsed: number } | null = null;
  /** The other owner's row as it was first seen so. */
  let watched: { row: Row; since: number; lookedAt: number } | null = null;
  let skewTold = false;
  let told = false;
  let stopped = false;
  let alarm: Cancel | undefined;
  /** The try that is under way; its fault goes to who started it. */
  let turning: Promise<void> = Promise.resolve();

  const held = (): boolean =>
    renewed !== null &&
    clock.elapsed() < renewed.elapsed + lastsMs - marginMs &&
    // Set back, the clock says that it was renewed later than now: then running time alone counts.
    clock.now().getTime() < renewed.at + lastsMs - marginMs;

  function tell(): void {
    if (held() === told) return;
    told = !told;
    deps.onChange(told);
  }

  /** It was written since the last look: by how much the clocks differ at least. */
  function compareClocks(row: Row, lookedAt: number): void {
    const written = row.until.getTime() - lastsMs;
    const skew = Math.max(written - clock.now().getTime(), 0) + Math.min(written - lookedAt, 0);
    if (Math.abs(skew) <= mostSkewMs || skewTold) return;
    skewTold = true;
    deps.onFault?.('lease', new AppError('clock.skew', 500, { seconds: Math.round(skew / 1000) }));
  }

  /** Whether the other owner did not renew for so long. */
  function abandoned(row: Row): boolean {
    const lookedAt = clock.now().getTime();
    if (watched?.row.owner !== row.owner || watched.row.until.getTime() !== row.until.getTime()) {
      if (watched?.row.owner === row.owner) compareClocks(row, watched.lookedAt);
      watched = { row, since: clock.elapsed(), lookedAt };
    }
    watched.lookedAt = lookedAt;
    return clock.elapsed() >= watched.since + lastsMs;
  }

  async function claim(now: Date): Promise<boolean> {
    const until = new Date(now.getTime() + lastsMs);
    if ((await rows.update({ _id: name, owner }, { $set: { until } })) !== null) return true;
    const row = await rows.get(name);
    if (row === null) {
      try {
        await rows.insert({ _id: name, owner, until });
        return true;
      } catch (fault) {
        if (isAppError(fault, 'store.duplicate')) return false;
        throw fault;
      }
    }
    if (!abandoned(row)) return false;
    return (await rows.update({ _id: name, owner: row.owner, until: row.until }, { $set: { owner, until } })) !== null;
  }

  async function take(): Promise<void> {
    // Counted from before the write: a slow store must not make the lease look longer than it is.
    const now = clock.now();
    const elapsed = clock.elapsed();
    tell();
    try {
      if ((await claim(now)) && !stopped) {
        renewed = { at: now.getTime(), elapsed };
        watched = null;
      }
    } finally {
      tell();
      if (!stopped) alarm = clock.at(new Date(clock.now().getTime() + renewMs), () => work.run('lease', turn));
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
      renewed = null;
      tell();
      // What it was just claiming would outlive the giving back.
      await turning;
      await rows.remove({ _id: name, owner });
    },
  };
}
