import { describe, it } from 'vitest';
import { createEmbeddedStore, openMemoryStore } from '../../../src/platform/store/embedded.ts';
import { expectLikeModel } from './differential.ts';
import { cleanFolders, freshFolder } from './folder.ts';
import { codes, things } from './things.ts';

cleanFolders();

describe('the embedded store and a naive model agree', () => {
  it('in memory', () =>
    expectLikeModel(async () => openMemoryStore([things, codes]), { seed: 20260321, runs: 60, steps: 120 }));
  it('on disk', () =>
    expectLikeModel(() => createEmbeddedStore({ folder: freshFolder(), declarations: [things, codes] }), {
      seed: 4711,
      runs: 15,
      steps: 60,
    }));
});
