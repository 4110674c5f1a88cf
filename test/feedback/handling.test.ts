import { describe, expect, test } from 'vitest';
import { buildFeedback } from '../support/feedback.ts';

const lamp = '三组坎下那盏路灯不亮了';
const hole = '四组晒谷坝边的公路垮了个大坑';

describe('filing', () => {
  test('goes to the officer of the grid of the place, else of the reporter', async () => {
    const rig = await buildFeedback();
    await rig.file('m1', 'M0211', hole, '三组');
    await rig.file('m2', 'M0211', '路灯不亮了', '四组');
    await rig.file('m3', 'wx:c9', '路灯不亮了', '四组');
    expect(await rig.row('m1')).toMatchObject({ grid: '四组', handler: 'M0296' });
    expect(await rig.row('m2')).toMatchObject({ grid: '三组', handler: 'M0167' });
    expect(await rig.row('m3')).toMatchObject({ grid: '四组', handler: 'M0296', member: null });
  });

  test('without an officer in the grid it goes up the tree', async () => {
    const rig = await buildFeedback();
    await rig.file('m1', 'M0211', '二组水井坎垃圾桶满了');
    expect(['M0221', 'M0110']).toContain((await rig.row('m1')).handler);
  });

  test('an officer whom it names does not get it and may not handle it', async () => {
    const rig = await buildFeedback();
    await rig.file('m1', 'M0287', '四组路灯不亮 给吴昌玉打了电话的');
    const report = await rig.row('m1');
    expect(report).toMatchObject({ category: '水电通信', about: ['M0296'] });
    expect(report.handler).not.toBe('M0296');
    await expect(rig.feedback.handle(await rig.actor('M0296'), 'm1', 'op', { do: 'accept' })).rejects.toMatchObject({
      code: 'feedback.not-found',
    });
  });

  test('numbers run without a gap or a twin when many file at once', async () => {
    const rig = await buildFeedback();
    await Promise.all(Array.from({ length: 30 }, (_, n) => rig.file(`m${n}`, 'M0211', hole)));
    const numbers: number[] = [];
    for await (const report of rig.feedback.all()) numbers.push(report.number);
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
  });

  test('the same message at once five times is one report', async () => {
    const rig = await buildFeedback();
    const all = await Promise.all(Array.from({ length: 5 }, () => rig.file('m1', 'M0211', lamp)));
    expect(new Set(all.map(({ report }) => report.number)).size).toBe(1);
    let count = 0;
    for await (const report of rig.feedback.all()) count += report._id === 'm1' ? 1 : 0;
    expect(count).toBe(1);
  });

  test('nothing but blanks and invisible signs is refused, a flood of text is cut, emoji stay', async () => {
    const rig = await buildFeedback();
    await expect(rig.file('m1', 'M0211', ' \u200b\u202e \n')).rejects.toMatchObject({
      code: 'feedback.empty',
      status: 400,
    });
    await rig.file('m2', 'M0211', `${lamp}😡${'啊'.repeat(100_000)}`);
    expect((await rig.row('m2')).text.length).toBeLessThanOrEqual(2001);
    expect((await rig.row('m2')).text).toContain('😡');
  });
});

describe('handling', () => {
  test('is for the officers of the report’s grid and the heads of the village', async () => {
    const rig = await buildFeedback();
    await rig.file('m1', 'M0211', lamp);
    for (const [who, code] of [
      ['M0296', 'access.denied'],
      ['M0140', 'access.denied'],
      ['M0213', 'access.denied'],
    ] as const)
      await expect(rig.feedback.handle(await rig.actor(who), 'm1', `op${who}`, { do: 'accept' })).rejects.toMatchObject(
        { code },
      );
    await rig.feedback.handle(await rig.actor('M0167'), 'm1', 'op1', { do: 'accept' });
    await rig.feedback.handle(await rig.actor('M0221'), 'm1', 'op2', { do: 'progress', note: '明天去看' });
    expect((await rig.row('m1')).history.map(({ what, who }) => [what, who])).toEqual([
      ['file', 'M0211'],
      ['assign', null],
      ['accept', 'M0167'],
      ['progress', 'M0221'],
    ]);
  });

  test('the same request again changes nothing and gives the same report', async () => {
    const rig = await buildFeedback();
    await rig.file('m1', 'M0211', lamp);
    const actor = await rig.actor('M0167');
    const once = await rig.feedback.handle(actor, 'm1', 'op1', { do: 'resolve', note: '换了' });
    expect(await rig.feedback.handle(actor, 'm1', 'op1', { do: 'resolve', note: '换了' })).toEqual(once);
  });

  test('rejecting and extending need a reason; what is done with cannot be handled', async () => {
    const rig = await buildFeedback();
    await rig.file('m1', 'M0211', lamp);
    const actor = await rig.actor('M0167');
    await expect(rig.feedback.handle(actor, 'm1', 'op1', { do: 'reject', reason: ' ' })).rejects.toMatchObject({
      code: 'feedback.reason-missing',
    });
    await expect(rig.feedback.handle(actor, 'm1', 'op2', { do: 'extend', days: 1, reason: '' })).rejects.toMatchObject({
      code: 'feedback.reason-missing',
    });
    await rig.feedback.handle(actor, 'm1', 'op3', { do: 'reject', reason: '不是村里管的' });
    await expect(rig.feedback.handle(actor, 'm1', 'op4', { do: 'resolve', note: '好了' })).rejects.toMatchObject({
      code: 'feedback.wrong-state',
      facts: { status: 'rejected' },
    });
    await expect(
      rig.feedback.handle(actor, 'm1', 'op5', { do: 'extend', days: 1, reason: '等' }),
    ).rejects.toMatchObject({ code: 'feedback.wrong-state' });
    await expect(rig.feedback.handle(actor, 'nothing', 'op6', { do: 'accept' })).rejects.toMatchObject({
      code: 'feedback.not-found',
    });
  });

  test('a report is given only to somebody who may handle it', async () => {
    const rig = await buildFeedback();
    await rig.file('m1', 'M0211', lamp);
    const actor = await rig.actor('M0221');
    for (const to of ['M0296', 'M0213', 'M0140', 'nobody'])
      await expect(rig.feedback.handle(actor, 'm1', `op${to}`, { do: 'assign', to })).rejects.toMatchObject({
        code: 'feedback.bad-assignee',
      });
    expect((await rig.feedback.handle(actor, 'm1', 'op', { do: 'assign', to: 'M0110' })).handler).toBe('M0110');
  });

  test('news of a rejection goes to all reporters with the reason in direct chats only', async () => {
    const rig = await buildFeedback();
    await rig.file('m1', 'M0211', lamp, '三组');
    await rig.file('m2', 'M0230', '三组坎下路灯不亮', null);
    await rig.feedback.merge({ report: 'm2', into: 'm1', from: 'm3', asker: await rig.asker('M0230') });
    await rig.feedback.handle(await rig.actor('M0167'), 'm1', 'op', { do: 'reject', reason: '属于供电公司' });
    await rig.settle();
    const told = (await rig.planned()).map(({ room, person, text }) => [room, person, text]);
    expect(told).toHaveLength(2);
    expect(told).toEqual(
      expect.arrayContaining([
        ['三组', null, 'FK0001没有受理。想再问回“转人工”。'],
        [null, 'M0230', 'FK0001没有受理:属于供电公司。想再问回“转人工”。'],
      ]),
    );
  });

  test('an officer who never wrote to the bot is not written to, least of all in a group', async () => {
    const rig = await buildFeedback();
    await rig.file('m1', 'M0211', lamp, '三组');
    await rig.settle();
    expect(await rig.planned()).toEqual([]);
    expect((await rig.feedback.openFor(await rig.actor('M0167'))).map(({ _id }) => _id)).toEqual(['m1']);
    expect(await rig.feedback.openFor(await rig.actor('M0296'))).toEqual([]);
  });

  test('a report that is closed after ten quiet days can no longer be rated', async () => {
    const rig = await buildFeedback();
    await rig.file('m1', 'M0211', lamp);
    await rig.feedback.handle(await rig.actor('M0167'), 'm1', 'op', { do: 'resolve', note: '换了' });
    await rig.until('2026-03-27T09:31:00+08:00');
    await rig.sweepAll();
    expect((await rig.row('m1')).status).toBe('resolved');
    await rig.until('2026-03-28T09:31:00+08:00');
    await rig.sweepAll();
    await rig.sweepAll();
    expect((await rig.row('m1')).status).toBe('closed');
    await expect(
      rig.feedback.rate({ report: 'm1', from: 'r', asker: await rig.asker('M0211'), verdict: { score: 1 } }),
    ).rejects.toMatchObject({ code: 'feedback.not-resolved' });
  });
});

describe('limits', () => {
  test('the owner is reminded on the last morning and the next up hears of the breach, once', async () => {
    const rig = await buildFeedback();
    for (const one of ['M0167', 'M0221', 'M0110']) await rig.wrote(one);
    await rig.file('m1', 'M0211', lamp);
    await rig.until('2026-03-20T17:59:00+08:00');
    const said = async (): Promise<unknown[]> =>
      (await rig.planned()).map(({ person, facts }) => [person, facts['what']]);
    expect(await said()).toEqual([
      ['M0167', 'assigned'],
      ['M0167', 'due soon'],
    ]);
    await rig.until('2026-03-20T18:01:00+08:00');
    for (let round = 0; round < 3; round++) await rig.sweepAll();
    expect(await said()).toEqual([
      ['M0167', 'assigned'],
      ['M0167', 'due soon'],
      ['M0221', 'overdue'],
    ]);
    expect(await rig.row('m1')).toMatchObject({ status: 'assigned', handler: 'M0167', escalatedTo: 'M0221' });
  });

  test('nothing happens to what was answered in time, or to an earlier limit that was extended', async () => {
    const rig = await buildFeedback();
    await rig.wrote('M0167');
    await rig.wrote('M0221');
    await rig.file('m1', 'M0211', lamp);
    await rig.file('m2', 'M0211', '三组河边水管爆了');
    await rig.feedback.handle(await rig.actor('M0167'), 'm1', 'op1', { do: 'resolve', note: '换了' });
    await rig.feedback.handle(await rig.actor('M0167'), 'm2', 'op2', { do: 'extend', days: 1, reason: '等管子' });
    await rig.until('2026-03-21T12:00:00+08:00');
    await rig.sweepAll();
    expect(
      (await rig.planned()).filter(({ facts }) => facts['what'] !== 'assigned' && facts['what'] !== 'resolved'),
    ).toEqual([]);
    await rig.until('2026-03-23T18:01:00+08:00');
    expect(
      (await rig.planned()).filter(({ facts }) => facts['what'] === 'overdue').map(({ facts }) => facts['feedback']),
    ).toEqual(['m2']);
  });

  test('a reopened report has a new limit, which can be missed anew', async () => {
    const rig = await buildFeedback();
    await rig.wrote('M0221');
    await rig.file('m1', 'M0211', lamp);
    await rig.until('2026-03-20T18:01:00+08:00');
    await rig.feedback.handle(await rig.actor('M0167'), 'm1', 'op', { do: 'resolve', note: '换了' });
    await rig.feedback.rate({ report: 'm1', from: 'r', asker: await rig.asker('M0211'), verdict: { score: 1 } });
    await rig.until('2026-03-24T18:01:00+08:00');
    expect((await rig.planned()).filter(({ facts }) => facts['what'] === 'overdue')).toHaveLength(2);
  });

  test('lost alarms are made good by the sweep', async () => {
    const rig = await buildFeedback();
    await rig.wrote('M0221');
    await rig.file('m1', 'M0211', lamp);
    await rig.settle();
    rig.clock.jumpTo(new Date('2026-03-20T19:00:00+08:00'));
    await rig.sweepAll();
    expect((await rig.planned()).map(({ person, facts }) => [person, facts['what']])).toEqual([['M0221', 'overdue']]);
  });

  test('a missed one on 干部作风 is never told to the heads of the village', async () => {
    const rig = await buildFeedback();
    for (const one of ['M0221', 'M0110', 'M0296']) await rig.wrote(one);
    await rig.file('m1', 'M0307', '网格员吴昌玉乱收费还骂人');
    await rig.until('2026-04-20T09:00:00+08:00');
    await rig.sweepAll();
    expect(await rig.planned()).toEqual([]);
    expect((await rig.row('m1')).escalatedDue).not.toBeNull();
  });

  test('when an officer’s role ends, the sweep finds another owner', async () => {
    const rig = await buildFeedback();
    await rig.file('m1', 'M0211', lamp);
    await rig.give('M0213', '网格员', '三组');
    const { grants } = await import('../../src/members/members.model.ts');
    await rig.store.collection(grants).update({ _id: 'M0167:网格员:三组' }, { $set: { to: rig.clock.now() } });
    await rig.sweepAll();
    expect((await rig.row('m1')).handler).toBe('M0213');
    await rig.sweepAll();
    expect((await rig.row('m1')).history.filter(({ what }) => what === 'reroute')).toHaveLength(1);
  });
});
