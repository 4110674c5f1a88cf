import { PuppetMock, mock } from 'wechaty-puppet-mock';
import { describe, expect, it } from 'vitest';
import { ChannelError } from '../../../bots/channels/channel.ts';
import { createInOrder } from '../../../bots/channels/in-order.ts';
import { channelFault } from '../../../bots/channels/wechaty-fault.ts';
import { chainText, recalledId, sentAt } from '../../../bots/channels/wechaty-message.ts';
import { createWechatyChannel } from '../../../bots/channels/wechaty.ts';
import type { WechatyChannelOptions } from '../../../bots/channels/wechaty.ts';
import { createFakeClock } from '../../../src/platform/clock.ts';
import { quietLog } from '../../../src/platform/log.ts';
import { createWork } from '../../../src/platform/work.ts';
import { morning } from '../../support/channel.ts';

function channelOn(puppet: WechatyChannelOptions['puppet']) {
  const clock = createFakeClock(morning);
  const faults: unknown[] = [];
  const work = createWork((_name, fault) => faults.push(fault));
  const channel = createWechatyChannel({ puppet, clock, work, log: quietLog, loginDeadlineMs: 60_000 });
  return { channel, clock, work, faults };
}

/** Accepts everything and never logs in, as a gateway does with a wrong token. */
const deaf = (): PuppetMock => new PuppetMock({ mocker: new mock.Mocker() });

/** Starts all the same, as a gateway's puppet does while its server is dead: only `error` tells. */
class Lonely extends PuppetMock {
  override async onStart(): Promise<void> {
    await super.onStart();
    this.emit('error', new Error('no server'));
  }
}

describe('start', () => {
  it('rejects when nobody is logged in by the deadline, and can be tried again', async () => {
    const { channel, clock, work, faults } = channelOn(deaf);
    for (const minute of [1, 2]) {
      const starting = channel.start().catch((fault: unknown) => fault);
      await work.idle();
      await clock.advanceTo(new Date(morning.getTime() + minute * 60_000));
      expect(await starting).toMatchObject({ name: 'ChannelError', kind: 'retry' });
      expect(channel.online()).toBe(false);
    }
    expect(faults).toEqual([]);
  });

  it('names the fault that the puppet reported meanwhile as the cause', async () => {
    const { channel, clock, work, faults } = channelOn(() => new Lonely({ mocker: new mock.Mocker() }));
    const starting = channel.start().catch((fault: unknown) => fault);
    await work.idle();
    await clock.advanceTo(new Date(morning.getTime() + 60_000));
    const fault = await starting;
    expect(fault).toBeInstanceOf(ChannelError);
    expect(String((fault as Error).cause)).toContain('no server');
    expect(faults).toEqual([]);
  });

  it('gives up a puppet that is not installed', async () => {
    const { channel } = channelOn('wechaty-puppet-of-nobody');
    await expect(channel.start()).rejects.toMatchObject({ kind: 'give-up' });
  });

  it('ends when it is stopped meanwhile', async () => {
    const { channel, work } = channelOn(deaf);
    const starting = channel.start().catch((fault: unknown) => fault);
    await work.idle();
    await channel.stop();
    expect(await starting).toMatchObject({ kind: 'retry' });
  });
});

describe('say', () => {
  it('is refused before the login', async () => {
    const { channel } = channelOn(deaf);
    await expect(channel.say({ contact: 'x' }, 'x', [])).rejects.toMatchObject({ kind: 'retry' });
  });
});

describe('channelFault', () => {
  it.each([
    [Object.assign(new Error('5 NOT_FOUND'), { code: 5 }), 'give-up'],
    [Object.assign(new Error('14 UNAVAILABLE: connection dropped'), { code: 14 }), 'unknown'],
    [Object.assign(new Error('4 DEADLINE_EXCEEDED'), { code: 4 }), 'unknown'],
    [Object.assign(new Error('8 RESOURCE_EXHAUSTED'), { code: 8 }), 'retry'],
    [Object.assign(new Error('16 UNAUTHENTICATED'), { code: 16 }), 'blocked'],
    [new Error('对方不是好友'), 'give-up'],
    [new Error('账号已被限制'), 'blocked'],
    [new Error('busy'), 'retry'],
    ['a string', 'retry'],
    [new ChannelError('give-up', 'x'), 'give-up'],
  ])('takes %s as %s', (fault, kind) => {
    expect(channelFault(fault).kind).toBe(kind);
  });
});

describe('what puppets put into a text', () => {
  const xml =
    '<msg><appmsg appid=""><title>#接龙&#x0A;打扫 &lt;院坝&gt;\n1. 老李</title><type>53</type></appmsg></msg>';

  it('reads a native 接龙 from its title', () => {
    expect(chainText(0, xml)).toBe('#接龙\n打扫 <院坝>\n1. 老李');
    expect(chainText(10, '#接龙\n1. 老李')).toBe('#接龙\n1. 老李');
    expect(chainText(14, xml.replace('53', '5'))).toBeNull();
    expect(chainText(7, '早')).toBeNull();
  });

  it('reads the id of a message that was taken back', () => {
    expect(recalledId(' 123 ')).toBe('123');
    expect(recalledId('<sysmsg><revokemsg><msgid>1</msgid><newmsgid>987</newmsgid></revokemsg></sysmsg>')).toBe('987');
    expect(recalledId('<sysmsg></sysmsg>')).toBeNull();
    expect(recalledId('')).toBeNull();
  });

  it('reads times in seconds and in milliseconds', () => {
    expect(sentAt(1_773_797_400)).toEqual(new Date(1_773_797_400_000));
    expect(sentAt(1_773_797_400_000)).toEqual(new Date(1_773_797_400_000));
  });
});

describe('createInOrder', () => {
  it('hands on in the order of arrival, a few at a time, and passes over what can not be fetched', async () => {
    const faults: unknown[] = [];
    const work = createWork((_name, fault) => faults.push(fault));
    const handed: [string, string | null][] = [];
    let open = 0;
    let most = 0;
    const queue = createInOrder<string>({
      work,
      name: 'test',
      window: 4,
      async fetch(id) {
        most = Math.max(most, ++open);
        for (let turns = 20 - Number(id); turns > 0; turns--) await Promise.resolve();
        open--;
        if (id === '7') throw new Error('gone');
        return `text ${id}`;
      },
      hand: (id, text) => handed.push([id, text]),
    });
    const ids = Array.from({ length: 20 }, (_, index) => String(index));
    for (const id of ids) queue.push(id);
    await work.idle();
    expect(handed).toEqual(ids.map((id) => [id, id === '7' ? null : `text ${id}`]));
    expect(most).toBe(4);
    expect(faults).toHaveLength(1);
  });
});
