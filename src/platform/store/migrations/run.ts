import { AppError } from '../../../shared/errors.ts';
import type { Migration, RawStore } from './migration.ts';

/** The version that a store is brought to. */
export const newest = (migrations: readonly Migration[]): number => migrations.at(-1)?.version ?? 0;

/**
 * Brings a store up to date, one version after the other, each noted when it is through. Throws
 * `store.newer` (facts found, known) for one that a later program has written.
 */
export async function migrate(
  found: number,
  migrations: readonly Migration[],
  store: RawStore,
  note: (version: number) => Promise<void>,
): Promise<void> {
  const known = newest(migrations);
  if (found > known) throw new AppError('store.newer', 409, { found, known });
  for (const migration of migrations) {
    if (migration.version <= found) continue;
    await migration.run(store);
    await note(migration.version);
  }
}
