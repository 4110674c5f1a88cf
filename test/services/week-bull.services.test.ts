import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../src/platform/clock.ts';
import { createBullQueue } from '../../src/platform/queue/bull.ts';
import { createWork } from '../../src/platform/work.ts';
import { exactWeek } from '../support/week.ts';
import { databasesOf, openPassing, redisUrl } from './servers.ts';

const fresh = databasesOf('weekbull');
const prefix = (name: string): string => `${name}-${process.pid}`;

describe('the village on MongoDB and Redis', () => {
  exactWeek(
    () => openPassing(fresh()),
    ({ clock, work, onFault }) =>
      createBullQueue({ url: redisUrl, clock, work, onFault, prefix: prefix('week'), movedClock: true }),
  );
});

describe('the Bull queue with a clock that is moved', () => {
  const start = new Date('2031-03-18T09:30:00+08:00');
  const open = (name: string) => {
    const clock = createFakeClock(start);
    const faults: unknown[] = [];
    const work = createWork((_, fault) => faults.push(fault));
    const queue = createBullQueue({
      ...{ url: redisUrl, clock, work, prefix: prefix(name), movedClock: true },
      onFault: (_, fault) => faults.push(fault),
    });
    const ran: string[] = [];
    const until = (seconds: number) => clock.advanceTo(new Date(start.getTime() + seconds * 1000), () => work.idle());
    return { clock, work, queue, faults, ran, until };
  };
  const inSeconds = (seconds: number): Date => new Date(start.getTime() + seconds * 1000);

  it('is quiet only when what was added is through, and keeps what is for later', async () => {
    const { queue, work, ran, until, clock } = open('moved');
    queue.process('alarm', async ({ id }) => void ran.push(`${id} ${clock.now().getTime() - start.getTime()}`));
    await queue.add('alarm', { id: 'now', data: {} });
    await queue.addMany('alarm', [
      { id: 'b', at: inSeconds(20), data: {} },
      { id: 'a', at: inSeconds(10), data: {} },
      { id: 'gone', at: inSeconds(15), data: {} },
    ]);
    await queue.add('alarm', { id: 'a', data: {} });
    await queue.remove('alarm', 'gone');
    await work.idle();
    expect(ran).toEqual(['now 0']);
    expect(await queue.counts('alarm')).toMatchObject({ delayed: 2, active: 0 });
    await until(60);
    expect(ran).toEqual(['now 0', 'a 10000', 'b 20000']);
    await queue.close();
  });

  it('tries again by that clock, and gives up', async () => {
    const { queue, work, ran, until, faults } = open('again');
    const handle = ({ id }: { id: string }, attempt: number): Promise<void> => {
      ran.push(`${id} ${attempt}`);
      return attempt < 3 || id === 'bad' ? Promise.reject(new Error('busy')) : Promise.resolve();
    };
    queue.process('tries', handle, { attempts: 3, backoffMs: 10_000 });
    await queue.add('tries', { id: 'good', data: {} });
    await work.idle();
    expect(ran).toEqual(['good 1']);
    await until(600);
    expect(ran).toEqual(['good 1', 'good 2', 'good 3']);
    expect(faults).toEqual([]);
    await queue.add('tries', { id: 'bad', data: {} });
    await until(1_200);
    expect(faults).toMatchObject([{ code: 'queue.gave-up', facts: { job: 'bad' } }]);
    await queue.close();
  });
});
