import { describe, expect, it } from 'vitest';
import { systemActor } from '../../src/shared/access.ts';
import { openTestVillage, type TestVillage } from '../support/village.ts';

const calendar = (it: TestVillage, holidays: unknown) =>
  it.village.registry.importVillage(
    { 'calendar.json': Buffer.from(JSON.stringify({ marketDays: null, holidays })) },
    { actor: systemActor },
  );

describe('a holiday table that the village imports', () => {
  it('counts in the limits of reports: those days are no working days', async () => {
    const it = await openTestVillage();
    const before = await it.write('1', 'M1', null, '反馈 三组坎下路灯不亮');
    expect(before[0]).toContain('最迟3月20日');
    const done = await calendar(it, [{ year: 2026, holidays: ['2026-03-19', '2026-03-20'], workdays: [] }]);
    expect(done.ok).toBe(true);
    const after = await it.write('2', 'M3', null, '反馈 三组井边水管漏水');
    expect(after[0]).toContain('最迟3月24日');
  });

  it.each([
    ['a day of another year', [{ year: 2027, holidays: ['2026-10-01'], workdays: [] }]],
    ['no holidays at all', [{ year: 2027, holidays: [], workdays: [] }]],
    ['a make-up workday in the week', [{ year: 2027, holidays: ['2027-10-01'], workdays: ['2027-10-11'] }]],
  ])('with %s is refused whole', async (_what, holidays) => {
    const it = await openTestVillage();
    const kept = await it.village.grid.calendar();
    expect((await calendar(it, holidays)).ok).toBe(false);
    expect(await it.village.grid.calendar()).toEqual(kept);
  });
});
