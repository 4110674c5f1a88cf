import { describe, expect, it } from 'vitest';
import type { SignUpOutcome, SignUpWish } from '../../src/activities/index.ts';
import { openActivity } from '../support/stories.ts';
import { openTestVillage, type TestVillage } from '../support/village.ts';

const by = (it: TestVillage, from: string, wish: Partial<SignUpWish>): Promise<SignUpOutcome> =>
  it.village.activities.signUp({
    activity: 'A1',
    from,
    person: 'M1',
    member: 'M1',
    name: '王大明',
    room: '三组',
    ...wish,
  });
const facts = (outcome: SignUpOutcome): unknown =>
  'rows' in outcome
    ? [outcome.kind, outcome.rows.map(({ _id, people }) => `${_id} ${people}`), outcome.along, outcome.apart]
    : outcome.kind;

describe('a sign-up that is handled again after a crash', () => {
  it('for several, one of whom had signed up before, tells the same', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1', capacity: 9 });
    await it.write('1', 'M3', '三组', '报名 桂花园除草');
    const wish = { forWhom: ['吕勇', '唐正'] };
    const once = await by(it, 'x', wish);
    expect(facts(once)).toEqual(['confirmed', ['A1:M4 1'], [], []]);
    expect(facts(await by(it, 'x', wish))).toEqual(facts(once));
    expect(facts(await by(it, 'y', wish))).toBe('already');
  });

  it('with a companion who had signed up before tells again that she is not counted twice', async () => {
    const it = await openTestVillage();
    await openActivity(it, { id: 'A1', capacity: 9 });
    await it.write('1', 'M2', '三组', '报名 桂花园除草');
    const once = await by(it, 'x', { people: 2, companions: '李芳' });
    expect(facts(once)).toEqual(['confirmed', ['A1:M1 1'], [], ['李芳']]);
    expect(facts(await by(it, 'x', { people: 2, companions: '李芳' }))).toEqual(facts(once));
  });
});
