import type { Cancel, Clock } from '../../src/platform/clock.ts';
import type { Log } from '../../src/platform/log.ts';
import type { Work } from '../../src/platform/work.ts';
import { ChannelError } from './channel.ts';
import { openSession } from './wechaty-session.ts';
import type { Puppet, PuppetSource, Session } from './wechaty-session.ts';

export interface Self {
  readonly id: string;
  readonly name: string;
}

/** Keeps one puppet connected and logged in. */
export interface Connection {
  /** Connects; rejects when nobody is logged in by the deadline. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** The puppet that runs now, logged in or not. */
  puppet(): Puppet | null;
  /** The account, while it is logged in. */
  self(): Self | null;
  /** When the login last showed that it lives; null before the first login. */
  aliveAt(): Date | null;
}

/** Without a heartbeat for so long the connection is dead: the puppet's own watchdog barks after 60 s. */
const silentMs = 150_000;
const offlineMs = 30_000;
const longestWaitMs = 300_000;
/** A person needs this long to fetch the phone; each new code counts afresh. */
const scanMs = 600_000;

/**
 * Outlives the puppet's connection. After an outage a puppet may never come back although it says that it
 * runs, so when heartbeats stop, or a login is lost without a code to scan, it is replaced by a new one, with
 * growing waits.
 */
export function createConnection(deps: {
  source: PuppetSource;
  memory: string | null;
  clock: Clock;
  work: Work;
  log: Log;
  loginDeadlineMs: number;
  onLogin: () => void;
  onMessage: (id: string) => void;
  onFriendship: (id: string) => void;
  /** May be async; its fault is told like the puppet's. */
  onScan: (code: string) => unknown;
}): Connection {
  const { clock, work, log } = deps;
  let running = false;
  let session: Session | null = null;
  let self: Self | null = null;
  /** Resolved by the next login, rejected when there is no use in waiting. */
  let entrance: { open: () => void; shut: (fault: Error) => void; wait: (ms: number) => void } | null = null;
  let lastFault: unknown = null;
  let lastBeat: Date | null = null;
  let alive: Date | null = null;
  let scanning = false;
  let failures = 0;
  let watch: Cancel | undefined;
  let rescue: Cancel | undefined;
  const later = (ms: number): Date => new Date(clock.now().getTime() + ms);

  /** Looks when the silence would be too long, not every so often: a quiet channel costs no timers. */
  function watchBeats(): void {
    watch ??= clock.at(later(silentMs), () => {
      watch = undefined;
      if (!running || lastBeat === null) return;
      if (clock.now().getTime() - lastBeat.getTime() < silentMs) {
        watchBeats();
        return;
      }
      log.warn('channel.silent');
      // A code of a dead connection leads nowhere.
      scanning = false;
      rescueIn(0);
    });
  }

  function rescueIn(ms: number): void {
    if (!running || rescue !== undefined) return;
    rescue = clock.at(later(ms), () => {
      rescue = undefined;
      const recovered = ms > 0 && self !== null;
      if (running && !scanning && !recovered) work.run('channel.rescue', replace);
    });
  }

  async function replace(): Promise<void> {
    await leave();
    if (!running) return;
    try {
      await enter();
      log.info('channel.back');
    } catch (fault) {
      failures++;
      log.fault('channel.not-back', fault, { failures });
      rescueIn(Math.min(offlineMs * 2 ** (failures - 1), longestWaitMs));
    }
  }

  async function enter(): Promise<void> {
    let cancel: Cancel | undefined;
    const login = new Promise<void>((open, shut) => {
      const wait = (ms: number): void => {
        cancel?.();
        const late = (): void =>
          shut(new ChannelError('retry', `not logged in within ${ms / 1000} s`, { cause: lastFault }));
        cancel = clock.at(later(ms), late);
      };
      entrance = { open, shut, wait };
      wait(deps.loginDeadlineMs);
    });
    const [opened] = await Promise.allSettled([open(), login]);
    cancel?.();
    entrance = null;
    if (opened.status === 'rejected') throw opened.reason;
    await login;
  }

  async function open(): Promise<void> {
    let mine: Session | null = null;
    let over = false;
    // Events of a puppet that was replaced meanwhile count no more.
    const here = (): boolean => !over && (mine === null || session === mine);
    try {
      mine = await openSession({
        source: deps.source,
        memory: deps.memory,
        clock,
        work,
        events: {
          login(found) {
            if (!here()) return;
            self = found;
            alive = clock.now();
            scanning = false;
            failures = 0;
            log.info('channel.login');
            entrance?.open();
            deps.onLogin();
          },
          logout() {
            if (!here()) return;
            self = null;
            if (running) log.warn('channel.logout');
            rescueIn(offlineMs);
          },
          scan(code): unknown {
            if (!here()) return undefined;
            scanning = true;
            log.warn('channel.scan');
            entrance?.wait(Math.max(scanMs, deps.loginDeadlineMs));
            return deps.onScan(code);
          },
          message(id) {
            if (!here()) return;
            if (self !== null) alive = clock.now();
            deps.onMessage(id);
          },
          heartbeat() {
            if (!here()) return;
            lastBeat = clock.now();
            if (self !== null) alive = lastBeat;
            watchBeats();
          },
          friendship(id) {
            if (here()) deps.onFriendship(id);
          },
          error(fault) {
            lastFault = fault;
            log.fault('channel.fault', fault);
          },
        },
      });
      session = mine;
    } catch (fault) {
      over = true;
      const unusable = new ChannelError('give-up', 'the puppet could not be made', { cause: fault });
      entrance?.shut(unusable);
      throw unusable;
    }
  }

  async function leave(): Promise<void> {
    watch?.();
    rescue?.();
    watch = undefined;
    rescue = undefined;
    lastBeat = null;
    self = null;
    scanning = false;
    const old = session;
    session = null;
    await old?.close();
  }

  return {
    puppet: () => session?.puppet ?? null,
    self: () => self,
    // A puppet that never beats is believed while it is logged in.
    aliveAt: () => (self !== null && lastBeat === null ? clock.now() : alive),
    async start() {
      if (running) throw new ChannelError('give-up', 'the channel is started already');
      running = true;
      try {
        await enter();
      } catch (fault) {
        running = false;
        await leave();
        throw fault;
      }
    },
    async stop() {
      running = false;
      entrance?.shut(new ChannelError('retry', 'the channel was stopped'));
      await leave();
    },
  };
}
