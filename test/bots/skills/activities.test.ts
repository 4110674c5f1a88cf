import { afterEach, describe, expect, it } from 'vitest';
import { systemActor } from '../../../src/shared/access.ts';
import { buildActivities, type ActivityBench } from '../../support/activities.ts';

let bench: ActivityBench;
afterEach(() => bench.close());
const open = async (options: Parameters<typeof buildActivities>[0] = {}): Promise<ActivityBench> => {
  bench = await buildActivities(options);
  return bench;
};
const at = (time: string): Date => new Date(`2026-03-${time}:00+08:00`);
/** A haircut afternoon on the 20th with six places, called A7. */
const haircut = async (capacity = 6): Promise<void> => {
  await bench.make({ id: 'A7', name: '敬老理发', capacity, startsAt: at('20T15:00'), meet: '三组院坝' });
};
const seats = async (id = 'A7'): Promise<unknown> => (await bench.activities.seatCounts())[id];
const rowOf = async (person: string, activity = 'A7'): Promise<string | undefined> =>
  (await bench.activities.signup(`${activity}:${person}`))?.status;

describe('活动 and its numbers', () => {
  it('shows five in a group and the rest on 更多, numbered on', async () => {
    await open();

    const [list] = await bench.write('M0180', '三组', '活动');
    const [more] = await bench.write('M0180', '三组', '更多');

    expect(list?.split('\n')).toHaveLength(6);
    expect(list).toContain('还有1个回“更多”');
    expect(more).toContain('6 4月3日(周五,二月十六)15:00 防溺水巡查');
    expect(await bench.write('M0180', '三组', '报名6')).toEqual([expect.stringContaining('防溺水巡查,1人')]);
  });

  it('keeps silent at 更多 when no list was shown', async () => {
    await open();
    expect(await bench.write('M0180', '三组', '更多')).toEqual([]);
  });

  it('takes a number from the list that was shown, though another activity came between', async () => {
    await open();
    await bench.write('M0180', '三组', '活动');
    await haircut();

    const [reply] = await bench.write('M0180', '三组', '报名四');

    expect(reply).toContain('农技培训');
  });

  it('asks again when what the number stood for has begun', async () => {
    await open();
    await bench.write('M0252', '四组', '活动');
    await bench.until('2026-03-18T19:12:00+08:00');

    const [reply] = await bench.write('M0252', '四组', '报名1');

    expect(reply).toContain('对不上');
    expect(await rowOf('M0252', 'A3')).toBeUndefined();
    expect(await bench.write('M0252', '四组', '1')).toEqual([expect.stringContaining('党员义务植树')]);
  });

  it('asks again when what the number stood for was moved since', async () => {
    await open();
    await bench.write('M0180', '三组', '活动');
    await bench.activities.reschedule(systemActor, 'A1', { startsAt: at('29T08:30') });

    const [reply] = await bench.write('M0180', '三组', '报名3');

    expect(reply).toContain('对不上');
    expect(await rowOf('M0180', 'A1')).toBeUndefined();
  });

  it('asks which one when 报名 says nothing, and takes the number', async () => {
    await open();
    const [question] = await bench.write('M0270', '四组', '报名');
    expect(question).toContain('回数字');
    expect(await bench.write('M0310', '四组', '2')).toEqual([]);
    expect(await bench.write('M0270', '四组', '2')).toEqual([expect.stringContaining('已报')]);
  });

  it('asks even when only one activity is open', async () => {
    await open({ activities: false });
    await haircut();
    const [question] = await bench.write('M0180', '三组', '报名');
    expect(question).toContain('要报吗');
    expect(await rowOf('M0180')).toBeUndefined();
    await bench.write('M0180', '三组', '是');
    expect(await rowOf('M0180')).toBe('confirmed');
  });

  it('takes chatter that begins with a command word for chatter', async () => {
    await open();
    for (const text of ['报名费好多哦 我说驾校那个', '报名会', '取消报名费', '活动活动筋骨']) {
      expect(await bench.write('M0180', '三组', text)).toEqual([]);
    }
  });

  it('asks when a part of a name fits several', async () => {
    await open();
    const [reply] = await bench.write('M0180', '三组', '报名 植树');
    expect(reply).toContain('党员义务植树');
    await bench.make({ id: 'A8', name: '花园植树', startsAt: at('24T09:00') });
    const [question] = await bench.write('M0181', null, '报名 植树');
    expect(question).toContain('您说的是哪个');
  });
});

describe('a sign-up', () => {
  it('is confirmed with the day, the number of people, what is left and how to undo it', async () => {
    await open();
    const [reply] = await bench.write('M0180', '三组', '报名 桂花园除草 2人');
    expect(reply).toBe(
      '已报:3月21日(周六,二月初三)8:30 桂花园除草,2人。还剩13个名额。在桂花园大门口集合,带手套、锄头。回“撤销”可取消。',
    );
  });

  it('has one effect and one reply when the message comes twice', async () => {
    await open();
    await haircut();
    const first = await bench.write('M0204', '三组', '报名敬老理发2人', { id: 'e1' });
    const second = await bench.write('M0204', '三组', '报名敬老理发2人', { id: 'e1' });
    expect([first.length, second.length]).toEqual([1, 0]);
    expect(await seats()).toEqual({ confirmed: 2, held: 0, waitlisted: 0 });
  });

  it('is asked about when something is left but less than the party', async () => {
    await open();
    await haircut(2);
    const [question] = await bench.write('M0201', '三组', '报名 敬老理发 3人');
    expect(question).toContain('一共只有2个名额');

    await haircutWith('A8', '剃头', 4);
    await bench.write('M0204', '三组', '报名剃头 2人');
    expect((await bench.write('M0201', '三组', '报名 剃头 3人'))[0]).toContain('只剩2个名额');
    expect(await seats('A8')).toEqual({ confirmed: 2, held: 0, waitlisted: 0 });
    expect((await bench.write('M0201', '三组', '2'))[0]).toContain('2人');
    expect(await seats('A8')).toEqual({ confirmed: 4, held: 0, waitlisted: 0 });
  });

  it('goes into the queue with the whole party on 是, and nowhere on 算了', async () => {
    await open();
    await haircut(3);
    await bench.write('M0204', '三组', '报名敬老理发 2人');
    await bench.write('M0201', '三组', '报名敬老理发 2人');
    expect((await bench.write('M0201', '三组', '是'))[0]).toContain('候补第1位,2人');
    await bench.write('M0215', '三组', '报名敬老理发 2人');
    await bench.write('M0215', '三组', '算了');
    expect(await seats()).toEqual({ confirmed: 2, held: 0, waitlisted: 2 });
    // One seat is left that nobody ahead can use.
    expect((await bench.write('M0176', '三组', '报名敬老理发'))[0]).toContain('已报');
  });

  it('says that one is signed up already, and asks before it changes the number', async () => {
    await open();
    await haircut();
    await bench.write('M0201', '三组', '报名敬老理发');
    expect((await bench.write('M0201', '三组', '报名敬老理发'))[0]).toContain('已经报了');
    expect((await bench.write('M0201', '三组', '报名敬老理发 3人'))[0]).toContain('要改成3人吗');
    expect(await seats()).toEqual({ confirmed: 1, held: 0, waitlisted: 0 });
    await bench.write('M0201', '三组', '是');
    expect(await seats()).toEqual({ confirmed: 3, held: 0, waitlisted: 0 });
    await bench.write('M0201', '三组', '撤销');
    expect(await seats()).toEqual({ confirmed: 1, held: 0, waitlisted: 0 });
  });

  it('counts a companion who is pointed out, and not again when signing up personally', async () => {
    await open();
    await haircut();
    const [reply] = await bench.write('M0210', '三组', '报名敬老理发2人 我跟老婆子');
    expect(reply).toContain('林雨涵算在一起了');
    expect((await bench.write('M0211', '三组', '报名敬老理发'))[0]).toContain('已经算在曾国富报的2人里');
    expect((await bench.write('M0211', '三组', '我的报名'))[0]).toContain('曾国富报的敬老理发算了您');
    expect(await seats()).toEqual({ confirmed: 2, held: 0, waitlisted: 0 });
  });

  it('does not count a companion twice who has signed up before', async () => {
    await open();
    await haircut();
    await bench.write('M0211', '三组', '报名敬老理发');
    const [reply] = await bench.write('M0210', '三组', '报名敬老理发2人 我跟老婆子');
    expect(reply).toContain('林雨涵自己报过了');
    expect(await seats()).toEqual({ confirmed: 2, held: 0, waitlisted: 0 });
  });

  it('for something whose name begins with 帮 or 给 is for the sender', async () => {
    await open();
    await bench.make({ id: 'A7', name: '帮扶结对', startsAt: at('20T15:00') });
    await bench.make({ id: 'A8', name: '给老人理发', startsAt: at('20T15:00') });

    expect(await bench.write('M0180', '三组', '报名 帮扶结对')).toEqual([expect.stringContaining('帮扶结对,1人')]);
    expect(await bench.write('M0180', '三组', '报名 2人 给老人')).toEqual([expect.stringContaining('给老人理发,2人')]);
    expect(await bench.write('M0220', '三组', '报名 帮扶结对 给我妈')).toEqual([expect.stringContaining('朱玉兰')]);
  });

  it('of a relative who goes alone makes a row of the relative, by the sender', async () => {
    await open();
    await haircut();
    expect((await bench.write('M0220', '三组', '报名 敬老理发 给我妈'))[0]).toContain('已给朱玉兰报');
    expect(await bench.activities.signup('A7:M0219')).toMatchObject({ by: 'M0220', people: 1, status: 'confirmed' });
    expect(await rowOf('M0220')).toBeUndefined();
    expect((await bench.write('M0220', '三组', '取消报名'))[0]).toContain('朱玉兰');
  });

  it('asks which relative when two fit', async () => {
    await open();
    await haircut();
    const [question] = await bench.write('M0210', '三组', '报名 敬老理发 给我女儿');
    expect(question).toContain('1 曾小燕');
    expect((await bench.write('M0210', '三组', '2'))[0]).toContain('曾德芬');
    expect(await rowOf('M0213')).toBe('confirmed');
    expect(await rowOf('M0212')).toBeUndefined();
  });

  it('of somebody whom the registry does not know is refused', async () => {
    await open();
    await haircut();
    expect((await bench.write('M0210', '三组', '报名 敬老理发 给王老五'))[0]).toContain('没有找到这个人');
    expect((await bench.write('M0210', '三组', '报名 敬老理发 给我孙子'))[0]).toContain('没有找到这个人');
    expect(await seats()).toEqual({ confirmed: 0, held: 0, waitlisted: 0 });
  });

  it('of a child under 16 is refused until an adult of the household is signed up', async () => {
    await open();
    await haircut();
    expect((await bench.write('M0313', '四组', '报名 敬老理发'))[0]).toContain('要家里大人一起去');
    expect(await rowOf('M0313')).toBeUndefined();
    await bench.write('M0312', '四组', '报名 敬老理发');
    expect((await bench.write('M0313', '四组', '报名 敬老理发'))[0]).toContain('已报');
  });

  it('of a child is taken when an adult of the household comes along in the same go', async () => {
    await open();
    await haircut();
    expect((await bench.write('M0313', '四组', '报名 敬老理发 2人 我跟我妈'))[0]).toContain('已报');
    expect(await bench.activities.signup('A7:M0313')).toMatchObject({ companions: ['M0312'], people: 2 });
  });

  it('is refused below the minimum age, past the deadline, after the start and for what was called off', async () => {
    await open();
    await bench.make({ id: 'A8', name: '砍树', minAge: 18, startsAt: at('20T15:00'), deadline: at('19T12:00') });
    await bench.write('M0203', '三组', '报名 砍树');
    expect((await bench.write('M0205', '三组', '报名 砍树'))[0]).toContain('要满18岁');
    await bench.until('2026-03-19T12:00:00+08:00');
    expect((await bench.write('M0180', '三组', '报名 砍树'))[0]).toContain('截止');
    await bench.until('2026-03-20T15:00:00+08:00');
    expect((await bench.write('M0180', '三组', '报名 砍树'))[0]).toContain('已经开始');
    await bench.activities.callOff(systemActor, 'A2', '下雨');
    expect((await bench.write('M0180', '三组', '报名 农技培训'))[0]).toContain('农技培训已经取消了');
  });

  it('warns of a market day, of an own activity at the same time and of a farming peak, and is taken', async () => {
    await open();
    expect((await bench.write('M0188', '三组', '报名 党员义务植树'))[0]).toContain('赶场');
    await bench.make({ id: 'A8', name: '清沟', startsAt: at('20T10:00') });
    expect((await bench.write('M0188', '三组', '报名 清沟'))[0]).toContain('党员义务植树时间撞了');
    await bench.make({ id: 'A9', name: '栽秧', startsAt: new Date('2026-04-20T09:00:00+08:00') });
    expect((await bench.write('M0188', '三组', '报名 栽秧'))[0]).toContain('春耕');
  });

  it('of an unbound person is provisional, and follows the binding', async () => {
    await open({ unbound: ['M0253'] });
    await haircut(1);
    await bench.write('M0253', null, '报名 敬老理发');
    expect(await rowOf('wx:wx-M0253')).toBe('confirmed');
    const validUntil = at('25T00:00');
    await bench.members.addBindCode(systemActor, { code: '507318', member: 'M0253', validUntil, uses: 1 });

    await bench.write('M0253', null, '绑定 507318');

    expect(await rowOf('M0253')).toBe('confirmed');
    expect(await bench.activities.signup('A7:M0253')).toMatchObject({ name: '何春梅', people: 1 });
    expect((await bench.write('M0253', null, '我的报名'))[0]).toContain('敬老理发');
    expect((await bench.write('M0253', null, '取消报名'))[0]).toContain('已取消');
    expect(await seats()).toEqual({ confirmed: 0, held: 0, waitlisted: 0 });
  });

  async function haircutWith(id: string, name: string, capacity: number): Promise<void> {
    await bench.make({ id, name, capacity, startsAt: at('20T15:00') });
  }
});

describe('取消报名 and 撤销', () => {
  it('cancels the only one, asks when there are several, and says when there is none', async () => {
    await open();
    await haircut();
    expect((await bench.write('M0180', '三组', '取消报名'))[0]).toContain('没有报名');
    await bench.write('M0180', '三组', '报名 敬老理发');
    await bench.write('M0180', '三组', '报名 农技培训');
    const [question] = await bench.write('M0180', '三组', '取消报名');
    expect(question).toContain('要取消哪个');
    await bench.write('M0180', '三组', '1');
    expect([await rowOf('M0180'), await rowOf('M0180', 'A2')]).toEqual(['cancelled', 'confirmed']);
    expect((await bench.write('M0180', '三组', '取消报名 敬老理发'))[0]).toContain('您没有报敬老理发');
  });

  it('takes back a sign-up for ten minutes', async () => {
    await open();
    await haircut();
    await bench.write('M0273', '四组', '报名 敬老理发');
    await bench.later(9);
    expect((await bench.write('M0273', '四组', '撤销'))[0]).toContain('已撤销');
    expect(await bench.activities.signup('A7:M0273')).toMatchObject({ status: 'cancelled', why: 'undone' });
    await bench.write('M0273', '四组', '报名 敬老理发');
    await bench.later(25);
    await bench.write('M0273', '四组', '撤销');
    expect(await rowOf('M0273')).toBe('confirmed');
  });

  it('gives a cancelled seat back when it is free, with the old time of sign-up', async () => {
    await open();
    await haircut();
    await bench.write('M0273', '四组', '报名 敬老理发');
    const before = await bench.activities.signup('A7:M0273');
    await bench.later(60);
    await bench.write('M0273', '四组', '取消报名');
    expect((await bench.write('M0273', '四组', '撤销'))[0]).toContain('已恢复报名');
    const after = await bench.activities.signup('A7:M0273');
    expect(after).toMatchObject({ status: 'confirmed', from: before?.from, signedAt: before?.signedAt });
  });

  it('offers the queue when the seat has gone to somebody else', async () => {
    await open();
    await haircut(1);
    await bench.write('M0216', '三组', '报名 敬老理发');
    await bench.write('M0176', '三组', '报名 敬老理发');
    await bench.write('M0216', '三组', '取消报名');
    expect((await bench.write('M0216', '三组', '撤销'))[0]).toContain('要排在候补最后吗');
    expect(await seats()).toEqual({ confirmed: 0, held: 1, waitlisted: 0 });
    expect((await bench.write('M0216', '三组', '是'))[0]).toContain('候补第1位');
    expect(await seats()).toEqual({ confirmed: 0, held: 1, waitlisted: 1 });
  });
});

describe('取消报名 of the only adult beside a child', () => {
  const both = async (): Promise<void> => {
    await open();
    await haircut();
    await bench.write('M0312', '四组', '报名 敬老理发');
    await bench.write('M0312', '四组', '报名 敬老理发 给我女儿');
    await bench.write('M0296', '四组', '报名 敬老理发');
  };

  it('says that the child cannot go alone and asks; 是 cancels the child too, 撤销 gives both back', async () => {
    await both();
    const [answer] = await bench.write('M0312', '四组', '取消报名 敬老理发');
    expect(answer).toContain('要取消哪个');
    const [asked] = await bench.write('M0312', '四组', '1');
    expect(asked).toMatch(/已取消报名.*\n韩天碧没满16岁,没有家里大人去不成。要一起退吗/);
    expect([await rowOf('M0312'), await rowOf('M0313')]).toEqual(['cancelled', 'confirmed']);
    expect((await bench.write('M0312', '四组', '是'))[0]).toContain('已取消报名');
    expect(await rowOf('M0313')).toBe('cancelled');
    await bench.write('M0312', '四组', '撤销');
    expect(await rowOf('M0313')).toBe('confirmed');
  });

  it('without an answer leaves the child signed up, marked on the list', async () => {
    await both();
    await bench.write('M0312', '四组', '取消报名 敬老理发');
    await bench.write('M0312', '四组', '1');
    expect((await bench.write('M0312', '四组', '不用'))[0]).toContain('娃儿的报名还在');
    expect(await rowOf('M0313')).toBe('confirmed');
    const { lines } = await bench.activities.rosterFor(systemActor, 'A7');
    expect(lines.flatMap(({ name, alone }) => (alone ? name : []))).toEqual(['韩天碧']);
    await bench.write('M0312', '四组', '报名 敬老理发');
    const again = await bench.activities.rosterFor(systemActor, 'A7');
    expect(again.lines.some(({ alone }) => alone)).toBe(false);
  });

  it('asks nothing when another adult goes, and lets nobody else cancel the child', async () => {
    await both();
    await bench.activities.signUp({
      ...{ activity: 'A7', from: 'desk', person: 'M0311', member: 'M0311', name: '韩开元', room: null },
    });
    await bench.write('M0312', '四组', '取消报名 敬老理发');
    expect((await bench.write('M0312', '四组', '1'))[0]).not.toContain('没满16岁');
    const cancel = (person: string): Promise<unknown> =>
      bench.activities.cancel({ from: `by ${person}`, person, row: 'A7:M0313' });
    await expect(cancel('M0296')).rejects.toMatchObject({ code: 'activities.not-yours' });
    await cancel('M0311');
    expect(await rowOf('M0313')).toBe('cancelled');
  });
});

describe('an offer', () => {
  const full = async (): Promise<void> => {
    await haircut(3);
    await bench.write('M0216', '三组', '报名 敬老理发');
    await bench.write('M0204', '三组', '报名 敬老理发 2人');
    await bench.write('M0215', '三组', '报名 敬老理发 2人');
    await bench.write('M0176', '三组', '报名 敬老理发');
    await bench.write('M0210', null, '报名 敬老理发');
    bench.said();
  };

  it('goes to the first whose party fits, and only that person in that chat answers it', async () => {
    await open();
    await full();
    const said = await bench.write('M0216', '三组', '取消报名');
    expect(said.toSorted()).toEqual([expect.stringContaining('空出1人的名额'), expect.stringContaining('已取消')]);
    expect(await seats()).toEqual({ confirmed: 2, held: 1, waitlisted: 3 });
    expect(await bench.write('M0198', '三组', '要')).toEqual([]);
    expect(await bench.write('M0215', '三组', '要')).toEqual([]);
    expect(await bench.write('M0176', null, '要')).toEqual([expect.not.stringContaining('报上了')]);
    expect((await bench.write('M0176', '三组', '要'))[0]).toContain('敬老理发,1人');
    expect(await seats()).toEqual({ confirmed: 3, held: 0, waitlisted: 3 });
    expect(await bench.write('M0176', '三组', '要')).toEqual([]);
  });

  it('lapses in silence two hours after it was said; the next is asked, a late 要 changes nothing', async () => {
    await open();
    await full();
    await bench.write('M0216', '三组', '取消报名');
    bench.said();
    await bench.until('2026-03-18T11:29:59+08:00');
    expect(bench.said()).toEqual([]);
    await bench.until('2026-03-18T11:30:00+08:00');
    expect(bench.said()).toEqual([expect.stringMatching(/^wx-M0210: .*空出1人的名额/)]);
    expect(await bench.activities.signup('A7:M0176')).toMatchObject({ status: 'cancelled', why: 'offer lapsed' });
    expect((await bench.write('M0176', '三组', '要'))[0]).toContain('已经过了');
    expect(await seats()).toEqual({ confirmed: 2, held: 1, waitlisted: 2 });
  });

  it('is passed on when it is refused, and nobody is asked when no party fits', async () => {
    await open();
    await full();
    await bench.write('M0216', '三组', '取消报名');
    await bench.write('M0176', '三组', '不要');
    expect(await bench.activities.signup('A7:M0176')).toMatchObject({ status: 'cancelled', why: 'offer refused' });
    await bench.write('M0210', null, '不要');
    expect(await seats()).toEqual({ confirmed: 2, held: 0, waitlisted: 2 });
    // The seat that is too few for the two ahead goes to a newcomer of one.
    expect((await bench.write('M0180', '三组', '报名 敬老理发'))[0]).toContain('已报');
  });

  it('waits for the morning when a seat is freed at night, and is held meanwhile', async () => {
    await open();
    await full();
    await bench.until('2026-03-18T22:40:00+08:00');
    await bench.write('M0204', '三组', '取消报名');
    expect(await seats()).toEqual({ confirmed: 1, held: 2, waitlisted: 2 });
    expect((await bench.write('M0180', '三组', '报名 敬老理发'))[0]).toContain('候补');
    expect(await bench.write('M0215', '三组', '要')).toEqual([]);
    bench.said();
    await bench.until('2026-03-19T06:59:00+08:00');
    expect(bench.said()).toEqual([]);
    await bench.until('2026-03-19T07:00:00+08:00');
    expect(bench.said()).toEqual([expect.stringContaining('空出2人的名额')]);
    await bench.until('2026-03-19T08:59:00+08:00');
    expect((await bench.write('M0215', '三组', '要'))[0]).toContain('2人');
  });

  it('goes to who signed up when the person has no WeChat, and also to somebody who said 退订', async () => {
    await open();
    await haircut(1);
    await bench.write('M0216', '三组', '报名 敬老理发');
    await bench.write('M0220', '三组', '报名 敬老理发 给我妈');
    await bench.write('M0220', null, '退订');
    bench.said();
    await bench.write('M0216', '三组', '取消报名');
    expect(bench.said()).toContainEqual(expect.stringMatching(/^r-三组@chatroom wx-M0220: 您给朱玉兰排的/));
    expect((await bench.write('M0220', '三组', '要'))[0]).toContain('朱玉兰报上了');
    expect(await rowOf('M0219')).toBe('confirmed');
  });

  it('is not made when it could only be said after the start', async () => {
    await open();
    await bench.make({ id: 'A7', name: '巡山', capacity: 1, startsAt: at('19T06:40') });
    await bench.write('M0216', '三组', '报名 巡山');
    await bench.write('M0176', '三组', '报名 巡山');
    await bench.until('2026-03-18T22:00:00+08:00');
    await bench.write('M0216', '三组', '取消报名');
    expect(await seats()).toEqual({ confirmed: 0, held: 0, waitlisted: 1 });
    expect((await bench.write('M0180', '三组', '报名 巡山'))[0]).toContain('已报');
  });

  it('ends at the start at the latest', async () => {
    await open();
    await full();
    await bench.until('2026-03-20T14:00:00+08:00');
    await bench.write('M0216', '三组', '取消报名');
    await bench.until('2026-03-20T15:00:00+08:00');
    expect(await rowOf('M0176')).toBe('cancelled');
    expect(await bench.write('M0176', '三组', '要')).toEqual([expect.stringContaining('已经过了')]);
  });

  it('is asked about when two are open in the same chat', async () => {
    await open();
    for (const id of ['A7', 'A8']) {
      await bench.make({ id, name: id === 'A7' ? '敬老理发' : '清沟', capacity: 1 });
      await bench.write('M0216', '三组', `报名 ${id === 'A7' ? '敬老理发' : '清沟'}`);
      await bench.write('M0176', '三组', `报名 ${id === 'A7' ? '敬老理发' : '清沟'}`);
    }
    await bench.activities.cancel({ from: 'x1', person: 'M0216', row: 'A7:M0216' });
    await bench.activities.cancel({ from: 'x2', person: 'M0216', row: 'A8:M0216' });
    await bench.work.idle();
    expect((await bench.write('M0176', '三组', '要'))[0]).toContain('要哪个');
    await bench.write('M0176', '三组', '2');
    const statuses = [await rowOf('M0176'), await rowOf('M0176', 'A8')];
    expect(new Set(statuses)).toEqual(new Set(['confirmed', 'held']));
  });
});

describe('签到', () => {
  const plant = async (): Promise<void> => {
    await bench.activities.setCheckinCode(systemActor, 'A5', '7431');
    await bench.write('M0188', '三组', '报名 党员义务植树');
  };

  it('counts from 30 minutes before the start until the end, and only the right code', async () => {
    await open();
    await plant();
    await bench.until('2026-03-20T08:20:00+08:00');
    expect((await bench.write('M0188', '三组', '签到 7431'))[0]).toContain('还没开始签到');
    await bench.until('2026-03-20T08:36:00+08:00');
    expect((await bench.write('M0188', '三组', '签到7413'))[0]).toContain('口令不对');
    expect(await bench.activities.attended('A5')).toEqual([]);
    expect((await bench.write('M0188', '三组', '签到 七四三一'))[0]).toContain('签到好了');
    expect((await bench.write('M0188', '三组', '签到 7431'))[0]).toContain('已经签过到了');
    await bench.until('2026-03-20T11:31:00+08:00');
    expect((await bench.write('M0161', '三组', '签到 7431'))[0]).toContain('已经结束');
    expect(await bench.activities.attended('A5')).toMatchObject([
      { member: 'M0188', signedUp: true, how: 'code', minutes: 150 },
    ]);
  });

  it('brings along those for whom one signed up, and counts who came unasked', async () => {
    await open();
    await bench.activities.setCheckinCode(systemActor, 'A5', '7431');
    await bench.write('M0220', '三组', '报名 党员义务植树 给我妈');
    await bench.until('2026-03-20T09:00:00+08:00');
    expect((await bench.write('M0220', '三组', '签到 7431'))[0]).toContain('朱玉兰');
    await bench.write('M0161', '三组', '签到 7431');
    expect((await bench.activities.attended('A5')).map(({ member, signedUp }) => [member, signedUp])).toEqual([
      ['M0161', false],
      ['M0219', true],
    ]);
  });

  it('tells no-shows and hours when it is over', async () => {
    await open();
    await plant();
    await bench.write('M0161', '三组', '报名 党员义务植树');
    await bench.until('2026-03-20T09:05:00+08:00');
    await bench.write('M0188', '三组', '签到 7431');
    expect(await bench.activities.noShows('A5')).toEqual([]);
    await bench.until('2026-03-20T11:30:00+08:00');
    expect((await bench.activities.noShows('A5')).map(({ person }) => person)).toEqual(['M0161']);
    expect(await bench.activities.minutesOf('M0188', at('01T00:00'), at('31T00:00'))).toBe(150);
  });
});

describe('news', () => {
  it('tells everyone signed up at once what was and what is, unsubscribed people too', async () => {
    await open();
    await haircut();
    await bench.write('M0257', '四组', '报名 敬老理发');
    await bench.write('M0257', null, '退订');
    await bench.write('M0264', '四组', '报名 敬老理发');
    await bench.write('M0295', '四组', '报名 敬老理发');
    bench.said();

    await bench.activities.reschedule(systemActor, 'A7', { startsAt: at('21T08:20'), reason: '停电' });
    await bench.work.idle();

    const said = bench.said();
    expect(said).toHaveLength(2);
    expect(said[0]).toMatch(/^wx-M0257: 敬老理发改时间了:原来3月20日.*15:00,改到3月21日.*8:20。原因:停电/);
    expect(said[1]).toMatch(/^r-四组@chatroom wx-M0264 wx-M0295: /);
  });

  it('waits for the morning at night, unless the activity is too near', async () => {
    await open();
    await haircut();
    await bench.make({ id: 'A8', name: '巡山', startsAt: at('19T06:40') });
    await bench.write('M0180', '三组', '报名 敬老理发');
    await bench.write('M0180', '三组', '报名 巡山');
    await bench.until('2026-03-18T22:00:00+08:00');
    bench.said();
    await bench.activities.callOff(systemActor, 'A8', null);
    await bench.activities.callOff(systemActor, 'A7', null);
    await bench.work.idle();
    expect(bench.said()).toEqual([expect.stringContaining('巡山取消了')]);
    await bench.until('2026-03-19T07:00:00+08:00');
    expect(bench.said()).toEqual([expect.stringContaining('敬老理发取消了')]);
  });

  it('of a call-off reaches who signed up for somebody without WeChat; the rows are cancelled', async () => {
    await open();
    await haircut();
    await bench.write('M0220', '三组', '报名 敬老理发 给我妈');
    bench.said();
    await bench.activities.callOff(systemActor, 'A7', '讲故事的老人住院了');
    await bench.work.idle();
    expect(bench.said()).toEqual([
      expect.stringMatching(/^r-三组@chatroom wx-M0220: .*敬老理发取消了.*住院了。\(您给朱玉兰报的\)/),
    ]);
    expect(await bench.activities.signup('A7:M0219')).toMatchObject({ status: 'cancelled', why: 'activity cancelled' });
    expect((await bench.write('M0220', '三组', '我的报名'))[0]).toContain('没有报名');
  });
});
