import { join } from 'node:path';
import {
  backUp,
  restore,
  type BackupFile,
  type BackupSource,
  type RestoreTarget,
} from '../../../src/platform/store/backup.ts';
import { createEmbeddedStore } from '../../../src/platform/store/embedded.ts';
import { migrations } from '../../../src/platform/store/migrations/index.ts';
import { newest } from '../../../src/platform/store/migrations/run.ts';
import type { Store } from '../../../src/platform/store/port.ts';
import { freshFolder } from './folder.ts';
import { buildThing, codes, things, type Thing } from './things.ts';

export const declarations = [things, codes];
export const schema = newest(migrations);
export const takenAt = new Date('2026-03-21T02:00:00Z');

async function* given(files: readonly BackupFile[]): AsyncGenerator<BackupFile> {
  yield* files;
}

/** A backup of this source in a new file. */
export async function takeBackup(source: BackupSource, files: readonly BackupFile[] = []): Promise<string> {
  const path = join(freshFolder(), 'village.backup');
  try {
    await backUp({ path, source, createdAt: takenAt, keys: {}, files: given(files) });
  } finally {
    await source.close();
  }
  return path;
}

/** Puts it there and closes the target; gives back the files that came. */
export async function putBack(path: string, target: RestoreTarget): Promise<BackupFile[]> {
  const came: BackupFile[] = [];
  try {
    await restore({
      path,
      target,
      schema,
      admit: () => Promise.resolve(),
      file: async (file) => void came.push(file),
    });
  } finally {
    await target.close();
  }
  return came;
}

/** It dies at its second `put` (the first is through), or when everything is there but the end. */
export function dyingTarget(target: RestoreTarget, dies: 'put' | 'finish'): RestoreTarget {
  let puts = 0;
  const killed = (): Promise<never> => Promise.reject(new Error('killed'));
  return {
    ...target,
    put: (...args) => (dies === 'put' && ++puts === 2 ? killed() : target.put(...args)),
    finish: () => (dies === 'finish' ? killed() : target.finish()),
  };
}

/** Every kind of value, and events that wait, were tried, or are parked. */
export async function fill(store: Store): Promise<void> {
  const rows = store.collection(things);
  const day = new Date('2026-03-21T00:30:00Z');
  await rows.insert(buildThing({ _id: '村口', kind: '😀', n: -0.5, when: day, maybe: null, tags: ['一', '二'] }));
  await rows.insert(buildThing({ _id: 'b', about: { by: null, at: day }, log: [{ what: 'x', n: 2 ** 40 }] }));
  for (const id of ['waits', 'tried', 'parked']) {
    await rows.insert(buildThing({ _id: id }), { emit: [{ id: `e-${id}`, type: 'thing.kept', data: { day: 1 } }] });
  }
  for (const pending of await store.events.due(day, 9)) {
    if (pending.document === 'tried') await store.events.retry(pending, day, 'later', ['first']);
    if (pending.document === 'parked') await store.events.retry(pending, null, 'never');
  }
  await store.collection(codes).insert({ _id: 'c', room: 'r', code: 7, uses: 1 });
}

/** All that can be seen from outside. */
export async function contents(store: Store): Promise<unknown> {
  const far = new Date('2100-01-01T00:00:00Z');
  const due = await store.events.due(far, 99);
  return {
    things: await store.collection(things).find({}),
    byIndex: (await store.collection(things).find({ kind: 'a' }, { sort: { kind: 1, n: 1 } })).map(({ _id }) => _id),
    codes: await store.collection(codes).find({ room: 'r', code: { $gte: 0 } }),
    due: due.sort((a, b) => (a.document < b.document ? -1 : 1)),
    parked: await store.events.parked(99),
  };
}

/** A data folder that was filled and is closed. */
export async function filledFolder(more: readonly Thing[] = []): Promise<{ folder: string; held: unknown }> {
  const folder = freshFolder();
  const store = await createEmbeddedStore({ folder, declarations });
  await fill(store);
  await Promise.all(more.map((thing) => store.collection(things).insert(thing)));
  const held = await contents(store);
  await store.close();
  return { folder, held };
}
