import { describe, expect, it } from 'vitest';
import type { Draft } from '../../src/activities/index.ts';
import { chains, signups } from '../../src/activities/activities.model.ts';
import { inbox } from '../../src/messages/messages.model.ts';
import { systemActor } from '../../src/shared/access.ts';
import { goers, openActivity } from '../support/stories.ts';
import { buildActivities } from '../support/activities.ts';
import { openTestVillage, type TestVillage } from '../support/village.ts';

const head = '#接龙\n桂花园除草\n3月21日 8:30 桂花园集合\n例 张三 2人\n';
const list = (...lines: string[]): string => [head, ...lines.map((line, n) => `${n + 1}. ${line}`)].join('\n');

/** 三组 with a call for 桂花园除草 in its group. */
async function called(part: Partial<Draft> = {}): Promise<TestVillage> {
  const it = await openTestVillage();
  await openActivity(it, { id: 'A1', capacity: 9, callRooms: ['三组'], jielong: true, ...part });
  return it;
}
const rows = async (it: TestVillage, activity = 'A1'): Promise<string[]> => (await goers(it, activity)).toSorted();
const guests = async (it: TestVillage, row: string): Promise<readonly string[] | undefined> =>
  (await it.village.activities.signup(row))?.guests;

describe('a copy of a 接龙', () => {
  it('signs up who is new on it, in one answer that says who and what is left', async () => {
    const it = await called();
    expect(await it.write('1', 'M1', '三组', list('王大爷'))).toEqual([
      '桂花园除草接龙:王大爷报上了。还剩8个名额。弄错了回“撤销”。',
    ]);
    expect(await it.write('2', 'M3', '三组', list('王大爷', '吕哥 2人', '唐哥'))).toEqual([
      '桂花园除草接龙:吕哥2人、唐哥报上了。还剩5个名额。弄错了回“撤销”。',
    ]);
    expect(await rows(it)).toEqual(['M1 1 confirmed', 'M3 2 confirmed', 'M4 1 confirmed']);
    const { signups: all } = await it.village.activities.state();
    expect(all['A1']?.map(({ member, by, from }) => [member, by, from])).toEqual([
      ['M1', undefined, 'loop:1'],
      ['M3', undefined, 'loop:2'],
      ['M4', 'M3', 'loop:2'],
    ]);
  });

  it('fills the seats in the order of the lines, the rest waits; a party is never split, and nobody is asked', async () => {
    const it = await called({ capacity: 2 });
    await it.write('1', 'M1', '三组', list('王大爷'));
    const [answer, ...more] = await it.write('2', 'M3', '三组', list('王大爷', '吕哥 2人', '唐哥'));
    expect(answer).toBe(
      '桂花园除草接龙:唐哥报上了。\n名额不够,排候补:吕哥2人(第1位)。有空位我会问,2小时内回“要”就算数。还剩0个名额。弄错了回“撤销”。',
    );
    expect(more).toEqual([]);
    expect(await rows(it)).toEqual(['M1 1 confirmed', 'M3 2 waitlisted', 'M4 1 confirmed']);
  });

  it('understands who is meant by 我, and calls them by their name', async () => {
    const it = await called();
    expect(await it.write('1', 'M1', '三组', list('我', '我老婆'))).toEqual([
      '桂花园除草接龙:王大明、李芳报上了。还剩7个名额。弄错了回“撤销”。',
    ]);
    expect(await rows(it)).toEqual(['M1 1 confirmed', 'M2 1 confirmed']);
  });

  it('puts somebody else into the queue, who is asked themselves and told that it is theirs', async () => {
    const it = await called({ capacity: 1 });
    await it.write('1', 'M3', '三组', list('吕哥'));
    await it.write('2', 'M1', '三组', list('吕哥', '我老婆'));
    await it.write('3', 'M3', '三组', '取消报名');
    expect(it.channel.heard.at(-1)).toMatchObject({
      mentions: ['wx-M2'],
      text: expect.stringMatching(/^3月21日.*空出1人的名额,给您留着/),
    });
    await it.write('4', 'M2', '三组', '要');
    expect(await rows(it)).toEqual(['M2 1 confirmed']);
  });

  it('with nothing new on it gets no answer', async () => {
    const it = await called();
    await it.write('1', 'M1', '三组', list('王大爷'));
    expect(await it.write('2', 'M3', '三组', list('王大爷'))).toEqual([]);
    expect(await it.write('1', 'M1', '三组', list('王大爷'))).toEqual([]);
    expect(await rows(it)).toEqual(['M1 1 confirmed']);
  });

  it('with nothing new on it and a mention is told so, and so is one about another matter', async () => {
    const it = await called();
    const spoken = (text: string): string => `@小溪\u2005${text}`;
    await it.write('1', 'M1', '三组', spoken(list('王大爷')));
    expect(await it.write('2', 'M3', '三组', spoken(list('王大爷')))).toEqual([
      '桂花园除草接龙我都看到了,没有新添的,没有动。发“我的报名”看您报了哪些。',
    ]);
    expect(await it.write('3', 'M3', '三组', spoken('#接龙 土鸡蛋 1块2一个\n1. 邓嬢嬢 60个'))).toEqual([
      '这个接龙对不上现在的活动,我没有动。发“活动”看有哪些可以报。',
    ]);
    expect(await rows(it)).toEqual(['M1 1 confirmed']);
  });

  it('may leave out the head once the chain runs, and come as two lists at once', async () => {
    const it = await called();
    await it.write('1', 'M1', '三组', list('王大爷'));
    expect(await it.write('2', 'M3', '三组', '2. 吕哥')).toHaveLength(1);
    for (const [id, from, line] of [
      ['3', 'M4', '唐哥'],
      ['4', 'M5', '吴玉'],
    ] as const)
      it.channel.hear({
        id,
        sender: { id: `wx-${from}`, name: from },
        room: { id: 'r-三组@chatroom', topic: '三组村民群' },
        text: list('王大爷', '吕哥', line),
      });
    await it.work.idle();
    expect(await rows(it)).toEqual(['M1 1 confirmed', 'M3 1 confirmed', 'M4 1 confirmed', 'M5 1 confirmed']);
  });

  it('that is old neither brings back who cancelled, nor lowers a number', async () => {
    const it = await called();
    await it.write('1', 'M1', '三组', list('王大爷'));
    await it.write('2', 'M3', '三组', list('王大爷', '吕哥'));
    await it.write('3', 'M3', '三组', list('王大爷', '吕哥 3人'));
    await it.write('4', 'M1', '三组', '取消报名');
    await it.write('5', 'M4', '三组', list('王大爷', '吕哥', '唐哥'));
    expect(await rows(it)).toEqual(['M3 3 confirmed', 'M4 1 confirmed']);
  });

  it('signs up again who cancelled by command and writes a new line', async () => {
    const it = await called();
    await it.write('1', 'M1', '三组', list('王大爷'));
    await it.write('2', 'M1', '三组', '取消报名');
    expect(await rows(it)).toEqual([]);
    expect(await it.write('3', 'M1', '三组', list('王大爷', '王大爷 2人'))).toHaveLength(1);
    expect(await rows(it)).toEqual(['M1 2 confirmed']);
  });
});

describe('who is on a 接龙 and signed up besides', () => {
  it('is not counted twice; another number is asked about', async () => {
    const it = await called();
    await it.write('1', 'M1', '三组', '报名 桂花园除草 2人 李芳');
    await it.write('2', 'M3', '三组', '报名 桂花园除草');
    expect(await it.write('3', 'M2', '三组', list('李嬢嬢'))).toEqual([]);
    expect(await it.write('4', 'M1', '三组', list('李嬢嬢', '王大爷'))).toEqual([]);
    expect(await it.write('5', 'M3', '三组', list('李嬢嬢', '王大爷', '吕哥 3人'))).toEqual([
      '吕哥报过了,要改成3人吗?回“是”就改。',
    ]);
    expect(await rows(it)).toEqual(['M1 2 confirmed', 'M3 1 confirmed']);
    await it.write('6', 'M3', '三组', '是');
    expect(await rows(it)).toEqual(['M1 2 confirmed', 'M3 3 confirmed']);
    await it.write('7', 'M3', '三组', list('李嬢嬢', '王大爷', '吕哥 3人', '吕哥 不来了'));
    expect(await rows(it)).toEqual(['M1 2 confirmed']);
  });
});

describe('a guest on a 接龙', () => {
  it('stands in the row of who signed it, and leaves it alone', async () => {
    const it = await called();
    await it.write('1', 'M1', '三组', list('王大爷', '春花'));
    expect(await rows(it)).toEqual(['M1 2 confirmed']);
    expect(await guests(it, 'A1:M1')).toEqual(['春花']);
    await it.write('2', 'M1', '三组', list('王大爷', '春花 3个'));
    expect(await rows(it)).toEqual(['M1 4 confirmed']);
    await it.write('3', 'M1', '三组', list('王大爷', '春花 不来了'));
    expect(await rows(it)).toEqual(['M1 1 confirmed']);
    expect(await guests(it, 'A1:M1')).toEqual([]);
  });

  it('waits in a row of their own when so many in one party would never get a seat', async () => {
    const it = await called({ capacity: 2 });
    await it.write('1', 'M3', '三组', list('吕哥 2人'));
    const [answer] = await it.write('2', 'M1', '三组', list('吕哥 2人', '王大爷', '春花', '秋菊'));
    expect(answer).toContain('排候补:王大爷(第1位)、春花(第1位)、秋菊(第2位)');
    expect(await rows(it)).toEqual(['M1 2 waitlisted', 'M3 2 confirmed', 'guest 1 waitlisted']);
    expect((await it.write('3', 'M1', '三组', list('吕哥 2人', '王大爷 2人', '春花')))[0]).toContain(
      '王大爷(名额不够)',
    );
    await it.write('4', 'M3', '三组', '取消报名');
    expect(it.channel.heard.at(-1)).toMatchObject({ mentions: ['wx-M1'], text: expect.stringContaining('空出2人') });
  });

  it('goes without the signer: the row counts the guests alone, until the signer comes too or all have left', async () => {
    const it = await called();
    await it.write('1', 'M1', '三组', list('春花', '秋菊 2人'));
    expect(await rows(it)).toEqual(['M1 3 confirmed']);
    await it.write('2', 'M1', '三组', list('春花', '秋菊 2人', '王大爷'));
    expect(await rows(it)).toEqual(['M1 4 confirmed']);
    await it.write('3', 'M1', '三组', list('春花', '秋菊 2人', '王大爷 来不了'));
    expect(await rows(it)).toEqual(['M1 3 confirmed']);
    await it.write('4', 'M1', '三组', list('春花 不来', '秋菊 取消'));
    expect(await rows(it)).toEqual([]);
    expect(await it.village.activities.get('A1')).toMatchObject({ seats: { free: 9, claims: [] } });
  });

  it('stays when the signer signs up by command as well: it is asked whether so many come', async () => {
    const it = await called();
    await it.write('1', 'M1', '三组', list('春花'));
    expect((await it.write('2', 'M1', '三组', '报名 桂花园除草'))[0]).toContain('要改成2人吗');
    await it.write('3', 'M1', '三组', '是');
    expect(await rows(it)).toEqual(['M1 2 confirmed']);
    await it.write('4', 'M1', '三组', list('春花 不来了'));
    expect(await rows(it)).toEqual(['M1 1 confirmed']);
  });

  it('waits in a row of their own when the signer has a seat and there is no more', async () => {
    const it = await called({ capacity: 2 });
    await it.write('1', 'M3', '三组', list('吕哥'));
    const [answer] = await it.write('2', 'M1', '三组', list('吕哥', '王大爷', '春花'));
    expect(answer).toContain('排候补:春花(第1位)');
    expect(await rows(it)).toEqual(['M1 1 confirmed', 'M3 1 confirmed', 'guest 1 waitlisted']);
    await it.write('3', 'M3', '三组', '取消报名');
    expect(it.channel.heard.at(-1)).toMatchObject({
      mentions: ['wx-M1'],
      text: expect.stringContaining('您给春花排的'),
    });
    await it.write('4', 'M1', '三组', '要');
    expect(await rows(it)).toEqual(['M1 1 confirmed', 'guest 1 confirmed']);
  });
});

describe('a change on a 接龙', () => {
  it('by the person or the signer acts like the commands: seats, queue and offers follow', async () => {
    const it = await called({ capacity: 3 });
    await it.write('1', 'M1', '三组', list('王大爷 2人', '吕哥'));
    await it.write('2', 'M4', '三组', list('王大爷 2人', '吕哥', '唐哥'));
    expect(await rows(it)).toEqual(['M1 2 confirmed', 'M3 1 confirmed', 'M4 1 waitlisted']);
    expect(await it.write('3', 'M1', '三组', list('王大爷 1人', '吕哥', '唐哥'))).toEqual([
      '桂花园除草接龙:王大爷从2人改成1人。还剩0个名额。弄错了回“撤销”。',
      expect.stringContaining('空出1人的名额'),
    ]);
    await it.write('4', 'M4', '三组', '要');
    const [answer] = await it.write('5', 'M1', '三组', list('王大爷 1人', '吕哥 3人', '唐哥'));
    expect(answer).toBe('桂花园除草接龙:没办成:吕哥(名额不够)。');
    await it.write('6', 'M3', '三组', list('王大爷 1人', '吕哥 不来了', '唐哥'));
    expect(await rows(it)).toEqual(['M1 1 confirmed', 'M4 1 confirmed']);
  });

  it('by another is left to them; by somebody of the household it is asked', async () => {
    const it = await called();
    await it.write('1', 'M1', '三组', list('王大爷'));
    await it.write('2', 'M3', '三组', list('王大爷', '吕哥'));
    expect(await it.write('3', 'M4', '三组', list('王大爷', '吕哥 取消'))).toEqual([
      '桂花园除草接龙:没办成:吕哥(要本人或报名的人来改)。',
    ]);
    expect(await it.write('4', 'M2', '三组', list('王大爷 不来了', '吕哥'))).toEqual(['王大爷不来了吗?回“是”就退。']);
    expect(await it.write('5', 'M3', '三组', '是')).toEqual([]);
    expect(await rows(it)).toEqual(['M1 1 confirmed', 'M3 1 confirmed']);
    expect(await it.write('6', 'M2', '三组', '是')).toEqual([expect.stringContaining('王大爷退了')]);
    expect(await rows(it)).toEqual(['M3 1 confirmed']);
  });

  it('that leaves the number open is asked, one question at a time', async () => {
    const it = await called();
    const [first] = await it.write('1', 'M1', '三组', list('王大爷 一家人', '吕哥 看情况'));
    expect(first).toBe('桂花园除草接龙:王大爷报上了。还剩8个名额。弄错了回“撤销”。\n王大爷一共几个人?回数字。');
    const [second] = await it.write('2', 'M1', '三组', '3');
    expect(second).toBe(
      '桂花园除草接龙:王大爷从1人改成3人。还剩6个名额。弄错了回“撤销”。\n吕哥定了来不来?来就回“是”。',
    );
    await it.write('3', 'M1', '三组', '是');
    expect(await rows(it)).toEqual(['M1 3 confirmed', 'M3 1 confirmed']);
  });
});

describe('a 接龙 in a large group', () => {
  const bench = async (room: string) => {
    const it = await buildActivities({ activities: false });
    await it.make({
      id: 'A9',
      name: '清沟',
      capacity: 9,
      callRooms: [room],
      startsAt: new Date('2026-03-21T15:00:00+08:00'),
    });
    const who = async (): Promise<string[]> => {
      const { signups: all } = await it.activities.state();
      return (all['A9'] ?? [])
        .filter(({ status }) => status !== 'cancelled')
        .map(({ member, by, people, guests: along = [] }) => `${member} ${people} ${by ?? '-'} ${along.join()}`)
        .toSorted();
    };
    const copy = (from: string, text: string): Promise<string[]> => it.write(from, room, `#接龙 清沟\n${text}`);
    return { it, who, copy };
  };

  it('asks who is meant by a nickname that several bear, and gives the seat to that one', async () => {
    const { it, who, copy } = await bench('一组');
    const [asked] = await copy('M0005', '1. 周哥\n2. 桂花树下');
    expect(asked).toMatch(
      /^清沟接龙:周哥、桂花树下报上了。还剩7个名额。.*\n“桂花树下”是哪一个\?回数字:1 .* 2 .* 3 都不是$/,
    );
    expect(await who()).toEqual(['M0005 2 - 桂花树下']);
    expect(await it.write('M0033', '一组', '2')).toEqual([]);
    expect((await it.write('M0005', '一组', '2'))[0]).toContain('桂花树下记成');
    expect(await who()).toEqual(['M0005 1 - ', 'M0033 1 M0005 ']);
    expect((await it.activities.seatCounts())['A9']).toEqual({ confirmed: 2, held: 0, waitlisted: 0 });
    await it.close();
  });

  it('lets a child go only with an adult of the household, who may stand on the same list', async () => {
    const { it, who, copy } = await bench('四组');
    expect((await copy('M0313', '1. 韩天碧'))[0]).toContain('没办成:韩天碧(没满16岁要家里大人一起报)');
    expect(await who()).toEqual([]);
    await copy('M0312', '1. 韩天碧\n2. 曹欣怡');
    await copy('M0313', '1. 韩天碧\n2. 曹欣怡\n3. 韩天碧 1人');
    expect(await who()).toEqual(['M0312 1 - ', 'M0313 1 - ']);
    const [asked] = await copy('M0312', '1. 韩天碧\n2. 曹欣怡 不来了');
    expect(asked).toMatch(/曹欣怡退了。.*\n韩天碧没满16岁,没有家里大人去不成/);
    await it.write('M0312', '四组', '是');
    expect(await who()).toEqual([]);
    await it.close();
    const other = await bench('四组');
    await other.copy('M0312', '1. 韩天碧\n2. 曹欣怡');
    expect(await other.who()).toEqual(['M0312 1 - ', 'M0313 1 M0312 ']);
    await other.it.close();
  });
});

describe('撤销 after a 接龙', () => {
  it('takes back all that the copy did, once; old lines do not bring it back', async () => {
    const it = await called();
    await it.write('1', 'M3', '三组', list('吕哥 2人'));
    await it.write('2', 'M3', '三组', list('吕哥 3人', '唐哥', '春花'));
    expect(await rows(it)).toEqual(['M3 4 confirmed', 'M4 1 confirmed']);
    expect(await it.write('3', 'M3', '三组', '撤销')).toEqual(['已撤销:桂花园除草接龙里的吕哥、唐哥、春花。']);
    expect(await rows(it)).toEqual(['M3 2 confirmed']);
    expect(await it.write('4', 'M3', '三组', '撤销')).toEqual(['没有可以撤销的。']);
    await it.write('5', 'M1', '三组', list('吕哥 3人', '唐哥', '春花', '王大爷'));
    expect(await rows(it)).toEqual(['M1 1 confirmed', 'M3 2 confirmed']);
  });

  it('names eight of many, and says how many there were', async () => {
    const it = await called({ capacity: 20 });
    const guests = ['春花', '夏荷', '秋菊', '冬梅', '建军', '建国', '小芳', '小英', '小燕', '大勇'];
    await it.write('1', 'M3', '三组', list(...guests));
    expect(await it.write('2', 'M3', '三组', '撤销')).toEqual([
      '已撤销:桂花园除草接龙里的春花、夏荷、秋菊、冬梅、建军、建国、小芳、小英等10个。',
    ]);
    expect(await rows(it)).toEqual([]);
  });

  it('gives back a seat that a line gave up', async () => {
    const it = await called();
    await it.write('1', 'M3', '三组', list('吕哥 2人'));
    await it.write('2', 'M3', '三组', list('吕哥 不来了'));
    expect(await rows(it)).toEqual([]);
    await it.write('3', 'M3', '三组', '撤销');
    expect(await rows(it)).toEqual(['M3 2 confirmed']);
  });
});

describe('the rules of an activity', () => {
  it('hold line by line: who is too young is told, the others stand', async () => {
    const it = await called({ minAge: 50 });
    expect(await it.write('1', 'M1', '三组', list('王大爷', '吕哥'))).toEqual([
      '桂花园除草接龙:王大爷报上了。\n没办成:吕哥(年龄不够)。还剩8个名额。弄错了回“撤销”。',
    ]);
    expect(await rows(it)).toEqual(['M1 1 confirmed']);
  });

  it('refuse lines after the deadline, after the start, and of what was called off', async () => {
    const it = await called({ deadline: new Date('2026-03-20T18:00:00+08:00') });
    await it.write('1', 'M1', '三组', list('王大爷'));
    await it.until('2026-03-20T19:00:00+08:00');
    expect(await it.write('2', 'M3', '三组', list('王大爷', '吕哥'))).toEqual([
      '桂花园除草接龙:没办成:吕哥(报名已截止)。',
    ]);
    await it.until('2026-03-21T08:31:00+08:00');
    expect(await it.write('3', 'M4', '三组', list('王大爷', '吕哥', '唐哥'))).toEqual([
      '桂花园除草接龙:没办成:唐哥(已经开始了)。',
    ]);
    await openActivity(it, {
      id: 'A2',
      name: '老年体检',
      startsAt: new Date('2026-03-28T08:00:00+08:00'),
      endsAt: new Date('2026-03-28T09:00:00+08:00'),
      callRooms: ['三组'],
    });
    await it.write('4', 'M1', '三组', '#接龙 老年体检\n1. 王大爷');
    await it.village.activities.callOff(await it.village.members.actor('M5'), 'A2', null);
    await it.work.idle();
    expect(await it.write('5', 'M3', '三组', '#接龙 老年体检\n1. 王大爷\n2. 吕哥')).toEqual([
      '老年体检接龙:没办成:吕哥(活动已取消)。',
    ]);
    expect(await rows(it)).toEqual(['M1 1 confirmed']);
  });
});

describe('a chain that is none of the bot’s business', () => {
  it('about another matter is silence, and no word of it is kept', async () => {
    const it = await called();
    const eggs = '#接龙\n土鸡蛋 1块2一个,30个起\n1. 邓嬢嬢 60个';
    expect(await it.write('1', 'M1', '三组', eggs)).toEqual([]);
    expect(await it.write('2', 'M3', '三组', `${eggs}\n2. 吕哥 30个`)).toEqual([]);
    expect(await rows(it)).toEqual([]);
    const store = it.village.ground.store;
    const kept = JSON.stringify([
      await store.collection(inbox).find({ state: 'done' }),
      await store.collection(chains).get('三组'),
    ]);
    expect(kept).not.toMatch(/鸡蛋|邓嬢嬢|吕哥/);
  });

  it('in a strange or a management group, or in a direct chat, signs nobody up', async () => {
    const it = await openTestVillage({ office: true });
    await openActivity(it, { id: 'A1', capacity: 9, callRooms: ['三组'], jielong: true });
    expect(await it.write('1', 'M5', '三组管理群', list('吴玉'))).toEqual([]);
    await it.write('2', 'M1', null, list('王大爷'));
    const strange = { room: { id: 'r-strange@chatroom', topic: '买菜群' } };
    expect(await it.write('3', 'M1', '三组', list('王大爷'), strange)).toEqual([]);
    expect(await rows(it)).toEqual([]);
  });

  it('is not guessed at: a head that names nothing belongs to the one call of the room, and to none of several', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1', capacity: 9 });
    expect(await it.write('1', 'M1', '三组', '#接龙\n1. 王大爷')).toEqual([]);
    expect(await it.write('2', 'M1', '三组', '#接龙 桂花园除草\n1. 王大爷')).toHaveLength(1);
    const other = await openTestVillage();
    await openActivity(other, { id: 'A1', capacity: 9, callRooms: ['三组'] });
    expect(await other.write('1', 'M1', '三组', '#接龙\n1. 王大爷')).toHaveLength(1);
    const both = await openTestVillage();
    await openActivity(both, { id: 'A1', capacity: 9, callRooms: ['三组'] });
    await openActivity(both, { id: 'A2', name: '院坝会', capacity: 9, callRooms: ['三组'] });
    expect(await both.write('1', 'M1', '三组', '#接龙\n1. 王大爷')).toEqual([]);
    for (const one of [it, other]) expect(await rows(one)).toEqual(['M1 1 confirmed']);
    expect(await rows(both)).toEqual([]);
  });
});

describe('who is not bound yet', () => {
  it('signs up provisionally by a line, and changes it once bound', async () => {
    const it = await called();
    await it.village.members.unbind(systemActor, 'wx-M3');
    await it.write('1', 'M3', '三组', list('吕哥 2人'));
    expect(await rows(it)).toEqual(['guest 2 confirmed']);
    await it.village.members.bind(systemActor, 'wx-M3', 'M3');
    await it.work.idle();
    expect(await rows(it)).toEqual(['M3 2 confirmed']);
    await it.write('2', 'M3', '三组', list('吕哥 3人'));
    expect(await rows(it)).toEqual(['M3 3 confirmed']);
  });
});

describe('who is bound after somebody else had signed them up', () => {
  it('has one row, and the guests of their lines go on in rows of their own, with their seats', async () => {
    const it = await called({ capacity: 6 });
    await it.village.members.unbind(systemActor, 'wx-M3');
    await it.write('1', 'M4', '三组', '报名 桂花园除草 给吕勇');
    await it.write('2', 'M3', '三组', list('小勇', '春花 2人', '秋菊'));
    await it.write('3', 'M1', '三组', list('小勇', '春花 2人', '秋菊', '王大爷 2人'));
    expect(await rows(it)).toEqual(['M1 2 waitlisted', 'M3 1 confirmed', 'guest 4 confirmed']);
    await it.village.members.bind(systemActor, 'wx-M3', 'M3');
    await it.work.idle();
    expect(await rows(it)).toEqual(['M1 2 held', 'M3 1 confirmed', 'guest 1 confirmed', 'guest 2 confirmed']);
    await it.write('4', 'M3', '三组', list('小勇', '春花 2人', '秋菊 不来了', '王大爷 2人'));
    expect(await rows(it)).toEqual(['M1 2 held', 'M3 1 confirmed', 'guest 2 confirmed']);
    expect((await it.write('5', 'M3', '三组', '我的报名'))[0]).toContain('给春花 2人');
    expect(it.faults).toEqual([]);
  });
});

describe('what is remembered of a chain', () => {
  it('is forgotten once the activity has begun', async () => {
    const it = await called();
    await it.write('1', 'M1', '三组', list('王大爷'));
    const kept = it.village.ground.store.collection(chains);
    await it.village.activities.chains.forgetPast();
    expect(await kept.get('三组')).not.toBeNull();
    await it.until('2026-03-21T09:30:00+08:00');
    await it.village.activities.chains.forgetPast();
    expect(await kept.get('三组')).toBeNull();
    expect(await it.village.ground.store.collection(signups).get('A1:M1')).not.toBeNull();
  });
});
