import { describe, expect, it } from 'vitest';
import { cleanFolders, freshFolder } from '../platform/store/folder.ts';
import { live } from './lives.ts';
import { figure, roundsOf } from './random.ts';

cleanFolders();

describe('the whole process, killed with kill -9 while people write and cadres work', () => {
  const { runs, seed } = roundsOf({ runs: 4, seed: 20260321 });

  it(
    `loses nothing that was answered and says nothing twice (${runs} lives)`,
    { timeout: 60_000 + runs * 20_000 },
    async () => {
      const lived = await live(freshFolder(), { runs, seed });
      figure(`seed ${seed}, ${runs} lives: ${JSON.stringify({ ...lived, faults: lived.faults.length })}`);
      expect(lived.faults).toEqual([]);
      expect(lived.caught).toBeGreaterThan(0);
      expect(lived.messages).toBeGreaterThan(runs * 3);
      expect(lived.stopping.code).toBe(0);
      expect(lived.stopping.ms).toBeLessThan(10_000);
    },
  );
});
