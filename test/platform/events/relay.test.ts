import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createFakeClock } from '../../../src/platform/clock.ts';
import { defineEvent } from '../../../src/platform/events/event.ts';
import { createRelay } from '../../../src/platform/events/relay.ts';
import { openMemoryStore } from '../../../src/platform/store/embedded.ts';
import { declare, type Collection, type Store } from '../../../src/platform/store/port.ts';
import { createWork, type Work } from '../../../src/platform/work.ts';

const seats = declare('seats', z.object({ _id: z.string(), taken: z.number() }));
const taken = defineEvent('seat.taken', z.object({ by: z.string() }));
const start = new Date('2026-03-21T08:00:00Z');

describe('the relay', () => {
  let store: Store;
  let rows: Collection<{ _id: string; taken: number }>;
  let faults: string[];
  let work: Work;
  let clock: ReturnType<typeof createFakeClock>;
  let heard: string[];
  const listen = async ({ by }: { by: string }): Promise<void> => void heard.push(by);
  const open = () => createRelay({ store, clock, work, onFault: (name) => faults.push(name) });
  const take = (by: string, id = by) => rows.insert({ _id: id, taken: 1 }, { emit: [taken(by, { by })] });
  const pass = (seconds: number) =>
    clock.advanceTo(new Date(clock.now().getTime() + seconds * 1000), () => work.idle());

  beforeEach(() => {
    store = openMemoryStore([seats]);
    rows = store.collection(seats);
    clock = createFakeClock(start);
    faults = [];
    heard = [];
    work = createWork((name) => faults.push(name));
  });

  it('hands over what is emitted, at once and once', async () => {
    const relay = open();
    relay.on(taken, 'tell', listen);
    await relay.start();
    await take('张');
    await work.idle();
    await pass(600);
    expect(heard).toEqual(['张']);
    expect(await store.events.nextDue()).toBeNull();
  });

  it('hands over what waited from before it started', async () => {
    await take('张');
    const relay = open();
    relay.on(taken, 'tell', listen);
    await work.idle();
    expect(heard).toEqual([]);
    await relay.start();
    await work.idle();
    expect(heard).toEqual(['张']);
  });

  it('hands over although the clock was set back', async () => {
    const relay = open();
    relay.on(taken, 'tell', listen);
    await relay.start();
    clock.jumpTo(new Date('2001-01-01T00:00:00Z'));
    await take('张');
    await work.idle();
    expect(heard).toEqual(['张']);
  });

  it('keeps the order within a document', async () => {
    const relay = open();
    relay.on(taken, 'tell', async ({ by }) => {
      await new Promise((resolve) => setImmediate(resolve));
      heard.push(by);
    });
    await relay.start();
    await rows.insert({ _id: 'x', taken: 0 }, { emit: [taken('1', { by: '1' }), taken('2', { by: '2' })] });
    await rows.update({ _id: 'x' }, { $inc: { taken: 1 } }, { emit: [taken('3', { by: '3' })] });
    await work.idle();
    expect(heard).toEqual(['1', '2', '3']);
  });

  it('tries again later and later, and lets the handlers that are through alone', async () => {
    const times: number[] = [];
    const relay = open();
    relay.on(taken, 'first', listen);
    relay.on(taken, 'second', async () => {
      times.push((clock.now().getTime() - start.getTime()) / 1000);
      if (times.length < 5) throw new Error('not yet');
    });
    relay.on(taken, 'third', listen);
    await relay.start();
    await take('张');
    await pass(60);
    expect(times).toEqual([0, 1, 3, 7, 15]);
    expect(heard).toEqual(['张', '张']);
    expect(faults).toEqual(Array.from({ length: 4 }, () => 'event seat.taken second'));
    expect(await store.events.nextDue()).toBeNull();
  });

  it('remembers over a restart which handlers are through', async () => {
    const first = open();
    first.on(taken, 'tell', listen);
    first.on(taken, 'break', () => Promise.reject(new Error('broken')));
    await first.start();
    await take('张');
    await work.idle();
    await first.stop();

    const second = open();
    second.on(taken, 'tell', listen);
    second.on(taken, 'break', async ({ by }) => void heard.push(`mended ${by}`));
    await second.start();
    await pass(5);
    expect(heard).toEqual(['张', 'mended 张']);
  });

  it('parks an event with its error after twelve tries, and delivers the others meanwhile', async () => {
    let calls = 0;
    const relay = open();
    relay.on(taken, 'tell', async ({ by }) => {
      if (by !== '坏') return listen({ by });
      calls++;
      throw new Error('王大爷 19900000001');
    });
    await relay.start();
    await take('坏');
    await take('好');
    await pass(24 * 3600);
    expect(calls).toBe(12);
    expect(heard).toEqual(['好']);
    const parked = await store.events.parked(9);
    expect(parked).toMatchObject([{ document: '坏', attempts: 12, error: expect.stringMatching(/^Error at /) }]);
    expect(JSON.stringify(parked)).not.toContain('王大爷');
  });

  it('treats data that its kind does not know as a fault, never as an event', async () => {
    const relay = open();
    relay.on(taken, 'tell', listen);
    await relay.start();
    await rows.insert({ _id: 'x', taken: 1 }, { emit: [{ id: 'e', type: 'seat.taken', data: { by: 7 } }] });
    await work.idle();
    expect(heard).toEqual([]);
    expect(faults).toEqual(['event seat.taken tell']);
    expect(await store.events.due(new Date(start.getTime() + 1000), 9)).toHaveLength(1);
  });

  it('lets go of events that nobody waits for', async () => {
    await open().start();
    await take('张');
    await work.idle();
    expect(await store.events.nextDue()).toBeNull();
  });

  it('delivers what its own handlers emit', async () => {
    const relay = open();
    relay.on(taken, 'tell', async ({ by }) => {
      await listen({ by });
      if (by.length < 4) await take(`${by}+`);
    });
    await relay.start();
    await take('张');
    await work.idle();
    expect(heard).toEqual(['张', '张+', '张++', '张+++']);
  });

  it('looks again when the store did not answer', async () => {
    let down = true;
    const events = {
      ...store.events,
      due: (...[now, limit]: Parameters<typeof store.events.due>) =>
        down ? Promise.reject(new Error('down')) : store.events.due(now, limit),
    };
    const relay = createRelay({ store: { events }, clock, work, onFault: (name) => faults.push(name) });
    relay.on(taken, 'tell', listen);
    await relay.start();
    await take('张');
    await work.idle();
    expect(faults).toContain('relay');
    down = false;
    await pass(2);
    expect(heard).toEqual(['张']);
  });

  it('hands over nothing once it is stopped, and waits for what runs', async () => {
    let finish = (): void => undefined;
    const relay = open();
    relay.on(taken, 'tell', async ({ by }) => {
      await new Promise<void>((resolve) => (finish = resolve));
      await listen({ by });
    });
    await relay.start();
    await take('张');
    await new Promise((resolve) => setImmediate(resolve));
    const stopping = relay.stop();
    finish();
    await stopping;
    await take('李');
    await work.idle();
    expect(heard).toEqual(['张']);
    expect(await store.events.due(start, 9)).toMatchObject([{ document: '李' }]);
  });

  it('refuses a second handler of the same name', () => {
    const relay = open();
    relay.on(taken, 'tell', listen);
    expect(() => relay.on(taken, 'tell', listen)).toThrow('a second handler');
  });
});
