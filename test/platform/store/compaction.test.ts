import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { backUp } from '../../../src/platform/store/backup.ts';
import { openEmbeddedBackup } from '../../../src/platform/store/embedded-backup.ts';
import { createEmbeddedStore, openMemoryStore } from '../../../src/platform/store/embedded.ts';
import { cleanFolders, freshFolder } from './folder.ts';
import { buildThing, codes, things } from './things.ts';

cleanFolders();
const open = (folder: string) => createEmbeddedStore({ folder, declarations: [things, codes], strict: true });
const secret = (n: number): string => `秘密的话${n}号`;
const holds = (folder: string, text: string): boolean =>
  readdirSync(folder).some((name) => readFileSync(join(folder, name)).includes(Buffer.from(text)));

/** A store of short and long documents, some of whose texts were taken away again. */
async function filled(folder: string) {
  const store = await open(folder);
  const rows = store.collection(things);
  const long = 'x'.repeat(9_000);
  await Promise.all(
    Array.from({ length: 300 }, (_, n) =>
      rows.insert(buildThing({ _id: `t${n}`, n, log: [{ what: n % 3 === 0 ? secret(n) + long : secret(n), n }] })),
    ),
  );
  for (let n = 0; n < 300; n += 2) await rows.remove({ _id: `t${n}` });
  for (let n = 1; n < 300; n += 2) await rows.update({ _id: `t${n}` }, { $set: { log: [] } });
  return store;
}

it('leaves nothing on disk of what was removed or overwritten, and keeps all the rest', async () => {
  const folder = freshFolder();
  const store = await filled(folder);
  expect(Array.from({ length: 300 }, (_, n) => holds(folder, secret(n)))).toContain(true);
  await store.compact();
  for (let n = 0; n < 300; n++) expect(holds(folder, secret(n))).toBe(false);
  const rows = store.collection(things);
  expect(await rows.count({})).toBe(150);
  expect((await rows.get('t151'))?.n).toBe(151);
  await rows.insert(buildThing({ _id: 'after' }));
  await store.close();
  expect(readdirSync(folder).filter((name) => name.endsWith('.mdb'))).toEqual(['store-2.mdb']);
  const again = await open(folder);
  expect(await again.collection(things).count({})).toBe(151);
  expect(await again.collection(things).find({ kind: 'a' }, { sort: { n: 1 }, limit: 3 })).toHaveLength(3);
  await again.compact();
  await again.compact();
  expect(await again.collection(things).count({})).toBe(151);
  await again.close();
});

it('keeps what is written and answers what is read meanwhile', async () => {
  const folder = freshFolder();
  const store = await filled(folder);
  const rows = store.collection(things);
  const compacted = store.compact();
  const writes = Array.from({ length: 40 }, (_, n) => rows.insert(buildThing({ _id: `m${n}` })));
  for (let n = 0; n < 40; n++) expect(await rows.get('t151')).not.toBeNull();
  await Promise.all([compacted, ...writes, store.compact()]);
  await store.close();
  const again = await open(folder);
  expect(await again.collection(things).count({ _id: { $gte: 'm', $lt: 'n' } })).toBe(40);
  await again.close();
});

it('goes on from the whole file when it was cut off before or after it counted', async () => {
  const folder = freshFolder();
  await (await filled(folder)).close();
  writeFileSync(join(folder, 'store-2.mdb.part'), 'half');
  const store = await open(folder);
  expect(readdirSync(folder)).not.toContain('store-2.mdb.part');
  const old = readFileSync(join(folder, 'store.mdb'));
  await store.compact();
  await store.collection(things).insert(buildThing({ _id: 'after' }));
  await store.close();
  // The old file had not been removed yet when the process died.
  writeFileSync(join(folder, 'store.mdb'), old);
  const again = await open(folder);
  expect(await again.collection(things).get('after')).not.toBeNull();
  expect(readdirSync(folder)).not.toContain('store.mdb');
  await again.close();
});

it('changes nothing when the new file can not be written', async () => {
  const folder = freshFolder();
  const store = await filled(folder);
  mkdirSync(join(folder, 'store-2.mdb.part'));
  await expect(store.compact()).rejects.toMatchObject({ code: 'store.unwritable' });
  await store.collection(things).insert(buildThing({ _id: 'after' }));
  expect(await store.collection(things).count({})).toBe(151);
  await store.close();
});

it('disturbs no backup that is being taken', async () => {
  const folder = freshFolder();
  const store = await filled(folder);
  const source = await openEmbeddedBackup(folder);
  await store.compact();
  await store.collection(things).remove({});
  const path = join(folder, 'one.backup');
  const about = { createdAt: new Date(0), keys: {}, files: none() };
  expect(await backUp({ path, source, ...about })).toMatchObject({ documents: 150 });
  await source.close();
  const later = await openEmbeddedBackup(folder);
  expect(await backUp({ path: `${path}2`, source: later, ...about, files: none() })).toMatchObject({ documents: 0 });
  await later.close();
  await store.close();
});

it('is nothing to do in memory', async () => {
  const store = openMemoryStore([things]);
  await store.collection(things).insert(buildThing({ _id: 'a' }));
  await store.compact();
  expect(await store.collection(things).count({})).toBe(1);
});

async function* none() {}
