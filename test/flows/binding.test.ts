import { describe, expect, it } from 'vitest';
import { systemActor } from '../../src/shared/access.ts';
import { goers, openActivity } from '../support/stories.ts';
import { openTestVillage, type TestVillage } from '../support/village.ts';

const newcomer = { sender: { id: 'wx-new', name: '王大爷' } };

async function withCode(until = '2026-03-25T00:00:00+08:00'): Promise<TestVillage> {
  const it = await openTestVillage();
  const members = [
    '编号,姓名,性别,出生年月,户号,与户主关系,网格,角色,标签,微信昵称,手机号',
    'M20,赵强,男,1970-01,H20,户主,三组,,,,',
    '',
  ].join('\n');
  await it.village.registry.importVillage({ 'members.csv': Buffer.from(members) }, { actor: systemActor });
  await it.village.members.addBindCode(systemActor, {
    code: '507318',
    member: 'M20',
    validUntil: new Date(until),
    uses: 1,
  });
  return it;
}

describe('绑定', () => {
  it('by code binds once; a second person gets nothing by it', async () => {
    const it = await withCode();
    await it.write('1', 'M1', null, '绑定 507318', newcomer);
    expect(await it.village.members.personOfContact('wx-new')).toBe('M20');
    const second = { sender: { id: 'wx-second', name: '别人' } };
    expect((await it.write('2', 'M1', null, '绑定 507318', second))[0]).toContain('用过');
    expect(await it.village.members.personOfContact('wx-second')).toBe('wx:wx-second');
  });

  it('with a wrong or an expired code changes nothing; too many wrong ones are stopped', async () => {
    const it = await withCode('2026-03-18T09:00:00+08:00');
    expect((await it.write('1', 'M1', null, '绑定 507318', newcomer))[0]).toContain('过期');
    const said: string[] = [];
    for (let n = 0; n < 12; n++) said.push(...(await it.write(`w${n}`, 'M1', null, `绑定 1000${10 + n}`, newcomer)));
    expect(said.at(-1)).toContain('错得太多');
    expect(await it.village.members.personOfContact('wx-new')).toBe('wx:wx-new');
  });

  it('never happens by a nickname', async () => {
    const it = await withCode();
    await it.write('1', 'M1', '三组', '活动', newcomer);
    expect(await it.village.members.personOfContact('wx-new')).toBe('wx:wx-new');
  });

  it('takes along what was signed up before', async () => {
    const it = await withCode();
    await openActivity(it, { id: 'A1', capacity: 9 });
    await it.write('1', 'M1', null, '报名 桂花园除草', newcomer);
    expect(await goers(it, 'A1')).toEqual(['guest 1 confirmed']);
    await it.write('2', 'M1', null, '绑定 507318', newcomer);
    await it.work.idle();
    expect(await goers(it, 'A1')).toEqual(['M20 1 confirmed']);
  });

  it('of a contact that is somebody already is refused', async () => {
    const it = await withCode();
    expect((await it.write('1', 'M3', null, '绑定 507318'))[0]).toContain('已经绑定');
    expect(await it.village.members.personOfContact('wx-M3')).toBe('M3');
  });

  it('codes are not told in a villagers’ group', async () => {
    const it = await withCode();
    expect((await it.write('1', 'M5', '三组', '@小溪\u2005发绑定码 赵强'))[0]).not.toMatch(/\d{4}/u);
    expect((await it.write('2', 'M5', null, '发绑定码 赵强'))[0]).toMatch(/\d{4}/u);
  });
});

describe('转人工', () => {
  it('reaches the officer on duty in private, and never a villagers’ group', async () => {
    const it = await openTestVillage({ office: true });
    await it.write('1', 'M1', '三组', '转人工');
    const asked = it.channel.heard.filter(({ text }) => text.includes('想找人说话')).map(({ to }) => to);
    expect(asked).toEqual([{ room: 'r-三组管理群@chatroom' }]);
    await it.write('2', 'M5', null, '菜单');
    await it.write('3', 'M3', '三组', '转人工');
    expect(it.channel.heard.filter(({ text }) => text.includes('想找人说话')).at(-1)?.to).toEqual({ contact: 'wx-M5' });
  });

  it('outside working hours says when', async () => {
    const it = await openTestVillage();
    await it.until('2026-03-18T22:00:00+08:00');
    expect((await it.write('1', 'M1', null, '转人工'))[0]).toContain('不是上班时间');
  });
});
