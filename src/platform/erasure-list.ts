import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { AppError } from '../shared/errors.ts';

/**
 * Who was erased, beside a store or its backups: a backup that is older than an erasure must not bring anybody back.
 * Lines of JSON: what it is and of which village, then one a person, then `sha256:<hex>` over all before. Numbers and
 * times alone.
 */
const format = 'cunkou-erasures';
const version = 1;
const seal = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}\n`;

const instant = z.iso.datetime().transform((text) => new Date(text));
const headerSchema = z.object({ village: z.string().nullable() });
const lineSchema = z.object({ member: z.string().min(1), at: instant, by: z.string() });
export type Erased = z.output<typeof lineSchema>;

export interface ErasureList {
  /** Fingerprint of the village's look-up key; null when it had none. Numbers of people mean something in one village only. */
  readonly village: string | null;
  readonly erased: readonly Erased[];
}

/** Its name in the data folder. */
export const erasuresFile = 'erasures.txt';
/** Its name beside backups, which may be of several villages. */
export const erasuresFileOf = (village: string | null): string =>
  village === null ? erasuresFile : `erasures-${village}.txt`;

/** Both lists' people, each once, as first listed. */
export function joined(...lists: readonly (readonly Erased[])[]): Erased[] {
  const all = new Map<string, Erased>();
  for (const one of lists.flat()) if (!all.has(one.member)) all.set(one.member, one);
  return [...all.values()].sort((a, b) => a.at.getTime() - b.at.getTime());
}

function parse(text: string): ErasureList {
  const damaged = (cause?: unknown): AppError => new AppError('erasures.damaged', 422, {}, { cause });
  const end = text.lastIndexOf('\n', text.length - 2) + 1;
  const lines = text.slice(0, end).split('\n').slice(0, -1);
  let rows: unknown[];
  try {
    rows = lines.map((line): unknown => JSON.parse(line));
  } catch (cause) {
    throw damaged(cause);
  }
  const [first, ...rest] = rows;
  const about = z.object({ format: z.literal(format), version: z.number() }).safeParse(first);
  if (!about.success) throw damaged();
  if (about.data.version > version)
    throw new AppError('erasures.newer', 409, { found: about.data.version, known: version });
  if (text.slice(end) !== seal(text.slice(0, end))) throw damaged();
  const header = headerSchema.safeParse(first);
  const erased = z.array(lineSchema).safeParse(rest);
  if (!header.success || !erased.success) throw damaged();
  return { ...header.data, erased: erased.data };
}

/** Null when there is none. Errors: `erasures.damaged`, `erasures.newer` (facts found, known), those of the file system. */
export async function readErasures(path: string): Promise<ErasureList | null> {
  try {
    return parse(await readFile(path, 'utf8'));
  } catch (fault) {
    if (fault instanceof Error && 'code' in fault && fault.code === 'ENOENT') return null;
    throw fault;
  }
}

/** Written beside its place and moved there, so that it is whole; readable by its owner only. */
export async function writeErasures(path: string, { village, erased }: ErasureList): Promise<void> {
  const lines = [{ format, version, village }, ...erased].map((row) => `${JSON.stringify(row)}\n`).join('');
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${randomBytes(6).toString('hex')}.part`;
  try {
    const file = await open(beside, 'wx', 0o600);
    try {
      await file.writeFile(lines + seal(lines));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (fault) {
    await rm(beside, { force: true });
    throw fault;
  }
}

/** Adds people to the list there; one that has them all stays untouched. Errors: as reading it. */
export async function addErasures(path: string, village: string | null, more: readonly Erased[]): Promise<void> {
  const there = await readErasures(path);
  const known = there !== null && (there.village === village || there.village === null) ? there.erased : [];
  const erased = joined(known, more);
  if (erased.length > known.length) await writeErasures(path, { village, erased });
}
