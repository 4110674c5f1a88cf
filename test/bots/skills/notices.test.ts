import { beforeEach, describe, expect, it } from 'vitest';
import { readRepeat } from '../../../bots/skills/notices.repeat.ts';
import { createNoticesSkill } from '../../../bots/skills/notices.ts';
import type { Answer, Skill, Slots, Turn } from '../../../bots/skills/skill.ts';
import { isAppError } from '../../../src/shared/errors.ts';
import { faults } from '../../../templates/notices.ts';
import { buildNotice, buildNotices, type NoticeBench } from '../../support/notices.ts';

let bench: NoticeBench;
let skill: Skill;
let messages = 0;
beforeEach(async () => {
  bench = await buildNotices();
  skill = createNoticesSkill(bench);
});

interface From {
  readonly room?: string | null;
  readonly mention?: boolean;
  readonly text?: string;
  readonly message?: string;
}

async function turn(person: string, { room = null, mention = false, text = '', message }: From): Promise<Turn> {
  const member = await bench.members.get(person);
  return {
    message: message ?? `x:${++messages}`,
    at: bench.clock.now(),
    person,
    contact: `wx-${person}`,
    member: member?._id ?? null,
    name: member?.name ?? person,
    actor: await bench.actor(person),
    room,
    management: false,
    grid: room ?? member?.grid ?? null,
    mention,
    text,
    images: [],
    shown: {},
  };
}

async function does(verb: string, person: string, slots: Slots = {}, from: From = {}): Promise<Answer> {
  const run = skill.verbs[verb];
  if (run === undefined) throw new Error(`no verb ${verb}`);
  try {
    return await run(await turn(person, from), slots);
  } catch (fault) {
    if (!isAppError(fault)) throw fault;
    return { text: faults[fault.code]?.(fault.facts) ?? fault.code };
  }
}

const answer = (asked: Answer, person: string, yes: boolean, from: From = {}): Promise<Answer> => {
  if (asked.ask === undefined) throw new Error(`no question: ${asked.text ?? ''}`);
  const slots: unknown = JSON.parse(JSON.stringify(asked.ask.slots));
  return does(asked.ask.verb, person, { ...(slots as Slots), yes }, from);
};

const fits = async (text: string, from: From = {}, person = 'M1'): Promise<boolean> =>
  (await skill.fits?.['notice.ack']?.(await turn(person, { ...from, text }), { text })) ?? false;

const fields = (more: Record<string, string> = {}): Slots => ({
  urgent: false,
  fields: { 标题: '停水', 内容: '明天8:00停水。', 范围: '一组 二组', ...more },
});
const said = () => bench.heard.filter((row) => row.kind === 'notice').map((row) => row.room ?? row.person);

async function out(key = 'N1', more: Parameters<typeof buildNotice>[0] = {}): Promise<void> {
  await bench.notices.send(await bench.actor('S1'), buildNotice({ key, ...more }));
  await bench.notices.approve(await bench.actor('S2'), key);
  await bench.settle();
}

describe('收到', () => {
  it('in a group is counted in silence', async () => {
    await out();
    expect(await does('notice.ack', 'M1', { text: '收到' }, { room: '一组', text: '收到' })).toMatchObject({
      text: null,
    });
    expect((await bench.notices.state()).acks).toEqual({ N1: ['M1'] });
  });

  it('with a mention or in a direct chat gets one short line', async () => {
    await out('N1', { direct: ['M1'] });
    expect((await does('notice.ack', 'M1', {}, { room: '一组', mention: true })).text).toContain('停水');
    expect((await does('notice.ack', 'M1')).text).toContain('之前就记过');
    expect((await does('notice.ack', 'M3', { text: '收到' })).text).toContain('没有等您回');
    expect((await does('notice.ack', 'M3', { text: '晓得了' })).text).toBe('好的,有事随时说。');
  });

  it('leaves an open question open', async () => {
    await out();
    expect((await does('notice.ack', 'M1', {}, { room: '一组' })).keepsQuestion).toBe(true);
  });

  it('of a thing is chatter everywhere', async () => {
    expect(await fits('收到快递了', { room: '一组' })).toBe(false);
    expect(await fits('收到红包了', {})).toBe(false);
  });

  it('as 晓得了 fits only where the bot is meant', async () => {
    expect(await fits('晓得了', { room: '一组' })).toBe(false);
    expect(await fits('晓得了', { room: '一组', mention: true })).toBe(true);
    expect(await fits('晓得了')).toBe(true);
    expect(await fits('通知看到了', { room: '一组' })).toBe(true);
  });
});

describe('通知', () => {
  it('lists what was said in this group', async () => {
    await out('N1', { rooms: ['一组'] });
    await out('N2', { rooms: ['二组'], title: '停电' });
    const { text } = await does('notice.list', 'M1', {}, { room: '一组' });
    expect(text).toBe('最近的通知:\nTZ1 停水(3月18日(周三,正月三十)9:30)');
  });

  it('says so when there is none', async () => {
    expect((await does('notice.list', 'M1', {}, { room: '一组' })).text).toBe('这里最近没有通知。');
  });

  it('with a number shows a villager the text that was said there, and no one who has not answered', async () => {
    await out('N1', { rooms: ['一组'], text: '{网格}停水。' });
    for (const from of [{ room: '一组' }, {}]) {
      const { text } = await does('notice.reach', 'M1', { notice: '1' }, from);
      expect(text).toBe('【通知】停水\n一组停水。\n看到请回“收到”。');
    }
    expect((await does('notice.reach', 'M5', { notice: '1' }, { room: '二组' })).text).toContain('没有查到');
    expect((await does('notice.reach', 'M1', { notice: '9' })).text).toContain('没有查到');
  });

  it('with a number shows a cadre who has not answered, but never in a village group', async () => {
    await out('N1', { rooms: ['一组'] });
    await does('notice.ack', 'M1', {}, { room: '一组' });
    const direct = await does('notice.reach', 'S1', { notice: '1' });
    expect(direct.text).toContain('收到:1/2户');
    expect(direct.text).toContain('没回的:丙');
    const group = await does('notice.reach', 'S1', { notice: '1' }, { room: '一组' });
    expect(group.text).not.toContain('丙');
  });

  it('tells a cadre what waits for approval', async () => {
    await bench.notices.send(await bench.actor('S1'), buildNotice());
    expect((await does('notice.list', 'S2')).text).toContain('审核 TZ1 通过');
    expect((await does('notice.list', 'S1')).text).not.toContain('审核');
    expect((await does('notice.list', 'S2', {}, { room: '一组' })).text).not.toContain('审核');
  });
});

describe('通知 TZ1, not said yet', () => {
  it('shows those who may write there the text and the count, and nobody else', async () => {
    await bench.notices.send(await bench.actor('S1'), buildNotice());
    const { text } = await does('notice.reach', 'S2', { notice: '1' });
    expect(text).toContain('TZ1(等审核)\n【通知】停水\n明天停水,请存水。');
    expect(text).toContain('群:一组、二组;能看到的9人、5户');
    for (const who of ['M1', 'W1']) {
      expect((await does('notice.reach', who, { notice: '1' })).text).toContain('没有查到');
    }
    expect((await does('notice.reach', 'S2', { notice: '1' }, { room: '一组' })).text).toContain('没有查到');
  });

  it('says of an urgent one that nobody has confirmed it', async () => {
    await bench.notices.send(await bench.actor('S1'), buildNotice({ kind: 'urgent' }));
    await bench.settle();
    expect((await does('notice.reach', 'S2', { notice: '1' })).text).toContain('还没补审');
    expect((await does('notice.list', 'S2')).text).toContain('等审核:TZ1 停水');
    await does('notice.review', 'S2', { notice: '1', approve: true });
    expect((await does('notice.reach', 'S2', { notice: '1' })).text).not.toContain('还没补审');
  });
});

describe('发通知', () => {
  it('shows the exact count, and hands it in on 确认', async () => {
    const asked = await does('notice.draft', 'S1', fields());
    expect(asked.text).toContain('【通知】停水\n明天8:00停水。');
    expect(asked.text).toContain('群:一组、二组;能看到的9人、5户');
    expect(await bench.notices.byNumber(1)).toBeNull();

    expect((await answer(asked, 'S1', true)).text).toContain('TZ1 停水 已交审核');
    expect((await does('notice.review', 'S2', { notice: '1', approve: true })).text).toContain('马上发');
    await bench.settle();
    expect(said()).toEqual(['一组', '二组']);
  });

  it('does nothing on 不', async () => {
    const asked = await does('notice.draft', 'S1', fields());
    expect((await answer(asked, 'S1', false)).text).toBe('好,没有发。');
    expect(await bench.notices.byNumber(1)).toBeNull();
  });

  it('hands it in once for a message that is handled twice', async () => {
    const asked = await does('notice.draft', 'S1', fields());
    const [first, second] = [
      await answer(asked, 'S1', true, { message: 'x:same' }),
      await answer(asked, 'S1', true, { message: 'x:same' }),
    ];
    expect(second.text).toBe(first.text);
    expect(await bench.notices.byNumber(2)).toBeNull();
  });

  it('加急 goes out on 确认', async () => {
    const asked = await does('notice.draft', 'W1', { ...fields({ 范围: '一组' }), urgent: true });
    expect(asked.text).toContain('马上就发');
    await answer(asked, 'W1', true);
    await bench.settle();
    expect(said()).toEqual(['一组']);
  });

  it('means the own grid when a grid worker names none, and asks anybody else', async () => {
    expect((await does('notice.draft', 'W1', fields({ 范围: '' }))).text).toContain('群:一组;');
    expect((await does('notice.draft', 'S1', fields({ 范围: '' }))).text).toContain('请一项一行写');
  });

  it('keeps other lines in the text, and takes a time and a repetition', async () => {
    const asked = await does('notice.draft', 'S1', fields({ 地点: '三组院坝', 时间: '3月20日 8:30' }));
    expect(asked.text).toContain('明天8:00停水。\n地点:三组院坝');
    expect(asked.text).toContain('时间:3月20日(周五,二月初二)8:30发');
    await answer(asked, 'S1', true);
    expect(await bench.notices.byNumber(1)).toMatchObject({ wantedAt: new Date('2026-03-20T08:30:00+08:00') });

    const again = await does('notice.draft', 'S1', fields({ 重复: '每月农历十五 8:00' }));
    expect(again.text).toContain('每月农历十五 8:00(第一次4月2日(周四,二月十五)8:00)发');
    await answer(again, 'S1', true);
    expect(await bench.notices.byNumber(2)).toMatchObject({ repeat: { rule: { every: 'lunar-month', day: 15 } } });
  });

  it('reads ranges, and never guesses at one', async () => {
    await bench.messages.wroteDirectly('M6', 'wx-M6');
    const range = async (text: string) => (await does('notice.draft', 'S1', fields({ 范围: text }))).text ?? '';
    expect(await range('全村')).toContain('群:一组、二组');
    expect(await range('低保')).toContain('发到私聊1人');
    expect(await range('二组、低保')).toContain('发到私聊1人');
    expect(await range('1组')).toContain('群:一组;');
    expect(await range('H1')).toContain('这个范围里没有人收得到');
    expect(await range('九组')).toContain('“九组”没认出来');
    expect(await range('一组 那些人')).toContain('“那些人”没认出来');
  });

  it('says plainly what is wrong, and changes nothing', async () => {
    const text = async (more: Record<string, string>) => (await does('notice.draft', 'S1', fields(more))).text;
    expect(await text({ 内容: '{金额}到了' })).toContain('没有{金额}这个格子');
    expect(await text({ 时间: '过两天' })).toContain('时间没看懂');
    expect(await text({ 时间: '3月18日8:00' })).toContain('已经过了');
    expect(await text({ 重复: '有空' })).toContain('重复没看懂');
    expect(await text({ 标题: '' })).toContain('请一项一行写');
    expect(await bench.notices.byNumber(1)).toBeNull();
  });

  it('is refused without the right and outside the management group or a direct chat', async () => {
    expect((await does('notice.draft', 'M1', fields())).text).toBe('access.denied');
    expect((await does('notice.draft', 'S1', fields(), { room: '一组' })).text).toContain('管理群或者私聊');
    expect((await does('notice.review', 'S2', { notice: '1', approve: true }, { room: '一组' })).text).toContain(
      '管理群',
    );
  });
});

it('in the management group is asked for, answered and previewed there', async () => {
  const office = { id: '村委', grid: '清溪村', topic: '村委工作群', management: true };
  await bench.grid.intake.take({ grids: [], rooms: [office], calendar: null });
  await bench.messages.wroteDirectly('S2', 'wx-S2');
  const asked = await does('notice.draft', 'S1', fields(), { room: '村委' });
  await answer(asked, 'S1', true, { room: '村委' });
  await bench.settle();
  expect(bench.heard.map((row) => row.room ?? row.person)).toEqual(['村委']);
  expect(bench.heard[0]?.text).toContain('书记的通知等审核。\n【通知】停水\n明天8:00停水。');
  await does('notice.review', 'S2', { notice: '1', approve: true }, { room: '村委' });
  await bench.settle();
  expect(said()).toEqual(['一组', '二组']);
});

describe('审核', () => {
  beforeEach(async () => {
    await bench.notices.send(await bench.actor('S1'), buildNotice());
  });

  it('of the own notice is refused', async () => {
    expect((await does('notice.review', 'S1', { notice: '1', approve: true })).text).toContain('是您自己写的');
  });

  it('says when it goes out at night', async () => {
    await bench.until('2026-03-18T22:00:00+08:00');
    const { text } = await does('notice.review', 'S2', { notice: 'TZ1', approve: true });
    expect(text).toContain('3月19日(周四,二月初一)7:00发');
  });

  it('退回 sends it back', async () => {
    const { text } = await does('notice.review', 'S2', { notice: '1', approve: false, reason: '时间不对' });
    expect(text).toContain('已退回');
    expect(await bench.notices.get('N1')).toMatchObject({ state: 'draft', rejected: { reason: '时间不对' } });
    expect((await does('notice.review', 'S2', { notice: '1', approve: true })).text).toContain('已经退回了');
  });

  it('停发 cancels', async () => {
    expect((await does('notice.cancel', 'S1', { notice: '1' })).text).toContain('已停发');
    expect((await does('notice.review', 'S2', { notice: '1', approve: true })).text).toContain('已经停发了');
  });

  it('of an unknown number says so', async () => {
    expect((await does('notice.review', 'S2', { notice: '7', approve: true })).text).toContain('没有查到');
  });
});

it.each([
  ['每天8:00', { every: 'day', time: '08:00' }, 0],
  ['每周一、周四 8:00', { every: 'week', weekdays: [1, 4], time: '08:00' }, 0],
  ['每星期天下午3:00', { every: 'week', weekdays: [0], time: '15:00' }, 0],
  ['每月5号 8:00', { every: 'month', day: 5, time: '08:00' }, 0],
  ['每年3月12日8:00', { every: 'year', month: 3, day: 12, time: '08:00' }, 0],
  ['农历每月初一 8:00', { every: 'lunar-month', day: 1, time: '08:00' }, 0],
  ['每年农历腊月廿三8:00', { every: 'lunar-year', month: 12, day: 23, time: '08:00' }, 0],
  ['赶场前一天18:00', { every: 'market-day', time: '18:00' }, 1],
  ['每年清明前三天8:00', { every: 'solar-term', term: '清明', time: '08:00' }, 3],
])('reads the repetition %s', (text, rule, daysBefore) => {
  expect(readRepeat(text)).toEqual({ rule, daysBefore });
});

it.each([
  '8:00',
  '每周8:00',
  '每周八8:00',
  '每月40日8:00',
  '每天3:00',
  '每天25:00',
  '有空就发',
  '每年农历十三月初一8:00',
])('does not guess at the repetition %s', (text) => {
  expect(readRepeat(text)).toBeNull();
});
