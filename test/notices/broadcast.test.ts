import { beforeEach, describe, expect, it } from 'vitest';
import { buildNotice, buildNotices, type NoticeBench } from '../support/notices.ts';

let bench: NoticeBench;
beforeEach(async () => {
  bench = await buildNotices();
});

const send = async (more: Parameters<typeof buildNotice>[0] = {}) =>
  bench.notices.send(await bench.actor('S1'), buildNotice(more));
const approve = async (id = 'N1') => bench.notices.approve(await bench.actor('S2'), id);
const said = (of = bench) => of.heard.filter((row) => row.kind === 'notice').map((row) => row.room ?? row.person);
const state = async (id = 'N1') => (await bench.notices.state()).notices[id];

describe('unsubscribed people', () => {
  it('are left out of a normal notice, asked when it is said', async () => {
    await send({ direct: ['M1', 'M3'] });
    await bench.until('2026-03-18T22:00:00+08:00');
    await approve();
    await bench.members.stop('M1', 'x:1');
    await bench.members.stop('M3', 'x:2');
    await bench.members.resume('M3');
    await bench.until('2026-03-19T07:00:00+08:00');
    expect(said()).toEqual(expect.arrayContaining(['一组', '二组', 'M3']));
    expect(await state()).toMatchObject({ state: 'sent', directTo: ['M3'], leftOut: ['M1'] });
  });

  it('get nothing later of what was left out', async () => {
    await bench.members.stop('M1', 'x:1');
    await send({ rooms: [], direct: ['M1'] });
    await approve();
    await bench.settle();
    await bench.members.resume('M1');
    await bench.sweep();
    expect(said()).toEqual([]);
    expect(await state()).toMatchObject({ state: 'sent', saidAt: null, leftOut: ['M1'] });
  });

  it('get an urgent one', async () => {
    await bench.members.stop('M1', 'x:1');
    await send({ kind: 'urgent', rooms: [], direct: ['M1'] });
    await bench.settle();
    expect(said()).toEqual(['M1']);
  });
});

describe('a time of its own', () => {
  it('is kept when it was approved before', async () => {
    await send({ at: new Date('2026-03-20T08:00:00+08:00') });
    await approve();
    await bench.until('2026-03-20T07:59:59+08:00');
    expect(said()).toEqual([]);
    await bench.until('2026-03-20T08:00:00+08:00');
    expect(said()).toEqual(['一组', '二组']);
  });

  it('moves out of the quiet hours', async () => {
    await send({ at: new Date('2026-03-19T23:00:00+08:00') });
    expect((await approve()).sayAt).toEqual(new Date('2026-03-20T07:00:00+08:00'));
  });

  it('that passed before the approval means at once', async () => {
    await send({ at: new Date('2026-03-18T10:00:00+08:00') });
    await bench.until('2026-03-18T11:00:00+08:00');
    expect(said()).toEqual([]);
    await approve();
    await bench.settle();
    expect(said()).toEqual(['一组', '二组']);
  });

  it('survives the loss of its alarm', async () => {
    await send({ at: new Date('2026-03-20T08:00:00+08:00') });
    await approve();
    await bench.settle();
    const next = await bench.restart();
    await next.until('2026-03-20T08:00:00+08:00');
    expect(said(next)).toEqual(['一组', '二组']);
  });

  it('that passed while nothing ran is made up for', async () => {
    await send({ at: new Date('2026-03-20T08:00:00+08:00') });
    await approve();
    await bench.settle();
    await bench.stop();
    bench.clock.jumpTo(new Date('2026-03-20T09:00:00+08:00'));
    const next = await bench.restart();
    expect(said(next)).toEqual(['一组', '二组']);
  });
});

describe('a recurring notice', () => {
  it('comes again as a notice of its own, without another approval', async () => {
    await send({
      rooms: ['一组'],
      text: '{日期}打扫卫生,编号{编号}。',
      repeat: { rule: { every: 'week', weekdays: [5], time: '08:00' }, daysBefore: 0 },
    });
    await bench.until('2026-03-20T08:30:00+08:00');
    expect(said()).toEqual([]);
    await approve();
    await bench.until('2026-04-10T08:00:00+08:00');
    const heard = bench.heard.filter((row) => row.kind === 'notice');
    expect(heard.map((row) => row.sentAt ?? row.claimedAt)).toEqual([
      new Date('2026-03-27T08:00:00+08:00'),
      new Date('2026-04-03T08:00:00+08:00'),
      new Date('2026-04-10T08:00:00+08:00'),
    ]);
    expect(heard[0]?.text).toContain('3月27日(周五,二月初九)打扫卫生,编号TZ1');
    expect(heard[1]?.text).toContain('4月3日(周五,二月十六)打扫卫生,编号TZ2');
    expect(await bench.notices.get('N1.2')).toMatchObject({ number: 2, approvedBy: 'S2', state: 'sent' });
    const at = new Date('2026-04-10T08:05:00+08:00');
    await bench.notices.acknowledge({ person: 'M1', member: 'M1', room: '一组', at, from: 'x:1' });
    expect((await bench.notices.state()).acks).toMatchObject({ N1: [], 'N1.2': [], 'N1.3': ['M1'] });
  });

  it('follows the market days, the evening before', async () => {
    await send({ rooms: ['一组'], repeat: { rule: { every: 'market-day', time: '18:00' }, daysBefore: 1 } });
    await approve();
    await bench.until('2026-03-24T00:00:00+08:00');
    // 二月初二 is 20 March, 二月初五 is 23 March.
    expect(bench.heard.filter((row) => row.kind === 'notice').map((row) => row.claimedAt)).toEqual([
      new Date('2026-03-19T18:00:00+08:00'),
      new Date('2026-03-22T18:00:00+08:00'),
    ]);
  });

  it('leaves out one that an outage held up for days', async () => {
    await send({ rooms: ['一组'], repeat: { rule: { every: 'week', weekdays: [5], time: '08:00' }, daysBefore: 0 } });
    await approve();
    await bench.settle();
    await bench.stop();
    bench.clock.jumpTo(new Date('2026-03-22T08:00:00+08:00'));
    const next = await bench.restart();
    await next.until('2026-03-27T08:00:00+08:00');
    expect(said(next)).toEqual(['一组']);
    expect(await next.notices.get('N1')).toMatchObject({ state: 'cancelled', cancelledBy: 'system', saidAt: null });
    expect(await next.notices.get('N1.2')).toMatchObject({ saidAt: new Date('2026-03-27T08:00:00+08:00') });
  });

  it('ends when the one that comes next is cancelled', async () => {
    await send({ rooms: ['一组'], repeat: { rule: { every: 'day', time: '08:00' }, daysBefore: 0 } });
    await approve();
    await bench.until('2026-03-20T09:00:00+08:00');
    await bench.notices.cancel(await bench.actor('S1'), 'N1.3');
    await bench.until('2026-03-25T09:00:00+08:00');
    expect(said()).toHaveLength(2);
  });
});

describe('cancelling', () => {
  it('leaves unsaid what is not yet said', async () => {
    await send();
    bench.fate.push('retry');
    await approve();
    await bench.settle();
    expect(said()).toEqual(['二组']);
    await bench.notices.cancel(await bench.actor('S1'), 'N1');
    await bench.until('2026-03-18T10:30:00+08:00');
    expect(said()).toEqual(['二组']);
    expect(await state()).toMatchObject({ state: 'cancelled', rooms: ['二组'] });
  });

  it('is for the author and those who may approve, and too late once it is all out', async () => {
    await send({ at: new Date('2026-03-20T08:00:00+08:00') });
    await approve();
    await expect(bench.notices.cancel(await bench.actor('W2'), 'N1')).rejects.toThrow('access.denied');
    await bench.notices.cancel(await bench.actor('S2'), 'N1');
    await bench.until('2026-03-20T09:00:00+08:00');
    expect(said()).toEqual([]);

    await send({ key: 'N2' });
    await approve('N2');
    await bench.settle();
    await expect(bench.notices.cancel(await bench.actor('S1'), 'N2')).rejects.toThrow('notices.over');
  });
});

describe('a crash', () => {
  it('in the middle of saying says nothing twice, and shows the one nobody knows of', async () => {
    await send({ direct: ['M1', 'M3', 'M5'] });
    bench.fate.push('die');
    await approve();
    await bench.death;
    const next = await bench.restart();
    await next.sweep();
    expect(said()).toEqual([]);
    expect(new Set(said(next)).size).toBe(4);
    expect(said(next)).toHaveLength(4);
    expect(await next.notices.get('N1')).toMatchObject({ state: 'sent' });
  });

  it('after planning and before handing over is finished by a sweep', async () => {
    await bench.stop();
    await send();
    await approve();
    await bench.notices.prepare('N1');
    expect(said()).toEqual([]);
    const next = await bench.restart();
    expect(said(next)).toEqual(['一组', '二组']);
  });

  it('whose traces only the outbox holds is mended from there', async () => {
    bench.online = false;
    await send({ direct: ['M1'] });
    await approve();
    await bench.settle();
    const { rows } = bench.messages.outbox;
    const at = new Date('2026-03-18T09:31:00+08:00');
    await rows.update({ _id: 'notice:N1:room/一组' }, { $set: { state: 'sent', sentAt: at } });
    await rows.update({ _id: 'notice:N1:room/二组' }, { $set: { state: 'unknown' } });
    await rows.remove({ _id: 'notice:N1:direct/M1' });
    bench.online = true;
    await bench.sweep();
    expect(said()).toEqual(['M1']);
    expect(await state()).toMatchObject({ state: 'sent', rooms: ['一组'], directTo: ['M1'] });
    expect((await bench.notices.reach(await bench.actor('S1'), 'N1')).notSaid).toEqual({ rooms: ['二组'], directs: 0 });
  });

  it('that never can be said is shown as failed and does not hold up the rest', async () => {
    await send();
    bench.fate.push('give-up');
    await approve();
    await bench.settle();
    await bench.sweep();
    const found = await bench.notices.reach(await bench.actor('S1'), 'N1');
    expect(found).toMatchObject({ notice: { state: 'sent' }, notSaid: { rooms: ['一组'], directs: 0 } });
    expect(await state()).toMatchObject({ rooms: ['二组'] });
  });
});

it('fills in the variables for each address', async () => {
  await send({ title: '{村名}通知', text: '{姓名}:{网格}{日期}停水。', direct: ['M1'] });
  await approve();
  await bench.settle();
  const texts = bench.heard.filter((row) => row.kind === 'notice').map((row) => row.text);
  expect(texts).toEqual(
    expect.arrayContaining([
      expect.stringContaining('【通知】清溪村通知\n各位乡亲:一组3月18日(周三,正月三十)停水。'),
      expect.stringContaining('甲:一组3月18日(周三,正月三十)停水。'),
    ]),
  );
});
