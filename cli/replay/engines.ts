import { randomBytes } from 'node:crypto';
import { collections } from '../../src/compose.ts';
import { ConfigError } from '../../src/config.ts';
import type { CryptoKeys } from '../../src/platform/crypto.ts';
import { openMemoryStore } from '../../src/platform/store/embedded.ts';
import type { Store } from '../../src/platform/store/port.ts';

export const engines = ['embedded', 'mongo'] as const;
export type Engine = (typeof engines)[number];

/** An empty store of that kind, gone without a trace once it is dropped. */
export interface PassingStore {
  readonly store: Store;
  drop(): Promise<void>;
}

/** `embedded`: in memory. `mongo`: a new database at that address, which the store drops when it is closed. */
export async function openPassingStore(engine: Engine, mongoUri: string | null): Promise<PassingStore> {
  if (engine === 'embedded') return { store: openMemoryStore(collections), drop: () => Promise.resolve() };
  if (mongoUri === null) throw new ConfigError(['MONGODB_URI: --engine mongo 需要它']);
  const { openMongoStore } = await import('../../src/platform/store/mongo.ts');
  const database = `cunkou_passing_${randomBytes(6).toString('hex')}`;
  const store = await openMongoStore({ uri: mongoUri, database, declarations: collections, passing: true });
  return { store, drop: () => Promise.resolve() };
}

/** Phone numbers of a replay are sealed with keys that nobody keeps. */
export function passingKeys(): CryptoKeys {
  const key = (): string => randomBytes(32).toString('base64');
  return { current: 'replay', encryption: { replay: key() }, lookup: key() };
}
