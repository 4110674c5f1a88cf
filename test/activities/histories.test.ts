import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAppError } from '../../src/shared/errors.ts';
import { systemActor } from '../../src/shared/access.ts';
import { partsOf } from '../../src/activities/entries.ts';
import { offerId } from '../../src/activities/index.ts';
import { buildSeats, personOf, type SeatBench } from '../support/seats.ts';

type Step =
  | { do: 'sign up'; who: number; people: number; queue: boolean }
  | { do: 'cancel' | 'undo' | 'accept' | 'refuse' | 'repeat'; who: number }
  | { do: 'resize'; who: number; people: number }
  | { do: 'say offers' | 'reschedule' | 'call off' }
  | { do: 'wait'; minutes: number };

const who = fc.integer({ min: 0, max: 7 });
const people = fc.integer({ min: 1, max: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('sign up' as const), who, people, queue: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('cancel' as const, 'undo' as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('accept' as const, 'refuse' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('repeat' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resize' as const), who, people }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('say offers' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reschedule' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 200 }) }) },
);

/** Does one step as the skills and jobs would; refusals are part of the game. */
function createPlayer(bench: SeatBench): (step: Step) => Promise<void> {
  const { activities, clock } = bench;
  let message = 0;
  const last = new Map<number, { what: 'signup' | 'cancel'; row: string; seq: number }>();
  const words = new Map<number, () => Promise<unknown>>();

  async function heldBy(n: number): Promise<string | null> {
    const [open] = await activities.offers.open({ person: personOf(n), room: '三组' });
    return open === undefined ? null : offerId(open.row);
  }

  async function lapseDue(): Promise<void> {
    for (const { offer } of await activities.heldOffers()) await activities.offers.lapse(offer);
  }

  async function act(it: Step): Promise<void> {
    const from = `m${String(++message)}`;
    switch (it.do) {
      case 'sign up': {
        const say = async (): Promise<void> => {
          const outcome = await bench.signUp(it.who, it.people, { queue: it.queue, from });
          if (outcome.kind !== 'confirmed' && outcome.kind !== 'waitlisted') return;
          const [row] = outcome.rows;
          if (row !== undefined) last.set(it.who, { what: 'signup', row: row._id, seq: row.seq });
        };
        words.set(it.who, say);
        return say();
      }
      case 'cancel': {
        const done = await activities.cancel({ from, person: personOf(it.who), row: `A1:${personOf(it.who)}` });
        last.set(it.who, { what: 'cancel', row: done.row._id, seq: done.row.seq });
        return;
      }
      case 'undo': {
        const change = last.get(it.who);
        last.delete(it.who);
        if (change?.what === 'signup') await activities.undo({ from, ...change });
        if (change?.what === 'cancel') await activities.rejoin({ from, ...change, queue: it.who % 2 === 0 });
        return;
      }
      case 'accept':
      case 'refuse': {
        const offer = await heldBy(it.who);
        if (offer !== null) await activities.offers[it.do]({ from, offer });
        return;
      }
      case 'repeat':
        await words.get(it.who)?.();
        return;
      case 'resize': {
        const row = (await bench.rows()).find(({ person }) => person === personOf(it.who));
        if (row !== undefined) await activities.resize({ from, row: row._id, seq: row.seq, people: it.people });
        return;
      }
      case 'say offers':
        for (const { offer, row } of await activities.heldOffers()) {
          if (row.offer !== null && row.offer.sayAt <= clock.now()) await activities.offers.said(offer, clock.now());
        }
        return;
      case 'reschedule': {
        const { startsAt } = await bench.activity();
        await activities.reschedule(systemActor, 'A1', { startsAt: new Date(startsAt.getTime() + 3_600_000) });
        return;
      }
      case 'call off':
        await activities.callOff(systemActor, 'A1', null);
        return;
      case 'wait':
        clock.jumpTo(new Date(clock.now().getTime() + it.minutes * 60_000));
        await lapseDue();
    }
  }
  return async (it) => {
    try {
      await act(it);
    } catch (fault) {
      if (!isAppError(fault) || fault.code.startsWith('store.')) throw fault;
    }
  };
}

/** Those who go on waiting keep their order, but for a party that grew. */
function keepsOrder(before: readonly string[], after: readonly string[]): boolean {
  const stayed = before.filter((entry) => after.includes(entry));
  return after.filter((entry) => stayed.includes(entry)).every((entry, at) => entry === stayed[at]);
}

describe('any history of sign-up, cancel, undo, offer, lapse and reschedule', () => {
  it('never seats too many, loses nobody, lets nobody wait beside a free seat, and keeps the order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 8 }), fc.array(step, { maxLength: 40 }), async (capacity, steps) => {
        const bench = buildSeats();
        await bench.make(capacity);
        const play = createPlayer(bench);
        for (const it of steps) {
          const before = await bench.queue();
          await play(it);
          expect(await bench.faults()).toEqual([]);
          expect(keepsOrder(before, await bench.queue())).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('holds when steps happen at the same time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.array(step, { maxLength: 8 }), { maxLength: 8 }),
        async (capacity, groups) => {
          const bench = buildSeats();
          await bench.make(capacity);
          const play = createPlayer(bench);
          for (const group of groups) {
            await Promise.all(group.map(play));
            expect(await bench.faults()).toEqual([]);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('holds when the process is killed in the middle and what was cut is finished', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.tuple(step, fc.integer({ min: 1, max: 12 }), fc.boolean()), { maxLength: 25 }),
        async (capacity, steps) => {
          const bench = buildSeats();
          await bench.make(capacity);
          const play = createPlayer(bench);
          for (const [it, at, before] of steps) {
            bench.dying.dieAt(at, before ? 'before' : 'after');
            await play(it).catch(() => undefined);
            bench.dying.revive();
            await bench.activities.sweep();
            expect(await bench.faults()).toEqual([]);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('frees everything when the activity is called off', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const bench = buildSeats();
        await bench.make(4);
        const play = createPlayer(bench);
        for (const it of steps) await play(it);

        await play({ do: 'call off' });

        expect(await bench.faults()).toEqual([]);
        const { seats, state } = await bench.activity();
        expect([seats.free, state]).toEqual(state === 'open' ? [seats.free, 'open'] : [4, 'cancelled']);
        if (state === 'cancelled') {
          expect((await bench.rows()).every(({ status }) => status === 'cancelled')).toBe(true);
        }
        expect(seats.claims.map((entry) => partsOf(entry).people).reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(4);
      }),
      { numRuns: 50 },
    );
  });
});
