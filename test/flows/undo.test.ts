import { describe, expect, it } from 'vitest';
import { goers, openActivity } from '../support/stories.ts';
import { openTestVillage } from '../support/village.ts';

describe('撤销', () => {
  it('never reaches behind a later change that can not be undone', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1' });
    await it.write('1', 'M1', null, '报名 桂花园除草');
    await it.write('2', 'M1', null, '退订');
    expect(await it.write('3', 'M1', null, '撤销')).toEqual(['没有可以撤销的。']);
    expect(await goers(it, 'A1')).toEqual(['M1 1 confirmed']);
    expect(await it.village.members.stopped('M1')).toBe(true);
  });

  it('never undoes another’s change, nor one made in another chat', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1' });
    await it.write('1', 'M1', '三组', '报名 桂花园除草');
    for (const [from, room] of [
      ['M3', '三组'],
      ['M1', null],
      ['M1', '四组'],
    ] as const)
      expect(await it.write(`${from}${room}`, from, room, '撤销')).toEqual(['没有可以撤销的。']);
    expect(await goers(it, 'A1')).toEqual(['M1 1 confirmed']);
  });

  it('takes back a sign-up once; twice changes nothing more', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1' });
    await it.write('1', 'M1', '三组', '报名 桂花园除草');
    await it.write('2', 'M1', '三组', '撤销');
    expect(await goers(it, 'A1')).toEqual([]);
    expect(await it.write('3', 'M1', '三组', '撤销')).toEqual(['没有可以撤销的。']);
    expect(await goers(it, 'A1')).toEqual([]);
  });

  it('after 10 minutes is too late', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1' });
    await it.write('1', 'M1', '三组', '报名 桂花园除草');
    await it.until('2026-03-18T09:40:01+08:00');
    expect(await it.write('2', 'M1', '三组', '撤销')).toEqual([expect.stringContaining('撤不了')]);
    expect(await goers(it, 'A1')).toEqual(['M1 1 confirmed']);
  });

  it('of a cancelling whose seat is gone offers the queue, and 是 takes its last place', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1', capacity: 1 });
    await it.write('1', 'M1', '三组', '报名 桂花园除草');
    await it.write('2', 'M3', '三组', '报名 桂花园除草');
    await it.write('3', 'M4', '三组', '报名 桂花园除草');
    await it.write('4', 'M1', '三组', '取消报名');
    expect(await it.write('5', 'M1', '三组', '撤销')).toEqual([expect.stringContaining('排')]);
    expect(await it.write('6', 'M1', '三组', '是')).toEqual([expect.stringContaining('候补第2位')]);
    expect((await goers(it, 'A1')).toSorted()).toEqual(['M1 1 waitlisted', 'M3 1 held', 'M4 1 waitlisted']);
  });

  it('is asked about when the message that changed something is recalled; without 是 nothing happens', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1' });
    await it.write('1', 'M1', '三组', '报名 桂花园除草');
    expect(await it.write('2', 'M3', '三组', '', { recalls: '1' })).toEqual([]);
    expect(await it.write('3', 'M1', '三组', '', { recalls: '1' })).toHaveLength(1);
    expect(await it.write('4', 'M3', '三组', '是')).toEqual([]);
    expect(await goers(it, 'A1')).toEqual(['M1 1 confirmed']);
    await it.write('5', 'M1', '三组', '是');
    expect(await goers(it, 'A1')).toEqual([]);
  });
});
