import { describe, expect, test } from 'vitest';
import { isAppError } from '../../src/shared/errors.ts';
import { buildFeedback } from '../support/feedback.ts';
import type { FeedbackRig } from '../support/feedback.ts';

const lamp = '三组坎下那盏路灯不亮了';

/** Codes of those that were refused. */
async function outcomes(all: readonly Promise<unknown>[]): Promise<{ done: number; refused: string[] }> {
  const settled = await Promise.allSettled(all);
  const refused: string[] = [];
  for (const one of settled)
    if (one.status === 'rejected') refused.push(isAppError(one.reason) ? one.reason.code : String(one.reason));
  return { done: settled.length - refused.length, refused };
}

const two = async (): Promise<FeedbackRig> => {
  const rig = await buildFeedback();
  await rig.file('m1', 'M0211', lamp, '三组');
  await rig.file('m2', 'M0230', '三组坎下路灯黑起的', '三组');
  return rig;
};

describe('at once', () => {
  test('two cadres resolve: one does, the other hears that it is done', async () => {
    const rig = await two();
    const [a, b] = [await rig.actor('M0167'), await rig.actor('M0221')];
    expect(
      await outcomes([
        rig.feedback.handle(a, 'm1', 'a', { do: 'resolve', note: '甲' }),
        rig.feedback.handle(b, 'm1', 'b', { do: 'resolve', note: '乙' }),
      ]),
    ).toEqual({ done: 1, refused: ['feedback.wrong-state'] });
    await rig.settle();
    expect(await rig.planned()).toHaveLength(1);
  });

  test('one resolves, one rejects, one transfers: exactly one of them counts', async () => {
    const rig = await two();
    const actor = await rig.actor('M0221');
    const { done } = await outcomes([
      rig.feedback.handle(actor, 'm1', 'a', { do: 'reject', reason: '甲' }),
      rig.feedback.handle(actor, 'm1', 'b', { do: 'transfer', note: '乙' }),
      rig.feedback.handle(actor, 'm1', 'c', { do: 'reject', reason: '丙' }),
    ]);
    expect(done).toBe(1);
  });

  test('both reporters of a merged one rate: the first counts', async () => {
    const rig = await two();
    await rig.feedback.merge({ report: 'm2', into: 'm1', from: 'm3', asker: await rig.asker('M0230') });
    await rig.feedback.handle(await rig.actor('M0167'), 'm1', 'op', { do: 'resolve', note: '换了' });
    const [a, b] = [await rig.asker('M0211'), await rig.asker('M0230')];
    const { done } = await outcomes([
      rig.feedback.rate({ report: 'm1', from: 'r1', asker: a, verdict: { score: 5 } }),
      rig.feedback.rate({ report: 'm2', from: 'r2', asker: b, verdict: { score: 1 } }),
    ]);
    expect(done).toBe(1);
    expect(['confirmed', 'reopened']).toContain((await rig.row('m1')).status);
    expect((await rig.row('m2')).status).toBe('merged');
  });

  test('a merge while the older one is being resolved: merged and told, or apart and open', async () => {
    for (let round = 0; round < 20; round++) {
      const rig = await two();
      const [actor, asker] = [await rig.actor('M0167'), await rig.asker('M0230')];
      const turns = async (n: number): Promise<void> => {
        for (let i = 0; i < n; i++) await Promise.resolve();
      };
      await Promise.allSettled([
        turns(round * 2).then(() => rig.feedback.handle(actor, 'm1', 'op', { do: 'resolve', note: '换了' })),
        turns(20).then(() => rig.feedback.merge({ report: 'm2', into: 'm1', from: 'm3', asker })),
      ]);
      await rig.settle();
      const child = await rig.row('m2');
      const told = (await rig.planned()).find(({ facts }) => facts['what'] === 'resolved')?.mentions ?? [];
      expect(child.merging).toBeNull();
      const merged = child.status === 'merged';
      expect([child.status, told]).toEqual(merged ? ['merged', ['M0211', 'M0230']] : ['assigned', ['M0211']]);
    }
  });

  test('a merge while the newer one is being resolved or withdrawn leaves it in one state', async () => {
    const rig = await two();
    const [actor, asker] = [await rig.actor('M0167'), await rig.asker('M0230')];
    await Promise.allSettled([
      rig.feedback.merge({ report: 'm2', into: 'm1', from: 'm3', asker }),
      rig.feedback.withdraw({ report: 'm2', from: 'm4', asker }),
      rig.feedback.handle(actor, 'm2', 'op', { do: 'resolve', note: '换了' }),
    ]);
    await rig.sweepAll();
    const child = await rig.row('m2');
    expect(child.merging).toBeNull();
    expect((await rig.row('m1')).merged).toEqual(child.status === 'merged' ? ['m2'] : []);
    expect(child.mergedInto).toBe(child.status === 'merged' ? 'm1' : null);
  });

  test('fifty additions at once are all kept, and each message counts once', async () => {
    const rig = await two();
    const asker = await rig.asker('M0211');
    const add = (n: number): Promise<unknown> =>
      rig.feedback.add({ report: 'm1', from: `p${n}`, asker, images: [`${n}.jpg`] });
    await Promise.all([
      ...Array.from({ length: 10 }, (_, n) => add(n)),
      ...Array.from({ length: 10 }, (_, n) => add(n)),
    ]);
    expect((await rig.row('m1')).images).toHaveLength(10);
  });

  test('reports merged in a chain all lead to the oldest, and never in a circle', async () => {
    const rig = await two();
    await rig.file('m3', 'M0213', '三组坎下路灯熄了', '三组');
    const [a, b, c] = [await rig.asker('M0211'), await rig.asker('M0230'), await rig.asker('M0213')];
    await outcomes([
      rig.feedback.merge({ report: 'm3', into: 'm2', from: 'x1', asker: c }),
      rig.feedback.merge({ report: 'm2', into: 'm1', from: 'x2', asker: b }),
    ]);
    await rig.sweepAll();
    expect((await rig.feedback.rootOf('m3'))._id).toBe('m1');
    await expect(rig.feedback.merge({ report: 'm1', into: 'm3', from: 'x3', asker: a })).rejects.toMatchObject({
      code: 'feedback.cannot-merge',
    });
    await rig.feedback.handle(await rig.actor('M0167'), 'm1', 'op', { do: 'resolve', note: '换了' });
    await rig.settle();
    expect((await rig.planned())[0]?.mentions).toEqual(['M0211', 'M0230', 'M0213']);
  });

  test('merging is refused into what is done with, for 干部作风, and by anybody else', async () => {
    const rig = await two();
    await rig.file('m3', 'M0213', '网格员曹玉兰吼人态度差');
    await rig.file('m4', 'M0213', lamp);
    const [asker, other] = [await rig.asker('M0213'), await rig.asker('M0287')];
    const merge = (report: string, into: string, from: string, by = asker): Promise<unknown> =>
      rig.feedback.merge({ report, into, from, asker: by });
    await expect(merge('m3', 'm1', 'x1')).rejects.toMatchObject({ code: 'feedback.cannot-merge' });
    await expect(merge('m4', 'm3', 'x2')).rejects.toMatchObject({ code: 'feedback.cannot-merge' });
    await expect(merge('m4', 'm1', 'x3', other)).rejects.toMatchObject({ code: 'feedback.not-found' });
    await rig.feedback.handle(await rig.actor('M0221'), 'm1', 'op', { do: 'resolve', note: '换了' });
    await expect(merge('m4', 'm1', 'x4')).rejects.toMatchObject({
      code: 'feedback.too-late',
      facts: { number: 4, into: 1 },
    });
    expect((await rig.row('m4')).merging).toBeNull();
  });
});
