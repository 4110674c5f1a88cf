import { describe, expect, it } from 'vitest';
import { systemActor } from '../../src/shared/access.ts';
import { openTestVillage, type TestVillage } from '../support/village.ts';

const group = 'r-三组@chatroom';

/** Nobody of 三组 but its officer is bound; in its group are people under these names. */
async function newGroup(names: readonly string[]): Promise<TestVillage> {
  const it = await openTestVillage({ office: true });
  for (const id of ['M1', 'M2', 'M3', 'M4', 'M8']) await it.village.members.unbind(systemActor, `wx-${id}`);
  it.channel.rooms.set(
    group,
    names.map((name, at) => ({ contact: `c${at + 1}`, name })),
  );
  return it;
}
const names = ['王大明', '李芳', '吕勇', '王大爷', '萧才', '吴玉', '过路人'];
const boundTo = (it: TestVillage, contact: string): Promise<string> => it.village.members.personOfContact(contact);

describe('认人', () => {
  it('lists exact full names alone, and binds the chosen ones in one go', async () => {
    const it = await newGroup(names);
    const [list = ''] = await it.write('w1', 'M5', '三组管理群', '认人 三组');
    expect(list).toContain('没绑的3个');
    expect(list).toContain('1王大明(H1) 2李芳(H1) 3吕勇(H2)');
    expect(list).toContain('确认 1-3');
    expect(list).toContain('另有2个只是昵称像');
    expect(list.split('\n').length).toBeLessThanOrEqual(6);
    expect(await boundTo(it, 'c1')).toBe('wx:c1');
    expect(await it.write('w2', 'M5', '三组管理群', '确认 1,3')).toEqual([
      expect.stringContaining('绑好了2个:王大明、吕勇'),
    ]);
    expect(await Promise.all(['c1', 'c2', 'c3', 'c4'].map((one) => boundTo(it, one)))).toEqual([
      'M1',
      'wx:c2',
      'M3',
      'wx:c4',
    ]);
    expect(await it.write('w3', 'M5', '三组管理群', '确认 2')).toEqual([expect.stringContaining('已经确认过')]);
  });

  it('of an officer without a place means the own grid, also in the direct chat', async () => {
    const it = await newGroup(names);
    expect((await it.write('w1', 'M5', null, '认人'))[0]).toContain('三组村民群');
    expect((await it.write('w2', 'M5', null, '确认 1到2'))[0]).toContain('绑好了2个');
    expect((await it.write('w3', 'M7', null, '认人'))[0]).toContain('认人 三组');
    expect((await it.write('w4', 'M7', null, '认人 九组'))[0]).toContain('没有这个组');
    expect((await it.write('w5', 'M7', null, '认人 四组村民群'))[0]).toContain('没有对得上的');
  });

  it('is taken back by 撤销', async () => {
    const it = await newGroup(names);
    await it.write('w1', 'M5', '三组管理群', '认人 三组');
    await it.write('w2', 'M5', '三组管理群', '确认 1-3');
    expect((await it.write('w3', 'M5', '三组管理群', '撤销'))[0]).toContain('撤销了3个');
    expect(await boundTo(it, 'c1')).toBe('wx:c1');
    expect((await it.write('w4', 'M5', '三组管理群', '认人 三组'))[0]).toContain('没绑的3个');
  });

  it('is not for villagers, other grids or a villagers’ group', async () => {
    const it = await newGroup(names);
    expect((await it.write('w1', 'M9', null, '认人 三组'))[0]).toContain('没有权限');
    await it.village.members.grants.revoke(systemActor, { member: 'M6', role: '村主任', scope: 'village' });
    expect((await it.write('w2', 'M6', null, '认人 三组'))[0]).toContain('没有权限');
    expect(await it.write('w3', 'M5', '三组', '认人 三组')).toEqual([]);
    expect((await it.write('w4', 'M5', '三组', '@小溪 认人 三组'))[0]).toContain('管理群或者私聊');
    expect((await it.write('w5', 'M5', null, '认人 四组'))[0]).toContain('没有权限');
  });

  it('binds nothing on a wrong number, and 确认 1 without a list is talk', async () => {
    const it = await newGroup(names);
    expect(await it.write('w0', 'M5', '三组管理群', '确认 1')).toEqual([]);
    await it.write('w1', 'M5', '三组管理群', '认人 三组');
    for (const text of ['确认 1-4', '确认 9', '确认 4']) {
      expect((await it.write(`n${text}`, 'M5', '三组管理群', text))[0]).toContain('都没有绑');
    }
    expect(await boundTo(it, 'c1')).toBe('wx:c1');
    expect((await it.write('w2', 'M7', null, '确认 1'))[0]).toContain('请先发“认人”');
  });

  it('says so when WeChat is away, or the group was never seen', async () => {
    const it = await newGroup(names);
    it.channel.setOnline(false);
    await it.write('w1', 'M5', '三组管理群', '认人 三组');
    it.channel.setOnline(true);
    await it.work.idle();
    expect(it.channel.heard.at(-1)?.text).toContain('没有连上微信');
    await it.village.grid.linkRoom(systemActor, '四组', null);
    expect((await it.write('w2', 'M7', null, '认人 四组'))[0]).toContain('还没有在微信里见过');
  });

  it('sent twice is one list and one confirmation', async () => {
    const it = await newGroup(names);
    const [first] = await it.write('w1', 'M5', '三组管理群', '认人 三组');
    expect(await it.write('w1', 'M5', '三组管理群', '认人 三组')).toEqual([]);
    expect(first).toContain('王大明');
    await it.write('w2', 'M5', '三组管理群', '确认 1-40');
    expect((await it.write('w3', 'M5', '三组管理群', '确认 1-3'))[0]).toContain('绑好了3个');
    expect(await it.write('w3', 'M5', '三组管理群', '确认 1-3')).toEqual([]);
  });
});

describe('whoever asks about their own data', () => {
  it.each(['看我的信息', '改我的信息', '删除我的信息'])(
    '%s is handed to a person, and nothing is changed',
    async (text) => {
      const it = await openTestVillage();
      expect((await it.write('p1', 'M1', null, text))[0]).toContain('已转给吴玉');
      expect(await it.village.messages.handovers.all()).toMatchObject([{ person: 'M1', to: 'M5' }]);
      expect(await it.village.members.erasures.of('M1')).toBeNull();
    },
  );
});
