import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/shared/errors.ts';
import { createFakeClock, createSystemClock } from '../../../src/platform/clock.ts';
import { createBullQueue } from '../../../src/platform/queue/bull.ts';
import type { Queue } from '../../../src/platform/queue/port.ts';
import { createWork } from '../../../src/platform/work.ts';
import { startRedis, type RedisServer } from '../../support/redis-server.ts';
import { openBullRig, until } from './bull-rig.ts';
import { createGate, queueContract } from './contract.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

/** What a test opened, closed after it however it ended: a server that outlives its test outlives them all. */
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function passingRedis(options: Parameters<typeof startRedis>[0] = {}): Promise<RedisServer> {
  const started = await startRedis(options);
  open.push(() => started.stop());
  return started;
}

queueContract('Bull', async () => openBullRig(server.url));

describe('the Bull queue', () => {
  const rig = () => {
    const made = openBullRig(server.url);
    open.push(made.close);
    return made;
  };
  const look = () => {
    const redis = new Redis(server.url);
    open.push(() => redis.quit());
    return redis;
  };
  const another = (prefix: string): Queue => {
    const queue = createBullQueue({ url: server.url, clock: createSystemClock(), prefix, onFault: () => undefined });
    open.push(() => queue.close());
    return queue;
  };

  it('shares the jobs among processes, each done once', async () => {
    const { queue, prefix } = rig();
    const second = another(prefix);
    const ran: string[] = [];
    for (const worker of [queue, second]) {
      worker.process('shared', async ({ id }) => {
        ran.push(id);
      });
    }
    const ids = Array.from({ length: 1200 }, (_, n) => `row:${n}`);
    await Promise.all(
      [queue, second].map((adder) =>
        adder.addMany(
          'shared',
          ids.map((id) => ({ id, data: {} })),
        ),
      ),
    );
    await until('all are done', async () => {
      const { waiting, active } = await queue.counts('shared');
      return waiting + active === 0;
    });
    expect(ran.toSorted()).toEqual(ids.toSorted());
  });

  it('leaves nothing of finished jobs in Redis', async () => {
    const { queue, prefix } = rig();
    queue.process(
      'clean',
      async ({ id }) => {
        if (id === 'bad') throw new AppError('test.bad', 500);
      },
      { attempts: 1 },
    );
    await queue.addMany('clean', [
      { id: 'good', data: {} },
      { id: 'bad', data: {} },
    ]);
    await until('the bad one was given up', async () => (await queue.counts('clean')).failed === 1);
    await until('nothing runs', async () => (await queue.counts('clean')).active === 0);
    const keys = await look().keys(`${prefix}*`);
    expect(keys.filter((key) => key.includes('job:'))).toEqual([]);
  });

  it('writes no text of a fault into Redis', async () => {
    const { queue, prefix } = rig();
    queue.process('secret', () => Promise.reject(new Error('王桂香 13800000000')), { backoffMs: 60_000 });
    await queue.add('secret', { id: 'a', data: {} });
    await until('it waits for the next try', async () => (await queue.counts('secret')).delayed === 1);
    const job = await look().hgetall(`${prefix}:secret:job:a`);
    expect(job.attemptsMade).toBe('1');
    expect(JSON.stringify(job)).not.toContain('王桂香');
  });

  it('reports a job that it gave up with the fault as cause', async () => {
    const { queue, faults } = rig();
    const broken = new AppError('test.broken', 500);
    queue.process('broken', () => Promise.reject(broken), { attempts: 2, backoffMs: 1 });
    await queue.add('broken', { id: 'row:1', data: {} });
    await until('it was given up', () => faults.length > 0);
    expect(faults).toMatchObject([{ code: 'queue.gave-up', facts: { queue: 'broken', job: 'row:1' }, cause: broken }]);
  });

  it('takes delays from its clock', async () => {
    const prefix = `test-clock-${process.pid}`;
    const clock = createFakeClock(new Date('2026-03-18T01:30:00Z'));
    const queue = createBullQueue({ url: server.url, clock, prefix, onFault: () => undefined });
    open.push(() => queue.close());
    await queue.add('later', { id: 'a', at: new Date('2026-03-18T01:30:01Z'), data: {} });
    expect(await queue.counts('later')).toMatchObject({ delayed: 1 });
    const [, score = '0'] = await look().zrange(`${prefix}:later:delayed`, 0, 0, 'WITHSCORES');
    expect(Math.floor(Number(score) / 4096)).toBe(Date.parse('2026-03-18T01:30:01Z'));
  });

  it('opens one connection when it only adds', async () => {
    const { queue, prefix } = rig();
    const connections = async () =>
      String(await look().client('LIST'))
        .split('\n')
        .filter((line) => line.includes(`name=${prefix}`)).length;
    await queue.add('only-adds', { id: 'a', data: {} });
    await queue.add('too', { id: 'a', data: {} });
    expect(await connections()).toBe(1);
  });

  it('is seen by work while a job runs', async () => {
    const work = createWork(() => undefined);
    const queue = createBullQueue({
      url: server.url,
      clock: createSystemClock(),
      work,
      prefix: `test-work-${process.pid}`,
      onFault: () => undefined,
    });
    open.push(() => queue.close());
    const gate = createGate();
    let started = false;
    let idle = false;
    queue.process('slow', async () => {
      started = true;
      await gate.opened;
    });
    await queue.add('slow', { id: 'a', data: {} });
    await until('it runs', () => started);
    const waited = work.idle().then(() => {
      idle = true;
    });
    await queue.counts('slow');
    expect(idle).toBe(false);
    gate.open();
    await waited;
  });
});

describe('the Bull queue without Redis', () => {
  const build = (url: string, faults: unknown[] = []) => {
    const queue = createBullQueue({
      url,
      clock: createSystemClock(),
      prefix: 'away',
      deadlineMs: 200,
      onFault: (_, fault) => faults.push(fault),
    });
    open.push(() => queue.close());
    return queue;
  };

  it('says that the queue is unreachable instead of hanging, and closes', async () => {
    const gone = await passingRedis();
    await gone.stop();
    const faults: unknown[] = [];
    const queue = build(gone.url, faults);
    queue.process('mine', async () => undefined);
    const unreachable = { code: 'queue.unreachable', status: 503 };
    await expect(queue.add('mine', { id: 'a', data: {} })).rejects.toMatchObject(unreachable);
    await expect(queue.addMany('mine', [{ id: 'a', data: {} }])).rejects.toMatchObject(unreachable);
    await expect(queue.remove('mine', 'a')).rejects.toMatchObject(unreachable);
    await expect(queue.counts('mine')).rejects.toMatchObject(unreachable);
    // Once for each connection, however often it was tried.
    expect(faults.length).toBeLessThanOrEqual(3);
    await queue.close();
  });

  it('goes on by itself when Redis comes back, its jobs still there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cunkou-redis-'));
    open.push(async () => rmSync(folder, { recursive: true }));
    let redis = await passingRedis({ folder });
    const faults: unknown[] = [];
    const queue = build(redis.url, faults);
    const ran: string[] = [];
    queue.process('mine', async ({ id }) => {
      ran.push(id);
    });
    await queue.add('mine', { id: 'before', data: {} });
    await until('the first ran', () => ran.length === 1);
    await queue.add('mine', { id: 'kept', at: new Date(Date.now() + 60_000), data: {} });
    await redis.stop();
    await expect(queue.add('mine', { id: 'lost', data: {} })).rejects.toMatchObject({ code: 'queue.unreachable' });
    redis = await passingRedis({ folder, port: redis.port });
    await until('it takes jobs again', async () =>
      queue.add('mine', { id: 'after', data: {} }).then(
        () => true,
        () => false,
      ),
    );
    await until('the new one ran', () => ran.includes('after'));
    expect(ran).toEqual(['before', 'after']);
    expect(await queue.counts('mine')).toMatchObject({ delayed: 1 });
  });

  it('closes while a job runs and Redis is gone', async () => {
    const redis = await passingRedis();
    const queue = build(redis.url);
    const gate = createGate();
    let started = false;
    queue.process('mine', async () => {
      started = true;
      await gate.opened;
    });
    await queue.add('mine', { id: 'a', data: {} });
    await until('it runs', () => started);
    await redis.stop('SIGKILL');
    const closed = queue.close();
    gate.open();
    await closed;
  });

  it('finishes later what a killed process left running', async () => {
    // Bull looks for it half a minute after the lock has run out, so the lock is taken away by hand.
    const redis = await passingRedis();
    const prefix = 'killed';
    const dead = createBullQueue({
      url: redis.url,
      clock: createSystemClock(),
      prefix,
      deadlineMs: 200,
      onFault: () => undefined,
    });
    open.push(() => dead.close());
    const gate = createGate();
    let started = false;
    open.push(async () => gate.open());
    dead.process('mine', async () => {
      started = true;
      await gate.opened;
    });
    await dead.add('mine', { id: 'a', data: {} });
    await until('it runs', () => started);
    const client = new Redis(redis.url);
    open.push(() => client.quit());
    await client.del(`${prefix}:mine:job:a:lock`, `${prefix}:mine:stalled-check`);
    await client.sadd(`${prefix}:mine:stalled`, 'job:a');
    const ran: string[] = [];
    const alive = createBullQueue({ url: redis.url, clock: createSystemClock(), prefix, onFault: () => undefined });
    open.push(() => alive.close());
    alive.process('mine', async ({ id }) => {
      ran.push(id);
    });
    await until('another process did it', () => ran.length === 1);
  });
});
