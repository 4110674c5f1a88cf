import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../shared/errors.ts';
import type { CryptoKeys } from './crypto.ts';

const file = z.object({ current: z.string(), encryption: z.record(z.string(), z.string()), lookup: z.string() });
const fresh = (): string => randomBytes(32).toString('base64');

/**
 * The keys of a village that has set none: made at the first start, readable by the owner only, kept in the
 * data folder. Whoever has the folder then has the keys; a careful operator sets them by the environment.
 * AppError `keys.damaged` (500) when the file can't be read: made anew, nothing sealed would open again.
 */
export async function keysOf(dataDir: string): Promise<CryptoKeys> {
  const path = join(dataDir, 'keys.json');
  await mkdir(dataDir, { recursive: true });
  try {
    const made: CryptoKeys = { current: 'k1', encryption: { k1: fresh() }, lookup: fresh() };
    const handle = await open(path, 'wx', 0o600);
    try {
      await handle.writeFile(JSON.stringify(made));
      await handle.sync();
    } finally {
      await handle.close();
    }
    return made;
  } catch (fault) {
    if (!(fault instanceof Error && 'code' in fault && fault.code === 'EEXIST')) throw fault;
  }
  return parse(await readFile(path));
}

function parse(bytes: Uint8Array): CryptoKeys {
  try {
    return file.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch (cause) {
    throw new AppError('keys.damaged', 500, { file: 'keys.json' }, { cause });
  }
}

/** The keys that the service has made in this folder, with the file as it stands; null when it has made none. */
export async function madeKeys(dataDir: string): Promise<{ keys: CryptoKeys; bytes: Uint8Array } | null> {
  try {
    const bytes = await readFile(join(dataDir, 'keys.json'));
    return { keys: parse(bytes), bytes };
  } catch (fault) {
    if (fault instanceof Error && 'code' in fault && fault.code === 'ENOENT') return null;
    throw fault;
  }
}

/** Puts a file of keys into a folder that has none. Throws `keys.damaged`. */
export async function keepKeys(dataDir: string, bytes: Uint8Array): Promise<void> {
  parse(bytes);
  await mkdir(dataDir, { recursive: true });
  const handle = await open(join(dataDir, 'keys.json'), 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Tells whether two places have the same keys, and nothing about them: a key's name and a digest of 64 bits. */
export function fingerprints({ encryption, lookup }: CryptoKeys): Readonly<Record<string, string>> {
  const print = (key: string): string => createHash('sha256').update(`cunkou key ${key}`).digest('hex').slice(0, 16);
  const prints: Record<string, string> = { lookup: print(lookup) };
  for (const [name, key] of Object.entries(encryption)) prints[`encryption.${name}`] = print(key);
  return prints;
}
