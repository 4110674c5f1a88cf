import { randomBytes } from 'node:crypto';
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
  try {
    return file.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new AppError('keys.damaged', 500, { file: 'keys.json' }, { cause });
  }
}
