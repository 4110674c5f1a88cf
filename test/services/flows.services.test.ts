import { afterEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/platform/store/port.ts';
import { chainSteps } from '../support/chain-story.ts';
import { severalProcesses } from '../support/many-processes.ts';
import { expectSame, live } from '../support/morning.ts';
import { buildSeats } from '../support/seats.ts';
import { databasesOf, openPassing } from './servers.ts';

const fresh = databasesOf('flows');
const open: (() => Promise<void>)[] = [];
const empty = async (): Promise<Store> => {
  const { store, drop } = await openPassing(fresh());
  open.push(drop);
  return store;
};
afterEach(async () => {
  for (const drop of open.splice(0)) await drop();
});

describe('a village in several processes on MongoDB', () => {
  severalProcesses(empty);
});

describe('a process that is killed, on MongoDB', () => {
  it('loses nothing and says nothing twice', { timeout: 120_000 }, async () => {
    const whole = await live(null, await empty());
    expect(whole.writes).toBeGreaterThan(80);
    // Spread over the morning, a few before and a few after the write.
    for (let write = 7; write <= whole.writes; write += 17) {
      const death = { write, applied: write % 2 === 0 };
      expectSame(await live(death, await empty()), whole, `killed at write ${write}`);
    }
  });
});

describe('a process that is killed while a 接龙 runs, on MongoDB', () => {
  it('loses no line and counts none twice', { timeout: 120_000 }, async () => {
    const whole = await live(null, await empty(), chainSteps);
    for (let write = 11; write <= whole.writes; write += 29) {
      const death = { write, applied: write % 2 === 0 };
      expectSame(await live(death, await empty(), chainSteps), whole, `killed at write ${write}`);
    }
  });
});

describe('1,000 people for 50 places, at once, on MongoDB', () => {
  it('gives 50 seats, to one each, and says to everybody else that it is full', async () => {
    const bench = buildSeats(await empty());
    await bench.make(50);
    const everyone = Array.from({ length: 1000 }, (_, n) => n);
    const outcomes = await Promise.all(everyone.map((n) => bench.signUp(n, 1)));
    const { seats } = await bench.activity();
    expect(seats).toMatchObject({ free: 0, kept: 0, capacity: 50 });
    expect(seats.claims).toHaveLength(50);
    expect(outcomes.filter(({ kind }) => kind === 'confirmed')).toHaveLength(50);
    expect((await bench.rows()).filter(({ status }) => status === 'confirmed')).toHaveLength(50);
    expect(await bench.faults()).toEqual([]);
  });
});
