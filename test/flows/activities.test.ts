import { describe, expect, it } from 'vitest';
import { goers, openActivity } from '../support/stories.ts';
import { openTestVillage, type TestVillage } from '../support/village.ts';

const heardOf = (it: TestVillage, word: string): string[] =>
  it.channel.heard.filter(({ text }) => text.includes(word)).map(({ to }) => ('room' in to ? to.room : to.contact));
const queueOf = async (it: TestVillage): Promise<string[]> => (await goers(it, 'A1')).toSorted();

/** One place: M1 has it, M3 and M4 wait in the group. */
async function full(): Promise<TestVillage> {
  const it = await openTestVillage();
  await openActivity(it, { id: 'A1', capacity: 1 });
  for (const who of ['M1', 'M3', 'M4']) await it.write(`s${who}`, who, '三组', '报名 桂花园除草');
  return it;
}

describe('a sign-up', () => {
  it('with fewer places than people is asked about: neither split nor queued unasked', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1', capacity: 3 });
    await it.write('0', 'M4', '三组', '报名 桂花园除草');
    expect((await it.write('1', 'M1', '三组', '报名 桂花园除草 3人'))[0]).toContain('只剩2个名额');
    expect(await goers(it, 'A1')).toEqual(['M4 1 confirmed']);
    expect(await it.write('2', 'M3', '三组', '是')).toEqual([]);
    await it.write('3', 'M1', '三组', '2');
    expect((await goers(it, 'A1')).toSorted()).toEqual(['M1 2 confirmed', 'M4 1 confirmed']);
  });

  it('of more people than there are places in all is refused', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1', capacity: 2 });
    expect((await it.write('1', 'M1', '三组', '报名 桂花园除草 3人'))[0]).toContain('一共只有2个名额');
    await it.write('2', 'M1', '三组', '是');
    expect(await goers(it, 'A1')).toEqual([]);
  });

  it('when nothing is left is queued at once, with its place', async () => {
    const it = await full();
    expect(await queueOf(it)).toEqual(['M1 1 confirmed', 'M3 1 waitlisted', 'M4 1 waitlisted']);
    expect((await it.write('1', 'M3', '三组', '报名 桂花园除草'))[0]).toContain('候补第1位');
    expect(await queueOf(it)).toEqual(['M1 1 confirmed', 'M3 1 waitlisted', 'M4 1 waitlisted']);
  });

  it('after the deadline, after the start or for something called off is refused with the reason', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1', deadline: new Date('2026-03-20T18:00:00+08:00') });
    await openActivity(it, { id: 'A2', name: '院坝会', startsAt: new Date('2026-03-18T11:00:00+08:00') });
    await openActivity(it, { id: 'A3', name: '老年体检' });
    await it.village.activities.callOff(await it.village.members.actor('M5'), 'A3', null);
    await it.until('2026-03-20T19:00:00+08:00');
    expect((await it.write('1', 'M1', '三组', '报名 桂花园除草'))[0]).toContain('截止');
    expect((await it.write('2', 'M1', '三组', '报名 院坝会'))[0]).toContain('已经开始');
    expect((await it.write('3', 'M1', '三组', '报名 老年体检'))[0]).toContain('已经取消');
    for (const id of ['A1', 'A2', 'A3']) expect(await goers(it, id)).toEqual([]);
  });

  it('counts a companion once, also when that one signs up as well', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1', capacity: 9 });
    await it.write('1', 'M1', '三组', '报名 桂花园除草 2人 李芳');
    expect((await it.write('2', 'M2', '三组', '报名 桂花园除草'))[0]).toContain('算在');
    expect(await goers(it, 'A1')).toEqual(['M1 2 confirmed']);
  });

  it('for another stands under that person, with who signed up; the reminder goes to whoever uses WeChat', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1', capacity: 9 });
    await it.write('1', 'M1', '三组', '报名 桂花园除草 给李芳');
    const { signups } = await it.village.activities.state();
    expect(signups['A1']).toMatchObject([{ member: 'M2', by: 'M1', people: 1 }]);
    expect((await it.write('2', 'M1', '三组', '我的报名'))[0]).toContain('给李芳 1人');
    expect((await it.write('3', 'M2', '三组', '我的报名'))[0]).not.toContain('给李芳');
  });

  it('by number means the list that was shown, also after something new came in between', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1', capacity: 9 });
    await it.write('1', 'M1', '三组', '活动');
    await openActivity(it, { id: 'A2', name: '院坝会', startsAt: new Date('2026-03-19T19:00:00+08:00') });
    await it.write('2', 'M1', '三组', '报名1');
    await it.write('3', 'M3', '三组', '报名1');
    expect(await goers(it, 'A1')).toEqual(['M1 1 confirmed']);
    expect(await goers(it, 'A2')).toEqual(['M3 1 confirmed']);
  });

  it('by a number of something that has moved since is asked again', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1', capacity: 9 });
    await it.write('1', 'M1', '三组', '活动');
    const to = { startsAt: new Date('2026-03-22T08:30:00+08:00'), endsAt: new Date('2026-03-22T11:00:00+08:00') };
    await it.village.activities.reschedule(await it.village.members.actor('M5'), 'A1', to, 't:1');
    expect((await it.write('2', 'M1', '三组', '报名1'))[0]).toContain('对不上');
    expect(await goers(it, 'A1')).toEqual([]);
  });
});

describe('a freed seat', () => {
  it('is offered to the first who waits, where they signed up, and counts as taken meanwhile', async () => {
    const it = await full();
    await it.write('1', 'M1', '三组', '取消报名');
    expect(heardOf(it, '给您留着')).toEqual(['r-三组@chatroom']);
    await it.write('2', 'M5', '三组', '报名 桂花园除草');
    expect(await queueOf(it)).toEqual(['M3 1 held', 'M4 1 waitlisted', 'M5 1 waitlisted']);
  });

  it('is taken only by that person’s 要 in that chat', async () => {
    const it = await full();
    await it.write('1', 'M1', '三组', '取消报名');
    expect(await it.write('2', 'M4', '三组', '要')).toEqual([]);
    await it.write('3', 'M3', null, '要');
    await it.write('3b', 'M3', '四组', '要');
    expect(await queueOf(it)).toEqual(['M3 1 held', 'M4 1 waitlisted']);
    expect(await it.write('4', 'M3', '三组', '要')).toHaveLength(1);
    expect(await it.write('4', 'M3', '三组', '要')).toEqual([]);
    expect(await queueOf(it)).toEqual(['M3 1 confirmed', 'M4 1 waitlisted']);
  });

  it('goes on after 不要 and, in silence, after two hours; a late 要 is answered without effect', async () => {
    const it = await full();
    await it.write('1', 'M1', '三组', '取消报名');
    await it.write('2', 'M3', '三组', '不要');
    expect(await queueOf(it)).toEqual(['M4 1 held']);
    const before = it.channel.heard.length;
    await it.until('2026-03-18T11:31:00+08:00');
    expect(it.channel.heard.slice(before)).toEqual([]);
    expect(await queueOf(it)).toEqual([]);
    expect((await it.write('3', 'M4', '三组', '要'))[0]).toContain('已经过了');
    expect(await queueOf(it)).toEqual([]);
  });

  it('in the night is kept, and offered at seven for two hours', async () => {
    const it = await full();
    await it.until('2026-03-18T22:00:00+08:00');
    await it.write('1', 'M1', '三组', '取消报名');
    expect(heardOf(it, '给您留着')).toEqual([]);
    await it.write('2', 'M5', '三组', '报名 桂花园除草');
    expect(await queueOf(it)).toEqual(['M3 1 held', 'M4 1 waitlisted', 'M5 1 waitlisted']);
    await it.until('2026-03-19T07:00:00+08:00');
    expect(heardOf(it, '给您留着')).toEqual(['r-三组@chatroom']);
    await it.until('2026-03-19T08:59:00+08:00');
    await it.write('3', 'M3', '三组', '要');
    expect(await queueOf(it)).toEqual(['M3 1 confirmed', 'M4 1 waitlisted', 'M5 1 waitlisted']);
  });

  it('is offered to people who said 退订 too', async () => {
    const it = await full();
    await it.write('1', 'M3', null, '退订');
    await it.write('2', 'M1', '三组', '取消报名');
    expect(heardOf(it, '给您留着')).toEqual(['r-三组@chatroom']);
  });

  it('too small for the first party goes to the first that fits; the earlier keeps its place', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1', capacity: 1 });
    await it.write('1', 'M1', '三组', '报名 桂花园除草');
    await openActivity(it, { id: 'A2', name: '院坝会', capacity: 2 });
    await it.write('2', 'M1', '三组', '报名 院坝会');
    await it.write('3', 'M3', '三组', '报名 院坝会');
    await it.write('4', 'M4', '三组', '报名 院坝会 2人');
    await it.write('5', 'M5', '三组', '报名 院坝会');
    await it.write('6', 'M1', '三组', '取消报名 院坝会');
    expect((await goers(it, 'A2')).toSorted()).toEqual(['M3 1 confirmed', 'M4 2 waitlisted', 'M5 1 held']);
  });
});

describe('a moved or called-off activity', () => {
  it('is told to everyone signed up, 退订 or not, once, and only the new reminders count', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1', capacity: 9 });
    await it.write('1', 'M1', null, '报名 桂花园除草');
    await it.write('2', 'M3', null, '报名 桂花园除草');
    await it.write('3', 'M3', null, '退订');
    const actor = await it.village.members.actor('M5');
    const to = { startsAt: new Date('2026-03-22T08:30:00+08:00'), endsAt: new Date('2026-03-22T11:00:00+08:00') };
    await it.village.activities.reschedule(actor, 'A1', to, 't:1');
    await it.village.activities.reschedule(actor, 'A1', to, 't:1');
    await it.work.idle();
    expect(heardOf(it, '改时间了').toSorted()).toEqual(['wx-M1', 'wx-M3']);
    await it.until('2026-03-21T17:59:00+08:00');
    expect(heardOf(it, '提醒:')).toEqual([]);
    await it.until('2026-03-21T18:00:00+08:00');
    expect(heardOf(it, '提醒:')).toEqual(['wx-M1']);
  });

  it('frees everyone; nothing more is reminded, offered or counted', async () => {
    const it = await full();
    await it.village.activities.callOff(await it.village.members.actor('M5'), 'A1', '下雨', 't:1');
    await it.work.idle();
    expect(await queueOf(it)).toEqual([]);
    await it.until('2026-03-21T12:00:00+08:00');
    expect(heardOf(it, '提醒:')).toEqual([]);
    expect(heardOf(it, '给您留着')).toEqual([]);
    expect((await it.write('1', 'M3', '三组', '取消报名'))[0]).toContain('没有报名');
  });
});

describe('a reminder', () => {
  it('comes the day before at six and two hours before, not for a sign-up that was later', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1', capacity: 9, startsAt: new Date('2026-03-21T10:30:00+08:00') });
    await it.write('1', 'M1', null, '报名 桂花园除草');
    await it.until('2026-03-20T19:00:00+08:00');
    await it.write('2', 'M3', null, '报名 桂花园除草');
    await it.until('2026-03-21T08:29:00+08:00');
    expect(heardOf(it, '提醒:')).toEqual(['wx-M1']);
    await it.until('2026-03-21T08:30:00+08:00');
    expect(heardOf(it, '提醒:').toSorted()).toEqual(['wx-M1', 'wx-M1', 'wx-M3']);
  });

  it('that falls into the night comes at seven, and never at or after the start', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1', capacity: 9, startsAt: new Date('2026-03-21T08:20:00+08:00') });
    await openActivity(it, {
      id: 'A2',
      name: '早操',
      startsAt: new Date('2026-03-22T06:40:00+08:00'),
      endsAt: new Date('2026-03-22T07:30:00+08:00'),
    });
    await it.write('1', 'M1', null, '报名 桂花园除草');
    await it.write('2', 'M1', null, '报名 早操');
    await it.until('2026-03-21T06:59:00+08:00');
    expect(heardOf(it, '提醒:今天')).toEqual([]);
    await it.until('2026-03-21T07:00:00+08:00');
    expect(heardOf(it, '提醒:今天')).toEqual(['wx-M1']);
    await it.until('2026-03-22T09:00:00+08:00');
    expect(heardOf(it, '提醒:今天')).toEqual(['wx-M1']);
  });

  it('does not reach those who cancelled, wait or said 退订', async () => {
    const it = await full();
    await it.write('1', 'M5', null, '退订');
    await it.write('2', 'M1', '三组', '取消报名');
    await it.write('3', 'M3', '三组', '要');
    await it.write('4', 'M3', null, '退订');
    await it.until('2026-03-21T12:00:00+08:00');
    expect(heardOf(it, '提醒:')).toEqual([]);
  });
});

describe('签到', () => {
  it('counts from half an hour before the start to the end, with the right code alone, once', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1', capacity: 9, checkinCode: '7431' });
    await it.write('1', 'M1', '三组', '报名 桂花园除草');
    const there = async (): Promise<readonly string[]> => (await it.village.activities.state()).attendance['A1'] ?? [];
    await it.until('2026-03-21T07:59:00+08:00');
    expect((await it.write('2', 'M1', '三组', '签到 7431'))[0]).toContain('还没开始');
    await it.until('2026-03-21T08:00:00+08:00');
    expect((await it.write('3', 'M1', '三组', '签到 7432'))[0]).toContain('不对');
    expect(await there()).toEqual([]);
    await it.write('4', 'M1', '三组', '签到 七四三一');
    expect((await it.write('5', 'M1', '三组', '签到7431'))[0]).toContain('已经签过');
    expect(await there()).toEqual(['M1']);
    await it.until('2026-03-21T11:01:00+08:00');
    expect((await it.write('6', 'M3', '三组', '签到 7431'))[0]).toMatch(/结束|不对/u);
    expect(await there()).toEqual(['M1']);
  });
});
