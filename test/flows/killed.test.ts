import { describe, expect, it } from 'vitest';
import { expectSame, live } from '../support/morning.ts';

describe('a process that is killed', async () => {
  const whole = await live(null);

  it('has something to lose', () => {
    expect(whole.writes).toBeGreaterThan(80);
    expect(whole.unknown).toBe(0);
    expect(whole.heard.length).toBeGreaterThan(12);
  });

  it('at any write loses nothing, and says nothing twice', { timeout: 120_000 }, async () => {
    for (let write = 1; write <= whole.writes; write++) {
      for (const applied of [false, true]) {
        const cut = await live({ write, applied });
        const where = `killed at write ${write}${applied ? ', applied' : ''}`;
        expectSame(cut, whole, where);
      }
    }
  });

  it('nor where several writes are one', { timeout: 120_000 }, async () => {
    const together = await live({ write: Infinity, applied: false, together: true });
    expect(together.writes).toBeLessThan(whole.writes);
    for (let write = 1; write <= together.writes; write++) {
      const cut = await live({ write, applied: true, together: true });
      expectSame(cut, whole, `killed after write ${write} of those that are together`);
    }
  });
});
