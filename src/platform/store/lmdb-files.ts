import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';

/**
 * A data folder's file: `store.mdb`, and after each compaction the next one, `store-2.mdb`, … The one with the
 * highest number counts; it has its name only once it is whole.
 */
const form = /^store(?:-(\d{1,9}))?\.mdb$/;
/** What lmdb keeps beside its file, and what a compaction that was cut off has left. */
const beside = /^store(?:-\d+)?\.mdb(?:\.part)?(?:-lock)?$/;

const numberOf = (name: string): number => Number(form.exec(name)?.[1] ?? 1);

/** Name of the file that counts; null in a folder without any. */
export function dataFileIn(folder: string): string | null {
  if (!existsSync(folder)) return null;
  const found = readdirSync(folder).filter((name) => form.test(name));
  return found.sort((a, b) => numberOf(b) - numberOf(a))[0] ?? null;
}

export const firstDataFile = 'store.mdb';
export const nextDataFile = (name: string): string => `store-${numberOf(name) + 1}.mdb`;
/** Where the next file is written. */
export const partOf = (name: string): string => `${name}.part`;

/** Removes every other file of the store, whose bytes no longer count. For the folder's owner. */
export function keepOnly(folder: string, name: string): void {
  for (const other of readdirSync(folder)) {
    if (beside.test(other) && other !== name && other !== `${name}-lock`) rmSync(join(folder, other), { force: true });
  }
}

/** A file that a compaction puts another in the place of is gone before a reader has opened it: look again. */
const looks = 5;

/** Opens the file that counts, whoever owns the folder. */
export function withDataFile<T>(folder: string, open: (path: string) => T): T {
  for (let again = looks; ; again--) {
    const name = dataFileIn(folder);
    if (name === null) throw new AppError('backup.nothing', 404);
    try {
      return open(join(folder, name));
    } catch (fault) {
      if (again === 0 || dataFileIn(folder) === name) throw fault;
    }
  }
}
