import { describe, expect, it } from 'vitest';
import { chainSteps as steps } from '../support/chain-story.ts';
import { expectSame, live } from '../support/morning.ts';

describe('a process that is killed while a 接龙 runs', async () => {
  const whole = await live(null, undefined, steps);

  it('has something to lose', () => {
    expect(whole.writes).toBeGreaterThan(40);
    expect(whole.heard.length).toBeGreaterThan(7);
  });

  it('at any write loses no line, counts none twice and answers once', { timeout: 120_000 }, async () => {
    for (let write = 1; write <= whole.writes; write++) {
      for (const applied of [false, true]) {
        const cut = await live({ write, applied }, undefined, steps);
        expectSame(cut, whole, `killed at write ${write}${applied ? ', applied' : ''}`);
      }
    }
  });
});
