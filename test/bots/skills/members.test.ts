import { beforeEach, expect, it } from 'vitest';
import { createMembersSkill } from '../../../bots/skills/members.ts';
import type { Answer, Slots, Turn } from '../../../bots/skills/skill.ts';
import { isAppError, type AppError } from '../../../src/shared/errors.ts';
import { systemActor } from '../../../src/shared/access.ts';
import { faults } from '../../../templates/members.ts';
import { buildMember, buildRegistry, buildRoom, type RegistryRig } from '../../support/members.ts';
import { buildTurn } from '../../support/turn.ts';

let rig: RegistryRig;
let messages = 0;

/** Says it as that contact, as the pipeline would; a fault becomes its sentence. */
async function say(contact: string, verb: string, slots: Slots = {}, part: Partial<Turn> = {}): Promise<Answer> {
  const skill = createMembersSkill({ ...rig, roomMembers: () => Promise.resolve([]) });
  const person = await rig.members.personOfContact(contact);
  const actor = await rig.members.actor(person);
  const turn = buildTurn({ message: `sim:${++messages}`, contact, person, actor, at: rig.clock.now(), ...part });
  try {
    const run = skill.verbs[verb];
    if (run === undefined) throw new Error(`no verb ${verb}`);
    return await run(turn, slots);
  } catch (fault) {
    if (!isAppError(fault)) throw fault;
    return { text: sentence(fault) };
  }
}

const sentence = (fault: AppError): string => faults[fault.code]?.(fault.facts) ?? fault.code;

beforeEach(async () => {
  rig = buildRegistry();
  await rig.put(buildMember({ _id: 'M0253', name: '何大娘' }), buildMember({ _id: 'M0289', name: '曾文武' }));
  const validUntil = new Date('2026-03-24T16:00:00Z');
  await rig.members.addBindCode(systemActor, { code: '507318', member: 'M0253', validUntil, uses: 1 });
});

it('binds by code and says as whom', async () => {
  expect((await say('c1', 'account.bind', { code: '507318' })).text).toBe(
    '何大娘,绑定好了。以后报名、反馈都记在您名下。',
  );
  expect(await rig.members.personOfContact('c1')).toBe('M0253');
});

it('says what is wrong with a code, and binds nobody', async () => {
  await rig.members.bind(systemActor, 'c2', 'M0289');
  await say('c1', 'account.bind', { code: '507318' });
  expect((await say('c2', 'account.bind', { code: '507318' })).text).toContain('已经用过');
  expect((await say('c3', 'account.bind', { code: '507318' })).text).toContain('已经用过');
  expect((await say('c3', 'account.bind', { code: '000000' })).text).toContain('没有这个口令');
  expect((await say('c3', 'account.bind')).text).toContain('绑定 123456');
  expect(await rig.members.personOfContact('c2')).toBe('M0289');
  expect(await rig.members.personOfContact('c3')).toBe('wx:c3');
});

it('asks to wait after five wrong codes', async () => {
  for (let n = 0; n < 5; n++) await say('c1', 'account.bind', { code: '000000' });
  expect((await say('c1', 'account.bind', { code: '507318' })).text).toBe(
    '口令错得太多了。请过10分钟再试,或找网格员。',
  );
});

it('stops and starts what is said unasked', async () => {
  await rig.members.bind(systemActor, 'c2', 'M0289');
  expect((await say('c2', 'subscription.stop')).text).toContain('订阅');
  expect(await rig.members.stopped('M0289')).toBe(true);
  expect((await say('c2', 'subscription.start')).text).toContain('照常');
  expect(await rig.members.stopped('M0289')).toBe(false);
});

it('gives an officer a code for a villager of the grid, in private', async () => {
  await rig.give('M0289', '网格员', '一组');
  await rig.members.bind(systemActor, 'c2', 'M0289');
  await rig.putRooms(buildRoom({ _id: '一组' }), buildRoom({ _id: '村管理群', topic: '村干部群', management: true }));
  expect((await say('c2', 'account.issue', { name: '何大娘' }, { room: '一组' })).text).toContain('私聊');
  const { text } = await say('c2', 'account.issue', { name: '何大娘' });
  expect(text).toContain('何大娘(一组)的口令');
  expect(text).toContain('3月25日(周三,二月初七)前有效');
  const code = /绑定 (\d{6})$/.exec(text ?? '')?.[1];
  expect((await say('c1', 'account.bind', { code })).text).toContain('何大娘,绑定好了');
  expect((await say('c2', 'account.issue', { name: '何大娘' }, { room: '村管理群' })).text).toContain('的口令');
});

it('gives no code to villagers, for others’ grids, or for a name that is nobody’s', async () => {
  expect((await say('c1', 'account.issue', { name: '何大娘' })).text).toBe('access.denied');
  await rig.give('M0289', '网格员', '一组');
  await rig.members.bind(systemActor, 'c2', 'M0289');
  await rig.put(buildMember({ _id: 'M5', name: '赵六', grid: '二组', household: 'H005' }));
  expect((await say('c2', 'account.issue', { name: '赵六' })).text).toBe('access.denied');
  expect((await say('c2', 'account.issue', { name: '何' })).text).toContain('没有这个名字');
  expect((await say('c2', 'account.issue')).text).toContain('发绑定码 张三');
});

it('asks which of several of one name is meant', async () => {
  await rig.give('M0289', '网格员', '一组');
  await rig.members.bind(systemActor, 'c2', 'M0289');
  await rig.put(buildMember({ _id: 'M6', name: '何大娘', household: 'H006' }));
  const asked = await say('c2', 'account.issue', { name: '何大娘' });
  expect(asked.ask).toMatchObject({ verb: 'account.issue', options: ['M0253', 'M6'] });
  expect((await say('c2', 'account.issue', { name: '何大娘', number: 2, choice: 'M6' })).text).toContain('的口令');
});
