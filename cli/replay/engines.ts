import { randomBytes } from 'node:crypto';
import { collections } from '../../src/compose.ts';
import type { CryptoKeys } from '../../src/platform/crypto.ts';
import { openMemoryStore } from '../../src/platform/store/embedded.ts';
import type { Store } from '../../src/platform/store/port.ts';
import { AppError } from '../../src/shared/errors.ts';

export const engines = ['embedded', 'mongo'] as const;
export type Engine = (typeof engines)[number];

/** An empty store of that kind, gone without a trace once it is closed. */
export interface PassingStore {
  readonly store: Store;
  /** Closes it unless it is closed already. */
  drop(): Promise<void>;
}

/**
 * `embedded`: in memory. `mongo`: a database of its own at that address; the address's own is not touched.
 * Errors: `replay.no-mongo` without an address, `store.unreachable`.
 */
export async function openPassingStore(engine: Engine, mongoUri: string | null): Promise<PassingStore> {
  const opened = engine === 'mongo' ? await openMongo(mongoUri) : openMemoryStore(collections);
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => (closing ??= opened.close());
  return { store: { ...opened, close }, drop: close };
}

async function openMongo(uri: string | null): Promise<Store> {
  if (uri === null) throw new AppError('replay.no-mongo', 400, { variable: 'MONGODB_URI' });
  // mongoose is loaded only where it is wanted.
  const { openMongoStore } = await import('../../src/platform/store/mongo.ts');
  const database = `cunkou_replay_${randomBytes(6).toString('hex')}`;
  return openMongoStore({ uri, database, declarations: collections, passing: true });
}

/** Phone numbers of a replay are sealed with keys that nobody keeps. */
export function passingKeys(): CryptoKeys {
  const key = (): string => randomBytes(32).toString('base64');
  return { current: 'replay', encryption: { replay: key() }, lookup: key() };
}
