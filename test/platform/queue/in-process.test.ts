import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../../src/platform/clock.ts';
import { createInProcessQueue } from '../../../src/platform/queue/in-process.ts';
import { createWork } from '../../../src/platform/work.ts';
import { queueContract } from './contract.ts';

const start = new Date('2026-03-18T01:30:00Z');

function open() {
  const faults: unknown[] = [];
  const clock = createFakeClock(start);
  const work = createWork((_, fault) => faults.push(fault));
  const queue = createInProcessQueue({ clock, work });
  const pass = async (ms: number): Promise<void> => {
    await work.idle();
    await clock.advanceTo(new Date(clock.now().getTime() + ms), () => work.idle());
  };
  return { clock, work, queue, faults, pass };
}

queueContract('in-process', async () => {
  const { clock, queue, pass } = open();
  return {
    queue,
    pass: (ms) => pass(ms),
    now: () => clock.now(),
    async until(what, holds) {
      for (let step = 0; step < 1000; step++) {
        if (await holds()) return;
        // Handlers that a test holds back keep `work` from being idle, so only the loop is turned here.
        await new Promise<void>((resolve) => setImmediate(resolve));
        if (await holds()) return;
        await clock.advanceTo(new Date(clock.now().getTime() + 10), async () => {
          await new Promise<void>((resolve) => setImmediate(resolve));
        });
      }
      throw new Error(`never: ${what}`);
    },
    close: () => queue.close(),
  };
});

describe('the in-process queue under a fake clock', () => {
  it('runs alarms in the order of their times while the clock moves over them', async () => {
    const { clock, queue, pass } = open();
    const ran: string[] = [];
    queue.process('alarm', async ({ id }) => {
      ran.push(`${id} ${clock.now().toISOString().slice(11, 16)}`);
    });
    await queue.add('alarm', { id: 'second', at: new Date('2026-03-18T03:00:00Z'), data: {} });
    await queue.add('alarm', { id: 'first', at: new Date('2026-03-18T02:00:00Z'), data: {} });
    await pass(3 * 3600_000);
    expect(ran).toEqual(['first 02:00', 'second 03:00']);
  });

  it('does not run early after the clock was put back', async () => {
    const { clock, queue, pass } = open();
    const ran: string[] = [];
    queue.process('alarm', async ({ id }) => {
      ran.push(id);
    });
    await queue.add('alarm', { id: 'a', at: new Date(start.getTime() + 1000), data: {} });
    clock.jumpTo(new Date(start.getTime() - 3600_000));
    await pass(3600_000);
    expect(ran).toEqual([]);
    await pass(1000);
    expect(ran).toEqual(['a']);
  });

  it('lets work be idle only when the handlers are through', async () => {
    const { work, queue } = open();
    let done = false;
    queue.process('slow', async () => {
      for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
      done = true;
    });
    await queue.add('slow', { id: 'a', data: {} });
    await work.idle();
    expect(done).toBe(true);
  });

  it('reports a job that it gave up, with the fault as cause, and not the tries before', async () => {
    const { queue, faults, pass } = open();
    const broken = new Error('broken');
    queue.process('broken', () => Promise.reject(broken), { attempts: 3, backoffMs: 1000 });
    await queue.add('broken', { id: 'a', data: {} });
    await pass(2999);
    expect(faults).toEqual([]);
    await pass(1);
    expect(faults).toMatchObject([{ code: 'queue.gave-up', facts: { queue: 'broken', job: 'a' }, cause: broken }]);
  });

  it('starts nothing after it was closed', async () => {
    const { queue, pass } = open();
    const ran: string[] = [];
    queue.process('alarm', async ({ id }) => {
      ran.push(id);
    });
    await queue.add('alarm', { id: 'a', at: new Date(start.getTime() + 1000), data: {} });
    await queue.close();
    await pass(5000);
    expect(ran).toEqual([]);
  });
});
