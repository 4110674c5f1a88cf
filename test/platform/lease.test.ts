import { describe, expect, it } from 'vitest';
import { createFakeClock, type Clock } from '../../src/platform/clock.ts';
import { createLease, leaseCollections, leaseTimes, type Lease } from '../../src/platform/lease.ts';
import { openMemoryStore } from '../../src/platform/store/embedded.ts';
import { createWork } from '../../src/platform/work.ts';
import { morning } from '../support/messages.ts';

const { lastsMs, renewMs } = leaseTimes;

function build() {
  const store = openMemoryStore(leaseCollections);
  const clock = createFakeClock(morning);
  const work = createWork(() => undefined);
  const told: string[] = [];
  const faults: unknown[] = [];
  /** A machine whose clock is wrong by so much. */
  const wrong = (byMs: number): Clock => ({
    now: () => new Date(clock.now().getTime() + byMs),
    elapsed: clock.elapsed,
    at: (when, run) => clock.at(new Date(when.getTime() - byMs), run),
  });
  const lease = (owner: string, own: Clock = clock): Lease =>
    createLease({
      ...{ store, work, clock: own, name: 'wechat', owner },
      onChange: (held) => told.push(`${owner} ${held}`),
      onFault: (_, fault) => faults.push(fault),
    });
  const later = (ms: number): Promise<void> => clock.advanceTo(new Date(clock.now().getTime() + ms), () => work.idle());
  return { clock, lease, told, faults, later, wrong };
}

/** A process whose timers never fire again, while the machine's time goes on. */
function stoppable(clock: Clock): Clock & { stop(): void } {
  let runs = true;
  return { ...clock, stop: () => (runs = false), at: (when, run) => clock.at(when, () => runs && run()) };
}

describe('a lease', () => {
  it('is held by one owner at a time, and by the next as soon as it is given back', async () => {
    const { lease, told, later } = build();
    const [a, b] = [lease('a'), lease('b')];
    await a.start();
    await b.start();
    await later(2 * lastsMs);
    expect([a.held(), b.held()]).toEqual([true, false]);
    await a.stop();
    await later(lastsMs / 2);
    expect([a.held(), b.held()]).toEqual([false, true]);
    expect(told).toEqual(['a true', 'a false', 'b true']);
    await b.stop();
  });

  it('given back while it is being claimed is not won afterwards, and stands in nobody’s way', async () => {
    const { lease, told, later } = build();
    const [a, b] = [lease('a'), lease('b')];
    const claiming = a.start();
    await a.stop();
    await claiming;
    expect([a.held(), told]).toEqual([false, []]);
    await b.start();
    expect(b.held()).toBe(true);
    await later(2 * lastsMs);
    expect(a.held()).toBe(false);
    await b.stop();
  });

  it('of a process that stands still is over for it before another has it', async () => {
    const { clock, lease, later } = build();
    const own = stoppable(clock);
    const [a, b] = [lease('a', own), lease('b')];
    await a.start();
    await b.start();
    own.stop();
    for (let passed = 0; passed < 2 * lastsMs; passed += 500) {
      await later(500);
      expect([a.held(), b.held()]).not.toEqual([true, true]);
    }
    expect([a.held(), b.held()]).toEqual([false, true]);
    await b.stop();
  });

  it.each([-3_600_000, -30_000, 30_000, 3_600_000])(
    'is held by one owner at a time though a machine’s clock is wrong by %i ms, and that is told once',
    async (byMs) => {
      const { lease, told, faults, later, wrong, clock } = build();
      const own = stoppable(clock);
      const [a, b] = [lease('a', own), lease('b', wrong(byMs))];
      await a.start();
      await b.start();
      await later(10 * lastsMs);
      expect(told).toEqual(['a true']);
      const seconds = -byMs / 1000;
      expect(faults).toMatchObject([{ code: 'clock.skew' }]);
      const { facts } = faults[0] as { facts: { seconds: number } };
      // Not known to more than a round of renewals.
      expect(Math.abs(facts.seconds - seconds)).toBeLessThanOrEqual(renewMs / 1000);
      own.stop();
      for (let passed = 0; passed < 2 * lastsMs; passed += 500) {
        await later(500);
        expect([a.held(), b.held()]).not.toEqual([true, true]);
      }
      expect(b.held()).toBe(true);
      await b.stop();
    },
  );

  it('tells nothing of clocks that agree', async () => {
    const { lease, faults, later, wrong } = build();
    const [a, b] = [lease('a'), lease('b', wrong(2_000))];
    await a.start();
    await b.start();
    await later(10 * lastsMs);
    expect(faults).toEqual([]);
    await a.stop();
    await b.stop();
  });

  it('outlives neither a sleep of the machine nor a clock that was set forward', async () => {
    const { clock, lease } = build();
    const a = lease('a');
    await a.start();
    clock.jumpTo(new Date(morning.getTime() + 2 * lastsMs));
    expect(a.held()).toBe(false);
    await a.stop();
  });

  it('is not lengthened by a clock that was set back', async () => {
    const { clock, lease, later } = build();
    const own = stoppable(clock);
    const a = lease('a', own);
    await a.start();
    own.stop();
    clock.jumpTo(new Date(morning.getTime() - 3_600_000));
    expect(a.held()).toBe(true);
    await later(lastsMs);
    expect(a.held()).toBe(false);
    await a.stop();
  });
});
