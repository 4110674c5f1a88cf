import { mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';

interface Owner {
  pid: number;
  /** When and in which boot the process began, where the system tells: pids come again. */
  began: string | null;
}

/** Longer than any take-over lasts. */
const guardMs = 10_000;

function began(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${start}`;
  } catch {
    return null;
  }
}

function alive({ pid, began: then }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = began(pid);
  return then === null || now === null || then === now;
}

/** Null when it is unreadable: left by a machine that stopped while it was written. */
function ownerIn(path: string): Owner | null {
  try {
    const { pid, began: then } = JSON.parse(readFileSync(path, 'utf8')) as Owner;
    return Number.isInteger(pid) ? { pid, began: then } : null;
  } catch {
    return null;
  }
}

const code = (fault: unknown): string | undefined => (fault as NodeJS.ErrnoException).code;

/** Replaces a dead owner's lock; only one process at a time may try. */
function takeOver(path: string, mine: string): void {
  const guard = `${path}.take-over`;
  try {
    mkdirSync(guard);
  } catch (fault) {
    if (code(fault) !== 'EEXIST') throw fault;
    const age = Date.now() - statSync(guard).mtimeMs;
    if (age < guardMs) throw new AppError('store.locked', 409, { pid: ownerIn(path)?.pid ?? 0 });
    rmdirSync(guard);
    takeOver(path, mine);
    return;
  }
  try {
    const owner = ownerIn(path);
    if (owner !== null && alive(owner)) throw new AppError('store.locked', 409, { pid: owner.pid });
    writeFileSync(`${path}.new`, mine);
    renameSync(`${path}.new`, path);
  } finally {
    rmdirSync(guard);
  }
}

/**
 * Takes the data folder for this process; gives back what releases it. Throws `store.locked` (facts.pid)
 * while another process (or this one) has it; the lock of a dead process is taken over.
 */
export function takeLock(folder: string): () => void {
  const path = join(folder, 'owner.lock');
  const mine = JSON.stringify({ pid: process.pid, began: began(process.pid) } satisfies Owner);
  try {
    writeFileSync(path, mine, { flag: 'wx' });
  } catch (fault) {
    if (code(fault) !== 'EEXIST') throw fault;
    takeOver(path, mine);
  }
  return () => rmSync(path, { force: true });
}
