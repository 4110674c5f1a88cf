import { beforeEach, expect, it } from 'vitest';
import { createGridSkill } from '../../../bots/skills/grid.ts';
import type { Answer, Slots, Turn } from '../../../bots/skills/skill.ts';
import { systemActor } from '../../../src/shared/access.ts';
import { buildGrid, buildMember, buildRegistry, sampleVillage, type RegistryRig } from '../../support/members.ts';
import { buildTurn } from '../../support/turn.ts';

let rig: RegistryRig;

function contact(part: Partial<Turn>, slots: Slots = {}): Promise<Answer> {
  const run = createGridSkill(rig).verbs['grid.contact'];
  if (run === undefined) throw new Error('no verb');
  return run(buildTurn(part), slots);
}

beforeEach(async () => {
  rig = buildRegistry();
  await rig.registry.importVillage(await sampleVillage(), { actor: systemActor });
});

it('names the officer of the group’s grid', async () => {
  expect((await contact({ room: '四组', grid: '四组', text: '网格员' })).text).toBe(
    '四组的网格员是吴昌玉。要找人就回“转人工”。',
  );
});

it('gives the published duty phone, and never a personal number', async () => {
  await rig.grid.publishDutyPhone(systemActor, '清溪村', '023-12345678');
  const { text } = await contact({ grid: '四组' });
  expect(text).toContain('值班电话023-12345678');
  expect(text).not.toMatch(/1990|\*{4}/);
});

it('takes the grid that the sender names', async () => {
  const { text } = await contact({ grid: '四组', text: '我们一组的网格员是哪个 电话好多' });
  expect(text).toContain('一组的网格员是陈正琼');
});

it('names who stands in, by the rota or from further up', async () => {
  const from = rig.clock.now();
  const to = new Date(from.getTime() + 60 * 60_000);
  await rig.grid.putOnDuty(systemActor, { grid: '四组', member: 'M0221', from, to });
  expect((await contact({ grid: '四组' })).text).toContain('四组现在值班的是萧天才');
  await rig.pass(60);
  await rig.members.grants.revoke(systemActor, { member: 'M0296', role: '网格员', scope: '四组' });
  expect((await contact({ grid: '四组' })).text).toContain('四组现在由村主任萧天才负责');
});

it('asks which grid when it is not known, and takes the number', async () => {
  const asked = await contact({ text: '网格员' });
  expect(asked.ask).toMatchObject({ verb: 'grid.contact', options: ['一组', '二组', '三组', '四组'] });
  expect((await contact({ text: '4' }, { number: 4, choice: '四组' })).text).toContain('吴昌玉');
  expect((await contact({ text: '9' }, { number: 9 })).ask).toBeDefined();
});

it('says so when there is nobody, or no grid', async () => {
  rig = buildRegistry();
  expect((await contact({})).text).toContain('还没有登记');
  await rig.putGrids(buildGrid({ _id: '清溪村', parent: null }), buildGrid({ _id: '一组' }));
  await rig.put(buildMember({ _id: 'M1' }));
  expect((await contact({})).text).toContain('没有值班的人');
});
