import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collections } from '../../src/compose.ts';
import { inbox, outbox } from '../../src/messages/messages.model.ts';
import { createEmbeddedStore } from '../../src/platform/store/embedded.ts';
import { openLmdbSnapshot } from '../../src/platform/store/lmdb.ts';
import { verify } from '../../src/platform/store/verify.ts';
import { cleanFolders, freshFolder } from '../platform/store/folder.ts';
import { figure } from './random.ts';

cleanFolders();
const many = 100_000;

/** Documents that were answered for before the process was killed in the middle of writing. */
function fillAndKill(folder: string): Promise<number> {
  const script = join(import.meta.dirname, 'filling.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let answered = 0;
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
    const lines = output.split('\n');
    output = lines.pop() ?? '';
    answered = Number(lines.at(-1) ?? answered);
    // Not at once, but while the next ones are written.
    if (answered >= many) setTimeout(() => child.kill('SIGKILL'), 7);
  });
  return new Promise((resolve) => child.on('close', () => resolve(answered)));
}

describe('a store of 100,000 documents whose process was killed while it wrote', () => {
  it('opens in under a second, with everything that was answered and every entry', { timeout: 180_000 }, async () => {
    const folder = freshFolder();
    const answered = await fillAndKill(folder);
    const times: number[] = [];
    for (let round = 0; round < 3; round++) {
      const began = performance.now();
      const store = await createEmbeddedStore({ folder, declarations: collections });
      expect(await store.collection(inbox).get('pipe:7')).not.toBeNull();
      expect(await store.collection(outbox).find({ state: 'queued' })).toEqual([]);
      times.push(performance.now() - began);
      await store.close();
    }
    const reader = openLmdbSnapshot(folder);
    const { documents, faults } = verify(reader);
    await reader.close();
    figure(`${documents} documents, reopened in ${times.map((ms) => Math.round(ms)).join(', ')} ms`);
    expect(answered).toBeGreaterThanOrEqual(many);
    expect(documents).toBeGreaterThanOrEqual(answered);
    expect(faults).toEqual([]);
    // The first, right after the kill; the machine may be busy.
    expect(times[0]).toBeLessThan(1000);
  });
});
