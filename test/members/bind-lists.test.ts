import { beforeEach, describe, expect, it } from 'vitest';
import { bindLists } from '../../src/members/members.model.ts';
import { systemActor } from '../../src/shared/access.ts';
import { actorWith, buildMember, buildRegistry, villager, type RegistryRig } from '../support/members.ts';

const officer = actorWith('网格员', '一组');
let rig: RegistryRig;

beforeEach(async () => {
  rig = buildRegistry();
  await rig.put(
    buildMember({ _id: 'M1', name: '张三' }),
    buildMember({ _id: 'M2', name: '李四', nickname: '桂花树下' }),
    buildMember({ _id: 'M3', name: '王五' }),
    buildMember({ _id: 'M4', name: '王五' }),
    buildMember({ _id: 'M5', name: '赵六', grid: '二组', household: 'H005' }),
    buildMember({ _id: 'M6', name: '何洪兵' }),
    buildMember({ _id: 'M7', name: '周七' }),
  );
  await rig.give('M6', '网格员', '一组');
  await rig.members.bind(systemActor, 'c7', 'M7');
});

const seen = [
  { contact: 'c1', name: '张三' },
  { contact: 'c2', name: '桂花树下' },
  { contact: 'c3', name: '王五' },
  { contact: 'c5', name: '赵六' },
  { contact: 'c6', name: '何洪兵' },
  { contact: 'c7', name: '周七' },
  { contact: 'c8', name: '路过的' },
];

it('proposes an exact full name of the grid, and shows nicknames as a hint only', async () => {
  const list = await rig.members.proposals.propose(officer, '一组', seen, 'in:1');
  expect(list.items).toEqual([
    { contact: 'c1', shown: '张三', member: 'M1', hints: [] },
    { contact: 'c2', shown: '桂花树下', member: null, hints: ['M2'] },
  ]);
  expect(await rig.members.proposals.propose(officer, '一组', [], 'in:1')).toEqual(list);
});

it('proposes nobody when two contacts show the same name, or the member has a contact in the room', async () => {
  const twice = [...seen, { contact: 'c9', name: '张三' }];
  expect(
    (await rig.members.proposals.propose(officer, '一组', twice, 'in:1')).items.map(({ member }) => member),
  ).toEqual([null]);
  await rig.members.bind(systemActor, 'c10', 'M1');
  const both = [...seen, { contact: 'c10', name: '小张' }];
  const later = await rig.members.proposals.propose(officer, '一组', both, 'in:2');
  expect(later.items.map(({ member }) => member)).toEqual([null]);
});

describe('after a login that changed the contact ids', () => {
  const again = [
    { contact: 'n1', name: '张三' },
    { contact: 'n7', name: '周七' },
    { contact: 'n2', name: '桂花树下' },
  ];

  beforeEach(() => rig.members.bind(systemActor, 'c1', 'M1'));

  it('people are proposed anew by their exact full names, with the contacts that would be replaced', async () => {
    const list = await rig.members.proposals.propose(officer, '一组', again, 'in:1');
    expect(list.items).toEqual([
      { contact: 'n1', shown: '张三', member: 'M1', hints: [], replaces: ['c1'] },
      { contact: 'n7', shown: '周七', member: 'M7', hints: [], replaces: ['c7'] },
      { contact: 'n2', shown: '桂花树下', member: null, hints: ['M2'] },
    ]);
    expect(await rig.members.personOfContact('n1')).toBe('wx:n1');
  });

  it('the confirmed ones are the members from then on, the old contacts nobody', async () => {
    await rig.members.proposals.propose(officer, '一组', again, 'in:1');
    await rig.pass(1);
    const done = await rig.members.proposals.confirm(officer, 'in:1', [1], 'in:2');
    expect(done.bound.map(({ member }) => member._id)).toEqual(['M1']);
    expect(await rig.members.personOfContact('n1')).toBe('M1');
    expect(await rig.members.personOfContact('c1')).toBe('wx:c1');
    expect(await rig.members.contactOf('M1')).toBe('n1');
    expect(await rig.members.personOfContact('c7')).toBe('M7');
  });

  it('whoever bound by a code meanwhile stays bound so', async () => {
    await rig.members.proposals.propose(officer, '一组', again, 'in:1');
    await rig.pass(1);
    await rig.members.bind(systemActor, 'own', 'M1');
    const done = await rig.members.proposals.confirm(officer, 'in:1', [1], 'in:2');
    expect(done).toEqual({ bound: [], left: [{ number: 1, why: 'bound meanwhile' }] });
    expect(await rig.members.contactOf('M1')).toBe('own');
  });

  it('staff are never proposed', async () => {
    await rig.members.bind(systemActor, 'c6', 'M6');
    const list = await rig.members.proposals.propose(officer, '一组', [{ contact: 'n6', name: '何洪兵' }], 'in:1');
    expect(list.items).toEqual([]);
  });
});

it('lists at most forty, those who can be confirmed first', async () => {
  for (let n = 0; n < 50; n++)
    await rig.put(buildMember({ _id: `N${n}`, name: `村民${String.fromCharCode(0x4e00 + n)}` }));
  const many = Array.from({ length: 50 }, (_, n) => ({
    contact: `n${n}`,
    name: `村民${String.fromCharCode(0x4e00 + n)}`,
  }));
  const list = await rig.members.proposals.propose(
    officer,
    '一组',
    [{ contact: 'c2', name: '桂花树下' }, ...many],
    'in:1',
  );
  expect(list.items).toHaveLength(40);
  expect(list.items.every(({ member }) => member !== null)).toBe(true);
});

it('binds the confirmed numbers at once, and the same again does nothing more', async () => {
  await rig.members.proposals.propose(officer, '一组', seen, 'in:1');
  const done = await rig.members.proposals.confirm(officer, 'in:1', [1, 1], 'in:2');
  expect(done.bound.map(({ number, member }) => [number, member._id])).toEqual([[1, 'M1']]);
  expect(await rig.members.personOfContact('c1')).toBe('M1');
  expect((await rig.members.proposals.confirm(officer, 'in:1', [1], 'in:2')).bound).toHaveLength(1);
  await expect(rig.members.proposals.confirm(officer, 'in:1', [1], 'in:3')).rejects.toMatchObject({
    code: 'members.list-done',
  });
});

it('binds nothing when a number is not there or only a hint', async () => {
  await rig.members.proposals.propose(officer, '一组', seen, 'in:1');
  for (const numbers of [[1, 2], [1, 9], [0], []]) {
    await expect(rig.members.proposals.confirm(officer, 'in:1', numbers, 'in:2')).rejects.toMatchObject({
      code: 'members.list-number',
    });
  }
  expect(await rig.members.personOfContact('c1')).toBe('wx:c1');
});

it('leaves out who was bound meanwhile', async () => {
  await rig.members.proposals.propose(officer, '一组', seen, 'in:1');
  await rig.members.bind(systemActor, 'c11', 'M1');
  const done = await rig.members.proposals.confirm(officer, 'in:1', [1], 'in:2');
  expect(done).toEqual({ bound: [], left: [{ number: 1, why: 'bound meanwhile' }] });
  expect(await rig.members.personOfContact('c1')).toBe('wx:c1');
});

it('is for those who may bind in that grid, within seven days', async () => {
  await expect(rig.members.proposals.propose(villager, '一组', seen, 'in:1')).rejects.toMatchObject({ status: 403 });
  await rig.members.proposals.propose(officer, '一组', seen, 'in:1');
  await expect(rig.members.proposals.confirm(actorWith('网格员', '二组'), 'in:1', [1], 'in:2')).rejects.toMatchObject({
    status: 403,
  });
  await expect(rig.members.proposals.confirm(officer, 'in:404', [1], 'in:2')).rejects.toMatchObject({ status: 404 });
  await rig.pass(7 * 24 * 60 + 1);
  await expect(rig.members.proposals.confirm(officer, 'in:1', [1], 'in:2')).rejects.toMatchObject({
    code: 'members.list-lapsed',
  });
});

it('finishes a confirmation that a crash cut', async () => {
  await rig.members.proposals.propose(officer, '一组', seen, 'in:1');
  await rig.store
    .collection(bindLists)
    .update(
      { _id: 'in:1' },
      { $set: { state: 'confirming', chosen: [1], confirmedBy: 'M0900', confirmedFrom: 'in:2' } },
    );
  await rig.members.proposals.finish();
  expect(await rig.members.personOfContact('c1')).toBe('M1');
  expect((await rig.members.proposals.get('in:1'))?.state).toBe('done');
});
