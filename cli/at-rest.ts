import { compose, type Services } from '../src/compose.ts';
import type { Config } from '../src/config.ts';
import { erasureNotes, openStore, picturesFolder } from '../src/ground.ts';
import { createSystemClock } from '../src/platform/clock.ts';
import { createRandomIds } from '../src/platform/ids.ts';
import { keysOf } from '../src/platform/keys.ts';
import { quietLog } from '../src/platform/log.ts';
import { createInProcessQueue } from '../src/platform/queue/in-process.ts';
import { createUploads } from '../src/platform/uploads.ts';
import { createWork } from '../src/platform/work.ts';

/** The rules on the store of this configuration, for one command: no WeChat, no jobs, no Redis. */
export async function atRest<R>(config: Config, work: (services: Services) => Promise<R>): Promise<R> {
  const clock = createSystemClock();
  const ids = createRandomIds();
  const faults: unknown[] = [];
  const onFault = (_name: string, fault: unknown): void => void faults.push(fault);
  const background = createWork(onFault);
  const keys = config.keys ?? (await keysOf(config.dataDir));
  const store = await openStore(config, quietLog);
  const queue = createInProcessQueue({ clock, work: background });
  const uploads = createUploads({ dir: picturesFolder(config), ids });
  const noteErasures = erasureNotes(config, keys);
  const ground = { store, queue, clock, ids, work: background, keys, onFault, uploads, noteErasures };
  try {
    const result = await work(compose(ground, () => Promise.resolve()));
    await background.idle();
    if (faults.length > 0) throw faults[0];
    return result;
  } finally {
    await queue.close();
    await store.close();
  }
}
