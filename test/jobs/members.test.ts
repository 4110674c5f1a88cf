import { expect, it } from 'vitest';
import { registerMembersJobs } from '../../jobs/members.ts';
import { bindCodes, bindLists } from '../../src/members/members.model.ts';
import { systemActor } from '../../src/shared/access.ts';
import { buildMember, buildRegistry } from '../support/members.ts';

it('clears away expired codes and finishes what a crash cut', async () => {
  const rig = buildRegistry();
  await rig.put(buildMember({ _id: 'M1', name: '张三' }));
  await rig.members.issueBindCode(systemActor, 'M1', 'in:1');
  await rig.members.proposals.propose(systemActor, '一组', [{ contact: 'c1', name: '张三' }], 'in:2');
  await rig.store
    .collection(bindLists)
    .update({ _id: 'in:2' }, { $set: { state: 'confirming', chosen: [1], confirmedBy: 'M9', confirmedFrom: 'in:3' } });
  await rig.pass(60 * 24 * 60);

  for (const { run } of registerMembersJobs({ ...rig, relay: { on: () => undefined } }).sweeps) await run();

  expect(await rig.store.collection(bindCodes).count({})).toBe(0);
  expect(await rig.members.personOfContact('c1')).toBe('M1');
});
