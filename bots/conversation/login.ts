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
  /** Tells that the login lives, if it does. */
  beat(): Promise<void>;
  /** Logs off and tries no more. */
  leave(): Promise<void>;
  /** Lets another process have it. */
  release(): Promise<void>;
}

const againMs = 30_000;
const longestWaitMs = 300_000;

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
  /** Told when the login lived: at its beginning, at each beat, at the end. */
  alive: (at: Date) => Promise<void>;
  onFault: (name: string, fault: unknown) => void;
}): Login {
  const { channel, clock, work } = deps;
  let another: Cancel | undefined;
  let closing = false;
  let failures = 0;
  const lease = deps.lease?.((held) => work.run('login', () => (held ? keepTrying() : leave()))) ?? null;
  const owns = (): boolean => lease === null || lease.held();

  /** A gateway that does not answer now may do so later: the login stays ours meanwhile, and the rest goes on. */
  async function keepTrying(): Promise<void> {
    another?.();
    try {
      await deps.prepare();
      await channel.start();
      failures = 0;
      deps.ready();
      work.run('login.alive', beat);
    } catch (fault) {
      deps.onFault('login', fault);
      if (closing) return;
      const wait = Math.min(againMs * 2 ** failures++, longestWaitMs);
      another = clock.at(new Date(clock.now().getTime() + wait), () => {
        if (owns()) work.run('login', keepTrying);
      });
    }
  }

  async function leave(): Promise<void> {
    another?.();
    await channel.stop();
  }

  async function beat(): Promise<void> {
    if (!owns() || !channel.online()) return;
    const at = channel.aliveAt === undefined ? clock.now() : channel.aliveAt();
    if (at !== null) await deps.alive(at);
  }

  channel.onOnline(() => work.run('login.alive', beat));

  return {
    owns,
    beat,
    start: () => (lease === null ? keepTrying() : lease.start()),
    async leave() {
      closing = true;
      // A store that does not answer must not keep the login open.
      await beat().catch((fault: unknown) => deps.onFault('login.alive', fault));
      await leave();
    },
    async release() {
      await lease?.stop();
    },
  };
}
