import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../src/platform/clock.ts';
import { createLease, leaseCollections, leaseMs, type Lease } from '../../src/platform/lease.ts';
import { openMemoryStore } from '../../src/platform/store/embedded.ts';
import { createWork } from '../../src/platform/work.ts';
import { morning } from '../support/messages.ts';

function build() {
  const store = openMemoryStore(leaseCollections);
  const clock = createFakeClock(morning);
  const work = createWork(() => undefined);
  const told: string[] = [];
  const lease = (owner: string): Lease =>
    createLease({ store, clock, work, name: 'wechat', owner, onChange: (held) => told.push(`${owner} ${held}`) });
  const later = (ms: number): Promise<void> => clock.advanceTo(new Date(clock.now().getTime() + ms), () => work.idle());
  return { lease, told, later };
}

describe('a lease', () => {
  it('is held by one owner at a time, and by the next as soon as it is given back', async () => {
    const { lease, told, later } = build();
    const [a, b] = [lease('a'), lease('b')];
    await a.start();
    await b.start();
    await later(2 * leaseMs);
    expect([a.held(), b.held()]).toEqual([true, false]);
    await a.stop();
    await later(leaseMs / 2);
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
    await later(2 * leaseMs);
    expect(a.held()).toBe(false);
    await b.stop();
  });
});
