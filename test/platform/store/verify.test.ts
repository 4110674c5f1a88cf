import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createEmbeddedStore } from '../../../src/platform/store/embedded.ts';
import { readCatalog, spaceKey } from '../../../src/platform/store/catalog.ts';
import { above } from '../../../src/platform/store/keys.ts';
import type { Kv } from '../../../src/platform/store/kv.ts';
import { openLmdb } from '../../../src/platform/store/lmdb.ts';
import { declare } from '../../../src/platform/store/port.ts';
import { verify } from '../../../src/platform/store/verify.ts';
import { cleanFolders, freshFolder } from './folder.ts';

cleanFolders();
const things = declare('things', z.object({ _id: z.string(), n: z.number(), tags: z.array(z.string()) }), {
  n: { fields: ['n'], unique: true },
  tags: { fields: ['tags', 'n'] },
});

/** A folder with three things, one of which has an event that waits; and what harms it. */
async function filled(harm: (kv: Kv, spaces: { docs: string; n: string; tags: string }) => Promise<void>) {
  const folder = freshFolder();
  const store = await createEmbeddedStore({ folder, declarations: [things] });
  const rows = store.collection(things);
  await rows.insert({ _id: 'a', n: 1, tags: ['x', 'y'] });
  await rows.insert({ _id: 'b', n: 2, tags: [] });
  await rows.insert({ _id: 'c\0', n: 3, tags: ['z'] }, { emit: [{ id: 'e', type: 'thing.kept', data: {} }] });
  await rows.update({ _id: 'a' }, { $set: { n: 7 } });
  await store.close();
  const kv = openLmdb(folder);
  const { space, indexes } = readCatalog(kv)?.collections['things'] ?? { space: 0, indexes: {} };
  const at = (index: string): string => spaceKey(indexes[index]?.space ?? 0);
  await harm(kv, { docs: spaceKey(space), n: at('n'), tags: at('tags') });
  const verdict = verify(kv);
  await kv.close();
  return verdict;
}
const first = (kv: Kv, space: string): string => [...kv.keys(space, space + above)][0] ?? '';
const nothing = new Uint8Array(0);

describe('a look through a whole store', () => {
  it('finds nothing wrong with one that was only ever written to', async () => {
    expect(await filled(() => Promise.resolve())).toEqual({ documents: 3, entries: 7, faults: [] });
  });

  it('finds an entry whose document is gone', async () => {
    const { faults } = await filled((kv, { docs }) => kv.commit([[`${docs}b`, null]]));
    expect(faults).toEqual(['things has an entry without its document: 2']);
  });

  it('finds a document that lacks an entry', async () => {
    const { faults } = await filled((kv, { tags }) => kv.commit([[first(kv, tags), null]]));
    expect(faults).toEqual(['documents lack 1 entries: 1']);
  });

  it('finds an entry that says something else than its document, and a unique key that is there twice', async () => {
    const { faults } = await filled((kv, { n }) => kv.commit([[`${first(kv, n).slice(0, -1)}a`, nothing]]));
    expect(faults).toEqual(['things has an entry that is not true: 1', 'things has a unique key twice: 1']);
  });

  it('finds an event that nobody waits for, and one that waits without its document', async () => {
    const { faults } = await filled((kv) => kv.commit([[first(kv, '\0\x01'), null]]));
    expect(faults).toEqual(['an event is not waited for: 1']);
    const other = await filled((kv) => kv.commit([[`${first(kv, '\0\x01')}nobody`, nothing]]));
    expect(other.faults).toEqual(['an event waits without its document: 1']);
  });

  it('finds what belongs to no collection', async () => {
    const { faults } = await filled((kv) => kv.commit([['\x7f\x01lost', nothing]]));
    expect(faults).toEqual(['something lies in no collection: 1']);
  });
});
