import { types } from 'wechaty-puppet';
import type { PuppetOptions } from 'wechaty-puppet';
import type { Clock } from '../../src/platform/clock.ts';
import type { Log } from '../../src/platform/log.ts';
import type { Work } from '../../src/platform/work.ts';
import { ChannelError } from './channel.ts';
import type { Channel, ChannelAddress, FriendRequest, InboundMessage } from './channel.ts';
import { pause, within } from './deadline.ts';
import { createInOrder } from './in-order.ts';
import { createConnection } from './wechaty-connection.ts';
import { channelFault } from './wechaty-fault.ts';
import { createMemberLists } from './wechaty-members.ts';
import { readMessage } from './wechaty-message.ts';
import type { Names, OwnMessage } from './wechaty-message.ts';
import { createNameLookUp } from './wechaty-names.ts';
import type { Puppet, PuppetSource } from './wechaty-session.ts';

export type { Puppet } from './wechaty-session.ts';

export interface WechatyChannelOptions {
  /** npm name of a puppet (`wechaty-puppet-service`), or how to make one. */
  puppet: string | (() => Puppet);
  /** For a puppet given by name: token, endpoint, tls. */
  puppetOptions?: PuppetOptions;
  /** Names the channel; inbox ids begin with it (`wechaty`). */
  name?: string;
  /** Path of the file in which the puppet keeps its login (`….memory-card.json`); none by default. */
  memory?: string;
  clock: Clock;
  work: Work;
  log: Log;
  /** How long `start` waits for the login, in milliseconds (120 000). */
  loginDeadlineMs?: number;
  /** Shows the code that a person must scan. */
  onScan?: (code: string) => unknown;
  /** Told after each message of the puppet was handed on or passed over. */
  onSettled?: (messageId: string) => void;
}

/** The part of wechaty's FileBox that is used; its package tells TypeScript nothing. */
interface FileContent {
  toBuffer(): Promise<Uint8Array>;
}

const fetchMs = 10_000;
const readMs = 60_000;
const sayMs = 30_000;
const retryAfterMs = [500, 3_000];
const echoesKept = 500;

/**
 * WeChat through any wechaty puppet. Its own messages are kept as echoes and never handed on.
 *
 * Stopping also stops a gateway's puppet, which may then need a new login. What was written while the account
 * was logged out can't be read later.
 */
export function createWechatyChannel(options: WechatyChannelOptions): Channel {
  const { clock, work, log, puppet: wanted, puppetOptions } = options;
  const name = options.name ?? 'wechaty';
  const source: PuppetSource =
    typeof wanted === 'function'
      ? wanted
      : { name: wanted, ...(puppetOptions === undefined ? {} : { options: puppetOptions }) };
  let handle: (message: InboundMessage) => void = () => {};
  const onOnline: (() => void)[] = [];
  const onFriendRequest: ((request: FriendRequest) => void)[] = [];
  const echoes: { said: OwnMessage; at: Date }[] = [];
  const lookUp = createNameLookUp({ clock, log });
  const memberLists = createMemberLists({ clock, names: lookUp });

  const connection = createConnection({
    source,
    memory: options.memory ?? null,
    clock,
    work,
    log,
    loginDeadlineMs: options.loginDeadlineMs ?? 120_000,
    onLogin() {
      lookUp.forget();
      memberLists.forget();
      for (const tell of onOnline) work.run('channel.online', async () => tell());
    },
    onMessage: (id) => inOrder.push(id),
    onFriendship: (id) => work.run('channel.friendship', () => tellFriendship(id)),
    onScan: (code) => options.onScan?.(code),
  });

  async function namesOf(puppet: Puppet): Promise<Names> {
    // A message may come before wechaty has told the login that the puppet already knows of.
    const id = puppet.isLoggedIn ? puppet.currentUserId : (connection.self()?.id ?? '');
    return {
      bot: { id, name: connection.self()?.name ?? (await lookUp.nameIn(puppet, null, id)) },
      topic: (room) => lookUp.topic(puppet, room),
      nameIn: (room, contact) => lookUp.nameIn(puppet, room, contact),
    };
  }

  /** Null when the puppet will not tell the message; it is then lost, which the log says. */
  async function fetch(id: string): Promise<InboundMessage | OwnMessage | null> {
    for (const wait of [...retryAfterMs, null]) {
      try {
        const puppet = connection.puppet();
        if (puppet === null) throw new ChannelError('retry', 'no puppet');
        const late = (): ChannelError => new ChannelError('retry', 'the message took too long');
        const payload = await within(clock, fetchMs, puppet.messagePayload(id), late);
        return await readMessage(name, payload, await namesOf(puppet), (file) => read(puppet, file));
      } catch (fault) {
        log.fault('channel.message-untold', fault, { message: id, again: wait !== null });
        if (wait !== null) await pause(clock, wait);
      }
    }
    log.error('channel.message-lost', { message: id });
    return null;
  }

  function read(puppet: Puppet, id: string): Promise<Uint8Array> {
    const file = puppet.messageFile(id).then((box: FileContent) => box.toBuffer());
    return within(clock, readMs, file, () => new ChannelError('retry', 'the attachment took too long'));
  }

  async function tellFriendship(id: string): Promise<void> {
    const puppet = connection.puppet();
    if (puppet === null) return;
    const late = (): ChannelError => new ChannelError('retry', 'the request took too long');
    try {
      const { type, contactId } = await within(clock, fetchMs, puppet.friendshipPayload(id), late);
      if (type === types.Friendship.Receive) for (const tell of onFriendRequest) tell({ id, contact: contactId });
    } catch (fault) {
      // Whoever asked can ask again, or is accepted on the phone.
      log.fault('channel.friendship-untold', fault);
    }
  }

  const inOrder = createInOrder<InboundMessage | OwnMessage>({
    work,
    name: 'channel.message',
    window: 32,
    fetch,
    hand(id, message): unknown {
      try {
        if (message === null) return undefined;
        if (!('own' in message)) return handle(message);
        echoes.push({ said: message, at: clock.now() });
        if (echoes.length > echoesKept) echoes.shift();
        return undefined;
      } finally {
        options.onSettled?.(id);
      }
    },
  });

  async function say(
    puppet: Puppet,
    to: ChannelAddress,
    text: string,
    mentions: readonly string[],
  ): Promise<string | null> {
    const late = (): ChannelError => new ChannelError('unknown', 'the puppet did not answer');
    if ('contact' in to) return (await within(clock, sayMs, puppet.messageSendText(to.contact, text), late)) ?? null;
    const names = await Promise.all(mentions.map((contact) => lookUp.nameIn(puppet, to.room, contact)));
    const head = names.map((each) => (each === '' ? '' : `@${each}\u2005`)).join('');
    const saying = puppet.messageSendText(to.room, `${head}${text}`, [...mentions]);
    return (await within(clock, sayMs, saying, late)) ?? null;
  }

  return {
    name,
    botName: () => connection.self()?.name ?? null,
    onMessage(listener) {
      handle = listener;
    },
    onOnline(tell) {
      onOnline.push(tell);
    },
    onFriendRequest(tell) {
      onFriendRequest.push(tell);
    },
    async acceptFriend(request) {
      const puppet = connection.puppet();
      if (puppet === null || connection.self() === null) throw new ChannelError('retry', 'not logged in');
      const late = (): ChannelError => new ChannelError('retry', 'the puppet did not answer');
      try {
        await within(clock, sayMs, puppet.friendshipAccept(request), late);
      } catch (fault) {
        throw channelFault(fault);
      }
    },
    online: () => connection.self() !== null,
    aliveAt: () => connection.aliveAt(),
    start: () => connection.start(),
    stop: () => connection.stop(),
    async say(to, text, mentions) {
      const puppet = connection.puppet();
      if (puppet === null || connection.self() === null) throw new ChannelError('retry', 'not logged in');
      try {
        return { id: await say(puppet, to, text, mentions) };
      } catch (fault) {
        throw channelFault(fault);
      }
    },
    async members(room) {
      const [puppet, self] = [connection.puppet(), connection.self()];
      if (puppet === null || self === null) throw new ChannelError('retry', 'not logged in');
      try {
        return await memberLists.of(puppet, room, self.id);
      } catch (fault) {
        throw fault instanceof ChannelError ? fault : channelFault(fault);
      }
    },
    echo(to, text, since) {
      const same = (seen: ChannelAddress): boolean =>
        'room' in to ? 'room' in seen && seen.room === to.room : 'contact' in seen && seen.contact === to.contact;
      const found = echoes.findLast(({ said, at }) => at >= since && same(said.to) && said.text.endsWith(text));
      return found?.said.id ?? null;
    },
  };
}
