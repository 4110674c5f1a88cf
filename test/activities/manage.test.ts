import { afterEach, describe, expect, it } from 'vitest';
import { createDyingStore, Died } from '../support/dying-store.ts';
import { buildActivities, sampleActivities, type ActivityBench } from '../support/activities.ts';
import { buildSeats } from '../support/seats.ts';
import { activities as activityRows } from '../../src/activities/activities.model.ts';
import { collections } from '../../src/compose.ts';
import { openMemoryStore } from '../../src/platform/store/embedded.ts';
import { systemActor } from '../../src/shared/access.ts';

let bench: ActivityBench | null = null;
afterEach(async () => {
  await bench?.close();
  bench = null;
});

describe('a list of activities', () => {
  it('is taken in once, however often', async () => {
    bench = await buildActivities({ activities: false });
    const rows = await sampleActivities();
    expect((await bench.activities.importActivities(rows, { dryRun: true })).added).toHaveLength(6);
    expect(await bench.activities.get('A1')).toBeNull();
    expect((await bench.activities.importActivities(rows)).added).toHaveLength(6);
    expect(await bench.activities.importActivities(rows)).toMatchObject({ added: [], known: { length: 6 } });
    expect(await bench.activities.get('A1')).toMatchObject({
      scope: '一组',
      garden: '桂花园',
      bring: ['手套', '锄头'],
    });
    expect(await bench.activities.get('A2')).toMatchObject({ scope: 'village' });
  });

  it('with one bad row takes in nothing, and names every fault', async () => {
    bench = await buildActivities({ activities: false });
    const rows = await sampleActivities();
    const bad = [
      { ...(rows[0] as object), capacity: 0 },
      { ...(rows[1] as object), startsAt: 'morgen' },
      rows[2],
      rows[2],
      'nothing',
    ];
    const report = await bench.activities.importActivities(bad);
    expect(report.added).toEqual([]);
    expect(report.faults.map(({ row, field }) => [row, field])).toEqual([
      [1, 'capacity'],
      [2, 'startsAt'],
      [5, ''],
      [4, 'id'],
    ]);
    expect((await bench.activities.importActivities([rows[2], rows[2]])).faults).toMatchObject([{ field: 'id' }]);
    expect(await bench.activities.upcoming()).toEqual([]);
  });

  it('gives new activities numbers that nobody has', async () => {
    bench = await buildActivities();
    const startsAt = new Date('2026-03-20T15:00:00+08:00');
    const draft = { name: '清沟', startsAt, endsAt: new Date('2026-03-20T17:00:00+08:00'), capacity: 3 };
    const { activities } = bench;
    const made = await Promise.all([1, 2, 3].map(() => activities.create(systemActor, draft)));
    expect(new Set(made.map(({ _id }) => _id))).toEqual(new Set(['A7', 'A8', 'A9']));
  });
});

describe('an activity that is called off while people sign up', () => {
  it('leaves nobody with a seat', async () => {
    const seats = buildSeats();
    await seats.make(20);
    await Promise.allSettled([
      ...Array.from({ length: 30 }, (_, n) => seats.signUp(n, 1)),
      seats.activities.callOff(systemActor, 'A1', null),
      ...Array.from({ length: 30 }, (_, n) => seats.signUp(30 + n, 1)),
    ]);
    await seats.activities.sweep();
    expect(await seats.faults()).toEqual([]);
    expect((await seats.rows()).every(({ status }) => status === 'cancelled')).toBe(true);
    expect((await seats.activity()).seats.free).toBe(20);
  });
});

describe('the binding of somebody who signed up before', () => {
  const rowsOf = async (seats: ReturnType<typeof buildSeats>): Promise<string[]> =>
    (await seats.rows())
      .filter(({ status }) => status !== 'cancelled')
      .map(({ person, status }) => `${person} ${status}`);

  it('moves a confirmed, a waiting and a held row without touching the seats, killed at any step', async () => {
    for (let step = 1; step < 12; step++) {
      const seats = buildSeats();
      await seats.make(2);
      await seats.signUp(1, 2);
      await seats.signUp(2, 1);
      seats.dying.dieAt(step, step % 2 === 0 ? 'before' : 'after');
      await seats.activities.adopt('wx:p1', 'M1').catch(() => undefined);
      await seats.activities.adopt('wx:p2', 'M2').catch(() => undefined);
      seats.dying.revive();

      await seats.activities.adopt('wx:p1', 'M1');
      await seats.activities.adopt('wx:p2', 'M2');
      await seats.activities.adopt('wx:p2', 'M2');

      expect(await seats.faults()).toEqual([]);
      expect(await rowsOf(seats)).toEqual(['M1 confirmed', 'M2 waitlisted']);
      await seats.activities.cancel({ from: 'c', person: 'M1', row: 'A1:M1' });
      expect(await rowsOf(seats)).toEqual(['M2 held']);
      await seats.activities.adopt('wx:p1', 'M1');
      expect(await seats.faults()).toEqual([]);
    }
  });

  it('cut off after the new row stands leaves what the member did with it since', async () => {
    for (const then of ['accept', 'cancel'] as const) {
      const seats = buildSeats();
      await seats.make(1);
      await seats.signUp(1, 1);
      await seats.signUp(2, 1);
      await seats.activities.cancel({ from: 'c', person: 'wx:p1', row: 'A1:wx:p1' });
      await seats.activities.offers.said('A1:wx:p2#1', seats.clock.now());
      seats.dying.dieAt(1, 'after');
      await expect(seats.activities.adopt('wx:p2', 'M2')).rejects.toThrow(Died);
      seats.dying.revive();

      if (then === 'accept') await seats.activities.offers.accept({ from: 'a', offer: 'A1:M2#1' });
      else await seats.activities.cancel({ from: 'a', person: 'M2', row: 'A1:M2' });
      await seats.activities.adopt('wx:p2', 'M2');
      await seats.activities.sweep();

      expect(await rowsOf(seats)).toEqual(then === 'accept' ? ['M2 confirmed'] : []);
      expect(await seats.faults()).toEqual([]);
    }
  });

  it('keeps one row of a member who had signed up besides', async () => {
    const seats = buildSeats();
    await seats.make(6);
    await seats.signUp(1, 2);
    const request = { activity: 'A1', from: 'm', person: 'M1', member: null, name: '王大明', room: null };
    await seats.activities.signUp(request);

    await seats.activities.adopt('wx:p1', 'M1');

    expect(await rowsOf(seats)).toEqual(['M1 confirmed']);
    expect((await seats.activity()).seats.free).toBe(5);
    expect(await seats.faults()).toEqual([]);
  });
});

describe('the binding of somebody whom another had signed up, with guests on a 接龙', () => {
  const sign = { activity: 'A1', member: null, room: '三组' };

  it.each([
    ['has a seat', 7, 'confirmed', 'confirmed'],
    ['waits', 4, 'waitlisted', 'waitlisted'],
    ['is being asked', 4, 'held', 'held'],
  ] as const)('loses no guest and no seat while the row %s, killed at any step', async (_, capacity, before, after) => {
    let died = true;
    let steps = 0;
    for (let step = 1; died; step++) {
      died = false;
      for (const when of ['before', 'after'] as const) {
        const seats = buildSeats();
        await seats.make(capacity);
        await seats.activities.signUp({ ...sign, from: 'a', person: 'M9', name: '何群', people: 3 });
        await seats.activities.signUp({ ...sign, from: 'b', person: 'M1', name: '吕勇' });
        for (const [key, name] of ['小勇', '春花', '秋菊'].entries()) {
          const line = { key: `L${key}`, member: null, name, people: 1, signedBy: 'wx:p1', companions: [] };
          await seats.activities.lines.join({ ...sign, from: 'c', person: 'wx:p1', name: '小勇', line });
        }
        if (before === 'held') await seats.activities.cancel({ from: 'd', person: 'M9', row: 'A1:M9' });
        const row = (await seats.rows()).find(({ person }) => person === 'wx:p1');
        expect([row?.status, row?.people]).toEqual([before, 3]);
        seats.dying.dieAt(step, when);
        await seats.activities.adopt('wx:p1', 'M1').catch(() => (died = true));
        seats.dying.revive();

        await seats.activities.adopt('wx:p1', 'M1');
        await seats.activities.sweep();

        expect(await seats.faults(), `${step} ${when}`).toEqual([]);
        const live = (await seats.rows()).filter(({ status, person }) => status !== 'cancelled' && person !== 'M9');
        expect(live.map(({ person, by, status }) => `${person} ${by ?? '-'} ${status}`).toSorted()).toEqual([
          'M1 - confirmed',
          `guest:L1 M1 ${after}`,
          `guest:L2 M1 ${after}`,
        ]);
      }
      steps = step;
    }
    expect(steps).toBeGreaterThan(8);
  });
});

describe('a store that dies', () => {
  it('fails everything after its last write, until it is revived', async () => {
    const dying = createDyingStore(openMemoryStore(collections));
    dying.dieAt(1, 'before');
    await expect(dying.store.collection(activityRows).remove({})).rejects.toThrow(Died);
    await expect(dying.store.collection(activityRows).count({})).rejects.toThrow(Died);
    dying.revive();
    expect(await dying.store.collection(activityRows).count({})).toBe(0);
  });
});
