import { beforeEach, describe, expect, it } from 'vitest';
import { isAppError } from '../../src/shared/errors.ts';
import { buildNotice, buildNotices, type NoticeBench } from '../support/notices.ts';

let bench: NoticeBench;
beforeEach(async () => {
  bench = await buildNotices();
});

const send = async (by: string, more: Parameters<typeof buildNotice>[0] = {}) =>
  bench.notices.send(await bench.actor(by), buildNotice(more));
const approve = async (by: string, id = 'N1') => bench.notices.approve(await bench.actor(by), id);
const reject = async (by: string, id = 'N1') => bench.notices.reject(await bench.actor(by), id, '写清楚时间');
const said = () => bench.heard.filter((row) => row.kind === 'notice').map((row) => row.room ?? row.person);
const code = async (task: Promise<unknown>): Promise<string> => {
  try {
    await task;
    return 'done';
  } catch (fault) {
    return isAppError(fault) ? fault.code : String(fault);
  }
};

describe('writing', () => {
  it('is for grid workers in their own grid', async () => {
    expect(await code(send('W1', { rooms: ['一组'], direct: ['M1'] }))).toBe('done');
    expect(await code(send('W1', { key: 'N2', rooms: ['二组'] }))).toBe('access.denied');
    expect(await code(send('W1', { key: 'N3', rooms: ['一组', '二组'] }))).toBe('access.denied');
    expect(await code(send('W1', { key: 'N4', rooms: ['一组'], direct: ['M5'] }))).toBe('access.denied');
    expect(await code(send('W1', { key: 'N5', rooms: [], tags: ['低保'] }))).toBe('access.denied');
  });

  it('is for social workers in the village, but not urgently', async () => {
    expect(await code(send('W2'))).toBe('done');
    expect(await code(send('W2', { key: 'N2', kind: 'urgent' }))).toBe('access.denied');
  });

  it('is not for villagers', async () => {
    expect(await code(send('M1'))).toBe('access.denied');
    expect(await bench.notices.get('N1')).toBeNull();
  });

  it('refuses what cannot be said, and keeps nothing of it', async () => {
    const why = {
      'notices.text-missing': { title: ' ' },
      'notices.text-too-long': { text: '长'.repeat(801) },
      'notices.variable-unknown': { text: '{姓名}您好,{金额}到了' },
      'notices.nobody': { rooms: [] },
      'notices.room-unknown': { rooms: ['九组'] },
      'notices.grid-unknown': { rooms: [], grids: ['九组'] },
      'notices.person-unknown': { direct: ['M99'] },
      'notices.time-past': { at: new Date('2026-03-18T09:00:00+08:00') },
    };
    for (const [expected, more] of Object.entries(why)) expect(await code(send('S1', more))).toBe(expected);
    expect((await bench.notices.state()).notices).toEqual({});
  });

  it('gives running numbers', async () => {
    const numbers = [await send('S1'), await send('S1', { key: 'N2' }), await send('S1', { key: 'N3' })];
    expect(numbers.map((one) => one.number)).toEqual([1, 2, 3]);
    expect((await bench.notices.byNumber(2))?._id).toBe('N2');
  });

  it('does so once for a message, however often it comes', async () => {
    const input = { key: undefined, from: 'wechaty:m1' };
    const [first, second] = await Promise.all([send('S1', input), send('S1', input)]);
    const third = await send('S1', input);
    expect(new Set([first._id, second._id, third._id]).size).toBe(1);
    expect(Object.keys((await bench.notices.state()).notices)).toEqual(['wechaty:m1']);
  });

  it('leaves the notice of somebody else alone', async () => {
    await send('S1');
    expect(await code(send('S2', { text: '别的' }))).toBe('notices.key-taken');
  });

  it('keeps a draft until it is handed in', async () => {
    const author = await bench.actor('S1');
    await bench.notices.draft(author, buildNotice());
    expect(await code(approve('S2'))).toBe('notices.decided');
    await bench.notices.submit(author, 'N1', { text: '后天停水。' });
    await approve('S2');
    await bench.settle();
    expect(bench.heard.find((row) => row.room === '一组')?.text).toContain('后天停水');
  });
});

it('is changed by its author alone, so that nobody approves a text of their own', async () => {
  await send('S1');
  const other = await bench.actor('S2');
  expect(await code(bench.notices.submit(other, 'N1', { text: '别的' }))).toBe('access.denied');
  expect((await bench.notices.get('N1'))?.text).toBe('明天停水,请存水。');
});

it('is not approved in another version than the one that was read', async () => {
  const { version } = await send('S1');
  await bench.notices.submit(await bench.actor('S1'), 'N1', { text: '后天停水。' });
  expect(await code(bench.notices.approve(await bench.actor('S2'), 'N1', version))).toBe('notices.changed');
  expect(await code(bench.notices.approve(await bench.actor('S2'), 'N1', version + 1))).toBe('done');
});

it('cannot be approved once it was cancelled, not even again', async () => {
  await send('S1', { at: new Date('2026-03-20T08:00:00+08:00') });
  await approve('S2');
  await bench.notices.cancel(await bench.actor('S1'), 'N1');
  expect(await code(approve('S2'))).toBe('notices.decided');
});

describe('approving a normal notice', () => {
  it('sends it off', async () => {
    await send('S1');
    expect(said()).toEqual([]);
    const approved = await approve('S2');
    await bench.settle();
    expect(approved).toMatchObject({ state: 'approved', approvedBy: 'S2', approvedAfterwards: false });
    expect(said()).toEqual(['一组', '二组']);
  });

  it('is never for its author', async () => {
    await send('S1');
    expect(await code(approve('S1'))).toBe('notices.own');
    await bench.settle();
    expect(said()).toEqual([]);
  });

  it('is not for social workers, grid workers or villagers', async () => {
    await send('S1', { rooms: ['一组'] });
    for (const by of ['W1', 'W2', 'M1']) expect(await code(approve(by))).toBe('access.denied');
    await bench.settle();
    expect(said()).toEqual([]);
  });

  it('counts once when two do it at once', async () => {
    await send('W1', { rooms: ['一组'] });
    const outcomes = await Promise.all([code(approve('S1')), code(approve('S2'))]);
    await bench.settle();
    expect(outcomes.toSorted((a, b) => a.localeCompare(b))).toEqual(['done', 'notices.decided']);
    expect(said()).toEqual(['一组']);
  });

  it('bears being repeated by the same person', async () => {
    await send('S1');
    await approve('S2');
    expect(await code(approve('S2'))).toBe('done');
    await bench.settle();
    expect(said()).toEqual(['一组', '二组']);
  });

  it('at night lets it go out at 07:00', async () => {
    await send('S1');
    await bench.until('2026-03-18T22:00:00+08:00');
    await approve('S2');
    await bench.until('2026-03-19T06:59:59+08:00');
    expect(said()).toEqual([]);
    await bench.until('2026-03-19T07:00:00+08:00');
    expect(said()).toEqual(['一组', '二组']);
    expect((await bench.notices.get('N1'))?.saidAt).toEqual(new Date('2026-03-19T07:00:00+08:00'));
  });

  it('is asked of those who may, never of the author or in a village group', async () => {
    for (const member of ['S1', 'S2', 'W2']) await bench.messages.wroteDirectly(member, `wx-${member}`);
    await send('S1');
    await bench.settle();
    const asked = bench.heard.filter((row) => row.kind === 'news');
    expect(asked.map((row) => row.person)).toEqual(['S2']);
    expect(asked[0]?.text).toContain('审核 TZ1 通过');
  });
});

describe('sending back', () => {
  it('returns it to its author with the reason, who may hand it in again', async () => {
    await bench.messages.wroteDirectly('S1', 'wx-S1');
    await send('S1');
    await reject('S2');
    await bench.settle();
    expect(bench.heard.find((row) => row.person === 'S1')?.text).toContain('写清楚时间');
    expect(await code(approve('S2'))).toBe('notices.decided');

    await bench.notices.submit(await bench.actor('S1'), 'N1', { text: '明天8:00停水。' });
    await approve('S2');
    await bench.settle();
    expect(said()).toContain('一组');
  });

  it('comes too late once it was approved', async () => {
    await send('W1', { rooms: ['一组'] });
    await approve('S2');
    expect(await code(reject('S1'))).toBe('notices.decided');
  });
});

describe('an urgent notice', () => {
  it('goes out at once at any hour and is approved afterwards', async () => {
    await bench.until('2026-03-18T22:10:00+08:00');
    await send('S2', { kind: 'urgent' });
    await bench.settle();
    expect(said()).toEqual(['一组', '二组']);
    expect(bench.heard[0]?.text).toContain('【紧急通知】');

    await bench.until('2026-03-19T07:30:00+08:00');
    expect(await code(approve('S2'))).toBe('notices.own');
    expect(await approve('S1')).toMatchObject({ state: 'sent', approvedBy: 'S1', approvedAfterwards: true });
    expect(said()).toHaveLength(2);
  });

  it('may be sent by a grid worker in the own grid alone', async () => {
    expect(await code(send('W1', { kind: 'urgent', rooms: ['一组'] }))).toBe('done');
    expect(await code(send('W1', { key: 'N2', kind: 'urgent' }))).toBe('access.denied');
  });

  it('is stopped by a no while it is under way', async () => {
    bench.online = false;
    await send('S1', { kind: 'urgent' });
    await bench.settle();
    await reject('S2');
    bench.online = true;
    bench.sayer.kick();
    await bench.settle();
    expect(said()).toEqual([]);
    expect(await bench.notices.get('N1')).toMatchObject({ state: 'cancelled', rejected: { by: 'S2' } });
  });
});
