import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFeedback } from '../../src/feedback/index.ts';
import type { Report } from '../../src/feedback/index.ts';
import type { Collection, Store } from '../../src/platform/store/port.ts';
import { isAppError } from '../../src/shared/errors.ts';
import { buildFeedback } from '../support/feedback.ts';
import type { FeedbackRig } from '../support/feedback.ts';

const writes = new Set(['insert', 'update', 'upsert', 'updateMany', 'remove']);

/** A process that dies at its n-th write: right before it, or right after it was made. Then nothing works any more. */
function mortal(): { tamper: (store: Store) => Store; dieAt: (write: number, made: boolean) => void } {
  let left = Number.POSITIVE_INFINITY;
  let afterwards = false;
  let dead = false;
  const wrap = <T extends { _id: string }>(collection: Collection<T>): Collection<T> =>
    new Proxy(collection, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        if (typeof value !== 'function') return value;
        return async (...args: unknown[]): Promise<unknown> => {
          if (dead) throw new Error('killed');
          const last = writes.has(String(key)) && --left === 0;
          if (last && !afterwards) dead = true;
          if (dead) throw new Error('killed');
          const result: unknown = await Reflect.apply(value, target, args);
          if (last) {
            dead = true;
            throw new Error('killed');
          }
          return result;
        };
      },
    });
  return {
    tamper: (store) => ({
      ...store,
      collection: (declaration) => wrap(store.collection(declaration)),
    }),
    dieAt(write, made) {
      left = write;
      afterwards = made;
    },
  };
}

/** The next process on the same store: retries what was interrupted, then sweeps. */
function reborn(rig: FeedbackRig): FeedbackRig['feedback'] {
  const { store, clock, members, grid } = rig;
  return createFeedback({ store, clock, members, grid });
}

async function all(rig: FeedbackRig): Promise<Report[]> {
  const found: Report[] = [];
  for await (const report of reborn(rig).all()) found.push(report);
  return found;
}

/** What does not hold at rest, whatever happened. */
async function broken(rig: FeedbackRig): Promise<string[]> {
  const rows = await all(rig);
  const byId = new Map(rows.map((report) => [report._id, report]));
  return rows.flatMap(({ _id, handler, about, merging, merged, mergedInto, status }) => {
    const into = mergedInto === null ? null : byId.get(mergedInto);
    const checks: Record<string, boolean> = {
      'has an owner': handler !== null,
      'its owner is not the one it is about': handler === null || !about.includes(handler),
      'no merge is left half done': merging === null,
      'merged means merged into one': (status === 'merged') === (mergedInto !== null),
      'that one knows it': into === null || into?.merged.includes(_id) === true,
      'that one is not withdrawn': into === null || into?.status !== 'withdrawn',
      'all that it knows are merged into it': merged.every((child) => byId.get(child)?.mergedInto === _id),
    };
    return Object.entries(checks).flatMap(([name, right]) => (right ? [] : [`${_id}: ${name}`]));
  });
}

const lamp = '三组坎下那盏路灯不亮了';

describe('killed at any write', () => {
  for (const made of [false, true]) {
    const when = made ? 'right after' : 'right before';
    for (let write = 1; write <= 4; write++) {
      test(`filing, ${when} write ${write}: the retry files it once`, async () => {
        const death = mortal();
        const rig = await buildFeedback({ tamper: death.tamper });
        death.dieAt(write, made);
        await rig.file('m1', 'M0211', lamp).catch(() => undefined);
        await rig.settle();
        const next = reborn(rig);
        const { reading, ...filing } = {
          reading: { category: '水电通信' as const, place: null, things: [], home: false, about: [] },
          from: 'm1',
          person: 'M0211',
          member: 'M0211',
          room: null,
          grid: '三组',
          text: lamp,
        };
        await next.file({ ...filing, reading });
        const rows = await all(rig);
        expect(rows).toHaveLength(1);
        expect(rows[0]).toMatchObject({ status: 'assigned', handler: 'M0167' });
      });

      for (const retried of [true, false]) {
        test(`merging, ${when} write ${write}, ${retried ? 'retried' : 'left to the sweep'}: both sides agree`, async () => {
          const death = mortal();
          const rig = await buildFeedback({ tamper: death.tamper });
          await rig.file('m1', 'M0211', lamp, '三组');
          await rig.file('m2', 'M0230', '三组坎下路灯黑起的', '三组');
          await rig.settle();
          const asker = await rig.asker('M0230');
          death.dieAt(write, made);
          await rig.feedback.merge({ report: 'm2', into: 'm1', from: 'm3', asker }).catch(() => undefined);
          const next = reborn(rig);
          if (retried) await next.merge({ report: 'm2', into: 'm1', from: 'm3', asker });
          await next.sweepHalfDone();
          expect(await broken(rig)).toEqual([]);
          expect(!retried || (await rig.row('m2')).status === 'merged').toBe(true);
        });
      }

      test(`taking a merge back, ${when} write ${write}: the sweep leaves no trace of it`, async () => {
        const death = mortal();
        const rig = await buildFeedback({ tamper: death.tamper });
        await rig.file('m1', 'M0211', lamp, '三组');
        await rig.file('m2', 'M0230', '三组坎下路灯黑起的', '三组');
        const asker = await rig.asker('M0230');
        await rig.feedback.merge({ report: 'm2', into: 'm1', from: 'm3', asker });
        death.dieAt(write, made);
        await rig.feedback.separateOwn({ report: 'm2', from: 's', asker }).catch(() => undefined);
        await reborn(rig).sweepHalfDone();
        expect(await broken(rig)).toEqual([]);
      });

      test(`withdrawing what others were merged into, ${when} write ${write}: the others stand on their own`, async () => {
        const death = mortal();
        const rig = await buildFeedback({ tamper: death.tamper });
        await rig.file('m1', 'M0211', lamp, '三组');
        for (const [id, person] of [
          ['m2', 'M0230'],
          ['m3', 'M0213'],
        ] as const) {
          await rig.file(id, person, '三组坎下路灯黑起的', '三组');
          await rig.feedback.merge({ report: id, into: 'm1', from: `x${id}`, asker: await rig.asker(person) });
        }
        const asker = await rig.asker('M0211');
        death.dieAt(write, made);
        await rig.feedback.withdraw({ report: 'm1', from: 'w', asker }).catch(() => undefined);
        await reborn(rig).sweepHalfDone();
        expect(await broken(rig)).toEqual([]);
      });
    }
  }

  test('between an event and its telling: the news is said once after the restart', async () => {
    const rig = await buildFeedback();
    await rig.file('m1', 'M0211', lamp, '三组');
    await rig.feedback.handle(await rig.actor('M0167'), 'm1', 'op', { do: 'resolve', note: '换了' });
    await rig.settle();
    const before = await rig.planned();
    await rig.feedback.handle(await rig.actor('M0167'), 'm1', 'op', { do: 'resolve', note: '换了' });
    await rig.sweepAll();
    expect(await rig.planned()).toEqual(before);
  });
});

type Deed =
  | { kind: 'file'; who: number; text: number; room: boolean }
  | {
      kind: 'add' | 'merge' | 'rate' | 'withdraw' | 'separate';
      who: number;
      report: number;
      other: number;
      score: number;
    }
  | { kind: 'handle'; cadre: number; report: number; what: number; to: number }
  | { kind: 'pass'; hours: number };

const villagers = ['M0211', 'M0230', 'M0213', 'M0287', 'M0307', 'M0296'];
const cadres = ['M0167', 'M0296', 'M0140', 'M0221', 'M0110'];
const texts = [
  lamp,
  '三组坎下路灯黑起的',
  '四组公路垮了个大坑',
  '网格员吴昌玉收钱不开票还吼人',
  '曹玉兰说来修路一直没来',
  '监督委员梁国富打牌不管事',
  '屋头停水了',
];
const index = fc.nat({ max: 9 });
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ kind: fc.constant('file' as const), who: index, text: index, room: fc.boolean() }),
  fc.record({
    kind: fc.constantFrom('add' as const, 'merge' as const, 'rate' as const, 'withdraw' as const, 'separate' as const),
    who: index,
    report: index,
    other: index,
    score: fc.integer({ min: 1, max: 5 }),
  }),
  fc.record({ kind: fc.constant('handle' as const), cadre: index, report: index, what: index, to: index }),
  fc.record({ kind: fc.constant('pass' as const), hours: fc.integer({ min: 1, max: 90 }) }),
);

const pick = <T>(list: readonly T[], n: number): T => {
  const found = list[n % list.length];
  if (found === undefined) throw new Error('an empty list');
  return found;
};

async function perform(rig: FeedbackRig, one: Deed, n: number, filed: string[]): Promise<void> {
  if (one.kind === 'pass') {
    await rig.until(new Date(rig.clock.now().getTime() + one.hours * 3_600_000).toISOString());
    return;
  }
  if (one.kind === 'file') {
    filed.push(`f${n}`);
    await rig.file(`f${n}`, pick(villagers, one.who), pick(texts, one.text), one.room ? '三组' : null);
    return;
  }
  if (filed.length === 0) return;
  const report = pick(filed, one.report);
  if (one.kind === 'handle') {
    const actor = await rig.actor(pick(cadres, one.cadre));
    const handling = [
      { do: 'accept' },
      { do: 'progress', note: '在办' },
      { do: 'resolve', note: '好了' },
      { do: 'assign', to: pick(cadres, one.to) },
      { do: 'extend', days: 1, reason: '等料' },
      { do: 'transfer', note: '报镇上' },
      { do: 'reject', reason: '不归村里管' },
    ] as const;
    await rig.feedback.handle(actor, report, `h${n}`, pick(handling, one.what));
    return;
  }
  const asker = await rig.asker(pick(villagers, one.who));
  const from = `d${n}`;
  switch (one.kind) {
    case 'add':
      await rig.feedback.add({ report, from, asker, images: [`${n}.jpg`] });
      return;
    case 'merge':
      await rig.feedback.merge({ report, into: pick(filed, one.other), from, asker });
      return;
    case 'rate':
      await rig.feedback.rate({ report, from, asker, verdict: { score: one.score } });
      return;
    case 'withdraw':
      await rig.feedback.withdraw({ report, from, asker });
      return;
    case 'separate':
      await rig.feedback.separateOwn({ report, from, asker });
  }
}

test('over any history every report has an owner at every moment, who is not the one it is about', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 3, maxLength: 25 }), async (history) => {
      const rig = await buildFeedback();
      for (const one of villagers.concat(cadres)) await rig.wrote(one);
      const filed: string[] = [];
      for (const [n, one] of history.entries()) {
        await perform(rig, one, n, filed).catch((fault: unknown) => {
          if (!isAppError(fault)) throw fault;
        });
        await rig.settle();
        expect(await broken(rig)).toEqual([]);
      }
      expect(rig.faults).toEqual([]);
      const wrong: string[] = [];
      for (const row of await rig.planned()) {
        const report = await rig.row(row.subject?.id ?? '');
        const itself = row.person !== null && row.person !== report.person && report.about.includes(row.person);
        if (itself && row.facts['what'] !== 'resolved' && (await rig.allowed(row)))
          wrong.push(`${row._id} hears of itself`);
        if (row.room !== null && report.category === '干部作风') wrong.push(`${row._id} is said in a group`);
      }
      expect(wrong).toEqual([]);
    }),
    { numRuns: 40 },
  );
}, 60_000);
