import { open, type RootDatabase } from 'lmdb';
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError, isAppError } from '../../shared/errors.ts';
import { above, type Key } from './keys.ts';
import type { Kv, Reader } from './kv.ts';
import { dataFileIn, firstDataFile, keepOnly, nextDataFile, partOf, withDataFile } from './lmdb-files.ts';
import { takeLock } from './lock.ts';
import { createRoom } from './room.ts';

/** Keys are bytes already. */
const keyEncoder = {
  writeKey: (key: Key, target: Buffer, position: number): number => position + target.write(key, position, 'latin1'),
  readKey: (source: Buffer, start: number, end: number): Key => source.toString('latin1', start, end),
};

/** Where lmdb 3.5's heads (the first two pages) keep what is needed here. */
const head = { magic: 24, pageSize: 48, lastPage: 144, transaction: 152, length: 160 };
const magic = 0xbeefc0de;

type Look = 'whole' | 'short' | 'damaged';

/**
 * Looks at the file before lmdb maps it: touching a page behind its end would kill the process. A file
 * may be shorter than its heads say and healthy, if its last pages are free; only then it is `short`.
 */
function look(path: string): Look {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    if (size === 0) return 'whole';
    const page = Buffer.alloc(head.length);
    const read = (position: number): boolean =>
      readSync(file, page, 0, head.length, position) === head.length && page.readUInt32LE(head.magic) === magic;
    if (!read(0)) return 'damaged';
    const pageSize = page.readUInt32LE(head.pageSize);
    let newest = page.readBigUInt64LE(head.transaction);
    let last = page.readBigUInt64LE(head.lastPage);
    if (!read(pageSize)) return 'damaged';
    if (page.readBigUInt64LE(head.transaction) > newest) {
      newest = page.readBigUInt64LE(head.transaction);
      last = page.readBigUInt64LE(head.lastPage);
    }
    return BigInt(size) < (last + 1n) * BigInt(pageSize) ? 'short' : 'whole';
  } finally {
    closeSync(file);
  }
}

function readable(path: string): boolean {
  const probe = fileURLToPath(new URL('./probe.mjs', import.meta.url));
  return spawnSync(process.execPath, [probe, path], { stdio: 'ignore' }).status === 0;
}

const ignored = (): void => undefined;
const damage = /MDB_(INVALID|CORRUPTED|VERSION_MISMATCH|PAGE_NOTFOUND|PANIC)|not an LMDB|wrong|corrupt/i;

function openDatabase(path: string, readOnly = false): RootDatabase<Buffer, Key> {
  if (existsSync(path)) {
    accessSync(path, readOnly ? constants.R_OK : constants.R_OK | constants.W_OK);
    const seen = look(path);
    if (seen === 'damaged' || (seen === 'short' && !readable(path))) {
      throw new AppError('store.damaged', 500, { part: 'file' });
    }
  }
  try {
    return open<Buffer, Key>({
      path,
      readOnly,
      keyEncoder,
      encoding: 'binary',
      overlappingSync: false,
      eventTurnBatching: false,
      maxDbs: 1,
      maxReaders: 8,
    });
  } catch (cause) {
    if (!(cause instanceof Error) || !damage.test(cause.message)) throw cause;
    throw new AppError('store.damaged', 500, { part: 'file' }, { cause });
  }
}

/** At most so much is written for these: a page for each, and what it holds. */
function sizeOf(writes: readonly [Key, Uint8Array | null][]): number {
  let bytes = 0;
  for (const [, value] of writes) bytes += 4096 + (value?.length ?? 0);
  return bytes;
}

/**
 * Opens (or makes) the store of a data folder for this process alone. Errors: `store.locked` (facts.pid),
 * `store.damaged`, `store.unwritable`.
 */
export function openLmdb(folder: string): Kv {
  const room = createRoom(folder);
  let release: (() => void) | null = null;
  let database: RootDatabase<Buffer, Key>;
  let name: string;
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    release = takeLock(folder);
    const found = dataFileIn(folder);
    if (found === null) room.demand(0);
    name = found ?? firstDataFile;
    keepOnly(folder, name);
    database = openDatabase(join(folder, name));
  } catch (cause) {
    release?.();
    if (isAppError(cause)) throw cause;
    throw new AppError('store.unwritable', 503, {}, { cause });
  }

  function* keys(start: Key, end: Key, reverse = false): Generator<Key> {
    if (start >= end) return;
    const range = reverse ? { start: end, end: start, reverse, inclusiveEnd: true } : { start, end };
    for (const key of database.getKeys(range)) if (!reverse || key < end) yield key;
  }

  return {
    get: (key) => database.getBinaryFast(key),
    keys,
    refresh: () => database.resetReadTxn(),
    async commit(writes) {
      const all = [...writes];
      room.demand(sizeOf(all));
      let part: Promise<boolean> | undefined;
      const written = database.batch(() => {
        for (const [key, value] of all) {
          const put = value === null ? database.remove(key) : database.put(key, value as Buffer);
          // They share few promises, which fail with the whole.
          if (put === part) continue;
          part = put;
          put.catch(ignored);
        }
      });
      try {
        await written;
      } catch (fault) {
        // The reason comes in a promise of its own, which nobody else awaits.
        const { commitError } = fault as { commitError?: Promise<never> };
        commitError?.catch(ignored);
        throw fault;
      }
    },
    async compact() {
      const next = nextDataFile(name);
      let fresh: RootDatabase<Buffer, Key>;
      try {
        keepOnly(folder, name);
        room.demand(statSync(join(folder, name)).size);
        await copyInto(join(folder, partOf(next)), database);
        renameSync(join(folder, partOf(next)), join(folder, next));
        syncFolder(folder);
        fresh = openDatabase(join(folder, next));
      } catch (cause) {
        for (const half of [partOf(next), next]) rmSync(join(folder, half), { force: true, recursive: true });
        throw isAppError(cause) ? cause : new AppError('store.unwritable', 503, {}, { cause });
      }
      const old = database;
      database = fresh;
      name = next;
      await old.close();
      keepOnly(folder, name);
    },
    async close() {
      await database.close();
      release?.();
    },
  };
}

/** Keys that are copied at a time. */
const portion = 1000;

/** Writes what counts, and nothing else, into a new file: on disk when it resolves. Nobody writes meanwhile. */
async function copyInto(path: string, from: RootDatabase<Buffer, Key>): Promise<void> {
  const copy = openDatabase(path);
  try {
    for (let start: Key = '\0'; ;) {
      const keys = [...from.getKeys({ start, end: above, limit: portion })];
      await copy.batch(() => {
        for (const key of keys) {
          const value = from.getBinary(key);
          if (value !== undefined) copy.put(key, value).catch(ignored);
        }
      });
      const last = keys.at(-1);
      if (last === undefined || keys.length < portion) break;
      start = `${last}\0`;
    }
    await copy.flushed;
  } finally {
    await copy.close();
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * What is there at this instant, for reading, whoever owns the folder. lmdb lets another process write on while
 * a reader's transaction stands; pages freed meanwhile are used again once it is closed.
 */
export function openLmdbSnapshot(folder: string): Reader & { close(): Promise<void> } {
  let database: RootDatabase<Buffer, Key>;
  try {
    database = withDataFile(folder, (path) => openDatabase(path, true));
  } catch (cause) {
    if (isAppError(cause)) throw cause;
    throw new AppError('store.unreadable', 503, {}, { cause });
  }
  const transaction = database.useReadTransaction();
  return {
    get: (key) => database.get(key, { transaction }),
    *keys(start, end, reverse = false) {
      const range = reverse ? { start: end, end: start, reverse, inclusiveEnd: true } : { start, end };
      for (const key of database.getKeys({ ...range, transaction })) if (!reverse || key < end) yield key;
    },
    async close() {
      transaction.done();
      await database.close();
    },
  };
}
