import { describe, expect, it } from 'vitest';
import { inPortions } from '../../src/shared/portions.ts';

describe('work in portions', () => {
  it('runs so many side by side and keeps the order of the results', async () => {
    let running = 0;
    let most = 0;
    const done = await inPortions([1, 2, 3, 4, 5], 2, async (n) => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
      return n * 2;
    });
    expect(done).toEqual([2, 4, 6, 8, 10]);
    expect(most).toBe(2);
  });

  it('lets a portion end before it throws, and starts no other', async () => {
    const seen: number[] = [];
    const failing = inPortions([1, 2, 3], 2, async (n) => {
      if (n === 1) throw new Error('first');
      await Promise.resolve();
      seen.push(n);
    });
    await expect(failing).rejects.toThrow('first');
    expect(seen).toEqual([2]);
  });
});
