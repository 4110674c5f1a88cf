import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createEmbeddedStore, openMemoryStore, type Scan } from '../../../src/platform/store/embedded.ts';
import type { Migration } from '../../../src/platform/store/migrations/migration.ts';
import { migrations } from '../../../src/platform/store/migrations/index.ts';
import { declare, type AnyDeclaration } from '../../../src/platform/store/port.ts';
import { cleanFolders, freshFolder } from './folder.ts';
import { buildThing, codes, things } from './things.ts';

cleanFolders();
const declarations = [things, codes];
const open = (folder: string, more: { declarations?: readonly AnyDeclaration[]; migrations?: Migration[] } = {}) =>
  createEmbeddedStore({ folder, declarations, strict: true, ...more });

describe('a data folder', () => {
  it('keeps everything over a restart', async () => {
    const folder = freshFolder();
    const first = await open(folder);
    await first.collection(things).insert(buildThing({ _id: 'x', tags: ['老人'] }), {
      emit: [{ id: 'e', type: 'thing.kept', data: { n: 1 } }],
    });
    await first.close();
    const second = await open(folder);
    expect(await second.collection(things).find({ tags: '老人' })).toEqual([buildThing({ _id: 'x', tags: ['老人'] })]);
    expect(await second.events.due(new Date(), 9)).toHaveLength(1);
    await second.close();
  });

  it('keeps every write that was answered when the process is killed', async () => {
    const folder = freshFolder();
    const script = join(import.meta.dirname, 'killed.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', script, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let answered = '';
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (data: Buffer) => {
        answered += data.toString();
        if (answered.split('\n').length > 60) child.kill('SIGKILL');
      });
      child.on('close', () => resolve());
    });
    const kept = answered.split('\n').slice(0, -1);
    const store = await open(folder);
    const rows = store.collection(things);
    for (const _id of kept) expect(await rows.get(_id)).not.toBeNull();
    const all = await rows.find({});
    expect(await rows.find({ kind: 'a' }, { sort: { n: 1 } })).toHaveLength(all.length);
    expect(kept.length).toBeGreaterThan(50);
    await store.close();
  });

  it('belongs to one process at a time, and says to which', async () => {
    const folder = freshFolder();
    const store = await open(folder);
    await expect(open(folder)).rejects.toMatchObject({
      code: 'store.locked',
      status: 409,
      facts: { pid: process.pid },
    });
    await store.close();
    expect(existsSync(join(folder, 'owner.lock'))).toBe(false);
    await (await open(folder)).close();
  });

  it.each([
    ['of a process that is no more', JSON.stringify({ pid: 2 ** 22 + 1, began: null })],
    ['of a process whose number came again', JSON.stringify({ pid: process.ppid, began: 'another boot:1' })],
    ['that was never written out', ''],
  ])('takes over the lock %s', async (_, lock) => {
    if (process.platform !== 'linux' && lock.includes('boot')) return;
    const folder = freshFolder();
    writeFileSync(join(folder, 'owner.lock'), lock);
    const store = await open(folder);
    expect(JSON.parse(readFileSync(join(folder, 'owner.lock'), 'utf8'))).toMatchObject({ pid: process.pid });
    await store.close();
  });

  it('names a living owner', async () => {
    const folder = freshFolder();
    writeFileSync(join(folder, 'owner.lock'), JSON.stringify({ pid: process.ppid, began: null }));
    await expect(open(folder)).rejects.toMatchObject({ code: 'store.locked', facts: { pid: process.ppid } });
  });

  it('says plainly when it can not be written', async () => {
    const folder = freshFolder();
    writeFileSync(join(folder, 'file'), '');
    await expect(open(join(folder, 'file'))).rejects.toMatchObject({ code: 'store.unwritable' });
  });

  it.each<[string, (path: string) => void]>([
    ['is not its own', (path) => writeFileSync(path, 'x'.repeat(20_000))],
    ['lost its end', (path) => truncateSync(path, statSync(path).size - 8192)],
    ['lost nearly everything', (path) => truncateSync(path, 5000)],
  ])('says plainly when its file %s, and gives the lock back', async (_, harm) => {
    const folder = freshFolder();
    const store = await open(folder);
    const rows = store.collection(things);
    await Promise.all(Array.from({ length: 200 }, (__, i) => rows.insert(buildThing({ _id: `t${i}`, tags: ['x'] }))));
    await store.close();
    harm(join(folder, 'store.mdb'));
    await expect(open(folder)).rejects.toMatchObject({ code: 'store.damaged' });
    expect(readdirSync(folder)).not.toContain('owner.lock');
  });

  it('builds an index that is new, and forgets one that is gone', async () => {
    const folder = freshFolder();
    const schema = z.object({ _id: z.string(), room: z.string() });
    const before = declare('rooms', schema, { room: { fields: ['room'] } });
    const first = await open(folder, { declarations: [before] });
    for (const _id of ['a', 'b', 'c']) await first.collection(before).insert({ _id, room: _id === 'c' ? 'y' : 'x' });
    await first.close();

    const bare = declare('rooms', schema, {});
    const second = await open(folder, { declarations: [bare] });
    await second.collection(bare).update({ _id: 'a' }, { $set: { room: 'y' } });
    await second.close();

    const third = await open(folder, { declarations: [before] });
    expect(await third.collection(before).find({ room: 'y' })).toMatchObject([{ _id: 'a' }, { _id: 'c' }]);
    await third.close();

    const unique = declare('rooms', schema, { room: { fields: ['room'], unique: true } });
    await expect(open(folder, { declarations: [unique] })).rejects.toMatchObject({
      code: 'store.duplicate',
      facts: { index: 'room' },
    });
    const fourth = await open(folder, { declarations: [before] });
    expect(await fourth.collection(before).count({ room: 'y' })).toBe(2);
    await fourth.close();
  });

  it('is refused when a later program has written it', async () => {
    const folder = freshFolder();
    const later = [...migrations, { version: 99, what: 'a later one', run: () => Promise.resolve() }];
    await (await open(folder, { migrations: later })).close();
    const known = migrations.at(-1)?.version;
    await expect(open(folder)).rejects.toMatchObject({ code: 'store.newer', facts: { found: 99, known } });
  });

  it('migrates step by step, again after a fault half way, and rebuilds the indexes', async () => {
    const folder = freshFolder();
    const first = await open(folder, { migrations: [] });
    for (const n of [1, 2, 3]) {
      await first.collection(things).insert(buildThing({ _id: `${n}`, n }), {
        emit: [{ id: `e${n}`, type: 'thing.kept', data: {} }],
      });
    }
    await first.close();

    const ran: number[] = [];
    let broken = true;
    const steps: Migration[] = [
      {
        version: 1,
        what: 'kinds are called b',
        run: async (store) => {
          ran.push(1);
          await store.each('things', (doc) => ({ ...doc, kind: 'b' }));
        },
      },
      {
        version: 2,
        what: 'the second goes',
        run: async (store) => {
          ran.push(2);
          await store.each('things', (doc) => (doc._id === '2' ? null : doc));
          if (broken) throw new Error('power cut');
        },
      },
    ];
    await expect(open(folder, { migrations: steps })).rejects.toThrow('power cut');
    broken = false;
    const second = await open(folder, { migrations: steps });
    const rows = second.collection(things);
    expect(ran).toEqual([1, 2, 2]);
    expect(await rows.find({ kind: 'b' })).toMatchObject([{ _id: '1' }, { _id: '3' }]);
    expect(await rows.count({ kind: 'a' })).toBe(0);
    expect(await second.events.due(new Date(), 9)).toHaveLength(2);
    await second.close();
  });

  it('gives old messages their count of attempts', async () => {
    const folder = freshFolder();
    const old = declare('inbox', z.object({ _id: z.string(), attempts: z.number().optional() }));
    const first = await open(folder, { declarations: [old], migrations: [] });
    await first.collection(old).insert({ _id: 'a' });
    await first.collection(old).insert({ _id: 'b', attempts: 3 });
    await first.close();
    const second = await open(folder, { declarations: [old] });
    expect(await second.collection(old).find({})).toEqual([
      { _id: 'a', attempts: 0 },
      { _id: 'b', attempts: 3 },
    ]);
    await second.close();
  });
});

describe('a query that no index answers', () => {
  const many = (n: number) =>
    Array.from({ length: n }, (_, i) => buildThing({ _id: `t${String(i).padStart(5, '0')}`, n: i }));

  it('is refused in tests after 1,000 documents in vain', async () => {
    const store = openMemoryStore(declarations);
    const rows = store.collection(things);
    for (const thing of many(1000)) await rows.insert(thing);
    expect(await rows.find({ flag: true })).toEqual([]);
    await rows.insert(buildThing({ _id: 'one more' }));
    const scan = { code: 'store.scan', facts: { collection: 'things' } };
    await expect(rows.find({ flag: true })).rejects.toMatchObject(scan);
    await expect(rows.count({ flag: true })).rejects.toMatchObject(scan);
    await expect(rows.update({ flag: true }, { $set: { n: 1 } })).rejects.toMatchObject(scan);
    expect(await rows.find({ kind: 'a' }, { sort: { n: -1 }, limit: 1 })).toMatchObject([{ n: 999 }]);
    expect(await rows.count({})).toBe(1001);
  });

  it('is answered and told to the operator otherwise', async () => {
    const scans: Scan[] = [];
    const store = openMemoryStore(declarations, { strict: false, onScan: (scan) => scans.push(scan) });
    const rows = store.collection(things);
    for (const thing of many(1500)) await rows.insert(thing);
    expect(await rows.find({ flag: true })).toEqual([]);
    expect(scans).toEqual([{ collection: 'things', documents: 1001 }]);
  });
});

describe('a declaration', () => {
  it('that the store was not opened with has no collection', () => {
    const store = openMemoryStore([codes]);
    expect(() => store.collection(things)).toThrow('store.undeclared');
  });

  it('may not use the fields in which events wait, nor the name of another', () => {
    const greedy = declare('greedy', z.object({ _id: z.string(), emits: z.array(z.string()) }));
    expect(() => openMemoryStore([greedy])).toThrow('store.reserved');
    expect(() => openMemoryStore([things, things])).toThrow('store.declared-twice');
  });
});
