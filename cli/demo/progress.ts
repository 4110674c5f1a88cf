import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const shape = z.object({
  /** The village's time. */
  at: z.string().transform((text) => new Date(text)),
  /** Lines of the script that were played. */
  played: z.number().int(),
});
export type Progress = z.infer<typeof shape>;

const file = 'demo.json';

/** How far an earlier start came; null at the first. */
export async function readProgress(folder: string): Promise<Progress | null> {
  try {
    return shape.parse(JSON.parse(await readFile(join(folder, file), 'utf8')));
  } catch (fault) {
    if (fault instanceof Error && 'code' in fault && fault.code === 'ENOENT') return null;
    throw fault;
  }
}

export async function writeProgress(folder: string, { at, played }: Progress): Promise<void> {
  const path = join(folder, file);
  await writeFile(`${path}.part`, `${JSON.stringify({ at: at.toISOString(), played })}\n`);
  await rename(`${path}.part`, path);
}
