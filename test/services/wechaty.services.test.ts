import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { InboundMessage } from '../../bots/channels/channel.ts';
import { createWechatyChannel } from '../../bots/channels/wechaty.ts';
import { createSystemClock, type Clock } from '../../src/platform/clock.ts';
import { quietLog } from '../../src/platform/log.ts';
import { createWork } from '../../src/platform/work.ts';
import { until } from '../platform/queue/bull-rig.ts';
import { createFastClock, freePort, startGateway, type Gateway } from './gateway.ts';

const room = 'r-三组@chatroom';
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

const freshToken = (): string => `insecure_${randomUUID()}`;

async function gatewayOn(port: number, token: string): Promise<Gateway> {
  const gateway = await startGateway(port, token);
  open.push(() => gateway.kill());
  return gateway;
}

/** The bot's channel to that gateway; minutes pass in seconds where the clock is fast. */
function channelTo(
  port: number,
  token: string,
  options: { clock?: Clock; tls?: boolean; loginMs?: number; watchdogSeconds?: number } = {},
) {
  const clock = options.clock ?? createSystemClock();
  const heard: InboundMessage[] = [];
  const faults: unknown[] = [];
  const channel = createWechatyChannel({
    puppet: 'wechaty-puppet-service',
    puppetOptions: {
      token,
      endpoint: `127.0.0.1:${port}`,
      ...(options.watchdogSeconds === undefined ? {} : { timeoutSeconds: options.watchdogSeconds }),
      ...(options.tls === true ? {} : { tls: { disable: true } }),
    },
    clock,
    work: createWork((_, fault) => faults.push(fault)),
    log: quietLog,
    loginDeadlineMs: options.loginMs ?? 20_000,
  });
  channel.onMessage((message) => void heard.push(message));
  open.push(() => channel.stop());
  return { channel, heard, faults };
}

const hear = (gateway: Gateway, ids: readonly string[]): void =>
  gateway.order({
    do: 'hear',
    messages: ids.map((id, n) => ({
      ...{ id, from: 'wx-M1', text: `第${id}条`, mention: n % 4 === 0 },
      room: n % 2 === 0 ? room : null,
    })),
  });

describe('a start without a login', () => {
  it('ends at the deadline: wrong token, wrong TLS, no server', async () => {
    const port = await freePort();
    const token = freshToken();
    await gatewayOn(port, token);
    const tries = [
      channelTo(port, freshToken(), { loginMs: 7_000 }),
      channelTo(port, token, { tls: true, loginMs: 7_000 }),
      channelTo(await freePort(), token, { loginMs: 7_000 }),
    ];
    const began = performance.now();
    const outcomes = await Promise.all(tries.map(({ channel }) => channel.start().catch((fault: unknown) => fault)));
    for (const fault of outcomes) expect(fault).toMatchObject({ name: 'ChannelError', kind: 'retry' });
    expect(performance.now() - began).toBeLessThan(30_000);
    for (const { channel, faults } of tries) {
      expect(channel.online()).toBe(false);
      expect(faults).toEqual([]);
    }
  });
});

describe('a second client of the same gateway', () => {
  it('is refused at its deadline, and the first one is there again when it has gone', async () => {
    const port = await freePort();
    const token = freshToken();
    const gateway = await gatewayOn(port, token);
    const first = channelTo(port, token, { clock: createFastClock(30), loginMs: 200_000 });
    await first.channel.start();
    const second = channelTo(port, token, { loginMs: 6_000 });
    await expect(second.channel.start()).rejects.toMatchObject({ kind: 'retry' });
    await until('the first one is logged in', () => first.channel.online(), 20_000);
    await until(
      'it hears',
      () => {
        hear(gateway, [`after ${performance.now()}`]);
        return first.heard.length > 0;
      },
      20_000,
    );
    expect(second.heard).toEqual([]);
    expect([...first.faults, ...second.faults]).toEqual([]);
  });
});

describe('messages over gRPC', () => {
  it('come in in the order of their conversation though some are told slowly, and go out with their mentions', async () => {
    const port = await freePort();
    const token = freshToken();
    const gateway = await gatewayOn(port, token);
    const { channel, heard, faults } = channelTo(port, token);
    await channel.start();
    expect(channel.botName()).toBe('小溪');
    gateway.order({ do: 'slow', ms: 200 });
    const ids = Array.from({ length: 120 }, (_, n) => String(n));
    hear(gateway, ids);
    await until('all are heard', () => heard.length === ids.length, 30_000);
    for (const direct of [true, false]) {
      const there = heard
        .filter((message) => (message.room === null) === direct)
        .map(({ id }) => Number(id.split(':').at(-1)));
      expect(there).toEqual(there.toSorted((a, b) => a - b));
      expect(there).toHaveLength(60);
    }
    expect(heard.filter(({ mentionsBot }) => mentionsBot).length).toBeGreaterThanOrEqual(30);
    expect(heard[0]).toMatchObject({
      room: { id: room, topic: '三组村民群' },
      sender: { id: 'wx-M1', name: '王大爷' },
    });
    await channel.say({ room }, '都收到了', ['wx-M1']);
    await channel.say({ contact: 'wx-M1' }, '只给你看', []);
    await until('both are said', () => gateway.said.length === 2);
    expect(gateway.said).toMatchObject([
      { room, text: '@王大爷\u2005都收到了', mentions: ['wx-M1'] },
      { room: null, contact: 'wx-M1', text: '只给你看' },
    ]);
    await expect(channel.say({ contact: 'wx-nobody' }, 'x', [])).rejects.toMatchObject({ name: 'ChannelError' });
    expect(faults).toEqual([]);
  });

  it('leave no file in the working folder and none in the home folder', async () => {
    const port = await freePort();
    const token = freshToken();
    await gatewayOn(port, token);
    const { channel } = channelTo(port, token);
    await channel.start();
    await channel.say({ room }, '在', ['wx-M1']);
    expect(readdirSync('.').filter((name) => name.endsWith('.memory-card.json'))).toEqual([]);
    const home = join(homedir(), '.wechaty');
    const there = existsSync(home) ? readdirSync(home, { recursive: true }).map(String) : [];
    expect(there.filter((path) => path.includes(token))).toEqual([]);
  });

  it('that are not answered count as unknown: nobody says them again unasked', async () => {
    const port = await freePort();
    const token = freshToken();
    const gateway = await gatewayOn(port, token);
    const { channel } = channelTo(port, token, { clock: createFastClock(10), loginMs: 150_000 });
    await channel.start();
    gateway.order({ do: 'mute', ms: 6_000 });
    await expect(channel.say({ room }, '慢', [])).rejects.toMatchObject({ kind: 'unknown' });
  });
});

describe('a request to become a contact', () => {
  it('comes in without its words, and is accepted there', async () => {
    const port = await freePort();
    const token = freshToken();
    const gateway = await gatewayOn(port, token);
    const { channel, faults } = channelTo(port, token);
    const asked: object[] = [];
    channel.onFriendRequest?.((request) => asked.push(request));
    await channel.start();
    gateway.order({ do: 'befriend', id: 'f1', contact: 'wx-M1' });
    await until('it is told', () => asked.length === 1);
    expect(asked).toEqual([{ id: 'f1', contact: 'wx-M1' }]);
    await channel.acceptFriend?.('f1');
    await until('it is accepted', () => gateway.accepted.length === 1);
    await expect(channel.acceptFriend?.('gone')).rejects.toMatchObject({ kind: 'give-up' });
    expect(faults).toEqual([]);
  });
});

describe('an outage', () => {
  const outage = async (
    fall: (gateway: Gateway) => Promise<unknown>,
    rise: (gateway: Gateway, again: () => Promise<Gateway>) => Promise<Gateway>,
    more: { watchdogSeconds?: number } = {},
  ) => {
    const port = await freePort();
    const token = freshToken();
    const first = await gatewayOn(port, token);
    const { channel, heard, faults } = channelTo(port, token, {
      clock: createFastClock(30),
      loginMs: 200_000,
      ...more,
    });
    await channel.start();
    hear(first, ['before']);
    await until('it is heard', () => heard.length === 1);
    await fall(first);
    await until('it is noticed', () => !channel.online(), 20_000);
    await expect(channel.say({ room }, '听得到吗', [])).rejects.toMatchObject({ kind: 'retry' });
    const second = await rise(first, () => gatewayOn(port, token));
    await until('it is logged in again', () => channel.online(), 40_000);
    await until(
      'it hears again',
      () => {
        if (channel.online()) hear(second, [`after ${heard.length}`]);
        return heard.length > 1;
      },
      20_000,
    );
    await channel.say({ room }, '又在了', []);
    await until('it speaks again', () => second.said.some(({ text }) => text === '又在了'));
    return faults;
  };

  it('by a gateway that died and was started again ends by itself', async () => {
    const faults = await outage(
      (gateway) => gateway.kill(),
      (_, again) => again(),
    );
    expect(faults).toEqual([]);
  });

  it('by a gateway that stood still for longer than its watchdog waits ends by itself', async () => {
    const faults = await outage(
      async (gateway) => gateway.signal('SIGSTOP'),
      async (gateway) => {
        gateway.signal('SIGCONT');
        return gateway;
      },
    );
    expect(faults).toEqual([]);
  });

  it('that outlasts the puppet’s own watchdog ends by itself', async () => {
    const faults = await outage(
      async (gateway) => {
        gateway.signal('SIGSTOP');
        // The watchdog barks after two seconds of silence, and once more.
        await pause(6_000);
      },
      async (gateway) => {
        gateway.signal('SIGCONT');
        return gateway;
      },
      { watchdogSeconds: 2 },
    );
    expect(faults).toEqual([]);
  });

  it('of an account so quiet that the watchdog logs it out ends by itself', async () => {
    const faults = await outage(
      async (gateway) => gateway.order({ do: 'quiet', on: true }),
      async (gateway) => {
        gateway.order({ do: 'quiet', on: false });
        return gateway;
      },
      { watchdogSeconds: 2 },
    );
    expect(faults).toEqual([]);
  });
});
