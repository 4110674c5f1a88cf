import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A new folder for one test, gone when the file is through. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cunkou-store-'));
  afterFolders.push(folder);
  return folder;
}
const afterFolders: string[] = [];

/** Call once in a test file that uses `freshFolder`. */
export function cleanFolders(): void {
  afterAll(() => {
    for (const folder of afterFolders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
}
