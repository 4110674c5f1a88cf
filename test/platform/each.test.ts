import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/shared/errors.ts';
import { tryAll, tryEach } from '../../src/platform/each.ts';

const refuse = (...bad: number[]): { done: number[]; task: (n: number) => Promise<void> } => {
  const done: number[] = [];
  return {
    done,
    async task(n) {
      await Promise.resolve();
      if (bad.includes(n)) throw new Error(`not ${n}`);
      done.push(n);
    },
  };
};

describe('a sweep over many rows', () => {
  it('does the rest when some fail, and tells once how many', async () => {
    const { done, task } = refuse(1, 3);
    await expect(tryEach([1, 2, 3, 4], task)).rejects.toMatchObject({
      code: 'sweep.failed',
      facts: { failed: 2, tried: 4 },
      cause: new Error('not 1'),
    });
    expect(done).toEqual([2, 4]);
  });

  it('tells nothing when all went well, or nothing was there', async () => {
    const { done, task } = refuse();
    await tryEach([1, 2], task);
    await tryEach([], task);
    expect(done).toEqual([1, 2]);
  });

  it('ends at once when what all rows stand on is away', async () => {
    const tried: number[] = [];
    const away = new AppError('queue.unreachable', 503);
    const task = (n: number): Promise<void> => {
      tried.push(n);
      return Promise.reject(away);
    };
    await expect(tryEach([1, 2], task)).rejects.toBe(away);
    expect(tried).toEqual([1]);
  });

  it('takes a stream, whose own fault ends it', async () => {
    const { done, task } = refuse();
    async function* rows(): AsyncGenerator<number> {
      yield 1;
      await Promise.resolve();
      throw new Error('the store is away');
    }
    await expect(tryEach(rows(), task)).rejects.toThrow('the store is away');
    expect(done).toEqual([1]);
  });

  it('of several steps goes through all of them', async () => {
    const { done, task } = refuse(1);
    await expect(
      tryAll(
        () => task(1),
        () => task(2),
      ),
    ).rejects.toThrow('not 1');
    expect(done).toEqual([2]);
  });
});
