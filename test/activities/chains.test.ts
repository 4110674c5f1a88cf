import { describe, expect, it } from 'vitest';
import { chains as rooms } from '../../src/activities/activities.model.ts';
import { systemActor } from '../../src/shared/access.ts';
import { openActivity } from '../support/stories.ts';
import { openTestVillage } from '../support/village.ts';

const stateOf = (...activities: string[]): string =>
  JSON.stringify({
    current: activities[0] ?? null,
    foreign: { heads: ['h'], seen: [], current: false },
    chains: Object.fromEntries(activities.map((id) => [id, { entries: [{ signedBy: 'wx:wx-M3', name: '吕哥' }] }])),
  });

describe('what is remembered of a room’s 接龙', () => {
  it('is saved only over what was read: of two at once one must read again', async () => {
    const { chains } = (await openTestVillage()).village.activities;
    const first = { state: stateOf('A1'), rev: 0, from: 'a' };
    const both = await Promise.all([chains.save('三组', first), chains.save('三组', { ...first, from: 'b' })]);
    expect(both.toSorted()).toEqual([false, true]);
    expect(await chains.save('三组', { ...first, from: 'c' })).toBe(false);
    expect(await chains.save('三组', { ...first, rev: 1, from: 'c' })).toBe(true);
    expect(await chains.of('三组')).toMatchObject({ rev: 2, from: 'c' });
  });

  it('puts lines that were signed under a contact under the member, and nothing else', async () => {
    const { chains } = (await openTestVillage()).village.activities;
    await chains.save('三组', { state: stateOf('A1'), rev: 0, from: 'a' });
    await chains.adopt('wx:wx-M3', 'M3');
    await chains.adopt('wx:wx-M', 'M1');
    expect((await chains.of('三组'))?.state).toBe(stateOf('A1').replace('wx:wx-M3', 'M3'));
    expect(await chains.of('三组')).toMatchObject({ from: 'a' });
  });

  it('loses what was called off or has begun, and keeps the rest', async () => {
    const it = await openTestVillage();
    const { chains } = it.village.activities;
    await openActivity(it, { id: 'A1' });
    await openActivity(it, { id: 'A2', name: '院坝会' });
    await chains.save('三组', { state: stateOf('A1', 'A2'), rev: 0, from: 'a' });
    await chains.save('四组', { state: stateOf('A1'), rev: 0, from: 'a' });
    await it.village.activities.callOff(systemActor, 'A1', null);
    await it.work.idle();
    for (const { name, run } of it.village.sweeps) if (name === 'activities.chains') await run();
    const kept = JSON.parse((await chains.of('三组'))?.state ?? '{}') as { current: unknown; chains: object };
    expect([kept.current, Object.keys(kept.chains)]).toEqual([null, ['A2']]);
    expect(await it.village.ground.store.collection(rooms).get('四组')).toBeNull();
  });
});
