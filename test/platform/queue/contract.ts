import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Job, Queue } from '../../../src/platform/queue/port.ts';

/** One engine under test; times are milliseconds. */
export interface Rig {
  readonly queue: Queue;
  now(): Date;
  /** Lets time pass until the condition holds; rejects after about ten seconds. */
  until(what: string, holds: () => boolean | Promise<boolean>): Promise<void>;
  /** Lets so much time pass. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** What every engine of the queue promises. `open` gives a fresh, empty queue each time. */
export function queueContract(engine: string, open: () => Promise<Rig>): void {
  describe(`the ${engine} queue`, () => {
    let rig: Rig;
    let queue: Queue;
    let ran: Job[];
    const record = async (job: Job): Promise<void> => {
      ran.push(job);
    };
    const ids = (): string[] => ran.map(({ id }) => id);
    const inMs = (ms: number): Date => new Date(rig.now().getTime() + ms);

    beforeEach(async () => {
      rig = await open();
      queue = rig.queue;
      ran = [];
    });
    afterEach(() => rig.close());

    it('hands a job with its data to the handler', async () => {
      queue.process('seat.offer', record);
      await queue.add('seat.offer', { id: 'A1:V001:1', data: { activity: 'A1', seats: 2, urgent: false, note: null } });
      await rig.until('the job ran', () => ran.length === 1);
      expect(ran[0]).toMatchObject({
        id: 'A1:V001:1',
        data: { activity: 'A1', seats: 2, urgent: false, note: null },
      });
    });

    it('keeps jobs until a handler is there', async () => {
      await queue.add('early', { id: 'a', data: {} });
      expect(await queue.counts('early')).toEqual({ waiting: 1, delayed: 0, active: 0, failed: 0 });
      queue.process('early', record);
      await rig.until('the job ran', () => ran.length === 1);
      await rig.until('nothing is left', async () => (await total(queue, 'early')) === 0);
    });

    it('runs a job not before its time, and a past one at once', async () => {
      const ranAt: Date[] = [];
      queue.process('alarm', async (job) => {
        ran.push(job);
        ranAt.push(rig.now());
      });
      const due = inMs(300);
      await queue.add('alarm', { id: 'later', at: due, data: {} });
      await queue.add('alarm', { id: 'past', at: inMs(-60_000), data: {} });
      await rig.until('both ran', () => ran.length === 2);
      expect(ids()).toEqual(['past', 'later']);
      expect(ranAt[1]?.getTime()).toBeGreaterThanOrEqual(due.getTime());
    });

    it('tells the handler when the job was due', async () => {
      const due = inMs(50);
      queue.process('alarm', record);
      await queue.add('alarm', { id: 'a', at: due, data: {} });
      await rig.until('it ran', () => ran.length === 1);
      expect(ran[0]?.at).toEqual(due);
    });

    it('takes the same id once while it waits', async () => {
      await queue.add('once', { id: 'a', data: { n: 1 } });
      await queue.add('once', { id: 'a', data: { n: 2 } });
      await queue.addMany('once', [
        { id: 'a', data: { n: 3 } },
        { id: 'b', data: {} },
        { id: 'b', data: {} },
      ]);
      queue.process('once', record);
      await rig.until('it is done', async () => (await total(queue, 'once')) === 0);
      expect(ids()).toEqual(['a', 'b']);
      expect(ran[0]?.data).toEqual({ n: 1 });
    });

    it('takes the same id once while it runs', async () => {
      const gate = createGate();
      queue.process('once', async (job) => {
        ran.push(job);
        await gate.opened;
      });
      await queue.add('once', { id: 'a', data: {} });
      await rig.until('it runs', () => ran.length === 1);
      await queue.add('once', { id: 'a', data: {} });
      gate.open();
      await rig.until('it is done', async () => (await total(queue, 'once')) === 0);
      expect(ids()).toEqual(['a']);
    });

    it('takes the id of a finished job again', async () => {
      queue.process('again', record);
      for (const round of [1, 2, 3]) {
        await queue.add('again', { id: 'same', data: { round } });
        await rig.until(
          `round ${round} is done`,
          async () => ran.length === round && (await total(queue, 'again')) === 0,
        );
      }
      expect(ran.map(({ data }) => data.round)).toEqual([1, 2, 3]);
    });

    it('does not bring a delayed job forward when its id is added for an earlier time', async () => {
      await queue.add('moved', { id: 'row:1', at: inMs(60_000), data: {} });
      await queue.add('moved', { id: 'row:1', at: inMs(10), data: {} });
      queue.process('moved', record);
      await rig.pass(100);
      expect(ran).toEqual([]);
      expect(await queue.counts('moved')).toMatchObject({ delayed: 1, waiting: 0 });
    });

    it('runs at the earlier time when the version in the id is new', async () => {
      queue.process('moved', record);
      await queue.add('moved', { id: 'row:1', at: inMs(60_000), data: {} });
      await queue.remove('moved', 'row:1');
      await queue.add('moved', { id: 'row:2', at: inMs(10), data: {} });
      await rig.until('the new version ran', () => ran.length === 1);
      expect(ids()).toEqual(['row:2']);
      expect(await total(queue, 'moved')).toBeLessThanOrEqual(1);
    });

    it('forgets a removed job, delayed or waiting, and bears unknown ids', async () => {
      await queue.add('gone', { id: 'delayed', at: inMs(20), data: {} });
      await queue.add('gone', { id: 'waiting', data: {} });
      await queue.add('gone', { id: 'stays', data: {} });
      await queue.remove('gone', 'delayed');
      await queue.remove('gone', 'waiting');
      await queue.remove('gone', 'never there');
      queue.process('gone', record);
      await rig.until('it is done', async () => (await total(queue, 'gone')) === 0);
      await rig.pass(60);
      expect(ids()).toEqual(['stays']);
    });

    it('leaves a running job alone when it is removed', async () => {
      const gate = createGate();
      queue.process('busy', async (job) => {
        ran.push(job);
        await gate.opened;
      });
      await queue.add('busy', { id: 'a', data: {} });
      await rig.until('it runs', () => ran.length === 1);
      await queue.remove('busy', 'a');
      expect(await queue.counts('busy')).toMatchObject({ active: 1 });
      gate.open();
      await rig.until('it is done', async () => (await total(queue, 'busy')) === 0);
    });

    it('tries again with longer waits until it works', async () => {
      const tries: { attempt: number; at: number }[] = [];
      queue.process(
        'shaky',
        async (_, attempt) => {
          tries.push({ attempt, at: rig.now().getTime() });
          if (attempt < 3) throw new Error('not yet');
        },
        { attempts: 5, backoffMs: 40 },
      );
      await queue.add('shaky', { id: 'a', data: {} });
      await rig.until('it worked', () => tries.length === 3);
      await rig.until('nothing is left', async () => (await total(queue, 'shaky')) === 0);
      expect(tries.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
      const [first = 0, second = 0, third = 0] = tries.map(({ at }) => at);
      expect(second - first).toBeGreaterThanOrEqual(40);
      expect(third - second).toBeGreaterThanOrEqual(80);
      expect(await queue.counts('shaky')).toMatchObject({ failed: 0 });
    });

    it('gives up after the last try, counts it, and takes the same id again', async () => {
      let works = false;
      queue.process(
        'broken',
        async (job) => {
          ran.push(job);
          if (!works) throw new Error('broken');
        },
        { attempts: 2, backoffMs: 10 },
      );
      await queue.add('broken', { id: 'a', data: {} });
      await rig.until('it gave up', async () => (await queue.counts('broken')).failed === 1);
      await rig.until('nothing is left', async () => (await total(queue, 'broken')) === 0);
      expect(ran).toHaveLength(2);
      works = true;
      await queue.add('broken', { id: 'a', data: {} });
      await rig.until('it worked', () => ran.length === 3);
      await rig.until('nothing is left', async () => (await total(queue, 'broken')) === 0);
    });

    it('runs at most as many at a time as it may', async () => {
      let running = 0;
      let most = 0;
      const gate = createGate();
      queue.process(
        'wide',
        async (job) => {
          running++;
          most = Math.max(most, running);
          await gate.opened;
          running--;
          ran.push(job);
        },
        { concurrency: 3 },
      );
      await queue.addMany('wide', numbered(10));
      await rig.until('three run', () => running === 3);
      expect(await queue.counts('wide')).toMatchObject({ active: 3, waiting: 7 });
      gate.open();
      await rig.until('all ran', () => ran.length === 10);
      expect(most).toBe(3);
    });

    it('runs one at a time, in order, when nothing is said', async () => {
      queue.process('row', record);
      await queue.addMany('row', numbered(20));
      await rig.until('all ran', () => ran.length === 20);
      expect(ids()).toEqual(numbered(20).map(({ id }) => id));
    });

    it('keeps queues apart', async () => {
      queue.process('one', record);
      await queue.add('two', { id: 'a', data: {} });
      await queue.add('one', { id: 'a', data: {} });
      await rig.until('one is done', async () => (await total(queue, 'one')) === 0);
      expect(ran).toHaveLength(1);
      expect(await queue.counts('two')).toMatchObject({ waiting: 1 });
    });

    it('lets a handler add the next alarm', async () => {
      queue.process('chain', async (job) => {
        ran.push(job);
        if (ran.length < 3) await queue.add('chain', { id: `row:${ran.length}`, at: inMs(10), data: {} });
      });
      await queue.add('chain', { id: 'row:0', data: {} });
      await rig.until('the chain is through', () => ran.length === 3);
      expect(ids()).toEqual(['row:0', 'row:1', 'row:2']);
    });

    it('bears ids and texts of every script', async () => {
      const odd = ['12', 'wait', 'row:村口:1', 'room@@abc:1', '', 'a'.repeat(300), '🌾'];
      queue.process('odd', record);
      await queue.addMany(
        'odd',
        odd.map((id) => ({ id, data: { id } })),
      );
      await rig.until('all ran', () => ran.length === odd.length);
      expect(ids()).toEqual(odd);
      expect(ran.map(({ data }) => data.id)).toEqual(odd);
    });

    it('refuses a second handler of the same name', () => {
      queue.process('mine', record);
      expect(() => queue.process('mine', record)).toThrow('queue.handler-taken');
    });

    it('waits for what runs when it closes, starts nothing more, and then refuses', async () => {
      const gate = createGate();
      let finished = false;
      queue.process('last', async (job) => {
        ran.push(job);
        await gate.opened;
        finished = true;
      });
      await queue.addMany('last', numbered(3));
      await rig.until('one runs', () => ran.length === 1);
      const closed = queue.close().then(() => finished);
      gate.open();
      expect(await closed).toBe(true);
      expect(ran).toHaveLength(1);
      await expect(queue.add('last', { id: 'late', data: {} })).rejects.toMatchObject({ code: 'queue.closed' });
      await expect(queue.addMany('last', numbered(1))).rejects.toMatchObject({ code: 'queue.closed' });
      await queue.close();
    });

    it('takes nothing amiss when nothing is added', async () => {
      await queue.addMany('empty', []);
      expect(await queue.counts('empty')).toEqual({ waiting: 0, delayed: 0, active: 0, failed: 0 });
    });
  });
}

function numbered(count: number): Job[] {
  return Array.from({ length: count }, (_, n) => ({ id: `job ${n}`, data: { n } }));
}

/** Waiting, delayed and running. */
async function total(queue: Queue, name: string): Promise<number> {
  const { waiting, delayed, active } = await queue.counts(name);
  return waiting + delayed + active;
}

export function createGate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
