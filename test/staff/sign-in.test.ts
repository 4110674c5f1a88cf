import { describe, expect, it } from 'vitest';
import { village } from '../../src/shared/access.ts';
import { isAppError } from '../../src/shared/errors.ts';
import { accounts, sessions, signInTries } from '../../src/staff/staff.model.ts';
import { buildStaff, password, type StaffBench } from '../support/staff.ts';

const wrong = '完全不对的一个密码';

/** What a try is refused with. */
async function refusal(trying: Promise<unknown>): Promise<{ code: string; seconds: number }> {
  const fault: unknown = await trying.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isAppError(fault)) throw new Error('not refused');
  return { code: fault.code, seconds: Number(fault.facts['seconds']) };
}

/** The same wrong password so often, each as soon as it is looked at again. */
async function guess(bench: StaffBench, times: number, address: string, device: string | null = null) {
  const codes: string[] = [];
  for (let at = 0; at < times; at++) {
    await bench.signIn('s1', { password: wrong, address, device }).catch((fault: { code: string }) => {
      codes.push(fault.code);
    });
  }
  return codes;
}

describe('signing in', () => {
  it('gives a session to who knows the password, however the name is written', async () => {
    const bench = await buildStaff();
    await bench.account('S1');
    const { token, session } = await bench.signIn(' S1 ');
    expect(session.member).toBe('S1');
    expect((await bench.staff.session(token))?._id).toBe(session._id);
  });

  it('keeps neither the password nor the token', async () => {
    const bench = await buildStaff();
    await bench.account('S1');
    const { token, device } = await bench.signIn('s1');
    const kept = JSON.stringify([
      await bench.store.collection(accounts).find({}),
      await bench.store.collection(sessions).find({}),
    ]);
    expect(kept).toContain('$argon2id$');
    for (const secret of [password, token, device]) expect(kept).not.toContain(secret);
  });

  it('answers an unknown name, a wrong password and a closed account alike', async () => {
    const bench = await buildStaff();
    await bench.account('S1');
    await bench.account('S2');
    await bench.staff.close({ member: 'S3', household: null, grants: [{ role: '管理员', scope: village }] }, 's2');
    for (const [name, word] of [
      ['nobody', password],
      ['s1', wrong],
      ['s2', password],
    ] as const) {
      await expect(bench.signIn(name, { password: word })).rejects.toMatchObject({
        code: 'staff.sign-in',
        status: 401,
      });
    }
  });

  it('ends the session that the browser had before', async () => {
    const bench = await buildStaff();
    await bench.account('S1');
    const planted = await bench.signIn('s1');
    const own = await bench.signIn('s1', { previous: planted.token });
    expect(own.token).not.toBe(planted.token);
    expect(await bench.staff.session(planted.token)).toBeNull();
    expect(await bench.staff.session(own.token)).not.toBeNull();
  });
});

describe('wrong passwords', () => {
  it('cost nothing three times, then a wait that doubles', async () => {
    const bench = await buildStaff();
    await bench.account('S1');
    expect(await guess(bench, 3, '10.0.0.9')).toEqual(['staff.sign-in', 'staff.sign-in', 'staff.sign-in']);
    const waits: number[] = [];
    for (let round = 0; round < 4; round++) {
      const { seconds } = await refusal(bench.signIn('s1', { address: '10.0.0.9' }));
      waits.push(seconds);
      await bench.pass(seconds);
      await guess(bench, 1, '10.0.0.9');
    }
    expect(waits).toEqual([1, 2, 4, 8]);
  });

  it('never make anybody wait longer than a quarter of an hour', async () => {
    const bench = await buildStaff();
    await bench.account('S1');
    for (let at = 0; at < 30; at++) {
      await guess(bench, 1, '10.0.0.9');
      await bench.pass(900);
    }
    await guess(bench, 1, '10.0.0.9');
    const { seconds } = await refusal(bench.signIn('s1', { address: '10.0.0.9' }));
    expect(seconds).toBe(900);
  });

  it('are counted also when many come at once', async () => {
    const bench = await buildStaff();
    await bench.account('S1');
    const told = await Promise.allSettled(
      Array.from({ length: 20 }, () => bench.signIn('s1', { password: wrong, address: '10.0.0.9' })),
    );
    const looked = told.filter((one) => one.status === 'rejected' && isAppError(one.reason, 'staff.sign-in'));
    expect(looked.length).toBeLessThanOrEqual(3);
  });

  it('by strangers don’t keep out the owner, whose browser is known', async () => {
    const bench = await buildStaff();
    await bench.account('S1');
    const { device } = await bench.signIn('s1');
    for (let at = 0; at < 40; at++) await guess(bench, 4, `10.1.${at}.1`);
    await expect(bench.signIn('s1', { address: '10.0.0.1' })).rejects.toMatchObject({ code: 'staff.wait' });
    expect((await bench.signIn('s1', { address: '10.1.0.1', device })).session.member).toBe('S1');
  });

  it('make a known browser wait as well', async () => {
    const bench = await buildStaff();
    await bench.account('S1');
    const { device } = await bench.signIn('s1');
    await guess(bench, 3, '10.0.0.1', device);
    await expect(bench.signIn('s1', { device })).rejects.toMatchObject({ code: 'staff.wait', status: 429 });
  });

  it('from many addresses make every stranger wait, a minute at most', async () => {
    const bench = await buildStaff();
    await bench.account('S1');
    for (let at = 0; at < 12; at++) await guess(bench, 1, `10.2.${at}.1`);
    const { code, seconds } = await refusal(bench.signIn('s1', { address: '10.3.0.1' }));
    expect(code).toBe('staff.wait');
    expect(seconds).toBeLessThanOrEqual(60);
    await bench.pass(60);
    expect((await bench.signIn('s1', { address: '10.3.0.1' })).session.member).toBe('S1');
  });

  it('on many names from one address make that address wait', async () => {
    const bench = await buildStaff();
    for (let at = 0; at < 20; at++) {
      await bench.signIn(`name${at}`, { password: wrong, address: '10.0.0.9' }).catch(() => undefined);
    }
    await expect(bench.signIn('another', { address: '10.0.0.9' })).rejects.toMatchObject({ code: 'staff.wait' });
  });

  it('count for nothing when too many come at once to be looked at', async () => {
    const bench = await buildStaff();
    const told = await Promise.all(
      Array.from({ length: 40 }, (_, at) =>
        refusal(bench.signIn(`name${at}`, { password: wrong, address: `10.4.${at}.1` })),
      ),
    );
    const busy = told.filter(({ code }) => code === 'staff.busy');
    expect(busy.length).toBeGreaterThan(0);
    const kept = await bench.store.collection(signInTries).find({ failures: { $gt: 0 } });
    // A try counts for the account, the address, and the account from there.
    expect(kept).toHaveLength((40 - busy.length) * 3);
  });

  it('are forgotten after the right one, and after a day', async () => {
    const bench = await buildStaff();
    await bench.account('S1');
    await guess(bench, 2, '10.0.0.1');
    await bench.signIn('s1');
    expect(await guess(bench, 3, '10.0.0.1')).toHaveLength(3);
    await bench.pass(3 * 24 * 3600);
    await bench.staff.forgetExpired();
    expect(await bench.store.collection(signInTries).find({})).toEqual([]);
  });

  it('leave no name and no address behind', async () => {
    const bench = await buildStaff();
    await bench.account('S1');
    await guess(bench, 2, '10.0.0.9');
    const kept = JSON.stringify(await bench.store.collection(signInTries).find({}));
    expect(kept).not.toMatch(/s1|10\.0\.0\.9/);
  });
});
