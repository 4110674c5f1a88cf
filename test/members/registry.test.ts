import { beforeEach, describe, expect, it } from 'vitest';
import { phoneReveals } from '../../src/members/members.model.ts';
import { createCrypto } from '../../src/platform/crypto.ts';
import { createMembers } from '../../src/members/index.ts';
import { systemActor } from '../../src/shared/access.ts';
import { actorWith, buildMember, buildRegistry, testKeys, villager, type RegistryRig } from '../support/members.ts';

let rig: RegistryRig;

beforeEach(async () => {
  rig = buildRegistry();
  await rig.put(
    buildMember({ _id: 'M1', name: '张三', born: '1968-04', tags: ['低保'] }),
    buildMember({ _id: 'M2', name: '李四', relation: '配偶', nickname: '四妹' }),
    buildMember({ _id: 'M3', name: '张三', household: 'H002', grid: '二组', tags: ['低保', '残疾'] }),
  );
});

describe('asking the registry', () => {
  it('finds people by household, grid, tag and full name', async () => {
    const ids = (people: { _id: string }[]): string[] => people.map(({ _id }) => _id);
    expect(ids(await rig.members.household('H001'))).toEqual(['M1', 'M2']);
    expect(ids(await rig.members.inGrid('二组'))).toEqual(['M3']);
    expect(ids(await rig.members.withTag('低保'))).toEqual(['M1', 'M3']);
    expect(ids(await rig.members.named('张三'))).toEqual(['M1', 'M3']);
    expect(await rig.members.named('张')).toEqual([]);
    expect(await rig.members.get('M404')).toBeNull();
  });

  it('counts years from the month of birth, by the day in the village', async () => {
    const member = buildMember({ _id: 'M9', born: '2010-04' });
    expect(rig.members.ageOn(member, new Date('2026-03-31T15:59:00Z'))).toBe(15);
    expect(rig.members.ageOn(member, new Date('2026-03-31T16:00:00Z'))).toBe(16);
    expect(rig.members.ageOn(buildMember({ _id: 'M9' }), rig.clock.now())).toBeNull();
  });

  it('knows who uses WeChat: by nickname, by binding, or by writing', async () => {
    expect(await rig.members.usesWechat('M2')).toBe(true);
    expect(await rig.members.usesWechat('M1')).toBe(false);
    expect(await rig.members.usesWechat('M404')).toBe(false);
    expect(await rig.members.usesWechat('wx:c1')).toBe(true);
    await rig.members.bind(systemActor, 'c1', 'M1');
    expect(await rig.members.usesWechat('M1')).toBe(true);
  });

  it('reaches an unbound person at the contact itself', async () => {
    expect(await rig.members.contactOf('wx:c1')).toBe('c1');
    expect(await rig.members.contactOf('M1')).toBeNull();
    expect(await rig.members.nameOf('wx:c1')).toBeNull();
    await rig.members.bind(systemActor, 'c1', 'M1');
    expect(await rig.members.nameOf('wx:c1')).toBe('张三');
  });
});

describe('roles', () => {
  it('count only while they are in force', async () => {
    await rig.give('M1', '网格员', '一组');
    await rig.give('M1', '村民代表', 'village', { to: new Date('2026-02-01T00:00:00Z') });
    await rig.give('M1', '村主任', 'village', { from: new Date('2026-04-01T00:00:00Z') });
    expect(await rig.members.actor('M1')).toEqual({
      member: 'M1',
      household: 'H001',
      grants: [{ role: '网格员', scope: '一组' }],
    });
    expect(await rig.members.actor('wx:c1')).toEqual({ member: null, household: null, grants: [] });
    expect((await rig.members.holders('网格员', '一组')).map(({ _id }) => _id)).toEqual(['M1']);
    expect(await rig.members.holders('网格员', '二组')).toEqual([]);
    expect(await rig.members.holders('村主任', 'village')).toEqual([]);
  });

  it('are granted and revoked by an admin alone', async () => {
    const admin = actorWith('管理员');
    const wanted = { member: 'M1', role: '社工', scope: 'village' } as const;
    await expect(rig.members.grants.grant(actorWith('村支书'), wanted)).rejects.toMatchObject({ status: 403 });
    await rig.members.grants.grant(admin, wanted);
    await rig.members.grants.grant(admin, wanted);
    expect(await rig.members.grants.of('M1')).toHaveLength(1);
    await expect(rig.members.grants.revoke(villager, wanted)).rejects.toMatchObject({ status: 403 });
    await rig.members.grants.revoke(admin, wanted);
    await rig.members.grants.revoke(admin, wanted);
    expect((await rig.members.actor('M1')).grants).toEqual([]);
    await rig.pass(1);
    await rig.members.grants.grant(admin, wanted);
    expect((await rig.members.actor('M1')).grants).toEqual([{ role: '社工', scope: 'village' }]);
  });

  it('end by themselves when a period was given', async () => {
    const to = new Date(rig.clock.now().getTime() + 60 * 60_000);
    await rig.members.grants.grant(systemActor, { member: 'M1', role: '社工', scope: 'village', to });
    expect((await rig.members.actor('M1')).grants).toHaveLength(1);
    await rig.pass(60);
    expect((await rig.members.actor('M1')).grants).toEqual([]);
  });

  it('leave the village one admin, and are not granted to nobody', async () => {
    const admin = { member: 'M1', role: '管理员', scope: 'village' } as const;
    await rig.members.grants.grant(systemActor, admin);
    await expect(rig.members.grants.revoke(systemActor, admin)).rejects.toMatchObject({ code: 'members.last-admin' });
    await rig.members.grants.grant(systemActor, { ...admin, member: 'M2' });
    await rig.members.grants.revoke(systemActor, admin);
    expect((await rig.members.actor('M1')).grants).toEqual([]);
    await expect(rig.members.grants.grant(systemActor, { ...admin, member: 'M404' })).rejects.toMatchObject({
      code: 'members.not-found',
    });
    await expect(rig.members.grants.revoke(systemActor, { ...admin, member: 'M3' })).rejects.toMatchObject({
      code: 'members.grant-not-found',
    });
  });
});

describe('退订 and 订阅', () => {
  it('stop and start again, however often they are said', async () => {
    await rig.members.stop('M1', 'in:1');
    await rig.members.stop('M1', 'in:1');
    expect(await rig.members.stopped('M1')).toBe(true);
    expect(await rig.members.stopped('M2')).toBe(false);
    await rig.members.resume('M1');
    await rig.members.resume('M1');
    expect(await rig.members.stopped('M1')).toBe(false);
  });

  it('hold for the member when they were said before binding', async () => {
    await rig.members.stop('wx:c1', 'in:1');
    await rig.members.bind(systemActor, 'c1', 'M1');
    expect(await rig.members.stopped('M1')).toBe(true);
    expect(await rig.members.stopped('wx:c1')).toBe(true);
    await rig.members.resume('M1');
    expect(await rig.members.stopped('M1')).toBe(false);
    expect(await rig.members.stopped('wx:c1')).toBe(false);
  });
});

describe('consents', () => {
  it('are given, withdrawn, and kept as evidence', async () => {
    const { consents } = rig.members;
    expect(await consents.given('M1', '公示')).toBe(false);
    await consents.give('M1', '公示', '2026-1', 'in:1');
    await consents.give('M1', '公示', '2026-1', 'in:1');
    expect(await consents.given('M1', '公示')).toBe(true);
    expect(await consents.given('M1', '照片')).toBe(false);
    await consents.withdraw('M1', '公示');
    expect(await consents.given('M1', '公示')).toBe(false);
    await consents.give('M1', '公示', '2026-2', 'in:2');
    expect(await consents.given('M1', '公示')).toBe(true);
    expect((await consents.of('M1')).map(({ version }) => version)).toEqual(['2026-1', '2026-2']);
  });
});

describe('personal numbers', () => {
  const withPhone = (id: string): Promise<void> =>
    rig.put(buildMember({ _id: id, phone: rig.crypto.seal('19900000001', `members:${id}:phone`) }));

  it('are masked, found by digest, and shown only to those who may, on record', async () => {
    await withPhone('M5');
    const member = await rig.members.get('M5');
    expect(member === null ? null : rig.members.phones.masked(member)).toBe('199****0001');
    expect((await rig.members.phones.holders('+86 199 0000 0001')).map(({ _id }) => _id)).toEqual(['M5']);
    expect(await rig.members.phones.holders('不是电话')).toEqual([]);
    const officer = actorWith('网格员', '一组', 'M2');
    expect(await rig.members.phones.reveal(officer, 'M5')).toBe('19900000001');
    await expect(rig.members.phones.reveal(actorWith('网格员', '二组'), 'M5')).rejects.toMatchObject({ status: 403 });
    await expect(rig.members.phones.reveal(villager, 'M5')).rejects.toMatchObject({ status: 403 });
    await expect(rig.members.phones.reveal(officer, 'M1')).rejects.toMatchObject({ code: 'members.no-phone' });
    const seen = await rig.store.collection(phoneReveals).find({ member: 'M5' });
    expect(seen.map(({ by }) => by)).toEqual(['M2']);
  });

  it('are sealed again when the key was changed', async () => {
    await withPhone('M5');
    const { store, clock, ids } = rig;
    const encryption = { ...testKeys.encryption, k2: Buffer.alloc(32, 2).toString('base64') };
    const members = createMembers({
      store,
      clock,
      ids,
      crypto: createCrypto({ ...testKeys, current: 'k2', encryption }),
    });
    expect(await members.phones.reseal()).toBe(1);
    expect(await members.phones.reseal()).toBe(0);
    const member = await members.get('M5');
    expect(member?.phone?.keyId).toBe('k2');
    expect(member === null ? null : members.phones.masked(member)).toBe('199****0001');
  });

  it('are unknown without keys', async () => {
    await withPhone('M5');
    const { store, clock, ids } = rig;
    const members = createMembers({ store, clock, ids });
    const member = await members.get('M5');
    expect(member === null ? undefined : members.phones.masked(member)).toBeNull();
    await expect(members.phones.reveal(systemActor, 'M5')).rejects.toMatchObject({ code: 'members.no-phone' });
  });
});
