import type { Store } from '../platform/store/port.ts';
import { gardens, type Garden } from './gardens.model.ts';

/** What other capabilities and the edges may ask of the gardens. */
export interface GardensQueries {
  get(garden: string): Promise<Garden | null>;
  all(): Promise<Garden[]>;
}

/** Takes in the list of gardens. None is deleted; every call can be repeated. */
export interface GardensIntake {
  preview(rows: readonly Garden[]): Promise<{ added: number; changed: number; same: number }>;
  take(rows: readonly Garden[]): Promise<void>;
}

export interface GardensService extends GardensQueries {
  readonly intake: GardensIntake;
}

/** A blank keeper in the list leaves the one who has adopted the garden. */
function merged(row: Garden, held: Garden | null): Garden {
  return { ...row, keeper: row.keeper ?? held?.keeper ?? null };
}

export function createGardens({ store }: { store: Store }): GardensService {
  const rows = store.collection(gardens);
  return {
    get: (garden) => rows.get(garden),
    all: () => rows.find({}, { sort: { _id: 1 } }),
    intake: {
      async preview(list) {
        const counts = { added: 0, changed: 0, same: 0 };
        for (const row of list) {
          const held = await rows.get(row._id);
          if (held === null) counts.added++;
          else if (JSON.stringify(sorted(merged(row, held))) === JSON.stringify(sorted(held))) counts.same++;
          else counts.changed++;
        }
        return counts;
      },
      async take(list) {
        for (const row of list) {
          const { _id, grid, area, keeper, plants } = row;
          await rows.upsert(_id, { $set: { grid, area, plants }, $setOnInsert: { keeper } });
          if (keeper !== null) await rows.update({ _id }, { $set: { keeper } });
        }
      },
    },
  };
}

function sorted({ _id, grid, area, keeper, plants }: Garden): unknown[] {
  return [_id, grid, area, keeper, plants];
}
