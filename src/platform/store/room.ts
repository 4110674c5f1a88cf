import { statfsSync } from 'node:fs';
import { AppError } from '../../shared/errors.ts';

/** So much of a disk is never written into: there must be room for a log line, and for stopping in order. */
export const reserveBytes = 32 * 2 ** 20;
/** What others write meanwhile is noticed after so long. */
const freshMs = 20;

/**
 * Refuses to write before the disk is full: lmdb 3.5 has a fault where it reports a failed write (it describes it in
 * too little memory), which ends the process sooner or later.
 */
export interface Room {
  /** Throws `store.unwritable` (503, facts.reason = `disk-full`) when there are not so many bytes besides the reserve. */
  demand(bytes: number): void;
}

export function createRoom(folder: string): Room {
  let free = Number.POSITIVE_INFINITY;
  let looked = Number.NEGATIVE_INFINITY;
  let used = 0;

  function look(): void {
    looked = performance.now();
    used = 0;
    try {
      const { bavail, bsize } = statfsSync(folder);
      free = bavail * bsize;
    } catch {
      // A file system that does not tell.
      free = Number.POSITIVE_INFINITY;
    }
  }

  return {
    demand(bytes) {
      used += bytes;
      if (performance.now() - looked > freshMs || used > reserveBytes / 4) look();
      // There may be room since.
      if (free < reserveBytes + bytes) look();
      if (free < reserveBytes + bytes) throw new AppError('store.unwritable', 503, { reason: 'disk-full' });
    },
  };
}
