import { describe, expect, it } from 'vitest';
import { systemActor } from '../../src/shared/access.ts';
import { everything, goers, openActivity } from '../support/stories.ts';
import { openTestVillage, type TestVillage } from '../support/village.ts';

/** M5 is 网格员 of 三组, M6 村主任, M7 村支书, M8 监督委员, M9 社工; M1 is none. */
const everybody = ['M1', 'M5', 'M6', 'M7', 'M8', 'M9'];
const leaders = ['M6', 'M7'];

interface Command {
  readonly text: string;
  readonly may: readonly string[];
  /** It is done at once, without 确认. */
  readonly atOnce?: true;
}

const third: Readonly<Record<string, Command>> = {
  发通知: { text: '发通知\n标题:停水\n内容:明天停水\n范围:三组', may: ['M5', ...leaders, 'M9'] },
  加急: { text: '发通知加急\n标题:防汛\n内容:马上撤\n范围:三组', may: ['M5', ...leaders] },
  审核: { text: '审核 TZ1 通过', may: leaders, atOnce: true },
  发活动: { text: '发活动\n标题:扫路\n时间:3月22日 8:30\n人数:5\n范围:三组', may: ['M5', ...leaders, 'M9'] },
  改期: { text: '改期 桂花园除草 3月22日 9:00 下雨', may: ['M5', ...leaders, 'M9'] },
  取消活动: { text: '取消活动 桂花园除草 下雨', may: ['M5', ...leaders, 'M9'] },
  点名: { text: '点名 桂花园除草 1', may: ['M5', ...leaders, 'M9'] },
  办理: { text: '办理 FK0001 找人来看了', may: ['M5', ...leaders] },
  办结: { text: '办结 FK0001 换了灯泡', may: ['M5', ...leaders] },
  延期: { text: '延期 FK0001 2天 等材料', may: ['M5', ...leaders] },
  转派: { text: '转派 FK0001 许才', may: ['M5', ...leaders] },
};
/** The same in 四组, where M5 has no say. */
const fourth: Readonly<Record<string, Command>> = Object.fromEntries(
  Object.entries(third)
    .filter(([name]) => name !== '审核')
    .map(([name, command]) => [
      name,
      {
        ...command,
        text: command.text.replace('三组', '四组').replace('桂花园除草', '河边捡垃圾').replace('FK0001', 'FK0002'),
        may: command.may.filter((who) => who !== 'M5'),
      },
    ]),
);

/** A draft of M9's that waits, an activity in each grid with somebody signed up, a report in each. */
async function prepared(): Promise<TestVillage> {
  const it = await openTestVillage({ office: true });
  const { members, notices, activities } = it.village;
  await notices.send(await members.actor('M9'), {
    key: 'N1',
    kind: 'normal',
    title: '体检',
    text: '周六体检。',
    rooms: ['三组'],
    direct: [],
    from: 'test:N1',
  });
  await openActivity(it, { id: 'A1' });
  const leader = await members.actor('M6');
  await activities.create(
    leader,
    {
      id: 'A2',
      name: '河边捡垃圾',
      kind: '志愿服务',
      garden: null,
      startsAt: new Date('2026-03-21T14:30:00+08:00'),
      endsAt: new Date('2026-03-21T16:00:00+08:00'),
      capacity: 5,
      meet: null,
      bring: [],
      callRooms: [],
      jielong: false,
    },
    'test:A2',
  );
  await it.write('p1', 'M1', '三组', '报名 桂花园除草');
  await it.write('p2', 'M1', '三组', '报名 河边捡垃圾');
  await it.write('p3', 'M2', '三组', '反馈 三组坎下路灯不亮');
  await it.write('p4', 'M8', '四组', '反馈 四组公路垮了个坑');
  await it.write('p5', 'M2', '三组', '算了');
  return it;
}

describe.each([
  ['三组', third],
  ['四组', fourth],
] as const)('in %s', (grid, commands) => {
  describe.each(Object.entries(commands))('%s', (name, { text, may, atOnce }) => {
    it.each(everybody)(
      'by %s is done or refused as the table says, and what is refused changes nothing',
      async (who) => {
        const it = await prepared();
        // The roll is called from half an hour before the start on.
        const start = grid === '三组' ? '2026-03-21T08:10:00+08:00' : '2026-03-21T14:10:00+08:00';
        await it.until(name === '点名' ? start : '2026-03-18T10:00:00+08:00');
        const before = await everything(it);
        const said = await it.write('c1', who, null, text);
        expect(said[0]).toBeDefined();
        if (atOnce !== true) await it.write('c2', who, null, '确认');
        const after = await everything(it);
        if (may.includes(who)) expect(after, said[0]).not.toEqual(before);
        else expect(after, said[0]).toEqual(before);
        expect(it.faults).toEqual([]);
      },
    );
  });
});

describe('a cadre’s command', () => {
  it('shows what would happen, and happens on the same cadre’s 确认 alone', async () => {
    const it = await prepared();
    const before = await everything(it);
    const [preview] = await it.write('1', 'M5', '三组管理群', '取消活动 桂花园除草 下雨');
    expect(preview).toContain('桂花园除草');
    expect(preview).toContain('确认');
    expect(await it.write('2', 'M6', '三组管理群', '确认')).toEqual([]);
    expect(await it.write('3', 'M5', null, '确认')).toHaveLength(1);
    expect(await everything(it)).toEqual(before);
    await it.write('4', 'M5', '三组管理群', '确认');
    expect(await goers(it, 'A1')).toEqual([]);
    const after = await everything(it);
    await it.write('5', 'M5', '三组管理群', '确认');
    expect(await everything(it)).toEqual(after);
  });

  it('is dropped by 算了 and by time', async () => {
    const it = await prepared();
    const before = await everything(it);
    await it.write('1', 'M5', null, '取消活动 桂花园除草');
    await it.write('2', 'M5', null, '算了');
    await it.write('3', 'M5', null, '确认');
    await it.write('4', 'M5', null, '取消活动 桂花园除草');
    await it.until('2026-03-18T09:46:00+08:00');
    expect(await it.write('5', 'M5', null, '确认')).toEqual([expect.stringContaining('15分钟')]);
    expect(await everything(it)).toEqual(before);
  });

  it('is refused when the right was taken away between preview and 确认', async () => {
    const it = await prepared();
    const before = await everything(it);
    await it.write('1', 'M5', null, '取消活动 桂花园除草');
    const { members } = it.village;
    await it.until('2026-03-18T09:31:00+08:00');
    await members.grants.revoke(systemActor, { member: 'M5', role: '网格员', scope: '三组' });
    expect(await it.write('2', 'M5', null, '确认')).toEqual(['这件事您没有权限办,没有动。']);
    expect(await everything(it)).toEqual(before);
  });

  const forms = [
    '发通知',
    '发通知\n标题:停水',
    '发通知\n标题:停水\n内容:明天停水\n范围:月球',
    '发通知\n标题:停水\n内容:明天停水\n范围:三组\n时间:哪天再说',
    '发通知\n标题:停水\n内容:明天停水\n范围:三组\n时间:2020年1月1日 8:00',
    '发通知\n标题:停水\n内容:明天停水\n范围:三组\n重复:有空就发',
    '发通知\n标题:停水\n内容:{不晓得}停水\n范围:三组',
    `发通知\n标题:${'停'.repeat(200)}\n内容:明天停水\n范围:三组`,
    '发活动',
    '发活动\n标题:扫路',
    '发活动\n标题:扫路\n时间:看情况\n人数:5',
    '发活动\n标题:扫路\n时间:3月22日 8:30\n人数:好多人',
    '发活动\n标题:扫路\n时间:3月22日 8:30\n人数:0',
    '发活动\n标题:扫路\n时间:3月1日 8:30\n人数:5',
    '发活动\n标题:扫路\n时间:3月22日 8:30\n人数:5\n范围:月球',
    '发活动\n标题:扫路\n时间:3月22日 8:30\n人数:5\n截止:3月23日 8:00',
    '改期 桂花园除草',
    '改期 桂花园除草 改天',
    '改期 桂花园除草 3月1日 8:00',
    '改期 没有的事 3月22日 8:00',
    '取消活动 没有的事',
    '名单 没有的事',
    '点名 桂花园除草',
    '点名 桂花园除草 一二三',
    '点名 桂花园除草 8-1',
    '点名 桂花园除草 99',
    '办结 FK0001',
    '办结 FK9999 修好了',
    '转派 FK0001 没有这个人',
    '转派 FK0001',
    '延期 FK0001 0天 等材料',
    '延期 FK0001 999天 等材料',
    '延期 FK0001 2天',
    '审核 TZ99 通过',
    '停发 TZ99',
  ];
  it.each(forms)('with a fault gets one plain sentence, and nothing changes: %s', async (text) => {
    const it = await prepared();
    const before = await everything(it);
    const said = await it.write('1', 'M6', null, text);
    expect(said).toHaveLength(1);
    expect(said[0]).not.toMatch(/undefined|NaN|Invalid|\[object|刚才没办成/u);
    expect(said[0], 'no preview').not.toMatch(/回[“"]确认[”"]/u);
    await it.write('2', 'M6', null, '确认');
    expect(await everything(it)).toEqual(before);
    expect(it.faults).toEqual([]);
  });

  it('审核 by the author is refused, by two at once decided once', async () => {
    const it = await prepared();
    await it.write('1', 'M6', null, '发通知\n标题:停水\n内容:明天停水\n范围:三组');
    await it.write('2', 'M6', null, '确认');
    expect(await it.write('3', 'M6', null, '审核 TZ2 通过')).toEqual([expect.stringContaining('您自己写的')]);
    expect((await it.write('4', 'M7', null, '审核 TZ2 通过'))[0]).toContain('审核过了');
    expect(await it.write('5', 'M7', null, '审核 TZ2 退回 写错了')).toEqual([expect.stringContaining('没有动')]);
    const { notices } = await it.village.notices.state();
    expect(Object.values(notices).filter(({ rooms }) => rooms.length > 0)).toHaveLength(1);
  });
});
