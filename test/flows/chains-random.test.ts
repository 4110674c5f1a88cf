import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sumOf } from '../../src/activities/entries.ts';
import { openActivity } from '../support/stories.ts';
import { openTestVillage, type TestVillage } from '../support/village.ts';

const nicknames: Readonly<Record<string, string>> = { M1: '王大爷', M2: '李嬢嬢', M3: '吕哥', M4: '唐哥', M5: '吴玉' };
const people = ['M1', 'M2', 'M3', 'M4', 'M5'] as const;
const who = fc.constantFrom(...people);

type Step =
  | { readonly do: 'line'; readonly who: string; readonly line: string }
  | { readonly do: 'old copy'; readonly who: string; readonly back: number }
  | { readonly do: 'say'; readonly who: string; readonly text: string }
  | { readonly do: 'wait'; readonly minutes: number };

const names = fc.constantFrom(...Object.values(nicknames), '春花', '秋菊', '我');
const tail = fc.constantFrom('', '', '', ' 2人', ' 3人', ' 1人', ' 不来了', ' 带1个娃儿', ' 一家人', ' 看情况');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant('line' as const),
      who,
      line: fc.tuple(names, tail).map((parts) => parts.join('')),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('old copy' as const), who, back: fc.nat({ max: 4 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('say' as const),
      who,
      text: fc.constantFrom('报名 X', '报名 X 2人', '取消报名 X', '撤销', '是', '要', '不要', '1', '2', '算了'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.constantFrom(1, 11, 130) }) },
);

/** What must hold of seats and rows once nothing runs. */
async function expectSound(it: TestVillage, id: string): Promise<void> {
  const activity = await it.village.activities.get(id);
  const rows = await it.village.activities.rows(id);
  if (activity === null) throw new Error('no activity');
  const { capacity, free, kept, claims } = activity.seats;
  expect(free).toBeGreaterThanOrEqual(0);
  expect(free + kept + sumOf(claims)).toBe(capacity);
  const seated = rows.filter(({ status }) => status === 'confirmed' || status === 'held');
  expect(seated.map(({ entry }) => entry ?? '').toSorted()).toEqual([...claims].toSorted());
  const counted = new Set<string>();
  for (const { status, people: size, lines = [], guests, companions, person } of rows) {
    if (status === 'cancelled') continue;
    expect(['confirmed', 'held', 'waitlisted']).toContain(status);
    expect(size).toBeGreaterThan(0);
    expect(lines.reduce((sum, line) => sum + line.people, 0)).toBeLessThanOrEqual(size);
    expect(guests.length).toBeLessThanOrEqual(size);
    for (const one of [person, ...companions]) {
      expect(counted.has(one), `${one} twice`).toBe(false);
      counted.add(one);
    }
    for (const { key } of lines) {
      expect(counted.has(key), `line ${key} twice`).toBe(false);
      counted.add(key);
    }
  }
}

describe('a 接龙 among commands', () => {
  it('whatever is written, never gives out a seat twice or counts anybody twice', { timeout: 240_000 }, async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 4, maxLength: 16 }),
        fc.integer({ min: 1, max: 7 }),
        async (steps, capacity) => {
          const it = await openTestVillage({ owner: `run${++runs}` });
          await openActivity(it, { id: 'A1', name: '扫晒坝', capacity, callRooms: ['三组'], jielong: true });
          const copies: string[][] = [[]];
          const write = (n: number, from: string, text: string): Promise<string[]> =>
            it.write(`m${n}`, from, '三组', text);
          const copy = (lines: readonly string[]): string =>
            ['#接龙 扫晒坝', ...lines.map((line, n) => `${n + 1}. ${line}`)].join('\n');
          for (const [n, one] of steps.entries()) {
            switch (one.do) {
              case 'line': {
                const lines = [...(copies.at(-1) ?? []), one.line];
                copies.push(lines);
                await write(n, one.who, copy(lines));
                break;
              }
              case 'old copy':
                await write(n, one.who, copy(copies[Math.max(0, copies.length - 1 - one.back)] ?? []));
                break;
              case 'say':
                await write(n, one.who, one.text.replace('X', '扫晒坝'));
                break;
              case 'wait':
                await it.until(new Date(it.clock.now().getTime() + one.minutes * 60_000).toISOString());
            }
            await expectSound(it, 'A1');
          }
          expect(it.faults).toEqual([]);
          const before = await it.village.activities.state();
          await it.village.activities.sweep();
          expect(await it.village.activities.state()).toEqual(before);
        },
      ),
      { numRuns: 60 },
    );
  });
});
