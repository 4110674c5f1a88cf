import { describe, expect, it } from 'vitest';
import { openTestVillage, type TestVillage } from '../support/village.ts';

const statusOf = async (it: TestVillage, message: string): Promise<string | undefined> =>
  (await it.village.feedback.get(`loop:${message}`))?.status;
const photo = {
  attachments: [
    {
      kind: 'image' as const,
      name: 'deng.jpg',
      read: () => Promise.resolve(Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0])),
    },
  ],
};

describe('a report', () => {
  it('is filed at once with its number, and owned from the first moment', async () => {
    const it = await openTestVillage();
    expect((await it.write('1', 'M1', '三组', '反馈 三组坎下路灯不亮'))[0]).toContain('FK0001');
    expect((await it.village.feedback.get('loop:1'))?.handler).toBe('M5');
  });

  it('near another of the last days is merged on 是 alone; silence and 不是 leave it apart', async () => {
    const it = await openTestVillage();
    await it.write('1', 'M1', '三组', '反馈 三组坎下路灯不亮');
    for (const [message, who, answer] of [
      ['2', 'M3', '不是'],
      ['3', 'M4', null],
      ['4', 'M8', '是'],
    ] as const) {
      expect((await it.write(message, who, null, '反馈 三组坎下路灯黑的'))[0]).toContain('是同一处吗');
      if (answer !== null) await it.write(`${message}a`, who, null, answer);
    }
    expect(await statusOf(it, '2')).toBe('assigned');
    expect(await statusOf(it, '3')).toBe('assigned');
    expect(await statusOf(it, '4')).toBe('merged');
  });

  it('is not merged by somebody else’s 是, nor by one that comes after 15 minutes', async () => {
    const it = await openTestVillage();
    await it.write('1', 'M1', '三组', '反馈 三组坎下路灯不亮');
    await it.write('2', 'M3', '三组', '反馈 三组坎下路灯黑的');
    expect(await it.write('3', 'M4', '三组', '是')).toEqual([]);
    await it.until('2026-03-18T09:46:00+08:00');
    expect(await it.write('4', 'M3', '三组', '是')).toEqual([]);
    expect(await statusOf(it, '2')).toBe('assigned');
  });

  it('that is resolved takes in nothing', async () => {
    const it = await openTestVillage();
    await it.write('1', 'M1', '三组', '反馈 三组坎下路灯不亮');
    await it.write('2', 'M3', '三组', '反馈 三组坎下路灯黑的');
    const grid = await it.village.members.actor('M5');
    await it.village.feedback.handle(grid, 'loop:1', 't:1', { do: 'resolve', note: '换了灯泡' });
    await it.work.idle();
    expect((await it.write('3', 'M3', '三组', '是'))[0]).toContain('单独办理');
    expect(await statusOf(it, '2')).toBe('assigned');
  });

  it('takes twenty photos, and says plainly that it did not take the next one', async () => {
    const it = await openTestVillage();
    await it.write('1', 'M1', '三组', '反馈 三组坎下路灯不亮');
    for (let n = 0; n < 20; n++) expect((await it.write(`p${n}`, 'M1', '三组', '', photo))[0]).toContain('照片');
    expect((await it.write('p20', 'M1', '三组', '', photo))[0]).toContain('没有记上');
  });

  it('takes the photo and the text of its own dialogue, not another’s photo', async () => {
    const it = await openTestVillage();
    await it.write('1', 'M1', '三组', '反馈 三组坎下路灯不亮');
    expect(await it.write('2', 'M3', '三组', '', photo)).toEqual([]);
    expect(await it.write('3', 'M1', '三组', '', photo)).toHaveLength(1);
    expect((await it.village.feedback.get('loop:1'))?.images).toHaveLength(1);
    await it.until('2026-03-18T10:10:00+08:00');
    expect(await it.write('4', 'M1', '三组', '', photo)).toEqual([]);
    expect((await it.village.feedback.get('loop:1'))?.images).toHaveLength(1);
  });

  it('is told of only where it was filed, in a group without details', async () => {
    const it = await openTestVillage();
    await it.write('1', 'M1', '三组', '反馈 三组坎下路灯不亮');
    await it.write('2', 'M3', null, '反馈 三组坎下路灯黑的');
    await it.write('3', 'M3', null, '是');
    const before = it.channel.heard.length;
    const grid = await it.village.members.actor('M5');
    await it.village.feedback.handle(grid, 'loop:1', 't:1', { do: 'resolve', note: '灯泡是张三打烂的' });
    await it.work.idle();
    const news = it.channel.heard.slice(before);
    expect(news.map(({ to }) => to)).toEqual(
      expect.arrayContaining([{ room: 'r-三组@chatroom' }, { contact: 'wx-M3' }]),
    );
    expect(news).toHaveLength(2);
    expect(news.find(({ to }) => 'room' in to)?.text).not.toContain('张三');
  });

  it('that was reopened and done again while WeChat was away is told of once', async () => {
    const it = await openTestVillage();
    await it.write('1', 'M1', '三组', '反馈 三组坎下路灯不亮');
    it.channel.setOnline(false);
    const before = it.channel.heard.length;
    const grid = await it.village.members.actor('M5');
    await it.village.feedback.handle(grid, 'loop:1', 't:1', { do: 'resolve', note: '换了灯泡' });
    await it.write('2', 'M1', '三组', '评价 1 1');
    await it.village.feedback.handle(grid, 'loop:1', 't:2', { do: 'resolve', note: '换了线' });
    await it.work.idle();
    it.channel.setOnline(true);
    await it.work.idle();
    const told = it.channel.heard.slice(before).filter(({ text }) => text.startsWith('FK0001办好了'));
    expect(told).toHaveLength(1);
  });

  it('is rated by its reporters alone, and reopened by 1, 2 and 没修好', async () => {
    const it = await openTestVillage();
    await it.write('1', 'M1', '三组', '反馈 三组坎下路灯不亮');
    expect((await it.write('2', 'M1', '三组', '评价 1 5'))[0]).toContain('办好了再评价');
    const grid = await it.village.members.actor('M5');
    await it.village.feedback.handle(grid, 'loop:1', 't:1', { do: 'resolve', note: '换了灯泡' });
    await it.write('3', 'M3', '三组', '评价 1 5');
    expect(await statusOf(it, '1')).toBe('resolved');
    await it.write('4', 'M1', '三组', '评价 1 2');
    expect(await statusOf(it, '1')).toBe('reopened');
    await it.write('5', 'M1', '三组', '撤销');
    expect(await statusOf(it, '1')).toBe('resolved');
    await it.write('6', 'M1', '三组', '评价 1 4');
    expect(await statusOf(it, '1')).toBe('confirmed');
  });

  it('of another household is not told', async () => {
    const it = await openTestVillage();
    await it.write('1', 'M1', null, '反馈 三组坎下路灯不亮');
    for (const room of [null, '三组'] as const)
      expect((await it.write(`2${room}`, 'M3', room, '进度 1'))[0]).not.toContain('路灯');
    expect((await it.write('3', 'M1', '三组', '进度 1'))[0]).not.toContain('路灯');
  });
});

describe('a report about a cadre', () => {
  const words = '反馈 吴玉办低保吃拿卡要';

  it('goes to the inspector; the cadre hears, reads and handles nothing', async () => {
    const it = await openTestVillage();
    await it.write('0', 'M5', null, '菜单');
    await it.write('1', 'M1', null, words);
    const report = await it.village.feedback.get('loop:1');
    expect(report).toMatchObject({ category: '干部作风', handler: 'M8' });
    const heard = it.channel.heard
      .filter(({ to }) => 'contact' in to && to.contact === 'wx-M5')
      .map(({ text }) => text);
    expect(heard.join()).not.toContain('FK');
    for (const [n, text] of ['进度', '进度 1', '办结 FK0001 查过了', '转派 FK0001 吴玉', '受理 FK0001'].entries()) {
      const said = (await it.write(`c${n}`, 'M5', null, text)).join();
      expect(said).not.toContain('低保');
      expect(said).not.toContain('确认');
      await it.write(`y${n}`, 'M5', null, '确认');
    }
    for (const who of ['M6', 'M7'])
      expect((await it.write(`l${who}`, who, null, '办结 FK0001 查过了')).join()).not.toContain('低保');
    expect((await it.village.feedback.get('loop:1'))?.status).toBe(report?.status);
  });

  it('is never mentioned in a group', async () => {
    const it = await openTestVillage();
    await it.write('1', 'M1', '三组', words);
    await it.write('2', 'M1', '三组', '进度');
    const inspector = await it.village.members.actor('M8');
    await it.village.feedback.handle(inspector, 'loop:1', 't:1', { do: 'resolve', note: '谈了话' });
    await it.work.idle();
    const group = it.channel.heard.filter(({ to }) => 'room' in to).map(({ text }) => text);
    expect(group.join()).not.toMatch(/吴玉|低保|作风|谈了话|FK0001/u);
  });
});
