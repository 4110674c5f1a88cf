import { join } from 'node:path';
import { collections, type Ground } from './compose.ts';
import type { Config } from './config.ts';
import { createSystemClock } from './platform/clock.ts';
import { createRandomIds } from './platform/ids.ts';
import { keysOf } from './platform/keys.ts';
import { createLog, type Log } from './platform/log.ts';
import { createBullQueue } from './platform/queue/bull.ts';
import { createInProcessQueue } from './platform/queue/in-process.ts';
import { createEmbeddedStore } from './platform/store/embedded.ts';
import { openMongoStore } from './platform/store/mongo.ts';
import type { Store } from './platform/store/port.ts';
import { createUploads, type Uploads } from './platform/uploads.ts';
import { createWork } from './platform/work.ts';

export interface OpenGround {
  readonly ground: Ground;
  readonly uploads: Uploads;
  readonly log: Log;
}

/** Opens what a village stands on, as the configuration says. The village closes it. */
export async function openGround(
  config: Config,
  log: Log = createLog({ level: config.logLevel }),
): Promise<OpenGround> {
  const onFault = (name: string, fault: unknown): void => log.fault(`fault.${name}`, fault);
  const clock = createSystemClock();
  const ids = createRandomIds();
  const work = createWork(onFault);
  const keys = config.keys ?? (await keysOf(config.dataDir));
  const store = await openStore(config, log);
  const queue =
    config.redisUrl === null
      ? createInProcessQueue({ clock, work })
      : createBullQueue({ url: config.redisUrl, clock, onFault, work });
  return {
    ground: { store, queue, clock, ids, work, keys, onFault },
    uploads: createUploads({ dir: join(config.dataDir, 'uploads'), ids }),
    log,
  };
}

/** The embedded engine in the data folder, or MongoDB where an address is set. */
export function openStore(config: Config, log: Log): Promise<Store> {
  const onScan = ({ collection, documents }: { collection: string; documents: number }): void =>
    log.warn('store.scan', { collection, documents });
  return config.mongoUri === null
    ? createEmbeddedStore({ folder: join(config.dataDir, 'store'), declarations: collections, onScan })
    : openMongoStore({ uri: config.mongoUri, declarations: collections, onScan });
}
