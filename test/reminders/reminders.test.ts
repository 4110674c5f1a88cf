import { afterEach, describe, expect, it } from 'vitest';
import { activityTimes } from '../../src/reminders/times.ts';
import { systemActor } from '../../src/shared/access.ts';
import { defaultQuietHours, localTime, localDate } from '../../src/shared/calendar/index.ts';
import { buildActivities, type ActivityBench } from '../support/activities.ts';

let bench: ActivityBench | null = null;
afterEach(async () => {
  await bench?.close();
  bench = null;
});
const open = async (): Promise<ActivityBench> => (bench = await buildActivities({ activities: false }));
const at = (time: string): Date => new Date(`2026-03-${time}:00+08:00`);

describe('the times of a reminder', () => {
  const times = (start: string): string[] =>
    activityTimes(at(start), defaultQuietHours).map(
      ({ kind, dueAt }) => `${kind} ${localDate(dueAt).slice(8)} ${localTime(dueAt)}`,
    );

  it('are 18:00 the day before and two hours before the start', () => {
    expect(times('20T15:00')).toEqual(['T-1d 19 18:00', 'T-2h 20 13:00']);
  });

  it('move out of the quiet hours to 07:00, and are left out at or after the start', () => {
    expect(times('20T08:20')).toEqual(['T-1d 19 18:00', 'T-2h 20 07:00']);
    expect(times('20T09:00')).toEqual(['T-1d 19 18:00', 'T-2h 20 07:00']);
    expect(times('20T07:00')).toEqual(['T-1d 19 18:00']);
    expect(times('20T06:40')).toEqual(['T-1d 19 18:00']);
    expect(times('20T23:40')).toEqual(['T-1d 19 18:00']);
  });
});

describe('a reminder', () => {
  it('is said directly to who has written there, else once a room with everyone mentioned', async () => {
    const { write, make, until, said } = await open();
    await make({ id: 'A7', name: '敬老理发', startsAt: at('20T15:00') });
    await write('M0180', '三组', '报名 敬老理发');
    await write('M0176', '三组', '报名 敬老理发');
    await write('M0210', null, '报名 敬老理发');
    await write('M0295', '四组', '报名 敬老理发');
    said();

    await until('2026-03-19T17:59:00+08:00');
    expect(said()).toEqual([]);
    await until('2026-03-19T18:00:00+08:00');

    expect(said().toSorted()).toEqual([
      expect.stringMatching(/^r-三组@chatroom wx-M0176 wx-M0180: 提醒:明天3月20日\(周五,二月初二\)15:00 敬老理发/),
      expect.stringMatching(/^r-四组@chatroom wx-M0295: 提醒/),
      expect.stringMatching(/^wx-M0210: 提醒/),
    ]);
    await until('2026-03-20T13:00:00+08:00');
    expect(said()).toHaveLength(3);
  });

  it('of two activities that falls due at one minute is one message in a room, which says what is for whom', async () => {
    const { write, make, until, said } = await open();
    await make({ id: 'A7', name: '敬老理发', startsAt: at('20T15:00') });
    await make({ id: 'A8', name: '院坝会', startsAt: at('20T19:00') });
    await write('M0180', '三组', '报名 敬老理发');
    await write('M0180', '三组', '报名 院坝会');
    await write('M0176', '三组', '报名 院坝会');
    await write('M0210', null, '报名 敬老理发');
    await write('M0210', null, '报名 院坝会');
    await write('M0295', '四组', '报名 院坝会');
    said();
    await until('2026-03-19T18:00:00+08:00');
    const heard = said().toSorted();
    expect(heard.map((text) => text.split(': ')[0])).toEqual([
      'r-三组@chatroom wx-M0180 wx-M0176',
      'r-四组@chatroom wx-M0295',
      'wx-M0210',
    ]);
    expect(heard[0]).toMatch(
      /提醒:明天.*15:00 敬老理发.*\(吕朝阳\)。\n提醒:明天.*19:00 院坝会.*\(程学梅、吕朝阳\)。\n来不了/su,
    );
    expect(heard[2]).toMatch(/提醒:明天.*敬老理发[^(]*。\n提醒:明天.*院坝会[^(]*。\n来不了/su);
    await until('2026-03-20T13:00:00+08:00');
    expect(said().every((text) => !text.includes('院坝会'))).toBe(true);
  });

  it('is said with the other of its minute once, whichever alarm rings first', async () => {
    const { write, make, until, said, reminders, messages } = await open();
    await make({ id: 'A7', name: '敬老理发', startsAt: at('20T15:00') });
    await make({ id: 'A8', name: '院坝会', startsAt: at('20T19:00') });
    await write('M0180', '三组', '报名 敬老理发');
    await write('M0180', '三组', '报名 院坝会');
    said();
    await until('2026-03-19T17:59:30+08:00');
    const ids = (await reminders.planned()).filter(({ kind }) => kind === 'T-1d');
    expect(ids).toHaveLength(2);
    await until('2026-03-19T18:00:00+08:00');
    expect(said()).toHaveLength(1);
    const rows = (await messages.outbox.rows.find({ state: 'sent' })).filter(({ kind }) => kind === 'reminder');
    expect(rows.map(({ _id }) => _id)).toEqual(['reminder:activity:A7:T-1d:v1:三组']);
    expect(await reminders.due('activity:A8:T-1d:v1')).toBeNull();
  });

  it('goes to who signed up when the person has no WeChat, and to nobody who unsubscribed', async () => {
    const { write, make, until, said, reminders } = await open();
    await make({ id: 'A7', name: '敬老理发' });
    await write('M0220', '三组', '报名 敬老理发 给我妈');
    await write('M0257', '四组', '报名 敬老理发');
    await write('M0257', null, '退订');
    expect((await reminders.planned()).map(({ kind, to }) => [kind, to])).toEqual([
      ['T-1d', ['M0220']],
      ['T-2h', ['M0220']],
    ]);
    said();
    await until('2026-03-19T18:00:00+08:00');
    expect(said()).toEqual([expect.stringMatching(/^r-三组@chatroom wx-M0220: .*您给朱玉兰报的/)]);
    await write('M0257', null, '订阅');
    said();
    await until('2026-03-20T13:00:00+08:00');
    expect(said().some((text) => text.startsWith('wx-M0257: 提醒'))).toBe(true);
  });

  it('skips who signed up later than it; the acceptance of an offer counts as the sign-up', async () => {
    const { write, make, until, said, activities, work } = await open();
    await make({ id: 'A7', name: '敬老理发', capacity: 1 });
    await write('M0216', '三组', '报名 敬老理发');
    await write('M0176', '三组', '报名 敬老理发');
    await until('2026-03-19T17:00:00+08:00');
    await activities.cancel({ from: 'x', person: 'M0216', row: 'A7:M0216' });
    await work.idle();
    said();
    await until('2026-03-19T18:00:00+08:00');
    expect(said()).toEqual([]);
    await write('M0176', '三组', '要');
    said();
    await until('2026-03-20T13:00:00+08:00');
    expect(said()).toEqual([expect.stringContaining('wx-M0176: 提醒:今天15:00')]);
  });

  it('follows a new time, and the old times are never said', async () => {
    const { write, make, until, said, activities, work } = await open();
    await make({ id: 'A8', name: '探访', startsAt: at('19T15:00') });
    await write('M0180', '三组', '报名 探访');
    await until('2026-03-18T18:00:00+08:00');
    expect(said().at(-1)).toContain('提醒');
    await until('2026-03-19T09:10:00+08:00');
    await activities.reschedule(systemActor, 'A8', { startsAt: at('20T08:20') });
    await work.idle();
    said();
    await until('2026-03-19T17:59:00+08:00');
    expect(said()).toEqual([]);
    await until('2026-03-19T18:00:00+08:00');
    expect(said()).toHaveLength(1);
    await until('2026-03-20T06:59:00+08:00');
    expect(said()).toEqual([]);
    await until('2026-03-20T07:00:00+08:00');
    expect(said()).toHaveLength(1);
  });

  it('of an activity that was called off, or to somebody who cancelled, is not said', async () => {
    const { write, make, until, said, activities, work } = await open();
    await make({ id: 'A7', name: '敬老理发' });
    await make({ id: 'A8', name: '清沟' });
    await write('M0180', '三组', '报名 敬老理发');
    await write('M0176', '三组', '报名 清沟');
    await activities.callOff(systemActor, 'A7', null);
    await write('M0176', '三组', '取消报名');
    await work.idle();
    said();
    await until('2026-03-20T14:59:00+08:00');
    expect(said()).toEqual([]);
  });

  it('that could not be said at once leaves out who cancelled meanwhile, in its mentions and its words', async () => {
    const { write, make, until, said, activities, channel } = await open();
    await make({ id: 'A7', name: '敬老理发' });
    await write('M0180', '三组', '报名 敬老理发');
    await write('M0176', '三组', '报名 敬老理发');
    await write('M0220', '三组', '报名 敬老理发 给我妈');
    said();
    channel.setOnline(false);
    await until('2026-03-19T18:00:00+08:00');
    await activities.cancel({ from: 'x', person: 'M0180', row: 'A7:M0180' });
    await activities.cancel({ from: 'y', person: 'M0220', row: 'A7:M0219' });
    channel.setOnline(true);
    await until('2026-03-19T18:01:00+08:00');
    expect(said()).toEqual([expect.stringMatching(/^r-三组@chatroom wx-M0176: 提醒:明天/)]);
  });

  it('is dropped when the bot was away until the start, and told once when it comes back before', async () => {
    const { write, make, until, said, channel } = await open();
    await make({ id: 'A7', name: '敬老理发' });
    await make({ id: 'A8', name: '清沟', startsAt: at('20T09:00') });
    await write('M0180', '三组', '报名 敬老理发');
    await write('M0180', '三组', '报名 清沟');
    said();
    channel.setOnline(false);
    await until('2026-03-20T10:00:00+08:00');
    channel.setOnline(true);
    await until('2026-03-20T10:01:00+08:00');
    expect(said().filter((text) => text.includes('清沟'))).toEqual([]);
    await until('2026-03-20T14:00:00+08:00');
    expect(said()).toHaveLength(1);
  });

  it('survives a restart with an emptied queue: alarms of reminders and of offers are set again', async () => {
    const first = await open();
    await first.make({ id: 'A7', name: '敬老理发', capacity: 1 });
    await first.write('M0216', '三组', '报名 敬老理发');
    await first.write('M0176', '三组', '报名 敬老理发');
    await first.write('M0210', null, '报名 敬老理发');
    await first.write('M0216', '三组', '取消报名');

    first.village.sayer.stop();
    await first.relay.stop();
    await first.village.ground.queue.close();
    // Another process on the same store; its queue knows nothing.
    const second = await buildActivities({ store: first.store, clock: first.clock, fresh: false });

    await second.until('2026-03-18T11:31:00+08:00');
    expect(await second.activities.signup('A7:M0176')).toMatchObject({ why: 'offer lapsed' });
    await second.write('M0210', null, '要', { id: 'after' });
    second.said();
    await second.until('2026-03-19T18:00:00+08:00');
    expect(second.said()).toEqual([expect.stringMatching(/^wx-M0210: 提醒/)]);
    expect(second.faults).toEqual([]);
  });
});
