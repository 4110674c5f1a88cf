import { existsSync, readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChannelError } from '../../../bots/channels/channel.ts';
import { createSimulator } from '../../../bots/channels/simulator.ts';
import { aGroup, morning, simulatedVillage } from '../../support/channel.ts';
import type { SimulatedVillage } from '../../support/channel.ts';

let village: SimulatedVillage;
beforeEach(async () => {
  village = await simulatedVillage();
});
afterEach(async () => {
  await village.simulator.channel.stop();
  if (village.faults.length > 0) throw new Error('background work failed', { cause: village.faults[0] });
});

describe('what the channel tells', () => {
  it('tells who wrote what in which group, mention included', async () => {
    await village.write({ id: 'e1', text: '@小溪\u2005报名 院坝会', mention: true });
    expect(village.received).toMatchObject([
      {
        id: 'e1',
        channel: 'wechaty',
        room: { id: aGroup, topic: '三组村民群' },
        sender: { id: 'wx-M0001', name: '桂花树下' },
        mentionsBot: true,
        text: '@小溪\u2005报名 院坝会',
        attachments: [],
        recalls: null,
        sentAt: morning,
      },
    ]);
  });

  it('takes a mention from the text alone, but not a name that only begins like it', async () => {
    await village.write({ id: 'e1', text: '报名 @小溪' });
    await village.write({ id: 'e2', text: '@小溪流水 来耍' });
    await village.write({ id: 'e3', text: '门口那条小溪水清得很' });
    expect(village.received.map(({ mentionsBot }) => mentionsBot)).toEqual([true, false, false]);
  });

  it('does not feel called by a call for everybody', async () => {
    await village.write({ id: 'e1', text: '@所有人\u2005开会了', mention: true });
    expect(village.received[0]?.mentionsBot).toBe(false);
  });

  it('tells a direct message without a room', async () => {
    await village.write({ id: 'e1', room: null, text: '收到' });
    expect(village.received).toMatchObject([{ room: null, text: '收到', mentionsBot: false }]);
  });

  it('tells a picture by its name and reads its bytes when asked', async () => {
    await village.write({ id: 'e1', image: 'ludeng.jpg' });
    const [attachment] = village.received[0]?.attachments ?? [];
    expect(attachment).toMatchObject({ kind: 'image', name: 'ludeng.jpg' });
    expect(Buffer.from((await attachment?.read()) ?? []).toString()).toContain('bytes of ludeng.jpg');
  });

  it('tells a text with a picture as two messages, as WeChat sends them', async () => {
    await village.write({ id: 'e1', text: '看嘛', image: 'chucao.jpg' });
    expect(village.received.map(({ id, text, attachments }) => [id, text, attachments.length])).toEqual([
      ['e1', '看嘛', 0],
      ['e1+image', '', 1],
    ]);
  });

  it.each(['voice', 'sticker', 'file', 'video'] as const)('tells a %s as such, without a text', async (kind) => {
    await village.write({ id: 'e1', [kind]: 'x.bin' });
    expect(village.received).toMatchObject([{ text: '', attachments: [{ kind, name: 'x.bin' }] }]);
  });

  it('tells which message was taken back', async () => {
    await village.write({ id: 'e1', text: '报名 院坝会' });
    await village.write({ id: 'e2', recalls: 'e1' });
    expect(village.received[1]).toMatchObject({ id: 'e2', recalls: 'e1', text: '' });
  });

  it('tells a native 接龙 as its text', async () => {
    await village.write({ id: 'e1', text: '#接龙\n打扫院坝\n\n1. 老李', chain: true });
    expect(village.received[0]?.text).toBe('#接龙\n打扫院坝\n\n1. 老李');
  });

  it('tells a message sent again under the same id', async () => {
    await village.write({ id: 'e1', text: '报名 院坝会' });
    await village.write({ id: 'e1', text: '报名 院坝会' });
    expect(village.received.map(({ id }) => id)).toEqual(['e1', 'e1']);
  });

  it('keeps the order of messages that arrive at once', async () => {
    const ids = Array.from({ length: 300 }, (_, index) => `e${index}`);
    await Promise.all(
      ids.map((id, index) =>
        village.write({ id, room: index % 3 === 0 ? null : aGroup, from: `wx-M000${(index % 3) + 1}` }),
      ),
    );
    expect(village.received.map(({ id }) => id)).toEqual(ids);
  });

  it('goes on when its listener throws', async () => {
    village.simulator.channel.onMessage((message) => {
      if (message.id === 'e1') throw new Error('listener');
      village.received.push(message);
    });
    await village.write({ id: 'e1', text: 'a' });
    await village.write({ id: 'e2', text: 'b' });
    await village.work.idle();
    expect(village.received.map(({ id }) => id)).toEqual(['e2']);
    expect(village.faults).toHaveLength(1);
    village.faults.length = 0;
  });

  it('handles a thousand messages in less than a second', async () => {
    const start = process.hrtime.bigint();
    for (let index = 0; index < 1000; index++) await village.write({ id: `e${index}`, text: '早' });
    expect(Number(process.hrtime.bigint() - start) / 1e6).toBeLessThan(1000);
    expect(village.received).toHaveLength(1000);
  });
});

describe('what the bot says', () => {
  it('reaches the group with its mentions, and comes back to nobody', async () => {
    const { id } = await village.simulator.channel.say({ room: aGroup }, '院坝会今晚7点。', ['wx-M0002']);
    await village.work.idle();
    expect(village.said).toEqual([
      {
        id,
        room: aGroup,
        contact: null,
        text: '@幺妹儿\u2005院坝会今晚7点。',
        mentions: ['wx-M0002'],
        at: morning,
      },
    ]);
    expect(village.received).toEqual([]);
  });

  it('reaches a person directly', async () => {
    await village.simulator.channel.say({ contact: 'wx-M0003' }, '收到。', []);
    expect(village.said).toMatchObject([{ room: null, contact: 'wx-M0003', text: '收到。' }]);
  });

  it('is remembered as an echo', async () => {
    const { channel } = village.simulator;
    const { id } = await channel.say({ room: aGroup }, '通知', ['wx-M0002']);
    await village.work.idle();
    expect(channel.echo?.({ room: aGroup }, '通知', morning)).toBe(id);
    expect(channel.echo?.({ contact: 'wx-M0002' }, '通知', morning)).toBeNull();
    expect(channel.echo?.({ room: aGroup }, '别的', morning)).toBeNull();
  });

  it.each([
    ['网络繁忙', 'retry'],
    ['操作过于频繁', 'blocked'],
    ['MockRoom.load(): x not exist.', 'give-up'],
    ['socket hang up', 'unknown'],
  ])('fails with %s as %s', async (words, kind) => {
    village.simulator.refuse(() => new Error(words));
    const saying = village.simulator.channel.say({ room: aGroup }, 'x', []);
    await expect(saying).rejects.toMatchObject({ name: 'ChannelError', kind });
    expect(village.said).toEqual([]);
  });

  it('keeps the text out of the fault', async () => {
    village.simulator.refuse((text) => new Error(`could not say ${text}`));
    const fault = await village.simulator.channel
      .say({ room: aGroup }, '张三的电话', [])
      .catch((each: unknown) => each);
    expect(fault).toBeInstanceOf(ChannelError);
    expect(String(fault)).not.toContain('张三');
  });

  it('gives up a room that does not exist', async () => {
    await expect(village.simulator.channel.say({ room: 'r-x@chatroom' }, 'x', [])).rejects.toMatchObject({
      kind: 'give-up',
    });
  });

  it('may have been said when the puppet does not answer', async () => {
    village.simulator.refuse(() => {
      throw new ChannelError('unknown', 'lost');
    });
    await expect(village.simulator.channel.say({ room: aGroup }, 'x', [])).rejects.toMatchObject({ kind: 'unknown' });
  });
});

describe('the login', () => {
  it('tells the name by which the bot is called', () => {
    expect(village.simulator.channel.botName()).toBe('小溪');
    expect(village.simulator.channel.online()).toBe(true);
  });

  it('says nothing while logged out, and tells when it is back', async () => {
    let back = 0;
    village.simulator.channel.onOnline(() => back++);
    await village.simulator.goOffline();
    await village.work.idle();
    expect(village.simulator.channel.online()).toBe(false);
    await expect(village.simulator.channel.say({ room: aGroup }, 'x', [])).rejects.toMatchObject({ kind: 'retry' });
    village.simulator.goOnline();
    await village.work.idle();
    await village.work.idle();
    expect(back).toBe(1);
    expect(village.simulator.channel.online()).toBe(true);
  });

  it('takes a new puppet when the login stays lost', async () => {
    await village.simulator.goOffline();
    await village.clock.advanceTo(new Date(morning.getTime() + 31_000), () => village.work.idle());
    await village.work.idle();
    expect(village.simulator.channel.online()).toBe(true);
    await village.write({ id: 'e1', text: '早' });
    expect(village.received).toHaveLength(1);
    expect(village.logged).toContain('channel.back');
  });

  it('takes a new puppet when heartbeats stop, and none while they come', async () => {
    village.simulator.beat();
    await village.clock.advanceTo(new Date(morning.getTime() + 100_000), () => village.work.idle());
    village.simulator.beat();
    await village.clock.advanceTo(new Date(morning.getTime() + 240_000), () => village.work.idle());
    expect(village.logged).not.toContain('channel.back');
    await village.clock.advanceTo(new Date(morning.getTime() + 500_000), () => village.work.idle());
    expect(village.logged).toContain('channel.back');
    expect(village.simulator.channel.online()).toBe(true);
  });

  it('needs rooms whose id WeChat could have', async () => {
    const simulator = createSimulator({
      clock: village.clock,
      work: village.work,
      botName: '小溪',
      people: [],
      rooms: [{ id: '三组', topic: '三组', members: [] }],
    });
    await expect(simulator.channel.start()).rejects.toMatchObject({ kind: 'give-up' });
  });

  it('leaves no files behind', () => {
    expect(readdirSync('.').filter((file) => file.endsWith('.memory-card.json'))).toEqual([]);
    expect(existsSync('小溪.memory-card.json')).toBe(false);
  });
});
