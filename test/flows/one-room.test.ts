import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemActor } from '../../src/shared/access.ts';
import { openTestVillage } from '../support/village.ts';

const people = ['M1', 'M3', 'M4', 'M5'];
/** `X` stands for the activity. M1 … are of different households. */
const texts = [
  '报名 X 1人',
  '报名 X 2人',
  '报名 X 3人',
  '是',
  '是',
  '取消报名 X',
  '撤销',
  '算了',
  '今天天气好',
  '2',
  '收到快递了',
];

interface Standing {
  people: number | null;
  /** Asked whether so many come instead, and when. */
  asked: { people: number; at: number } | null;
  /** What 撤销 gives back, and when it was changed. */
  change: { was: number | null; back: 'sign-up' | 'resize' | 'cancel'; at: number } | null;
}

/** What a neighbour would say has happened. */
function apply(one: Standing, text: string, now: number): void {
  const wish = /^报名 X (\d)人$/.exec(text)?.[1];
  if (wish !== undefined) {
    const wanted = Number(wish);
    one.asked = null;
    if (one.people === null) {
      one.people = wanted;
      one.change = { was: null, back: 'sign-up', at: now };
    } else if (one.people !== wanted) one.asked = { people: wanted, at: now };
  } else if (text === '是') {
    if (one.asked !== null && now - one.asked.at <= 15) {
      one.change = { was: one.people, back: 'resize', at: now };
      one.people = one.asked.people;
      one.asked = null;
    }
  } else if (text === '取消报名 X') {
    one.asked = null;
    if (one.people === null) return;
    one.change = { was: one.people, back: 'cancel', at: now };
    one.people = null;
  } else if (text === '撤销') {
    one.asked = null;
    if (one.change === null || now - one.change.at > 10) return;
    const { was, back } = one.change;
    one.people = was;
    one.change = back === 'cancel' ? { was: null, back: 'sign-up', at: now } : null;
  } else if (text === '算了') one.asked = null;
}

describe('many people in one room', () => {
  it(
    'sign up, change, cancel and undo each for themselves, in whatever order they speak',
    { timeout: 180_000 },
    async () => {
      const it = await openTestVillage();
      const { activities } = it.village;
      const line = fc.record({
        who: fc.constantFrom(...people),
        text: fc.constantFrom(...texts),
        wait: fc.constantFrom(0, 0, 0, 0, 1, 9, 16),
      });
      let runs = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(line, { minLength: 4, maxLength: 14 }), async (lines) => {
          const name = `第${++runs}回扫路`;
          const made = await activities.create(systemActor, {
            name,
            startsAt: new Date(it.clock.now().getTime() + 30 * 24 * 3_600_000),
            endsAt: new Date(it.clock.now().getTime() + 30 * 24 * 3_600_000 + 3_600_000),
            capacity: 99,
          });
          const model = new Map<string, Standing>(
            people.map((who) => [who, { people: null, asked: null, change: null }]),
          );
          let now = 0;
          for (const [n, { who, text, wait }] of [{ who: 'M1', text: '算了', wait: 16 }, ...lines].entries()) {
            if (wait > 0) await it.until(new Date(it.clock.now().getTime() + wait * 60_000).toISOString());
            now += wait;
            it.channel.hear({
              id: `${runs}-${n}`,
              sender: { id: `wx-${who}`, name: who },
              room: { id: 'r-三组@chatroom', topic: '三组村民群' },
              text: text.replace('X', name),
            });
            const one = model.get(who);
            if (one !== undefined) apply(one, text, now);
          }
          await it.work.idle();
          const rows = await activities.concerned(made._id);
          const found = Object.fromEntries(rows.map((row) => [row.person, row.people]));
          const wanted = [...model].flatMap(([who, one]) => (one.people === null ? [] : [[who, one.people] as const]));
          expect(found).toEqual(Object.fromEntries(wanted));
          expect(it.faults).toEqual([]);
          await activities.callOff(systemActor, made._id, null);
          await it.work.idle();
        }),
        { numRuns: 400 },
      );
    },
  );
});
