import { describe, expect, it } from 'vitest';
import { openTestVillage } from '../support/village.ts';

describe('a gateway that does not answer', () => {
  it('keeps nothing else from opening; the login is tried again until it works', async () => {
    const it = await openTestVillage({ fresh: false });
    let tries = 0;
    Object.assign(it.channel, {
      start: () => (++tries < 3 ? Promise.reject(new Error('no gateway')) : Promise.resolve()),
    });
    await it.village.start();
    expect(it.faults).toHaveLength(1);
    await it.until('2026-03-18T09:32:00+08:00');
    expect(tries).toBe(3);
    expect(it.faults).toHaveLength(2);
    await it.village.close();
  });

  it('is not tried again once the village is closed', async () => {
    const it = await openTestVillage({ fresh: false });
    let tries = 0;
    Object.assign(it.channel, { start: () => Promise.reject(new Error(`no gateway ${++tries}`)) });
    await it.village.start();
    await it.village.close();
    await it.until('2026-03-18T10:00:00+08:00');
    expect(tries).toBe(1);
  });
});

describe('something that cannot be looked after', () => {
  it('is told, and keeps nothing else from opening', async () => {
    const it = await openTestVillage({ fresh: false });
    const { feedback } = it.village;
    Object.assign(feedback, { sweepOwners: () => Promise.reject(new Error('broken')) });
    await it.village.start();
    expect(it.faults.map(String)).toEqual(['Error: broken']);
    await it.village.close();
  });
});
