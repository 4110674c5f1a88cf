import type { Cancel, Clock } from '../../src/platform/clock.ts';
import type { Lease } from '../../src/platform/lease.ts';
import type { Work } from '../../src/platform/work.ts';
import type { Channel } from '../channels/channel.ts';

/** The WeChat login as one process has it, or waits for it. */
export interface Login {
  /** This process may use the login now: ask right before each saying. */
  owns(): boolean;
  /** Takes the login, or waits until the process that has it is gone. */
  start(): Promise<void>;
  /** Logs off and tries no more. */
  leave(): Promise<void>;
  /** Lets another process have it. */
  release(): Promise<void>;
}

const againMs = 30_000;

/**
 * Keeps the channel started while the login is ours. `lease` is asked for once, where other processes may want the
 * login too; null where there are none. `prepare` finishes what the owner before left, `ready` is told afterwards.
 */
export function createLogin(deps: {
  channel: Channel;
  clock: Clock;
  work: Work;
  lease: ((onChange: (held: boolean) => void) => Lease) | null;
  prepare: () => Promise<void>;
  ready: () => void;
  onFault: (name: string, fault: unknown) => void;
}): Login {
  const { channel, clock, work } = deps;
  let another: Cancel | undefined;
  let closing = false;
  const lease = deps.lease?.((held) => work.run('login', () => (held ? keepTrying() : leave()))) ?? null;
  const owns = (): boolean => lease === null || lease.held();

  /** A gateway that does not answer now may do so later: the login stays ours meanwhile, and the rest goes on. */
  async function keepTrying(): Promise<void> {
    another?.();
    try {
      await deps.prepare();
      await channel.start();
      deps.ready();
    } catch (fault) {
      deps.onFault('login', fault);
      if (closing) return;
      another = clock.at(new Date(clock.now().getTime() + againMs), () => {
        if (owns()) work.run('login', keepTrying);
      });
    }
  }

  async function leave(): Promise<void> {
    another?.();
    await channel.stop();
  }

  return {
    owns,
    start: () => (lease === null ? keepTrying() : lease.start()),
    async leave() {
      closing = true;
      await leave();
    },
    async release() {
      await lease?.stop();
    },
  };
}
