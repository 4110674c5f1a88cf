import { WechatyBuilder } from 'wechaty';
import type { Wechaty } from 'wechaty';
import { helpers, log as wechatyLog } from 'wechaty-puppet';
import type { impls, PuppetOptions } from 'wechaty-puppet';
import type { Clock } from '../../src/platform/clock.ts';
import type { Work } from '../../src/platform/work.ts';
import { within } from './deadline.ts';

// wechaty prints on its own, members' texts included. Its faults arrive as `error` events.
wechatyLog.level('silent');

export type Puppet = impls.PuppetInterface;
/** The npm name of a puppet with its options, or how to make one. A puppet is used once: a restart makes another. */
export type PuppetSource = { readonly name: string; readonly options?: PuppetOptions } | (() => Puppet);

export interface SessionEvents {
  login(self: { id: string; name: string }): void;
  logout(): void;
  /** A person must scan it with the bot's phone. */
  scan(code: string): unknown;
  message(id: string): void;
  heartbeat(): void;
  /** Of a request to become a contact, of its acceptance, or of its refusal. */
  friendship(id: string): void;
  error(fault: unknown): void;
}

/** One puppet from its making to its end. */
export interface Session {
  readonly puppet: Puppet;
  close(): Promise<void>;
}

const closeMs = 20_000;

/**
 * Starts wechaty on a new puppet and returns at once: `start` of wechaty resolves on a wrong token or a dead
 * server too, so only `login` says that it worked. No event handler may throw: a fault goes to `error`.
 */
export async function openSession(deps: {
  source: PuppetSource;
  /** Path of the file in which a puppet keeps its login; null keeps none. */
  memory: string | null;
  events: SessionEvents;
  clock: Clock;
  work: Work;
}): Promise<Session> {
  const { source, events } = deps;
  // A rejection that nobody waits for ends the process, as a throw within an event does.
  const guard =
    <A extends unknown[]>(handle: (...args: A) => unknown) =>
    (...args: A): void =>
      deps.work.run('channel.event', async () => {
        try {
          await handle(...args);
        } catch (fault) {
          events.error(fault);
        }
      });
  const puppet =
    typeof source === 'function'
      ? source()
      : await helpers.resolvePuppet({
          puppet: source.name as Parameters<typeof helpers.resolvePuppet>[0]['puppet'],
          ...(source.options === undefined ? {} : { puppetOptions: source.options }),
        });
  keepNothing(puppet);
  // wechaty makes a file of its `name`; without one it keeps nothing.
  const bot = WechatyBuilder.build({ puppet, ...(deps.memory === null ? {} : { name: deps.memory }) });
  // An `error` that nobody listens to ends the process; this listener stays for ever.
  bot.on('error', (fault) => events.error(fault));
  await takeMessages(bot, puppet);
  puppet.on(
    'message',
    guard(({ messageId }) => events.message(messageId)),
  );
  puppet.on(
    'heartbeat',
    guard(() => events.heartbeat()),
  );
  puppet.on(
    'friendship',
    guard(({ friendshipId }) => events.friendship(friendshipId)),
  );
  bot.on(
    'login',
    guard((self) => events.login({ id: self.id, name: self.name() })),
  );
  // wechaty keeps a logout to itself when it can't look up the account any more.
  puppet.on(
    'logout',
    guard(() => events.logout()),
  );
  bot.on(
    'scan',
    guard((code) => events.scan(code)),
  );
  deps.work.run('channel.start', async () => {
    try {
      await bot.start();
    } catch (fault) {
      events.error(fault);
    }
  });
  return {
    puppet,
    async close() {
      try {
        await within(deps.clock, closeMs, bot.stop(), () => new Error('the puppet did not stop in time'));
      } catch (fault) {
        events.error(fault);
      }
    },
  };
}

/**
 * wechaty looks up every message at once, which costs a burst of 20,000 half a gigabyte, and tells them in the order
 * in which the look-ups end. The puppet's own event has the order, and is looked up a few at a time.
 */
async function takeMessages(bot: Wechaty, puppet: Puppet): Promise<void> {
  const before = new Set(puppet.listeners('message'));
  await bot.init();
  for (const listener of puppet.listeners('message'))
    if (!before.has(listener)) puppet.off('message', listener as () => void);
}

/**
 * The service puppet would keep people's profiles in files, by default in the home folder, where neither backups nor
 * erasing find them, and opening them again after a reset ends the process when they are not closed yet. A store that
 * never starts keeps nothing; what was asked lately stays in memory anyway.
 */
function keepNothing(puppet: Puppet): void {
  const { _payloadStore: store } = puppet as { _payloadStore?: { start: unknown; stop: unknown } };
  if (store === undefined) return;
  store.start = () => Promise.resolve();
  store.stop = () => Promise.resolve();
}
