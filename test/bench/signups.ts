import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collections } from '../../src/compose.ts';
import { createActivities, type ActivitiesService } from '../../src/activities/index.ts';
import { createGrid } from '../../src/grid/index.ts';
import { createMembers } from '../../src/members/index.ts';
import { createFakeClock } from '../../src/platform/clock.ts';
import { createSerialIds } from '../../src/platform/ids.ts';
import { createEmbeddedStore } from '../../src/platform/store/embedded.ts';
import type { Store } from '../../src/platform/store/port.ts';
import { systemActor } from '../../src/shared/access.ts';
import { compare, inFlight, type Figure, type Run } from './measure.ts';

const places = 500;
const startsAt = new Date('2026-03-20T15:00:00+08:00');

function run(n: number): Run {
  let folder = '';
  let store: Store;
  let activities: ActivitiesService;
  return {
    async prepare() {
      folder = await mkdtemp(join(tmpdir(), 'cunkou-bench-'));
      store = await createEmbeddedStore({ folder, declarations: collections });
      const clock = createFakeClock(new Date('2026-03-18T09:30:00+08:00'));
      const ids = createSerialIds();
      const members = createMembers({ store, clock, ids });
      const grid = createGrid({ store, members, clock });
      activities = createActivities({ store, clock, ids, members, grid });
      const endsAt = new Date(startsAt.getTime() + 7_200_000);
      await activities.create(systemActor, { id: 'A1', name: '敬老理发', startsAt, endsAt, capacity: places });
    },
    work: () =>
      inFlight(n, 50, (i) =>
        activities.signUp({
          activity: 'A1',
          people: 1,
          from: `m${i}`,
          person: `wx:p${i}`,
          member: null,
          name: `村民${i}`,
          room: '三组',
        }),
      ),
    async finish() {
      const { confirmed, waitlisted } = (await activities.seatCounts())['A1'] ?? { confirmed: 0, waitlisted: 0 };
      if (confirmed !== Math.min(n, places) || confirmed + waitlisted !== n) throw new Error('somebody was lost');
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Many sign up for 500 places, 50 at a time, on disk. */
export async function signUpFigures(n: number): Promise<Figure[]> {
  return [await compare(`sign-ups for ${places} places`, n, () => run(n), null)];
}
