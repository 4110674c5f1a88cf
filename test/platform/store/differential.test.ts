import { describe, it } from 'vitest';
import { createEmbeddedStore, openMemoryStore } from '../../../src/platform/store/embedded.ts';
import { holdAgainstModel } from './differential.ts';
import { cleanFolders, freshFolder } from './folder.ts';
import { codes, things } from './things.ts';

cleanFolders();

// eslint-disable-next-line -- the assertions are in holdAgainstModel
describe('the embedded store and a naive model agree', () => {
  it('in memory', () =>
    holdAgainstModel(async () => openMemoryStore([things, codes]), { seed: 20260321, runs: 60, steps: 120 }));
  it('on disk', () =>
    holdAgainstModel(() => createEmbeddedStore({ folder: freshFolder(), declarations: [things, codes] }), {
      seed: 4711,
      runs: 15,
      steps: 60,
    }));
});
