import { describe, expect, it } from 'vitest';
import { systemActor } from '../../src/shared/access.ts';
import { idleMs, longestMs } from '../../src/staff/index.ts';
import { sessions } from '../../src/staff/staff.model.ts';
import { buildStaff, password } from '../support/staff.ts';

describe('a session', () => {
  it('lives on while it is used, and ends after a time without use', async () => {
    const bench = await buildStaff();
    await bench.account('S1');
    const { token } = await bench.signIn('s1');
    for (let at = 0; at < 3; at++) {
      await bench.pass(idleMs / 1000 - 1);
      expect(await bench.staff.session(token)).not.toBeNull();
    }
    await bench.pass(idleMs / 1000);
    expect(await bench.staff.session(token)).toBeNull();
  });

  it('ends after a week, however much it is used', async () => {
    const bench = await buildStaff();
    await bench.account('S1');
    const { token } = await bench.signIn('s1');
    for (let hours = 0; hours < longestMs / 3_600_000 - 6; hours += 6) {
      await bench.pass(6 * 3600);
      expect(await bench.staff.session(token)).not.toBeNull();
    }
    await bench.pass(6 * 3600);
    expect(await bench.staff.session(token)).toBeNull();
  });

  it('is gone after signing out, the others stay', async () => {
    const bench = await buildStaff();
    await bench.account('S1');
    const [phone, desk] = [await bench.signIn('s1'), await bench.signIn('s1')];
    await bench.staff.signOut(phone.token);
    expect(await bench.staff.session(phone.token)).toBeNull();
    expect(await bench.staff.session(desk.token)).not.toBeNull();
  });

  it('is gone everywhere after signing out everywhere, and the browsers are strangers again', async () => {
    const bench = await buildStaff();
    await bench.account('S1');
    const [phone, desk] = [await bench.signIn('s1'), await bench.signIn('s1')];
    await bench.staff.signOutEverywhere(phone.session);
    expect(await bench.staff.session(phone.token)).toBeNull();
    expect(await bench.staff.session(desk.token)).toBeNull();
    const again = await bench.signIn('s1', { device: desk.device });
    expect(again.device).not.toBe(desk.device);
  });

  it('ends with every other one when the password changes', async () => {
    const bench = await buildStaff();
    await bench.account('S1');
    const [phone, desk] = [await bench.signIn('s1'), await bench.signIn('s1')];
    const change = { current: password, next: '换一个更长的新密码哦', address: '10.0.0.1', device: null };
    const fresh = await bench.staff.changePassword(desk.session, change);
    expect(await bench.staff.session(phone.token)).toBeNull();
    expect(await bench.staff.session(desk.token)).toBeNull();
    expect(await bench.staff.session(fresh.token)).not.toBeNull();
    await expect(bench.signIn('s1')).rejects.toMatchObject({ code: 'staff.sign-in' });
    expect((await bench.signIn('s1', { password: change.next })).session.member).toBe('S1');
  });

  it('doesn’t change the password for who doesn’t know it', async () => {
    const bench = await buildStaff();
    await bench.account('S1');
    const { session } = await bench.signIn('s1');
    const change = { current: '不知道的密码是什么呢', next: password, address: '10.0.0.1', device: null };
    await expect(bench.staff.changePassword(session, change)).rejects.toMatchObject({ code: 'staff.password-wrong' });
  });

  it('ends when the account is closed', async () => {
    const bench = await buildStaff();
    await bench.account('S1');
    const { token } = await bench.signIn('s1');
    await bench.staff.close(systemActor, 'S1');
    expect(await bench.staff.session(token)).toBeNull();
  });

  it('leaves no row behind once it is over', async () => {
    const bench = await buildStaff();
    await bench.account('S1');
    await bench.signIn('s1');
    await bench.pass(idleMs / 1000);
    await bench.staff.forgetExpired();
    expect(await bench.store.collection(sessions).find({})).toEqual([]);
  });
});
