import { describe, expect, it } from 'vitest';
import { ChannelError } from '../../bots/channels/channel.ts';
import { outbox } from '../../src/messages/messages.model.ts';
import { systemActor } from '../../src/shared/access.ts';
import { everything, goers, openActivity, sendNotice } from '../support/stories.ts';
import { openTestVillage } from '../support/village.ts';

const strange = [
  '😂😂😂',
  '👨‍👩‍👧‍👦',
  '\u202e坏人\u202c',
  'مرحبا',
  '\u200b\u200c\u200d\ufeff',
  '\u0000\u0001\u001b[31m',
  '\ud83d',
  '报名 😂',
  '报名 999999999999999999999',
  '报名 -1',
  '报名 1 0人',
  '报名 1 100人',
  '取消报名 999',
  '进度 FK999999',
  '评价 FK000001 5',
  '反馈 😂',
  '反馈 \u200b',
  '签到 0000',
  '绑定 000000',
  '政策 \u202e',
  '通知 TZ999999',
  "'; DROP TABLE members; --",
  '{"$gt":""}',
  '报名 __proto__',
  '报名 constructor',
  '政策 __proto__',
  '{{FK:m0019}}',
  '${process.env.HOME}',
];

describe('strange text', () => {
  it.each(strange)('%j gets a plain answer in a direct chat and changes nothing', async (text) => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1' });
    const before = await everything(it);
    const said = await it.write('1', 'M1', null, text);
    expect(said).toHaveLength(1);
    expect(said[0]).not.toMatch(/undefined|NaN|\[object|刚才没办成/u);
    if (!text.startsWith('反馈 😂')) expect(await everything(it)).toEqual(before);
    expect(it.faults).toEqual([]);
  });

  it('of ten million signs is refused in a direct chat, and left alone in a group', async () => {
    const it = await openTestVillage();
    const before = await everything(it);
    for (const start of ['', '反馈 ', '发通知\n标题:', '报名 ', '收到']) {
      const text = start.padEnd(10_000_000, '院');
      expect(await it.write(`d${start}`, 'M5', null, text)).toEqual(['这条太长了,没有办。请分成几条短的发。']);
    }
    expect(await it.write('g', 'M1', '三组', '院'.repeat(10_000_000))).toEqual([]);
    expect(await everything(it)).toEqual(before);
    expect(it.faults).toEqual([]);
  });

  it('with a thousand commands in it is no command', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1', capacity: 5000 });
    const many = Array.from({ length: 1000 }, () => '报名 桂花园除草').join('\n');
    expect(await it.write('1', 'M1', null, many)).toHaveLength(1);
    expect(await it.write('2', 'M1', null, Array.from({ length: 40 }, () => '取消报名 1').join(' '))).toHaveLength(1);
    expect(await goers(it, 'A1')).toEqual([]);
    expect(it.faults).toEqual([]);
  });
});

describe('who and where', () => {
  it('somebody unknown may ask and sign up provisionally, and sees nothing of others', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1' });
    await it.write('1', 'M2', null, '反馈 三组坎下路灯不亮');
    const stranger = { sender: { id: 'wx-stranger', name: '王大明' } };
    expect((await it.write('2', 'M1', null, '进度 1', stranger))[0]).not.toContain('路灯');
    expect((await it.write('3', 'M1', null, '我的报名', stranger))[0]).toContain('没有报名');
    await it.write('4', 'M1', null, '报名 桂花园除草', stranger);
    expect(await goers(it, 'A1')).toEqual(['guest 1 confirmed']);
    for (const [n, text] of [
      '发通知\n标题:停水\n内容:停水\n范围:三组',
      '名单 桂花园除草',
      '发绑定码 王大明',
    ].entries()) {
      const [said] = await it.write(`5${n}`, 'M1', null, text, stranger);
      expect(said).toBe('这件事您没有权限办,没有动。');
    }
  });

  it('a group that the village does not know hears answers, and no notice', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1' });
    const room = { room: { id: 'r-else@chatroom', topic: '别处的群' } };
    expect(await it.write('1', 'M1', '三组', '今天天气好', room)).toEqual([]);
    expect(await it.write('2', 'M1', '三组', '活动', room)).toHaveLength(1);
    expect(it.channel.heard.at(-1)?.to).toEqual({ room: 'r-else@chatroom' });
    await sendNotice(it, 'N1');
    const rooms = it.channel.heard.filter(({ text }) => text.includes('【通知】')).map(({ to }) => to);
    expect(rooms).not.toContainEqual({ room: 'r-else@chatroom' });
    expect(it.faults).toEqual([]);
  });

  it('one message id from two rooms is one message', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1', capacity: 9 });
    expect(await it.write('same', 'M1', '三组', '报名 桂花园除草')).toHaveLength(1);
    expect(await it.write('same', 'M6', '四组', '报名 桂花园除草')).toEqual([]);
    expect(await goers(it, 'A1')).toEqual(['M1 1 confirmed']);
  });

  it('two people of one name are told apart, or asked about', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1', capacity: 9 });
    const twins = [
      '编号,姓名,性别,出生年月,户号,与户主关系,网格,角色,标签,微信昵称,手机号',
      'M20,赵强,男,1970-01,H20,户主,三组,,,,',
      'M21,赵强,男,1980-01,H21,户主,四组,,,,',
      '',
    ].join('\n');
    await it.village.registry.importVillage({ 'members.csv': Buffer.from(twins) }, { actor: systemActor });
    const [said] = await it.write('1', 'M1', null, '报名 桂花园除草 给赵强');
    expect(said).toContain('2个人');
    expect(await goers(it, 'A1')).toEqual([]);
    await it.write('2', 'M1', null, '2');
    expect(await goers(it, 'A1')).toEqual(['M21 1 confirmed']);
  });
});

describe('a clock that is set back', () => {
  it('in the middle of a dialogue closes it rather than keep it open for long', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1', capacity: 1 });
    await openActivity(it, { id: 'A2', name: '院坝会', capacity: 1 });
    await it.write('1', 'M1', '三组', '报名');
    it.clock.jumpTo(new Date('2026-03-17T09:30:00+08:00'));
    expect(await it.write('2', 'M1', '三组', '1')).toEqual([]);
    expect(await goers(it, 'A1')).toEqual([]);
    expect(await it.write('3', 'M1', '三组', '报名 桂花园除草')).toHaveLength(1);
    it.clock.jumpTo(new Date('2026-03-16T09:30:00+08:00'));
    expect(await it.write('4', 'M1', '三组', '撤销')).toEqual([expect.stringContaining('撤不了')]);
    expect(await goers(it, 'A1')).toEqual(['M1 1 confirmed']);
    expect(it.faults).toEqual([]);
  });

  it('a minute back is still the same dialogue', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1', capacity: 1 });
    await openActivity(it, { id: 'A2', name: '院坝会', capacity: 1 });
    await it.write('1', 'M1', '三组', '报名');
    it.clock.jumpTo(new Date('2026-03-18T09:29:00+08:00'));
    await it.write('2', 'M1', '三组', '1');
    expect((await goers(it, 'A1')).length + (await goers(it, 'A2')).length).toBe(1);
  });

  it('in the middle of an offer neither loses nor doubles the seat', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1', capacity: 1 });
    await it.write('1', 'M1', '三组', '报名 桂花园除草');
    await it.write('2', 'M3', '三组', '报名 桂花园除草');
    await it.write('3', 'M4', '三组', '报名 桂花园除草');
    await it.write('4', 'M1', '三组', '取消报名');
    it.clock.jumpTo(new Date('2026-03-18T05:30:00+08:00'));
    for (const sweep of it.village.sweeps) await sweep.run();
    await it.work.idle();
    expect((await goers(it, 'A1')).toSorted()).toEqual(['M3 1 held', 'M4 1 waitlisted']);
    await it.write('5', 'M3', '三组', '要');
    expect((await goers(it, 'A1')).toSorted()).toEqual(['M3 1 confirmed', 'M4 1 waitlisted']);
    await it.until('2026-03-18T12:00:00+08:00');
    expect((await goers(it, 'A1')).toSorted()).toEqual(['M3 1 confirmed', 'M4 1 waitlisted']);
    expect(it.faults).toEqual([]);
  });

  it('after a reminder does not say it again', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1' });
    await it.write('1', 'M1', null, '报名 桂花园除草');
    await it.until('2026-03-20T18:01:00+08:00');
    it.clock.jumpTo(new Date('2026-03-20T17:00:00+08:00'));
    for (const sweep of it.village.sweeps) await sweep.run();
    await it.until('2026-03-20T18:30:00+08:00');
    expect(it.channel.heard.filter(({ text }) => text.startsWith('提醒'))).toHaveLength(1);
  });
});

describe('a channel that fails to say', () => {
  const kinds = ['retry', 'give-up', 'blocked', 'unknown'] as const;

  it.each(kinds)('an answer (%s): what was done stays done, once, and the answer is never said twice', async (kind) => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1' });
    it.channel.faults.push(new ChannelError(kind, 'no'));
    await it.write('1', 'M1', null, '报名 桂花园除草');
    await it.until('2026-03-18T09:40:00+08:00');
    if (kind === 'blocked') await it.village.messages.desk.lift(systemActor);
    await it.until('2026-03-18T09:50:00+08:00');
    expect(await goers(it, 'A1')).toEqual(['M1 1 confirmed']);
    const said = it.channel.heard.filter(({ text }) => text.includes('桂花园除草'));
    expect(said).toHaveLength(kind === 'retry' || kind === 'blocked' ? 1 : 0);
    const rows = it.village.ground.store.collection(outbox);
    const states = { retry: 'sent', blocked: 'sent', 'give-up': 'failed', unknown: 'unknown' } as const;
    expect(await rows.get('reply:loop:1')).toMatchObject({ state: states[kind] });
    expect(it.faults).toEqual([]);
  });

  it.each(kinds)('a notice to one group (%s): the other group hears it, once', async (kind) => {
    const it = await openTestVillage();
    it.channel.faults.push(new ChannelError(kind, 'no'));
    await sendNotice(it, 'N1');
    await it.until('2026-03-18T09:40:00+08:00');
    if (kind === 'blocked') await it.village.messages.desk.lift(systemActor);
    await it.until('2026-03-18T10:10:00+08:00');
    const said = it.channel.heard.filter(({ text }) => text.includes('停水')).map(({ to }) => JSON.stringify(to));
    expect(said.length).toBe(kind === 'retry' || kind === 'blocked' ? 2 : 1);
    expect(new Set(said).size).toBe(said.length);
  });

  it('an error of its own: nobody knows whether it was said, so it is not said again', async () => {
    const it = await openTestVillage();
    it.channel.faults.push(new TypeError('socket hang up'));
    expect(await it.write('1', 'M1', null, '菜单')).toEqual([]);
    await it.until('2026-03-18T10:30:00+08:00');
    expect(it.channel.heard).toEqual([]);
  });

  it('an offer that can not be said is not held for ever', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1', capacity: 1 });
    await it.write('1', 'M1', '三组', '报名 桂花园除草');
    await it.write('2', 'M3', '三组', '报名 桂花园除草');
    await it.write('3', 'M4', '三组', '报名 桂花园除草');
    // The answer to M1 is said first, the offer second.
    it.channel.setOnline(false);
    await it.write('4', 'M1', '三组', '取消报名');
    const rows = it.village.ground.store.collection(outbox);
    const [offer] = (await rows.find({ state: 'queued' })).filter((row) => row.kind === 'offer');
    await rows.update({ _id: offer?._id ?? '' }, { $set: { state: 'failed' } });
    it.channel.setOnline(true);
    for (let n = 0; n < 2; n++) {
      for (const sweep of it.village.sweeps) await sweep.run();
      await it.work.idle();
    }
    expect((await goers(it, 'A1')).toSorted()).toEqual(['M4 1 held']);
  });
});

describe('files that can not be read', () => {
  const bytes = (text: string): Uint8Array => Buffer.from(text);
  const head = '编号,姓名,性别,出生年月,户号,与户主关系,网格,角色,标签,微信昵称,手机号\n';
  it.each([
    ['a broken CSV', { 'members.csv': bytes(`${head}M30,"没有收尾,男\n`) }],
    ['broken UTF-8', { 'members.csv': Buffer.concat([bytes(head), Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x0a])]) }],
    ['broken JSON', { 'calendar.json': bytes('{"timezone": ') }],
    ['an empty file', { 'members.csv': bytes('') }],
    ['an unknown grid', { 'members.csv': bytes(`${head}M30,张三,男,1970-01,H30,户主,九组,,,,\n`) }],
  ])('%s is refused with its place, and nothing is taken in', async (_what, files) => {
    const it = await openTestVillage();
    const result = await it.village.registry.importVillage(files, { actor: systemActor });
    expect(result.ok).toBe(false);
    expect(result.faults[0]?.file).toBe(Object.keys(files)[0]);
    expect(await it.village.members.get('M30')).toBeNull();
  });

  it.each([
    ['no list', {}],
    ['a number', 7],
    ['cards without their fields', [{ title: '高龄津贴' }]],
    ['nothing', null],
  ])('policy cards that are %s are refused, and those that were there stay', async (_what, cards) => {
    const it = await openTestVillage();
    const before = await it.village.policies.current();
    await expect(it.village.policies.importCards(systemActor, cards, { sample: true })).rejects.toThrow(/./u);
    expect(await it.village.policies.current()).toEqual(before);
  });
});
