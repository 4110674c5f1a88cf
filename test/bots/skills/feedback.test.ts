import { describe, expect, test } from 'vitest';
import { buildFeedback } from '../../support/feedback.ts';
import type { FeedbackRig } from '../../support/feedback.ts';

const lamp = '三组坎下那盏路灯不亮了';

describe('reporting in a group', () => {
  test('is confirmed at once with the number, the category and who answers by when', async () => {
    const rig = await buildFeedback();
    const answer = await rig.say('m1', 'M0211', '三组', 'feedback.submit', { text: lamp });
    expect(answer.text).toBe(
      '记下了FK0001:三组坎下那盏路灯不亮了(水电通信),有照片可以现在发。现在由曹玉兰办理,最迟3月20日(周五,二月初二)前回复。',
    );
    expect(answer.ask?.accepts).toEqual(['photo']);
  });

  test('a photo in the open dialogue joins the report and leaves the question open', async () => {
    const rig = await buildFeedback();
    await rig.say('m1', 'M0211', '三组', 'feedback.submit', { text: lamp });
    const answer = await rig.say('m2', 'M0211', '三组', 'feedback.answer', {
      report: 'm1',
      into: null,
      images: ['a.jpg'],
    });
    expect(answer).toMatchObject({ text: '照片已放进FK0001。', keepsQuestion: true });
    expect((await rig.row('m1')).images).toEqual(['a.jpg']);
  });

  test('the same message again gives the same report and the same answer', async () => {
    const rig = await buildFeedback();
    const first = await rig.say('m1', 'M0211', '三组', 'feedback.submit', { text: lamp });
    expect(await rig.say('m1', 'M0211', '三组', 'feedback.submit', { text: lamp })).toEqual(first);
  });

  test('the bare word in a direct chat asks what it is about', async () => {
    const rig = await buildFeedback();
    expect((await rig.say('m1', 'M0211', null, 'feedback.submit')).ask?.accepts).toEqual(['text']);
    const answer = await rig.say('m2', 'M0211', null, 'feedback.submit', { answer: lamp });
    expect(answer.text).toContain('FK0001');
    await expect(rig.say('m3', 'M0211', '三组', 'feedback.submit')).rejects.toMatchObject({ code: 'feedback.empty' });
  });
});

describe('merging', () => {
  const twice = async (rig: FeedbackRig): Promise<void> => {
    await rig.say('m1', 'M0211', '三组', 'feedback.submit', { text: lamp });
    const answer = await rig.say('m2', 'M0230', '三组', 'feedback.submit', { text: '三组坎下路灯黑起的 晚上看不到路' });
    expect(answer.text).toContain('附近7天内有1条相同的(FK0001),是同一处吗?');
    expect(answer.ask).toMatchObject({ slots: { report: 'm2', into: 'm1' }, accepts: ['yes-no', 'photo'] });
  };

  test('是 puts the report into the older one and tells all reporters of the result in their group, once', async () => {
    const rig = await buildFeedback();
    await twice(rig);
    const merged = await rig.say('m3', 'M0230', '三组', 'feedback.answer', { report: 'm2', into: 'm1', yes: true });
    expect(merged.text).toContain('已并到FK0001');
    await rig.feedback.handle(await rig.actor('M0167'), 'm1', 'op1', { do: 'resolve', note: '换了灯泡' });
    await rig.settle();
    const [news, ...more] = await rig.planned();
    expect(more).toEqual([]);
    expect(news).toMatchObject({
      room: '三组',
      kind: 'news',
      mentions: ['M0211', 'M0230'],
      facts: { feedback: 'm1', what: 'resolved' },
    });
    expect(news?.text).toBe('FK0001办好了。请看看,满意回“评价 1 5”,没整好回“评价 1 1”。');
  });

  test('a photo before the answer leaves the offer open', async () => {
    const rig = await buildFeedback();
    await twice(rig);
    const photo = await rig.say('m3', 'M0230', '三组', 'feedback.answer', {
      report: 'm2',
      into: 'm1',
      images: ['b.jpg'],
    });
    expect(photo).toMatchObject({ text: '照片已放进FK0002。是同一处的话,回“是”就并到一起。', keepsQuestion: true });
  });

  test('不是 leaves it apart, and 撤销 after 是 takes the merge back', async () => {
    const rig = await buildFeedback();
    await twice(rig);
    const no = await rig.say('m3', 'M0230', '三组', 'feedback.answer', { report: 'm2', into: 'm1', yes: false });
    expect(no.text).toBe('好,FK0002单独办理。');
    const yes = await rig.say('m4', 'M0230', '三组', 'feedback.answer', { report: 'm2', into: 'm1', yes: true });
    const undone = await rig.say('m5', 'M0230', '三组', 'feedback.undo', yes.change?.slots);
    expect(undone.text).toBe('FK0002已分开,单独办理。');
    expect(await rig.row('m2')).toMatchObject({ status: 'assigned', mergedInto: null, handler: 'M0167' });
  });

  test('nothing is offered once the older one was resolved', async () => {
    const rig = await buildFeedback();
    await rig.say('m1', 'M0211', '三组', 'feedback.submit', { text: lamp });
    await rig.feedback.handle(await rig.actor('M0167'), 'm1', 'op1', { do: 'resolve', note: '换了灯泡' });
    const answer = await rig.say('m2', 'M0213', '三组', 'feedback.submit', { text: '三组坎下路灯又不亮了' });
    expect(answer.text).not.toContain('相同');
  });

  test('nothing is offered for another spot, for another thing at the spot, or after 7 days', async () => {
    const rig = await buildFeedback();
    await rig.file('m1', 'M0287', '四组晒谷坝边上那个垃圾桶满了');
    expect((await rig.file('m2', 'M0307', '四组水井坎那个垃圾桶满了好几天')).duplicate).toBeNull();
    await rig.file('m3', 'M0211', lamp);
    expect((await rig.file('m4', 'M0213', '三组坎下水管漏水')).duplicate).toBeNull();
    await rig.until('2026-03-26T09:31:00+08:00');
    expect((await rig.file('m5', 'M0213', lamp)).duplicate).toBeNull();
  });
});

describe('干部作风', () => {
  const complaint = '我要反映干部作风 网格员吴昌玉收卫生费不开票 问她还吼人';

  test('goes to the inspector, and the one it is about can neither read nor handle it nor is told', async () => {
    const rig = await buildFeedback();
    for (const one of ['M0296', 'M0140', 'M0307', 'M0221']) await rig.wrote(one);
    const answer = await rig.say('m1', 'M0307', null, 'feedback.submit', { text: complaint });
    expect(answer.text).toContain('FK0001(干部作风)');
    expect(answer.text).not.toContain('吴昌玉');
    expect(await rig.row('m1')).toMatchObject({ status: 'assigned', handler: 'M0140', about: ['M0296'] });
    await rig.settle();
    expect((await rig.planned()).map(({ person, room }) => [person, room])).toEqual([['M0140', null]]);

    await expect(rig.say('m2', 'M0296', null, 'feedback.status', { ticket: '1' })).rejects.toMatchObject({
      code: 'feedback.not-found',
    });
    await expect(
      rig.say('m3', 'M0296', null, 'feedback.resolve', { ticket: '1', note: '已沟通' }),
    ).rejects.toMatchObject({
      code: 'feedback.not-found',
    });
    await expect(
      rig.feedback.handle(await rig.actor('M0296'), 'm1', 'op', { do: 'resolve', note: '已沟通' }),
    ).rejects.toMatchObject({
      code: 'feedback.not-found',
    });
    expect((await rig.say('m4', 'M0296', null, 'feedback.status')).text).toContain('还没有反映过');
    expect((await rig.row('m1')).status).toBe('assigned');
  });

  test('neither the head of the village nor the family of the reporter or of the blamed may read it', async () => {
    const rig = await buildFeedback();
    await rig.file('m1', 'M0307', complaint);
    for (const other of ['M0221', 'M0110', 'M0297', 'M0287'])
      await expect(rig.say(`q${other}`, other, null, 'feedback.status', { ticket: '1' })).rejects.toMatchObject({
        code: 'feedback.not-found',
      });
    expect((await rig.say('q1', 'M0140', null, 'feedback.status', { ticket: '1' })).text).toContain('梁国富');
  });

  test('filed in a group it gets a word without number or matter, and its number in the direct chat alone', async () => {
    const rig = await buildFeedback();
    await rig.wrote('M0307');
    const answer = await rig.say('m1', 'M0307', '四组', 'feedback.submit', { text: complaint });
    expect(answer.text).toBe('收到了,会有人办理。要补充情况请私聊我。');
    await rig.settle();
    const rows = await rig.planned();
    expect(rows.map(({ room, person, facts }) => [room, person, facts['what']])).toEqual([[null, 'M0307', 'filed']]);
    const photo = await rig.say('m2', 'M0307', '四组', 'feedback.answer', {
      report: 'm1',
      into: null,
      images: ['p.jpg'],
    });
    expect(photo.text).toBe('收到了。');
    expect((await rig.say('m3', 'M0307', '四组', 'feedback.undo', answer.change?.slots)).text).toBe('已撤回。');
  });

  test('in a group its number does not exist, not even for its reporter', async () => {
    const rig = await buildFeedback();
    await rig.file('m1', 'M0307', complaint);
    await expect(rig.say('m2', 'M0307', '四组', 'feedback.status', { ticket: '1' })).rejects.toMatchObject({
      code: 'feedback.not-found',
    });
    expect((await rig.say('m3', 'M0307', '四组', 'feedback.status')).text).toContain('还没有反映过');
    await rig.feedback.handle(await rig.actor('M0140'), 'm1', 'op', { do: 'resolve', note: '已退费' });
    await expect(rig.say('m4', 'M0307', '四组', 'feedback.rate', { ticket: '1', score: 5 })).rejects.toMatchObject({
      code: 'feedback.not-found',
    });
  });

  test('the result of one that was filed in a group is told in the direct chat or not at all', async () => {
    const rig = await buildFeedback();
    await rig.file('m1', 'M0307', complaint, '四组');
    await rig.feedback.handle(await rig.actor('M0140'), 'm1', 'op', { do: 'resolve', note: '已退费' });
    await rig.settle();
    expect(await rig.planned()).toEqual([]);
  });

  test('a later word about the officer turns the whole report, and what waits to be said to the officer is dropped', async () => {
    const rig = await buildFeedback();
    await rig.wrote('M0296');
    await rig.say('m1', 'M0307', null, 'feedback.submit', { text: '四组的垃圾好久没人收了' });
    await rig.settle();
    const [told] = await rig.planned();
    expect(told?.person).toBe('M0296');
    const turned = await rig.say('m2', 'M0307', null, 'feedback.answer', {
      report: 'm1',
      into: null,
      answer: '网格员吴昌玉收了卫生费不开票 还吼人',
    });
    expect(turned.text).toContain('不会告诉当事人');
    expect(await rig.row('m1')).toMatchObject({ category: '干部作风', handler: 'M0140', about: ['M0296'] });
    expect(told && (await rig.allowed(told))).toBe(false);
  });

  test('one about the inspector goes to another inspector, else to the admin, else to the head of the village', async () => {
    const text = '监督委员梁国富喝酒打牌不管事';
    const rig = await buildFeedback();
    await rig.file('m1', 'M0307', text);
    expect(await rig.row('m1')).toMatchObject({ about: ['M0140'], handler: 'M0110' });
    await rig.give('M0213', '管理员');
    await rig.file('m2', 'M0307', text);
    expect((await rig.row('m2')).handler).toBe('M0213');
    await rig.give('M0230', '监督委员');
    await rig.file('m3', 'M0307', text);
    expect((await rig.row('m3')).handler).toBe('M0230');
    await rig.feedback.handle(await rig.actor('M0110'), 'm1', 'op', { do: 'resolve', note: '已谈话' });
    expect((await rig.row('m1')).status).toBe('resolved');
  });
});

describe('asking how it stands', () => {
  test('without a number one gets the latest own ones, in a group without those of direct chats in detail', async () => {
    const rig = await buildFeedback();
    await rig.file('m1', 'M0211', lamp, '三组');
    await rig.file('m2', 'M0211', '三组学校后面公路垮了', null);
    const here = (await rig.say('q1', 'M0211', '三组', 'feedback.status')).text;
    expect(here).toContain('FK0001 三组坎下那盏路灯不亮了:已派给曹玉兰办理');
    expect(here).toContain('FK0002(道路交通):');
    expect((await rig.say('q2', 'M0211', null, 'feedback.status')).text).toContain('公路垮了');
  });

  test('the household and the handlers may ask, a neighbour and another grid’s officer may not', async () => {
    const rig = await buildFeedback();
    await rig.file('m1', 'M0211', lamp);
    for (const allowed of ['M0211', 'M0212', 'M0167', 'M0221'])
      expect((await rig.say(`q${allowed}`, allowed, null, 'feedback.status', { ticket: '1' })).text).toContain('办理');
    for (const refused of ['M0213', 'M0296', 'wx:nobody'])
      await expect(rig.say(`q${refused}`, refused, null, 'feedback.status', { ticket: '1' })).rejects.toMatchObject({
        code: 'feedback.not-found',
      });
  });

  test('whoever reported a merged one sees how the other one stands', async () => {
    const rig = await buildFeedback();
    await rig.file('m1', 'M0211', lamp);
    await rig.file('m2', 'M0230', '三组坎下路灯不亮', '三组');
    await rig.feedback.merge({ report: 'm2', into: 'm1', from: 'm3', asker: await rig.asker('M0230') });
    await rig.feedback.handle(await rig.actor('M0167'), 'm1', 'op', { do: 'resolve', note: '换了灯泡' });
    expect((await rig.say('q1', 'M0230', '三组', 'feedback.status')).text).toContain(
      'FK0002(并到FK0001) 三组坎下路灯不亮:已办好',
    );
    expect((await rig.say('q2', 'M0230', '三组', 'feedback.status', { ticket: '1' })).text).not.toContain('那盏');
  });

  test('what one reported before binding stays one’s own', async () => {
    const rig = await buildFeedback();
    await rig.say('m1', 'wx:c-M0213', '三组', 'feedback.submit', { text: lamp }, { contact: 'c-M0213' });
    expect((await rig.say('q1', 'M0213', null, 'feedback.status')).text).toContain('FK0001');
  });

  test('a number that is none, or unknown, is not found', async () => {
    const rig = await buildFeedback();
    for (const ticket of ['99', '20260305-02', 'abc'])
      await expect(rig.say(`q${ticket}`, 'M0211', null, 'feedback.status', { ticket })).rejects.toMatchObject({
        code: 'feedback.not-found',
      });
  });
});

describe('what waits for an officer', () => {
  test('is listed on 进度 where cadres are among themselves, the most urgent first, and nowhere else', async () => {
    const rig = await buildFeedback();
    await rig.file('m1', 'M0211', '三组学校门口公路有个大坑');
    await rig.file('m2', 'M0211', lamp);
    for (const room of ['村委', null])
      expect((await rig.say(`q${room}`, 'M0167', room, 'feedback.status')).text).toBe(
        '您手上待办2件:\nFK0002 三组坎下那盏路灯不亮了,最迟3月20日(周五,二月初二)\nFK0001 三组学校门口公路有个大坑,最迟3月25日(周三,二月初七)',
      );
    expect((await rig.say('q3', 'M0167', '三组', 'feedback.status')).text).toContain('还没有反映过');
    expect((await rig.say('q4', 'M0296', null, 'feedback.status')).text).toContain('还没有反映过');
  });

  test('干部作风 is on the inspector’s list in the direct chat alone', async () => {
    const rig = await buildFeedback();
    await rig.file('m1', 'M0307', '网格员吴昌玉收卫生费不开票还吼人');
    expect((await rig.say('q1', 'M0140', null, 'feedback.status')).text).toContain('您手上待办1件');
    expect((await rig.say('q2', 'M0140', '村委', 'feedback.status')).text).toContain('还没有反映过');
    expect((await rig.say('q3', 'M0296', '村委', 'feedback.status')).text).toContain('还没有反映过');
  });
});

describe('rating', () => {
  const resolved = async (): Promise<FeedbackRig> => {
    const rig = await buildFeedback();
    await rig.file('m1', 'M0211', lamp, '三组');
    await rig.feedback.handle(await rig.actor('M0167'), 'm1', 'op1', { do: 'resolve', note: '换了灯泡' });
    return rig;
  };

  test('3 to 5 confirms', async () => {
    const rig = await resolved();
    expect((await rig.say('r1', 'M0211', '三组', 'feedback.rate', { ticket: '1', score: 3 })).text).toBe(
      'FK0001:3分,谢谢您。',
    );
    expect(await rig.row('m1')).toMatchObject({ status: 'confirmed', rating: 3 });
  });

  test('1 or 2 reopens with a new limit, and it may be resolved again, with new news', async () => {
    const rig = await resolved();
    const answer = await rig.say('r1', 'M0211', '三组', 'feedback.rate', { score: 2 });
    expect(answer.text).toContain('FK0001已重新办理');
    expect(await rig.row('m1')).toMatchObject({ status: 'reopened', rating: 2, handler: 'M0167' });
    await rig.feedback.handle(await rig.actor('M0167'), 'm1', 'op2', { do: 'resolve', note: '换了线' });
    await rig.settle();
    expect((await rig.planned()).filter(({ facts }) => facts['what'] === 'resolved')).toHaveLength(2);
  });

  test('满意 confirms without a number, 没修好 reopens, 不满意 reopens and asks once what is missing', async () => {
    const rig = await resolved();
    await rig.say('r1', 'M0211', null, 'feedback.rate', {}, { text: '满意' });
    expect(await rig.row('m1')).toMatchObject({ status: 'confirmed', rating: null });
    for (const [at, text, asks] of [
      ['x1', '没修好', false],
      ['x2', '对这个结果不满意', true],
    ] as const) {
      await rig.file(at, 'M0213', `三组${at}桥边路灯不亮`);
      await rig.feedback.handle(await rig.actor('M0167'), at, `op${at}`, { do: 'resolve', note: '修了' });
      const answer = await rig.say(`r${at}`, 'M0213', null, 'feedback.rate', {}, { text });
      expect((await rig.row(at)).history.at(-1)?.note).toBe(text);
      expect((await rig.row(at)).status).toBe('reopened');
      expect(answer.ask !== undefined).toBe(asks);
    }
    await rig.say('r3', 'M0213', null, 'feedback.answer', { report: 'x2', into: null, answer: '还有一盏没换' });
    expect((await rig.row('x2')).additions[0]?.text).toBe('还有一盏没换');
  });

  test('with several that wait it asks which, and the number answers', async () => {
    const rig = await resolved();
    await rig.file('m2', 'M0211', '三组学校门口公路有个大坑');
    await rig.feedback.handle(await rig.actor('M0167'), 'm2', 'op2', { do: 'resolve', note: '填了' });
    const which = await rig.say('r1', 'M0211', null, 'feedback.rate', { score: 5 });
    expect(which.ask).toMatchObject({ verb: 'feedback.rate', slots: { score: 5 }, options: ['m2', 'm1'] });
    await rig.say('r2', 'M0211', null, 'feedback.rate', { score: 5, number: 2, choice: 'm1' });
    expect((await rig.row('m1')).rating).toBe(5);
    expect((await rig.row('m2')).status).toBe('resolved');
  });

  test('words that say nothing are asked for a number', async () => {
    const rig = await resolved();
    const asked = await rig.say('r1', 'M0211', null, 'feedback.rate', {}, { text: '评价' });
    expect(asked.ask).toMatchObject({ slots: { report: 'm1' }, accepts: ['number'] });
    await expect(rig.say('r2', 'M0211', null, 'feedback.rate', { report: 'm1', number: 7 })).rejects.toMatchObject({
      code: 'feedback.bad-score',
    });
    await rig.say('r3', 'M0211', null, 'feedback.rate', { report: 'm1', number: 4 });
    expect(await rig.row('m1')).toMatchObject({ status: 'confirmed', rating: 4 });
  });

  test('the same message again changes nothing and gets the same answer', async () => {
    const rig = await resolved();
    const first = await rig.say('r1', 'M0211', '三组', 'feedback.rate', { score: 5 });
    expect(await rig.say('r1', 'M0211', '三组', 'feedback.rate', { score: 5 })).toEqual(first);
    expect((await rig.row('m1')).history.filter(({ what }) => what === 'confirm')).toHaveLength(1);
  });

  test('撤销 takes the rating back as long as nobody has gone on', async () => {
    const rig = await resolved();
    const rated = await rig.say('r1', 'M0211', '三组', 'feedback.rate', { ticket: '1', score: 1 });
    await rig.say('u1', 'M0211', '三组', 'feedback.undo', rated.change?.slots);
    expect(await rig.row('m1')).toMatchObject({ status: 'resolved', rating: null });
    const again = await rig.say('r2', 'M0211', '三组', 'feedback.rate', { ticket: '1', score: 1 });
    await rig.feedback.handle(await rig.actor('M0167'), 'm1', 'op2', { do: 'progress', note: '再看' });
    await expect(rig.say('u2', 'M0211', '三组', 'feedback.undo', again.change?.slots)).rejects.toMatchObject({
      code: 'feedback.moved-on',
    });
  });

  test('is for its reporters alone, once, and only when resolved', async () => {
    const rig = await resolved();
    await expect(rig.say('r1', 'M0213', null, 'feedback.rate', { ticket: '1', score: 5 })).rejects.toMatchObject({
      code: 'feedback.not-found',
    });
    // The household may read it, not judge it.
    await expect(rig.say('r2', 'M0212', null, 'feedback.rate', { ticket: '1', score: 5 })).rejects.toMatchObject({
      code: 'feedback.not-found',
    });
    await rig.say('r3', 'M0211', null, 'feedback.rate', { ticket: '1', score: 5 });
    await expect(rig.say('r4', 'M0211', null, 'feedback.rate', { ticket: '1', score: 1 })).rejects.toMatchObject({
      code: 'feedback.already-rated',
    });
    await rig.file('m2', 'M0211', '三组学校门口公路有个大坑');
    await expect(rig.say('r5', 'M0211', null, 'feedback.rate', { ticket: '2', score: 5 })).rejects.toMatchObject({
      code: 'feedback.not-resolved',
    });
    expect((await rig.say('r6', 'M0213', null, 'feedback.rate', { score: 5 })).text).toContain('没有等您评价');
  });
});

describe('withdrawing', () => {
  test('撤销 withdraws one’s own report, and an addition alone when that came last', async () => {
    const rig = await buildFeedback();
    const filed = await rig.say('m1', 'M0211', null, 'feedback.submit', { text: lamp });
    const added = await rig.say('m2', 'M0211', null, 'feedback.answer', {
      report: 'm1',
      into: null,
      answer: '灯杆也歪了',
    });
    await rig.say('m3', 'M0211', null, 'feedback.undo', added.change?.slots);
    expect((await rig.row('m1')).additions).toEqual([]);
    expect((await rig.say('m4', 'M0211', null, 'feedback.undo', filed.change?.slots)).text).toBe(
      'FK0001已撤回,不再办理。',
    );
    expect((await rig.row('m1')).status).toBe('withdrawn');
    await expect(
      rig.say('m5', 'M0211', null, 'feedback.answer', { report: 'm1', into: null, images: ['x'] }),
    ).rejects.toMatchObject({ code: 'feedback.wrong-state' });
  });

  test('the officer who was told of it is told that it is off', async () => {
    const rig = await buildFeedback();
    await rig.wrote('M0167');
    const filed = await rig.say('m1', 'M0211', '三组', 'feedback.submit', { text: lamp });
    await rig.settle();
    await rig.say('m2', 'M0211', '三组', 'feedback.undo', filed.change?.slots);
    await rig.settle();
    const rows = await rig.planned();
    const said = await Promise.all(rows.map(async (row) => [row.facts['what'], await rig.allowed(row)]));
    expect(said).toEqual(
      expect.arrayContaining([
        ['assigned', false],
        ['withdrawn', true],
      ]),
    );
  });

  test('what was merged into a withdrawn report stands on its own again', async () => {
    const rig = await buildFeedback();
    const filed = await rig.say('m1', 'M0211', '三组', 'feedback.submit', { text: lamp });
    await rig.file('m2', 'M0230', '三组坎下路灯不亮', '三组');
    await rig.feedback.merge({ report: 'm2', into: 'm1', from: 'm3', asker: await rig.asker('M0230') });
    await rig.say('m4', 'M0211', '三组', 'feedback.undo', filed.change?.slots);
    expect(await rig.row('m2')).toMatchObject({ status: 'assigned', handler: 'M0167', mergedInto: null });
  });
});

describe('what cadres do in chat', () => {
  test('is previewed, done on 确认, and told to the reporter where it was filed', async () => {
    const rig = await buildFeedback();
    await rig.file('m1', 'M0211', lamp);
    const preview = await rig.say('c1', 'M0167', '村委', 'feedback.resolve', { ticket: '1', note: '换了灯泡' });
    expect(preview.text).toBe('FK0001 三组坎下那盏路灯不亮了\n办结,说明:换了灯泡,会通知反映人。\n回“确认”就办。');
    expect((await rig.row('m1')).status).toBe('assigned');
    const done = await rig.say('c2', 'M0167', '村委', 'feedback.resolve', { ...preview.ask?.slots, yes: true });
    expect(done.text).toBe('FK0001已办结。');
    await rig.settle();
    const [news] = await rig.planned();
    expect(news).toMatchObject({ room: null, person: 'M0211' });
    expect(news?.text).toContain('办好了:换了灯泡');
  });

  test('不 changes nothing, and a command without a note is asked for one', async () => {
    const rig = await buildFeedback();
    await rig.file('m1', 'M0211', lamp);
    const preview = await rig.say('c1', 'M0167', null, 'feedback.progress', { ticket: '1', note: '明天去看' });
    expect((await rig.say('c2', 'M0167', null, 'feedback.progress', { ...preview.ask?.slots, yes: false })).text).toBe(
      '好,没有改动。',
    );
    expect((await rig.say('c3', 'M0167', null, 'feedback.resolve', { ticket: '1', note: '' })).text).toContain('说明');
    expect((await rig.row('m1')).version).toBe(1);
  });

  test('is not taken in a villagers’ group', async () => {
    const rig = await buildFeedback();
    await rig.file('m1', 'M0211', lamp);
    expect((await rig.say('c1', 'M0167', '三组', 'feedback.resolve', { ticket: '1', note: '好了' })).text).toBe(
      '这个请在管理群或者私聊里发,没有动。',
    );
  });

  test('转派 finds the officer by name, who is told in the direct chat; others cannot be given it', async () => {
    const rig = await buildFeedback();
    await rig.wrote('M0296');
    await rig.file('m1', 'M0287', '四组晒谷坝边的公路垮了个大坑');
    await rig.feedback.handle(await rig.actor('M0221'), 'm1', 'op', { do: 'assign', to: 'M0221' });
    const preview = await rig.say('c1', 'M0221', null, 'feedback.assign', { ticket: '1', to: '吴昌玉' });
    expect(preview.text).toContain('转派给吴昌玉');
    await rig.say('c2', 'M0221', null, 'feedback.assign', { ...preview.ask?.slots, yes: true });
    expect((await rig.row('m1')).handler).toBe('M0296');
    for (const nobody of ['赵世英', '张三', '曹玉兰', '梁国富'])
      expect(
        (await rig.say(`c${nobody}`, 'M0221', null, 'feedback.assign', { ticket: '1', to: nobody })).text,
      ).toContain('没找到');
    await rig.settle();
    expect((await rig.planned()).filter(({ person }) => person === 'M0296')).toHaveLength(2);
  });

  test('转派 镇上 reports it to the township', async () => {
    const rig = await buildFeedback();
    await rig.file('m1', 'M0287', '四组晒谷坝边的公路垮了个大坑');
    const preview = await rig.say('c1', 'M0221', null, 'feedback.assign', { ticket: '1', to: '镇上' });
    await rig.say('c2', 'M0221', null, preview.ask?.verb ?? '', { ...preview.ask?.slots, yes: true });
    expect((await rig.row('m1')).status).toBe('transferred');
    await rig.settle();
    expect((await rig.planned()).at(-1)?.text).toContain('已上报镇上');
  });

  test('延期 moves the limit by working days', async () => {
    const rig = await buildFeedback();
    await rig.file('m1', 'M0211', lamp);
    const preview = await rig.say('c1', 'M0167', null, 'feedback.extend', { ticket: '1', days: 2, reason: '等配件' });
    const done = await rig.say('c2', 'M0167', null, 'feedback.extend', { ...preview.ask?.slots, yes: true });
    expect(done.text).toBe('FK0001已延期,最迟3月24日(周二,二月初六)前回复。');
    await expect(
      rig.say('c3', 'M0167', null, 'feedback.extend', { ticket: '1', days: 99, reason: '等', yes: true }),
    ).rejects.toMatchObject({ code: 'feedback.bad-extension' });
  });

  test('another grid’s officer and a villager are refused', async () => {
    const rig = await buildFeedback();
    await rig.file('m1', 'M0211', lamp);
    for (const other of ['M0296', 'M0213', 'M0211'])
      await expect(
        rig.say(`c${other}`, other, null, 'feedback.resolve', { ticket: '1', note: '好了' }),
      ).rejects.toMatchObject({ code: 'feedback.not-found' });
  });
});
