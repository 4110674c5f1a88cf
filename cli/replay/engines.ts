import { randomBytes } from 'node:crypto';
import { collections } from '../../src/compose.ts';
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

/** `embedded`: in memory. `mongo`: a database of its own at that address. */
export async function openPassingStore(engine: Engine, mongoUri: string | null): Promise<PassingStore> {
  if (engine === 'mongo') throw new Error(`not yet ${mongoUri}`);
  return { store: openMemoryStore(collections), drop: () => Promise.resolve() };
}

/** Phone numbers of a replay are sealed with keys that nobody keeps. */
export function passingKeys(): CryptoKeys {
  const key = (): string => randomBytes(32).toString('base64');
  return { current: 'replay', encryption: { replay: key() }, lookup: key() };
}
