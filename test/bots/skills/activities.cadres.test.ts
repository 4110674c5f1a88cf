import { afterEach, describe, expect, it } from 'vitest';
import { readNumbers } from '../../../bots/understanding/numbers.ts';
import { buildActivities, type ActivityBench } from '../../support/activities.ts';

let bench: ActivityBench;
afterEach(() => bench.close());
const open = async (): Promise<void> => {
  bench = await buildActivities();
};

const draft = '发活动\n标题:清沟\n时间:3月21日 9:00-11:00\n人数:12人\n地点:三组大沟\n带:锄头、手套';

describe('发活动', () => {
  it('is previewed, and made and posted by 确认 alone', async () => {
    await open();

    const [preview] = await bench.write('M0167', null, draft);

    expect(preview).toBe(
      '要发活动:清沟\n时间:3月21日(周六,二月初三)9:00–11:00\n地点:三组大沟,带锄头、手套\n名额12人\n发到:三组。回“确认”就发。',
    );
    expect((await bench.activities.named('清沟')).kind).toBe('none');
    bench.said();
    expect((await bench.write('M0167', null, '确认')).join('\n')).toContain('发好了');
    const found = await bench.activities.named('清沟');
    expect(found).toMatchObject({ activity: { scope: '三组', createdBy: 'M0167', bring: ['锄头', '手套'] } });
    expect(bench.said()).toContainEqual(expect.stringMatching(/^r-三组@chatroom : 【活动】清沟/));
  });

  it('is made once though 确认 is handled twice', async () => {
    await open();
    await bench.write('M0167', null, draft);
    await bench.write('M0167', null, '确认', { id: 'ok' });
    const actor = await bench.members.actor('M0167');
    const found = await bench.activities.named('清沟');
    if (found.kind !== 'one') throw new Error('not made');
    const { name, startsAt, endsAt } = found.activity;

    const again = await bench.activities.create(actor, { name, startsAt, endsAt, capacity: 12 }, 'loop:ok');

    expect(again._id).toBe(found.activity._id);
  });

  it('is refused to a villager, in a public group, in the past, and for a range nobody knows', async () => {
    await open();
    expect(await bench.write('M0180', null, draft)).toEqual([expect.stringContaining('没有权限')]);
    expect(await bench.write('M0167', '三组', draft)).toEqual([expect.stringContaining('管理群')]);
    expect(await bench.write('M0167', null, draft.replace('3月21日', '3月11日'))).toEqual([
      expect.stringContaining('时间不对'),
    ]);
    expect(await bench.write('M0167', null, `${draft}\n范围:九组`)).toEqual([expect.stringContaining('范围没看懂')]);
    expect(await bench.write('M0167', null, '发活动\n标题:清沟')).toEqual([expect.stringContaining('请这样发')]);
    expect(await bench.write('M0167', null, `${draft}\n内容:${'好'.repeat(501)}`)).toEqual([
      '这一项没写对:内容(最多500字)。请改了再发。',
    ]);
    expect((await bench.activities.named('清沟')).kind).toBe('none');
  });
});

describe('最少 of an activity', () => {
  const least = `${draft}\n最少:5人\n截止:3月20日 18:00`;
  const told = (): string[] => bench.said().filter((text) => text.includes('最少要5人'));

  it('is shown in the preview and on the list, and must be a number that fits', async () => {
    await open();
    expect(await bench.write('M0167', null, `${draft}\n最少:20人`)).toEqual([expect.stringContaining('最少')]);
    expect(await bench.write('M0167', null, `${draft}\n最少:几个`)).toEqual([expect.stringContaining('请这样发')]);
    expect((await bench.write('M0167', null, least))[0]).toContain('名额12人,最少5人');
    await bench.write('M0167', null, '确认');
    expect((await bench.write('M0167', null, '名单 清沟'))[0]).toContain('(最少5人)还没有人报名');
  });

  it('not reached a day before sign-up ends is told to the cadre, once, with what can be done', async () => {
    await open();
    await bench.write('M0167', null, least);
    await bench.write('M0167', null, '确认');
    await bench.write('M0180', '三组', '报名 清沟 2人');
    await bench.until('2026-03-19T17:59:00+08:00');
    expect(told()).toEqual([]);
    await bench.until('2026-03-19T18:00:00+08:00');
    expect(told()).toEqual([
      expect.stringMatching(/^wx-M0167: .*清沟只报了2人,最少要5人.*“改期 清沟 时间”“取消活动 清沟”/),
    ]);
    for (const { name, run } of bench.village.sweeps) if (name === 'activities.minimum') await run();
    await bench.later(60);
    expect(told()).toEqual([]);
  });

  it('is no matter once it is reached, or after the activity was called off', async () => {
    await open();
    await bench.write('M0167', null, least);
    await bench.write('M0167', null, '确认');
    await bench.write('M0180', '三组', '报名 清沟 5人');
    await bench.write('M0167', null, least.replace('清沟', '扫路'));
    await bench.write('M0167', null, '确认');
    await bench.write('M0167', null, '取消活动 扫路');
    await bench.write('M0167', null, '确认');
    await bench.until('2026-03-20T17:00:00+08:00');
    expect(told()).toEqual([]);
  });
});

describe('改期 and 取消活动', () => {
  it('are previewed with how many are told, and done by 确认', async () => {
    await open();
    await bench.make({ id: 'A7', name: '敬老理发' });
    await bench.write('M0180', '三组', '报名 敬老理发');

    const [preview] = await bench.write('M0221', null, '改期 敬老理发 3月21日 9:00 停电');
    expect(preview).toContain('会告诉已报的1人');
    expect((await bench.write('M0221', null, '算了')).join('')).not.toContain('改好了');
    expect((await bench.activities.get('A7'))?.version).toBe(1);

    await bench.write('M0221', null, '改期 敬老理发 3月21日 9:00 停电');
    bench.said();
    await bench.write('M0221', null, '确认');
    expect(bench.said()).toContainEqual(expect.stringContaining('敬老理发改时间了'));
    expect((await bench.activities.get('A7'))?.moves).toMatchObject([{ by: 'M0221', reason: '停电' }]);

    await bench.write('M0221', null, '取消活动 敬老理发 人手不够');
    await bench.write('M0221', null, '确认');
    expect(bench.said()).toContainEqual(expect.stringContaining('敬老理发取消了,不用来了。原因:人手不够'));
    expect((await bench.activities.get('A7'))?.state).toBe('cancelled');
  });

  it('are refused to the grid worker of another grid', async () => {
    await open();
    const actor = await bench.members.actor('M0167');
    const startsAt = new Date('2026-03-20T15:00:00+08:00');
    const endsAt = new Date('2026-03-20T17:00:00+08:00');
    await bench.activities.create(actor, { id: 'A7', name: '敬老理发', startsAt, endsAt, capacity: 6 });
    expect(await bench.write('M0296', null, '取消活动 敬老理发')).toEqual([expect.stringContaining('没有权限')]);
    expect(await bench.write('M0296', null, '改期 敬老理发 3月21日 9:00')).toEqual([
      expect.stringContaining('没有权限'),
    ]);
    expect(await bench.write('M0296', null, '名单 敬老理发')).toEqual([expect.stringContaining('没有权限')]);
  });
});

describe('名单 and 点名', () => {
  it('number the people, and count those who were called, by 确认', async () => {
    await open();
    await bench.make({ id: 'A7', name: '敬老理发', capacity: 3 });
    await bench.write('M0180', '三组', '报名 敬老理发 2人');
    await bench.write('M0220', '三组', '报名 敬老理发 给我妈');
    await bench.write('M0176', '三组', '报名 敬老理发');

    const [list] = await bench.write('M0221', null, '名单 敬老理发');
    expect(list?.split('\n').slice(1)).toEqual([
      '1 吕朝阳 2人',
      '2 朱玉兰 1人(吕洪兵代报)',
      expect.stringMatching(/^3 .* 1人 候补$/),
    ]);
    await bench.until('2026-03-20T15:10:00+08:00');
    expect((await bench.write('M0221', null, '点名 敬老理发 1-2'))[0]).toContain('点到2人:吕朝阳、朱玉兰');
    expect(await bench.activities.attended('A7')).toEqual([]);
    await bench.write('M0221', null, '确认');
    expect((await bench.activities.attended('A7')).map(({ person, how }) => [person, how])).toEqual([
      ['M0180', 'roll call'],
      ['M0219', 'roll call'],
    ]);
    expect((await bench.write('M0221', null, '点名 敬老理发 3'))[0]).toContain('候补');
    expect((await bench.write('M0221', null, '点名 敬老理发'))[0]).toContain('请这样发');
  });

  it('give an .xlsx and a sheet to print, in which nothing that was typed is code', async () => {
    await open();
    await bench.make({ id: 'A7', name: '敬老理发<b>' });
    await bench.write('M0180', '三组', '报名 敬老理发 2人');
    const roster = await bench.activities.rosterFor(await bench.members.actor('M0221'), 'A7');
    const { signUpSheet } = await import('../../../templates/activities.sheet.ts');
    const { readTable } = await import('../../../src/platform/tables.ts');

    const table = await readTable(await bench.activities.rosterSheet(roster), { name: '名单.xlsx' });

    expect(table.rows.map(({ cells }) => [cells['姓名'], cells['人数']])).toEqual([['吕朝阳', '2']]);
    expect(signUpSheet(roster)).toContain('敬老理发&lt;b&gt;签到表');
    expect(signUpSheet(roster)).toContain('<td>吕朝阳</td>');
  });

  it('read the numbers of a roll call, or nothing', () => {
    expect(readNumbers('1,3,5-8')).toEqual([1, 3, 5, 6, 7, 8]);
    expect(readNumbers('2、4到5')).toEqual([2, 4, 5]);
    for (const text of ['', '一', '1,x', '8-5', '0', '1-9999']) expect(readNumbers(text)).toBeNull();
  });
});
