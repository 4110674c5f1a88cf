import { expect, it } from 'vitest';
import { openEmbeddedBackup, openEmbeddedRestore } from '../../src/platform/store/embedded-backup.ts';
import { createEmbeddedStore } from '../../src/platform/store/embedded.ts';
import { openMongoBackup, openMongoRestore } from '../../src/platform/store/mongo-backup.ts';
import { openMongoStore } from '../../src/platform/store/mongo.ts';
import { contents, declarations, dyingTarget, filledFolder, putBack, takeBackup } from '../platform/store/backup.ts';
import { cleanFolders, freshFolder } from '../platform/store/folder.ts';
import { buildThing } from '../platform/store/things.ts';
import { databasesOf, mongoUri as uri } from './servers.ts';

const name = databasesOf('backup');
const fresh = (): { uri: string; database: string; declarations: typeof declarations } => ({
  uri,
  database: name(),
  declarations,
});

cleanFolders();

it('a village moves from the data folder to MongoDB and back, with all that waits', async () => {
  const more = Array.from({ length: 2_500 }, (_, n) => buildThing({ _id: `n${n}`, n, kind: `k${n % 50}` }));
  const { folder, held } = await filledFolder(more);
  const there = fresh();
  await putBack(await takeBackup(await openEmbeddedBackup(folder)), await openMongoRestore(there));
  const store = await openMongoStore(there);
  expect(await contents(store)).toEqual(held);
  await store.close();
  const back = freshFolder();
  await putBack(await takeBackup(await openMongoBackup(there)), openEmbeddedRestore({ folder: back, declarations }));
  const again = await createEmbeddedStore({ folder: back, declarations });
  expect(await contents(again)).toEqual(held);
  await again.close();
});

it('a restore into MongoDB that was broken off is refused at the start, and can be done again', async () => {
  const { folder, held } = await filledFolder();
  const path = await takeBackup(await openEmbeddedBackup(folder));
  const there = fresh();
  for (const dies of ['put', 'finish'] as const) {
    const open = await openMongoRestore(there);
    const dying = dyingTarget(open, dies);
    await expect(putBack(path, dying)).rejects.toThrow('killed');
    await expect(openMongoStore(there)).rejects.toMatchObject({ code: 'store.restoring' });
    await expect(openMongoBackup(there)).rejects.toMatchObject({ code: 'store.restoring' });
  }
  await putBack(path, await openMongoRestore(there));
  const store = await openMongoStore(there);
  expect(await contents(store)).toEqual(held);
  await store.close();
  await expect(putBack(path, await openMongoRestore(there))).rejects.toMatchObject({ code: 'backup.not-empty' });
});

it('a database that no village has used has nothing to take', async () => {
  await expect(openMongoBackup(fresh())).rejects.toMatchObject({ code: 'backup.nothing' });
});
