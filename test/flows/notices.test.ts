import { describe, expect, it } from 'vitest';
import { sendNotice } from '../support/stories.ts';
import { openTestVillage, type TestVillage } from '../support/village.ts';

const acks = async (it: TestVillage, key: string): Promise<string[]> =>
  ((await it.village.notices.state()).acks[key] ?? []).toSorted();
const households = async (it: TestVillage, key: string): Promise<number> =>
  (await it.village.notices.state()).households[key] ?? 0;
const heardOf = (it: TestVillage, word: string): string[] =>
  it.channel.heard.filter(({ text }) => text.includes(word)).map(({ to }) => ('room' in to ? to.room : to.contact));

describe('a notice', () => {
  it('is not said before somebody else approves it, and then once in each group', async () => {
    const it = await openTestVillage();
    const { members, notices } = it.village;
    const author = await members.actor('M6');
    const wish = { kind: 'normal' as const, title: '停水', text: '明天停水。', rooms: ['三组', '四组'], direct: [] };
    await notices.send(author, { ...wish, key: 'N1', from: 't:1' });
    await notices.send(author, { ...wish, key: 'N1', from: 't:1' });
    await it.work.idle();
    expect(heardOf(it, '【通知】停水').filter((to) => to.includes('chatroom'))).toEqual([]);
    await expect(notices.approve(author, 'N1')).rejects.toMatchObject({ code: 'notices.own' });
    for (const who of ['M1', 'M5', 'M8', 'M9'])
      await expect(notices.approve(await members.actor(who), 'N1')).rejects.toMatchObject({ code: 'access.denied' });
    const approver = await members.actor('M7');
    await Promise.all([notices.approve(approver, 'N1'), notices.approve(approver, 'N1').catch(() => null)]);
    await it.work.idle();
    expect(heardOf(it, '【通知】停水').toSorted()).toEqual(['r-三组@chatroom', 'r-四组@chatroom']);
  });

  it('approved in the night goes out at seven, an urgent one at once', async () => {
    const it = await openTestVillage();
    await it.until('2026-03-18T22:00:00+08:00');
    await sendNotice(it, 'N1', false, '体检');
    await sendNotice(it, 'N2', true, '防汛');
    expect(heardOf(it, '体检')).toEqual([]);
    expect(heardOf(it, '【紧急通知】防汛')).toHaveLength(2);
    await it.until('2026-03-19T06:59:00+08:00');
    expect(heardOf(it, '体检')).toEqual([]);
    await it.until('2026-03-19T07:00:00+08:00');
    expect(heardOf(it, '体检')).toHaveLength(2);
  });

  it('that was stopped in the night is never said', async () => {
    const it = await openTestVillage();
    await it.until('2026-03-18T22:00:00+08:00');
    await sendNotice(it, 'N1', false, '体检');
    await it.village.notices.cancel(await it.village.members.actor('M7'), 'N1');
    await it.until('2026-03-19T09:00:00+08:00');
    expect(heardOf(it, '体检')).toEqual([]);
  });
});

describe('收到', () => {
  it('counts once for a person and once for a household, in silence', async () => {
    const it = await openTestVillage();
    await sendNotice(it, 'N1');
    for (const [n, [who, text]] of (
      [
        ['M1', '收到'],
        ['M1', '收到'],
        ['M2', '收到🙏'],
        ['M3', '收到,谢谢书记'],
      ] as const
    ).entries())
      expect(await it.write(`${n}`, who, '三组', text)).toEqual([]);
    expect(await acks(it, 'N1')).toEqual(['M1', 'M2', 'M3']);
    expect(await households(it, 'N1')).toBe(2);
  });

  it('counts for the newest notice said in that chat, not for one that still waits', async () => {
    const it = await openTestVillage();
    await sendNotice(it, 'N1');
    const { members, notices } = it.village;
    await notices.send(await members.actor('M6'), {
      key: 'N2',
      kind: 'normal',
      title: '体检',
      text: '周六体检。',
      rooms: ['三组'],
      direct: [],
      from: 't:2',
    });
    await it.write('1', 'M1', '三组', '收到');
    await notices.approve(await members.actor('M7'), 'N2');
    await it.work.idle();
    await it.write('2', 'M3', '三组', '收到');
    await it.write('3', 'M8', '四组', '收到');
    expect(await acks(it, 'N1')).toEqual(['M1', 'M8']);
    expect(await acks(it, 'N2')).toEqual(['M3']);
  });

  it('of a thing, of somebody unbound, or before any notice counts for nothing', async () => {
    const it = await openTestVillage();
    await it.write('0', 'M1', '三组', '收到');
    await sendNotice(it, 'N1');
    for (const [n, text] of [
      '快递收到了',
      '红包收到',
      '鸡蛋收到了谢谢',
      '收到没',
      '哪个收到了',
      '晓得了',
      '要得',
    ].entries())
      await it.write(`t${n}`, 'M3', '三组', text);
    await it.write('u', 'M1', '三组', '收到', { sender: { id: 'wx-nobody', name: '外人' } });
    expect(await acks(it, 'N1')).toEqual([]);
  });

  it('晓得了 counts with a mention; in a direct chat 收到 gets a short answer', async () => {
    const it = await openTestVillage();
    await sendNotice(it, 'N1');
    expect(await it.write('1', 'M1', '三组', '@小溪\u2005晓得了')).toHaveLength(1);
    expect(await it.write('2', 'M3', null, '收到')).toHaveLength(1);
    expect(await acks(it, 'N1')).toEqual(['M1']);
  });

  it('leaves the sender’s open question open', async () => {
    const it = await openTestVillage();
    await sendNotice(it, 'N1');
    await it.write('1', 'M2', '四组', '反馈 三组坎下路灯不亮');
    await it.write('2', 'M1', '三组', '反馈 三组坎下路灯黑的');
    await it.write('3', 'M1', '三组', '收到');
    await it.write('4', 'M1', '三组', '是');
    expect((await it.village.feedback.get('loop:2'))?.status).toBe('merged');
    expect(await acks(it, 'N1')).toEqual(['M1']);
  });
});

describe('退订', () => {
  it('stops direct notices, but no urgent ones and no answers; only 订阅 starts them again', async () => {
    const it = await openTestVillage();
    const { members, notices } = it.village;
    const send = async (key: string, kind: 'normal' | 'urgent'): Promise<void> => {
      const wish = { key, kind, title: key, text: '有事。', rooms: [], direct: ['M1'], from: `t:${key}` };
      await notices.send(await members.actor('M6'), wish);
      if (kind === 'normal') await notices.approve(await members.actor('M7'), key);
      await it.work.idle();
    };
    await it.write('1', 'M1', null, '退订');
    await send('甲通知', 'normal');
    await send('乙急事', 'urgent');
    expect(heardOf(it, '甲通知').filter((to) => to === 'wx-M1')).toEqual([]);
    expect(heardOf(it, '乙急事').filter((to) => to === 'wx-M1')).toHaveLength(1);
    await it.write('2', 'M1', null, '收到');
    expect(await it.write('3', 'M1', null, '活动')).toHaveLength(1);
    expect(await members.stopped('M1')).toBe(true);
    expect(await it.write('4', 'M1', null, '退订')).toHaveLength(1);
    await it.write('5', 'M1', null, '订阅');
    await send('丙通知', 'normal');
    expect(heardOf(it, '丙通知').filter((to) => to === 'wx-M1')).toHaveLength(1);
    expect(heardOf(it, '甲通知').filter((to) => to === 'wx-M1')).toEqual([]);
  });
});
