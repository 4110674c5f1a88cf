import { describe, expect, it } from 'vitest';
import { systemActor, village } from '../../src/shared/access.ts';
import { setUpTokens } from '../../src/staff/staff.model.ts';
import { buildStaff, password, type StaffBench } from '../support/staff.ts';

async function firstLink(bench: StaffBench): Promise<string> {
  const link = await bench.staff.firstAdminLink();
  if (link === null) throw new Error('no link');
  return link.token;
}

const isAdmin = async (bench: StaffBench, member: string): Promise<boolean> =>
  (await bench.members.actor(member)).grants.some(({ role, scope }) => role === '管理员' && scope === village);

describe('the first admin', () => {
  it('is made once by the link', async () => {
    const bench = await buildStaff();
    const token = await firstLink(bench);
    await bench.staff.accept({ token, member: 'S1', name: '老杨', password });
    expect(await isAdmin(bench, 'S1')).toBe(true);
    expect((await bench.signIn('老杨')).session.member).toBe('S1');
    await expect(bench.staff.accept({ token, member: 'S2', name: '别人', password })).rejects.toMatchObject({
      code: 'staff.link-used',
      status: 410,
    });
    expect(await bench.staff.firstAdminLink()).toBeNull();
  });

  it('may be nobody of the registry, which is still empty', async () => {
    const bench = await buildStaff();
    const { member } = await bench.staff.accept({ token: await firstLink(bench), name: '老杨', password });
    expect((await bench.members.get(member))?.name).toBe('老杨');
    expect(await isAdmin(bench, member)).toBe(true);
  });

  it('is one, when two use the link at once', async () => {
    const bench = await buildStaff();
    const token = await firstLink(bench);
    const told = await Promise.allSettled([
      bench.staff.accept({ token, member: 'S1', name: '甲甲', password }),
      bench.staff.accept({ token, member: 'S2', name: '乙乙', password }),
    ]);
    expect(told.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect([await isAdmin(bench, 'S1'), await isAdmin(bench, 'S2')].filter(Boolean)).toHaveLength(1);
  });

  it('is finished by the same name when the first try was cut off', async () => {
    const bench = await buildStaff();
    const token = await firstLink(bench);
    const account = await bench.staff.accept({ token, member: 'S1', name: '老杨', password });
    // As if the process had died before the link was marked as done.
    await bench.store.collection(setUpTokens).update({ _id: account.madeFrom }, { $set: { doneAt: null } });
    await expect(bench.staff.accept({ token, member: 'S1', name: '老杨', password })).resolves.toMatchObject({
      member: 'S1',
    });
    await expect(bench.staff.accept({ token, member: 'S1', name: '老杨', password })).rejects.toMatchObject({
      code: 'staff.link-used',
    });
  });

  it('has no use for an older link once there is one', async () => {
    const bench = await buildStaff();
    const [older, newer] = [await firstLink(bench), await firstLink(bench)];
    await bench.staff.accept({ token: newer, member: 'S1', name: '老杨', password });
    await expect(bench.staff.accept({ token: older, member: 'S2', name: '别人', password })).rejects.toMatchObject({
      code: 'staff.link-used',
    });
    expect(await isAdmin(bench, 'S2')).toBe(false);
  });

  it('gets a day for it', async () => {
    const bench = await buildStaff();
    const token = await firstLink(bench);
    await bench.pass(24 * 3600);
    await expect(bench.staff.accept({ token, name: '老杨', password })).rejects.toMatchObject({
      code: 'staff.link-expired',
    });
  });

  it('is refused a link that nobody made, and members that nobody knows', async () => {
    const bench = await buildStaff();
    await expect(bench.staff.accept({ token: 'x', name: '老杨', password })).rejects.toMatchObject({
      code: 'staff.link-unknown',
      status: 404,
    });
    const token = await firstLink(bench);
    await expect(bench.staff.accept({ token, member: 'S9', name: '老杨', password })).rejects.toMatchObject({
      code: 'members.not-found',
    });
    await expect(bench.staff.accept({ token, member: 'S1', name: '老杨', password })).resolves.toBeDefined();
  });
});

describe('an invitation', () => {
  it('makes an account without any new right', async () => {
    const bench = await buildStaff();
    await bench.account('S1');
    expect((await bench.members.actor('S1')).grants).toEqual([]);
  });

  it('comes from admins alone', async () => {
    const bench = await buildStaff();
    const secretary = { member: 'S2', household: null, grants: [{ role: '村支书', scope: village }] } as const;
    await expect(bench.staff.invite(secretary, 'S1')).rejects.toMatchObject({ code: 'access.denied' });
    await expect(bench.staff.accounts(secretary)).rejects.toMatchObject({ code: 'access.denied' });
    await expect(bench.staff.close(secretary, 's1')).rejects.toMatchObject({ code: 'access.denied' });
  });

  it('gives the member who has an account a new password, and ends its sessions', async () => {
    const bench = await buildStaff();
    await bench.account('S1');
    const { token: session } = await bench.signIn('s1');
    const { token } = await bench.staff.invite(systemActor, 'S1');
    await bench.staff.accept({ token, password: '忘了以后新设的密码' + '哈哈' });
    expect(await bench.staff.session(session)).toBeNull();
    await expect(bench.signIn('s1')).rejects.toMatchObject({ code: 'staff.sign-in' });
  });

  it('can’t take over somebody else’s name, and may try another', async () => {
    const bench = await buildStaff();
    await bench.account('S1');
    const { token } = await bench.staff.invite(systemActor, 'S2');
    await expect(bench.staff.accept({ token, name: 's1', password })).rejects.toMatchObject({
      code: 'staff.name-taken',
    });
    expect((await bench.signIn('s1')).session.member).toBe('S1');
    await expect(bench.staff.accept({ token, name: '乙', password })).rejects.toMatchObject({ code: 'staff.name' });
    await expect(bench.staff.accept({ token, name: '乙老师', password })).resolves.toMatchObject({ member: 'S2' });
  });

  it('opens a closed account again', async () => {
    const bench = await buildStaff();
    await bench.account('S1');
    await bench.staff.close(systemActor, 's1');
    await bench.account('S1');
    expect((await bench.signIn('s1')).session.member).toBe('S1');
  });

  it.each([
    ['九个字的密码不够长', 'staff.password-short'],
    ['长'.repeat(129), 'staff.password-long'],
  ])('refuses the password %s', async (word, code) => {
    const bench = await buildStaff();
    const { token } = await bench.staff.invite(systemActor, 'S1');
    await expect(bench.staff.accept({ token, name: '甲甲', password: word })).rejects.toMatchObject({ code });
  });
});

describe('closing accounts', () => {
  it('leaves one admin who can sign in', async () => {
    const bench = await buildStaff();
    const token = await firstLink(bench);
    await bench.staff.accept({ token, member: 'S1', name: 's1', password });
    await expect(bench.staff.close(systemActor, 's1')).rejects.toMatchObject({ code: 'staff.last-admin', status: 409 });
    await bench.members.grants.grant(systemActor, { member: 'S2', role: '管理员', scope: village });
    await expect(bench.staff.close(systemActor, 's1')).rejects.toMatchObject({ code: 'staff.last-admin' });
    await bench.account('S2');
    await expect(bench.staff.close(systemActor, 's1')).resolves.toMatchObject({ state: 'closed' });
  });
});
