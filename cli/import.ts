import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemActor } from '../src/shared/access.ts';
import type { Registry } from '../src/registry/index.ts';
import { report } from '../templates/registry.ts';

export const importUsage = '用法:cunkou import --village DIR [--dry-run]';

const wanted = /^(?:members|grids|gardens)\.(?:csv|xlsx)$|^calendar\.json$/i;

/** The files of a village's folder that an import reads. Errors of the file system are thrown as they are. */
export async function readVillageFolder(folder: string): Promise<Record<string, Uint8Array>> {
  const names = (await readdir(folder)).filter((name) => wanted.test(name)).sort();
  const files = await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const));
  return Object.fromEntries(files);
}

interface ImportArgs {
  readonly folder: string;
  readonly dryRun: boolean;
}

/** Null for anything that the usage doesn't say. */
export function parseImportArgs(args: readonly string[]): ImportArgs | null {
  let folder: string | null = null;
  let dryRun = false;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--dry-run') dryRun = true;
    else if (arg === '--village' && folder === null) folder = args[++at] ?? null;
    else if (arg.startsWith('--village=') && folder === null) folder = arg.slice('--village='.length);
    else return null;
  }
  return folder === null || folder === '' || folder.startsWith('--') ? null : { folder, dryRun };
}

/**
 * `cunkou import --village DIR [--dry-run]`: the exit code is 0 when all was (or would be) taken in, 1 when
 * something is wrong and nothing was, 2 when it was called wrongly.
 */
export async function importCommand(
  args: readonly string[],
  village: { readonly registry: Registry },
  print: (text: string) => void = console.log,
): Promise<0 | 1 | 2> {
  const asked = parseImportArgs(args);
  if (asked === null) {
    print(importUsage);
    return 2;
  }
  let files: Record<string, Uint8Array>;
  try {
    files = await readVillageFolder(asked.folder);
  } catch (fault) {
    if (!(fault instanceof Error) || !('code' in fault)) throw fault;
    print(`读不了文件夹 ${asked.folder}(${String(fault.code)})`);
    return 2;
  }
  const done = await village.registry.importVillage(files, { actor: systemActor, dryRun: asked.dryRun });
  print(report(done));
  return done.ok ? 0 : 1;
}
