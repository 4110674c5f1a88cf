import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSystemClock } from '../../src/platform/clock.ts';
import { createBullQueue } from '../../src/platform/queue/bull.ts';
import { until } from '../platform/queue/bull-rig.ts';
import { startRedis, type RedisServer } from '../support/redis-server.ts';

const password = 'not-a-secret';
const deadlineMs = 400;
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function openQueue() {
  const folder = mkdtempSync(join(tmpdir(), 'cunkou-redis-away-'));
  let redis = await startRedis({ folder, password });
  open.push(async () => {
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const faults: unknown[] = [];
  const queue = createBullQueue({
    ...{ url: redis.url, clock: createSystemClock(), prefix: 'away', deadlineMs },
    onFault: (_, fault) => faults.push(fault),
  });
  open.push(() => queue.close());
  const ran: string[] = [];
  queue.process('mine', async ({ id }) => void ran.push(id));
  const again = async (): Promise<RedisServer> => (redis = await startRedis({ folder, password, port: redis.port }));
  return { queue, ran, faults, redis, again };
}

type Rig = Awaited<ReturnType<typeof openQueue>>;

/** Adds one job after the other while `away` is away; what became of each. */
async function addWhile({ queue }: Rig, count: number): Promise<{ kept: string[]; refused: string[] }> {
  const kept: string[] = [];
  const refused: string[] = [];
  for (let n = 0; n < count; n++) {
    const began = performance.now();
    try {
      await queue.add('mine', { id: `n${n}`, data: {} });
      kept.push(`n${n}`);
    } catch (fault) {
      expect(fault).toMatchObject({ code: 'queue.unreachable', status: 503 });
      refused.push(`n${n}`);
    }
    // Twice the deadline: the machine may be busy.
    expect(performance.now() - began).toBeLessThan(deadlineMs * 2 + 500);
  }
  return { kept, refused };
}

/** Adds again what was refused, as a sweeper does, until Redis takes it; all has run in the end. */
async function goOn({ queue, ran }: Rig, { kept, refused }: { kept: string[]; refused: string[] }): Promise<void> {
  for (const id of refused) {
    await until(`${id} is taken`, () =>
      queue.add('mine', { id, data: {} }).then(
        () => true,
        () => false,
      ),
    );
  }
  await until('all ran', () => [...kept, ...refused].every((id) => ran.includes(id)));
}

describe('the queue while Redis is away for some seconds', () => {
  it('refuses within its deadline when Redis stands still, and goes on afterwards', async () => {
    const rig = await openQueue();
    await rig.queue.add('mine', { id: 'before', data: {} });
    await until('it ran', () => rig.ran.includes('before'));
    process.kill(rig.redis.pid, 'SIGSTOP');
    const added = await addWhile(rig, 6);
    process.kill(rig.redis.pid, 'SIGCONT');
    expect(added.refused).toHaveLength(6);
    await goOn(rig, added);
    expect(await rig.queue.counts('mine')).toMatchObject({ waiting: 0, failed: 0 });
  });

  it('refuses within its deadline when Redis is killed, and goes on with the one that comes after it', async () => {
    const rig = await openQueue();
    await rig.queue.add('mine', { id: 'before', data: {} });
    await rig.queue.add('mine', { id: 'later', at: new Date(Date.now() + 4_000), data: {} });
    await until('it ran', () => rig.ran.includes('before'));
    await rig.redis.stop('SIGKILL');
    const added = await addWhile(rig, 5);
    expect(added.refused).toHaveLength(5);
    await rig.again();
    await goOn(rig, added);
    await until('what waited for its time ran', () => rig.ran.includes('later'));
    expect(rig.ran.filter((id) => id === 'later')).toHaveLength(1);
    // Each connection tells of its loss once, not of every try.
    expect(rig.faults.length).toBeLessThanOrEqual(6);
  });
});
