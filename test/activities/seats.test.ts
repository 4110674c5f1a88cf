import { describe, expect, it } from 'vitest';
import { sumOf } from '../../src/activities/entries.ts';
import { buildSeats } from '../support/seats.ts';

const people = (n: number): number => (n % 4) + 1;
const everyone = Array.from({ length: 1000 }, (_, n) => n);

describe('seats for which many sign up at once', () => {
  it('gives 50 places to 1,000 concurrent sign-ups of mixed parties, loses none and seats no more', async () => {
    const bench = buildSeats();
    await bench.make(50);

    const outcomes = await Promise.all(everyone.map((n) => bench.signUp(n, people(n))));

    const { seats } = await bench.activity();
    expect(sumOf(seats.claims)).toBeLessThanOrEqual(50);
    expect(await bench.faults()).toEqual([]);
    const kinds = new Map<string, number>();
    for (const { kind } of outcomes) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    expect([...kinds.keys()].filter((kind) => !['confirmed', 'waitlisted', 'few'].includes(kind))).toEqual([]);
    expect(kinds.get('confirmed')).toBe(seats.claims.length);
    expect(kinds.get('waitlisted') ?? 0).toBe((await bench.queue()).length);
    // Nobody was turned away with seats to spare: what is left is smaller than every party that was asked.
    for (const outcome of outcomes) if (outcome.kind === 'few') expect(seats.free).toBeLessThan(outcome.people);
  });

  it('takes as many steps for the last as for the first', async () => {
    const few = buildSeats();
    await few.make(50);
    await Promise.all(everyone.slice(0, 200).map((n) => few.signUp(n, 1)));
    const many = buildSeats();
    await many.make(50);
    await Promise.all(everyone.map((n) => many.signUp(n, 1)));

    const each = (bench: typeof few, n: number): number => (bench.dying.counted.reads + bench.dying.counted.writes) / n;
    expect(each(many, 1000)).toBeLessThan(each(few, 200) * 1.5);
  });

  it('keeps the activity as small with 1,000 in the queue as with 10, and tells each their place', async () => {
    const bench = buildSeats();
    await bench.make(5);
    for (const n of everyone.slice(0, 15)) await bench.signUp(n, 1);
    const size = async (): Promise<number> => JSON.stringify(await bench.activity()).length;
    const before = await size();

    const outcomes = [];
    for (const n of everyone.slice(15)) outcomes.push(await bench.signUp(n, 1));

    expect(await size()).toBeLessThan(before + 10);
    expect(outcomes.map((outcome) => (outcome.kind === 'waitlisted' ? outcome.positions[0] : null))).toEqual(
      outcomes.map((_, at) => 11 + at),
    );
    await bench.activities.cancel({ from: 'c', person: 'wx:p500', row: 'A1:wx:p500' });
    expect(await bench.signUp(999, 1)).toMatchObject({ kind: 'waitlisted', positions: [994] });
    expect(await bench.faults()).toEqual([]);
  });

  it('counts a person who signs up twice at once, from two messages, only once', async () => {
    const bench = buildSeats();
    await bench.make(6);

    const outcomes = await Promise.all(['m1', 'm2', 'm3'].map((from) => bench.signUp(1, 2, { from })));

    expect((await bench.activity()).seats.free).toBe(4);
    expect(outcomes.filter(({ kind }) => kind === 'confirmed')).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'already')).toHaveLength(2);
    expect(await bench.faults()).toEqual([]);
  });

  it('answers the same message again with the same outcome', async () => {
    const bench = buildSeats();
    await bench.make(3);
    await bench.signUp(1, 2);

    const again = await bench.signUp(1, 2);

    expect(again.kind).toBe('confirmed');
    expect((await bench.activity()).seats.free).toBe(1);
    const asked = await bench.signUp(2, 2);
    expect(asked).toMatchObject({ kind: 'few', free: 1, people: 2 });
    expect((await bench.signUp(2, 2)).kind).toBe('few');
  });

  it('hands 40 freed seats to a queue of mixed parties while 100 more sign up', async () => {
    const bench = buildSeats();
    await bench.make(40);
    await Promise.all(everyone.slice(0, 40).map((n) => bench.signUp(n, 1)));
    await Promise.all(everyone.slice(40, 90).map((n) => bench.signUp(n, people(n), { queue: true })));

    await Promise.all([
      ...everyone
        .slice(0, 40)
        .map((n) => bench.activities.cancel({ from: `c${n}`, person: `wx:p${n}`, row: `A1:wx:p${n}` })),
      ...everyone.slice(100, 200).map((n) => bench.signUp(n, people(n))),
    ]);

    expect(await bench.faults()).toEqual([]);
  });
});

describe('a process that is killed while people sign up and leave', () => {
  const rounds = Array.from({ length: 60 }, (_, round) => round);

  it.each(rounds)('finishes what it had begun, exactly (killed at step %i)', async (round) => {
    const bench = buildSeats();
    await bench.make(10);
    await Promise.all(everyone.slice(0, 8).map((n) => bench.signUp(n, people(n))));
    const said = (): Promise<unknown>[] => [
      ...everyone.slice(8, 24).map((n) => bench.signUp(n, people(n))),
      ...everyone
        .slice(0, 3)
        .map((n) => bench.activities.cancel({ from: `c${n}`, person: `wx:p${n}`, row: `A1:wx:p${n}` })),
    ];
    bench.dying.dieAt(1 + round, round % 2 === 0 ? 'before' : 'after');
    await Promise.allSettled(said());
    bench.dying.revive();

    await bench.activities.sweep();

    expect(await bench.faults()).toEqual([]);
    // The messages that were not answered come again, as after a boot.
    const again = await Promise.allSettled(said());
    expect(await bench.faults()).toEqual([]);
    expect(again.filter(({ status }) => status === 'rejected')).toEqual([]);
    const rows = new Map((await bench.rows()).map((row) => [row.person, row]));
    for (const n of everyone.slice(0, 3)) expect(rows.get(`wx:p${n}`)?.status ?? 'cancelled').toBe('cancelled');
  });

  it('exactly, with 1,000 at once, killed again and again', async () => {
    const bench = buildSeats();
    await bench.make(50);
    const said = (): Promise<unknown>[] => everyone.map((n) => bench.signUp(n, people(n)));
    for (const step of [400, 1700]) {
      bench.dying.dieAt(step, 'after');
      await Promise.allSettled(said());
      bench.dying.revive();
      await bench.activities.sweep();
      expect(await bench.faults()).toEqual([]);
    }

    const outcomes = (await Promise.all(said())) as { kind: string }[];

    expect(await bench.faults()).toEqual([]);
    expect(outcomes.every(({ kind }) => ['confirmed', 'waitlisted', 'few'].includes(kind))).toBe(true);
    expect(sumOf((await bench.activity()).seats.claims)).toBeLessThanOrEqual(50);
  });
});
