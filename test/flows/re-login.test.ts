import { describe, expect, it } from 'vitest';
import { systemActor } from '../../src/shared/access.ts';
import { goers, openActivity } from '../support/stories.ts';
import { openTestVillage, type TestVillage } from '../support/village.ts';

/** After a login with new contact ids: the same phone, the same nickname, another id. */
const anew = { sender: { id: 'wx-new-1', name: 'M1' } };

async function code(it: TestVillage, member: string): Promise<string> {
  return (await it.village.members.issueBindCode(systemActor, member, `code:${member}`)).code;
}

describe('a person who is there under a new contact id', () => {
  it('is nobody, whatever the name shown, until a code binds the new one', async () => {
    const it = await openTestVillage();
    await it.village.members.grants.grant(systemActor, { member: 'M1', role: '村主任', scope: 'village' });
    const [said] = await it.write('1', 'M1', null, '发通知\n标题:停水\n内容:明天停水\n范围:三组', anew);
    expect(said).toContain('没有权限');
    expect(await it.village.members.ofContact('wx-new-1')).toBeNull();
    await it.until('2026-03-18T09:31:00+08:00');
    await it.write('2', 'M1', null, `绑定 ${await code(it, 'M1')}`, anew);
    expect(await it.village.members.contactOf('M1')).toBe('wx-new-1');
    expect((await it.write('3', 'M1', null, '发通知\n标题:停水\n内容:明天停水\n范围:三组', anew))[0]).toContain('确认');
    const [old] = await it.write('4', 'M1', null, '发通知\n标题:停水\n内容:明天停水\n范围:三组');
    expect(old).toContain('没有权限');
  });

  it('finds under the member what was done before and in between', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1', capacity: 10 });
    await openActivity(it, { id: 'A2', capacity: 10, name: '河边捡垃圾' });
    await it.write('1', 'M1', '三组', '报名 桂花园除草');
    await it.write('2', 'M1', '三组', '报名 河边捡垃圾', anew);
    expect(await goers(it, 'A2')).toEqual(['guest 1 confirmed']);
    await it.write('3', 'M1', null, '反馈 三组坎下路灯不亮', anew);
    await it.until('2026-03-18T09:31:00+08:00');
    await it.write('4', 'M1', null, `绑定 ${await code(it, 'M1')}`, anew);
    await it.until('2026-03-18T09:32:00+08:00');
    expect(await goers(it, 'A1')).toEqual(['M1 1 confirmed']);
    expect(await goers(it, 'A2')).toEqual(['M1 1 confirmed']);
    const mine = (await it.write('5', 'M1', null, '我的报名', anew))[0];
    expect(mine).toContain('桂花园除草');
    expect(mine).toContain('河边捡垃圾');
    expect((await it.write('6', 'M1', null, '进度', anew))[0]).toContain('路灯不亮');
    expect(it.faults).toEqual([]);
  });

  it('hears what waited for the member, there and not at the old one', async () => {
    const it = await openTestVillage();
    it.channel.setOnline(false);
    await it.village.messages.say({ key: 'r1', to: { person: 'M1' }, text: '修好了', kind: 'reply' });
    await it.until('2026-03-18T09:31:00+08:00');
    await it.write('1', 'M1', null, `绑定 ${await code(it, 'M1')}`, anew);
    it.channel.setOnline(true);
    await it.work.idle();
    const heard = it.channel.heard.filter(({ text }) => text === '修好了');
    expect(heard.map(({ to }) => to)).toEqual([{ contact: 'wx-new-1' }]);
  });

  it('bound by a cadre’s list is not written to privately before writing once', async () => {
    const it = await openTestVillage();
    await it.write('1', 'M1', null, '菜单');
    const { members, messages } = it.village;
    expect(await messages.addressOf('M1')).toEqual({ person: 'M1' });
    await it.until('2026-03-18T09:31:00+08:00');
    const officer = await members.actor('M5');
    const seen = [{ contact: 'wx-new-1', name: '王大明' }];
    const list = await members.proposals.propose(officer, '三组', seen, 'list');
    expect(list.items).toMatchObject([{ member: 'M1', replaces: ['wx-M1'] }]);
    await members.proposals.confirm(officer, 'list', [1], 'ok');
    await it.work.idle();
    expect(await members.contactOf('M1')).toBe('wx-new-1');
    expect(await messages.addressOf('M1')).toEqual({ room: '三组' });
    await it.write('2', 'M1', null, '菜单', anew);
    expect(await messages.addressOf('M1')).toEqual({ person: 'M1' });
  });
});
