import { join } from 'node:path';
import { collections } from '../../src/compose.ts';
import type { CryptoKeys } from '../../src/platform/crypto.ts';
import { createRandomIds } from '../../src/platform/ids.ts';
import type { Ids } from '../../src/platform/ids.ts';
import { keysOf } from '../../src/platform/keys.ts';
import { createEmbeddedStore } from '../../src/platform/store/embedded.ts';
import type { Store } from '../../src/platform/store/port.ts';
import { createUploads } from '../../src/platform/uploads.ts';
import type { Uploads } from '../../src/platform/uploads.ts';

/** What the demo keeps in its folder. */
export async function openDemoGround(
  folder: string,
): Promise<{ store: Store; uploads: Uploads; ids: Ids; keys: CryptoKeys }> {
  const ids = createRandomIds();
  return {
    store: await createEmbeddedStore({
      folder: join(folder, 'store'),
      declarations: collections,
    }),
    uploads: createUploads({ dir: join(folder, 'uploads'), ids }),
    ids,
    keys: await keysOf(folder),
  };
}
