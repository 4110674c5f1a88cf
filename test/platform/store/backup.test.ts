import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { verifyBackup } from '../../../src/platform/store/backup-file.ts';
import { backUp, restore } from '../../../src/platform/store/backup.ts';
import {
  createKvBackup,
  createKvRestore,
  openEmbeddedBackup,
  openEmbeddedRestore,
} from '../../../src/platform/store/embedded-backup.ts';
import { createEmbeddedStore } from '../../../src/platform/store/embedded.ts';
import { createMemoryKv } from '../../../src/platform/store/kv.ts';
import { runNode } from '../../support/run.ts';
import { contents, declarations, dyingTarget, filledFolder, putBack, schema, takeBackup, takenAt } from './backup.ts';
import { cleanFolders, freshFolder } from './folder.ts';
import { buildThing, codes, things } from './things.ts';

cleanFolders();
const target = (folder: string) => openEmbeddedRestore({ folder, declarations });
const reopened = async (folder: string): Promise<unknown> => {
  const store = await createEmbeddedStore({ folder, declarations });
  try {
    return await contents(store);
  } finally {
    await store.close();
  }
};

describe('a backup', () => {
  it('brings back every document, index and waiting event, and the files beside them', async () => {
    const { folder, held } = await filledFolder();
    const files = [
      { name: 'pictures/one', bytes: new Uint8Array(3_000_000).fill(7) },
      { name: 'keys.json', bytes: Buffer.from('{}') },
    ];
    const path = await takeBackup(await openEmbeddedBackup(folder), files);
    const into = freshFolder();
    const came = await putBack(path, target(into));
    expect(await reopened(into)).toEqual(held);
    expect(came.map(({ name }) => name)).toEqual(['pictures/one', 'keys.json']);
    came.forEach(({ bytes }, n) => expect(Buffer.compare(bytes, files[n]?.bytes ?? Buffer.alloc(0))).toBe(0));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(path))).toEqual(['village.backup']);
  });

  it('goes into memory and out of it again', async () => {
    const { folder, held } = await filledFolder();
    const kv = createMemoryKv();
    await putBack(await takeBackup(await openEmbeddedBackup(folder)), createKvRestore(kv, { declarations }));
    const into = freshFolder();
    await putBack(await takeBackup(createKvBackup(kv)), target(into));
    expect(await reopened(into)).toEqual(held);
  });

  it('does not write over a file, and leaves nothing half written', async () => {
    const { folder } = await filledFolder();
    const path = join(freshFolder(), 'village.backup');
    writeFileSync(path, 'mine');
    const source = await openEmbeddedBackup(folder);
    const about = { path, source, createdAt: takenAt, keys: {} };
    async function* none() {}
    async function* torn() {
      yield { name: 'pictures/one', bytes: new Uint8Array(9) };
      throw new Error('disk');
    }
    await expect(backUp({ ...about, files: none() })).rejects.toMatchObject({ code: 'backup.exists' });
    expect(readFileSync(path, 'utf8')).toBe('mine');
    await expect(backUp({ ...about, path: `${path}2`, files: torn() })).rejects.toThrow('disk');
    expect(readdirSync(dirname(path))).toEqual(['village.backup']);
    await source.close();
  });

  it('says when there is nothing to take', async () => {
    await expect(openEmbeddedBackup(freshFolder())).rejects.toMatchObject({ code: 'backup.nothing' });
  });

  it('is of one instant while another process writes, which goes on', async () => {
    const folder = freshFolder();
    const writer = fileURLToPath(new URL('./writing.ts', import.meta.url));
    const paths: string[] = [];
    let taking: Promise<void> | undefined;
    let at = 0;
    let wake = (): void => undefined;
    const reaches = async (n: number): Promise<void> => {
      while (at < n) await new Promise<void>((resolve) => (wake = resolve));
    };
    const take = async (): Promise<void> => {
      for (let n = 0; n < 4; n++) {
        const before = at;
        const source = await openEmbeddedBackup(folder);
        // It writes on while the reader stands still.
        await reaches(before + 150);
        paths.push(await takeBackup(source));
      }
    };
    await runNode(['--import', 'tsx', writer, folder], {
      onOutput(output, child) {
        at = Number(/at (\d+)\n$/.exec(output)?.[1] ?? at);
        wake();
        if (at < 200 || taking !== undefined) return;
        taking = take().finally(() => child.kill('SIGKILL'));
        taking.catch(() => undefined);
      },
    });
    await taking;
    const sizes: number[] = [];
    for (const path of paths) {
      const into = freshFolder();
      await putBack(path, target(into));
      const store = await createEmbeddedStore({ folder: into, declarations });
      const kept = await store.collection(things).count({});
      const coded = await store.collection(codes).count({});
      expect(kept - coded === 0 || kept - coded === 1).toBe(true);
      // Nothing between is missing.
      expect(await store.collection(things).get(`t${kept - 1}`)).not.toBeNull();
      expect(await store.collection(codes).get(`t${coded - 1}`)).not.toBeNull();
      sizes.push(kept);
      await store.close();
    }
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    expect(new Set(sizes).size).toBe(4);
    expect(sizes[0]).toBeLessThan(340);
    // What the writer had on disk when it was killed can be opened again.
    expect((await verifyBackup(await takeBackup(await openEmbeddedBackup(folder)))).documents).toBeGreaterThan(400);
  });

  it('holds 20,000 documents in seconds', async () => {
    const more = Array.from({ length: 20_000 }, (_, n) => buildThing({ _id: `n${n}`, n, kind: `k${n % 50}` }));
    const { folder, held } = await filledFolder(more);
    const began = performance.now();
    const path = await takeBackup(await openEmbeddedBackup(folder));
    const into = freshFolder();
    await putBack(path, target(into));
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(await reopened(into)).toEqual(held);
  });
});

describe('a file that is not right is refused before anything is written', () => {
  const refused = async (path: string): Promise<string> => {
    const into = freshFolder();
    const open = target(into);
    try {
      const done = restore({
        path,
        target: open,
        schema,
        admit: () => Promise.reject(new Error('admitted')),
        file: () => Promise.resolve(),
      });
      return await done.then(
        () => 'taken',
        (fault: { code?: string; message: string }) => fault.code ?? fault.message,
      );
    } finally {
      await open.close();
    }
  };

  it('damaged anywhere, by any bit', async () => {
    const { folder } = await filledFolder();
    const path = await takeBackup(await openEmbeddedBackup(folder), [{ name: 'a', bytes: new Uint8Array(50_000) }]);
    const whole = readFileSync(path);
    // Spread over the whole file, and each byte of its beginning and end.
    const places = new Set<number>();
    for (let n = 0; n < 120; n++) places.add(Math.floor((whole.length * n) / 120) + (n % 7));
    for (let n = 0; n < 100; n++) places.add(n).add(whole.length - 1 - n);
    for (const place of places) {
      if (place >= whole.length) continue;
      const bytes = Buffer.from(whole);
      bytes[place] = (bytes[place] ?? 0) ^ (1 << (place % 8));
      writeFileSync(path, bytes);
      expect(await refused(path), `byte ${place}`).toMatch(/^backup\.(damaged|newer)$/);
    }
  });

  it('cut off anywhere, or with something behind', async () => {
    const { folder } = await filledFolder();
    const path = await takeBackup(await openEmbeddedBackup(folder));
    const whole = readFileSync(path);
    for (let n = 0; n < 40; n++) {
      writeFileSync(path, whole);
      truncateSync(path, Math.floor((whole.length * n) / 40));
      expect(await refused(path)).toBe('backup.damaged');
    }
    writeFileSync(path, Buffer.concat([whole, Buffer.from('\n')]));
    expect(await refused(path)).toBe('backup.damaged');
    writeFileSync(path, 'something else');
    expect(await refused(path)).toBe('backup.damaged');
  });

  it('written by a later program: its form or its schema', async () => {
    const { folder } = await filledFolder();
    const path = await takeBackup(await openEmbeddedBackup(folder));
    const text = readFileSync(path, 'latin1');
    writeFileSync(path, text.replace('"version":1', '"version":2'), 'latin1');
    expect(await refused(path)).toBe('backup.newer');
    const source = await openEmbeddedBackup(folder);
    expect(await refused(await takeBackup({ ...source, schema: schema + 1 }))).toBe('backup.newer');
  });
});

describe('a restore', () => {
  it('leaves a store that holds anything as it is', async () => {
    const first = await filledFolder();
    const path = await takeBackup(await openEmbeddedBackup(first.folder));
    const other = freshFolder();
    const store = await createEmbeddedStore({ folder: other, declarations });
    await store.collection(codes).insert({ _id: 'mine', room: 'r', code: 1, uses: 0 });
    const held = await contents(store);
    await store.close();
    await expect(putBack(path, target(other))).rejects.toMatchObject({ code: 'backup.not-empty' });
    expect(await reopened(other)).toEqual(held);
  });

  it('takes a store that was opened and never used', async () => {
    const { folder, held } = await filledFolder();
    const path = await takeBackup(await openEmbeddedBackup(folder));
    const into = freshFolder();
    await (await createEmbeddedStore({ folder: into, declarations })).close();
    await putBack(path, target(into));
    expect(await reopened(into)).toEqual(held);
  });

  it('that was broken off twice is refused at the start, and can be done again', async () => {
    const { folder, held } = await filledFolder();
    const path = await takeBackup(await openEmbeddedBackup(folder));
    const into = freshFolder();
    for (const dies of ['put', 'finish'] as const) {
      const open = target(into);
      const dying = dyingTarget(open, dies);
      await expect(putBack(path, dying)).rejects.toThrow('killed');
      await expect(createEmbeddedStore({ folder: into, declarations })).rejects.toMatchObject({
        code: 'store.restoring',
      });
      await expect(openEmbeddedBackup(into)).rejects.toMatchObject({ code: 'store.restoring' });
    }
    await putBack(path, target(into));
    expect(await reopened(into)).toEqual(held);
    expect(existsSync(join(into, 'owner.lock'))).toBe(false);
  });
});
