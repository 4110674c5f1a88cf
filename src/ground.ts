import { join } from 'node:path';
import { collections, type Ground } from './compose.ts';
import type { Config } from './config.ts';
import type { NoteErasures } from './members/index.ts';
import { createSystemClock } from './platform/clock.ts';
import type { CryptoKeys } from './platform/crypto.ts';
import { createRandomIds } from './platform/ids.ts';
import { addErasures, erasuresFile } from './platform/erasure-list.ts';
import { fingerprints, keysOf } from './platform/keys.ts';
import { createLog, type Log } from './platform/log.ts';
import { createBullQueue } from './platform/queue/bull.ts';
import { createInProcessQueue } from './platform/queue/in-process.ts';
import type { BackupSource, RestoreTarget } from './platform/store/backup.ts';
import { openEmbeddedBackup, openEmbeddedRestore } from './platform/store/embedded-backup.ts';
import { createEmbeddedStore } from './platform/store/embedded.ts';
import { openLmdbSnapshot } from './platform/store/lmdb.ts';
import { openMongoBackup, openMongoRestore } from './platform/store/mongo-backup.ts';
import { openMongoStore } from './platform/store/mongo.ts';
import type { Store } from './platform/store/port.ts';
import { verify, type Verdict } from './platform/store/verify.ts';
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
    ground: { store, queue, clock, ids, work, keys, onFault, noteErasures: erasureNotes(config, keys) },
    uploads: createUploads({ dir: picturesFolder(config), ids }),
    log,
  };
}

const storeFolder = (config: Config): string => join(config.dataDir, 'store');
export const picturesFolder = (config: Config): string => join(config.dataDir, 'uploads');

/** Keeps the list of erased people in the data folder, beside the store. */
export function erasureNotes(config: Config, keys: CryptoKeys): NoteErasures {
  const path = join(config.dataDir, erasuresFile);
  return (all) => addErasures(path, fingerprints(keys)['lookup'] ?? null, all);
}

/** What the store of this configuration holds, for a backup; a village may run on it. */
export async function openBackupSource(config: Config): Promise<BackupSource> {
  return config.mongoUri === null
    ? openEmbeddedBackup(storeFolder(config))
    : openMongoBackup({ uri: config.mongoUri, declarations: collections });
}

/** The store of this configuration as a place for a backup. */
export async function openRestoreTarget(config: Config): Promise<RestoreTarget> {
  return config.mongoUri === null
    ? openEmbeddedRestore({ folder: storeFolder(config), declarations: collections })
    : openMongoRestore({ uri: config.mongoUri, declarations: collections });
}

/** Compares every index entry of the embedded store with its document, and the other way round; a village may run on it. */
export async function verifyStore(config: Config): Promise<Verdict> {
  const reader = openLmdbSnapshot(storeFolder(config));
  try {
    return verify(reader);
  } finally {
    await reader.close();
  }
}

/** The embedded engine in the data folder, or MongoDB where an address is set. */
export function openStore(config: Config, log: Log): Promise<Store> {
  const onScan = ({ collection, documents }: { collection: string; documents: number }): void =>
    log.warn('store.scan', { collection, documents });
  return config.mongoUri === null
    ? createEmbeddedStore({ folder: storeFolder(config), declarations: collections, onScan })
    : openMongoStore({ uri: config.mongoUri, declarations: collections, onScan });
}
