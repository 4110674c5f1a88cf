import { createActivities, type ActivitiesService, type SignUpOutcome } from '../../src/activities/index.ts';
import {
  activities as activityRows,
  signups,
  type Activity,
  type Signup,
} from '../../src/activities/activities.model.ts';
import { partsOf, sumOf } from '../../src/activities/entries.ts';
import { collections } from '../../src/compose.ts';
import { createFakeClock, type FakeClock } from '../../src/platform/clock.ts';
import { createSerialIds } from '../../src/platform/ids.ts';
import { openMemoryStore } from '../../src/platform/store/embedded.ts';
import type { Store } from '../../src/platform/store/port.ts';
import { createGrid } from '../../src/grid/index.ts';
import { createMembers, type MembersService } from '../../src/members/index.ts';
import { systemActor } from '../../src/shared/access.ts';
import { createDyingStore, type DyingStore } from './dying-store.ts';

/** The rules of sign-ups alone, on a store whose process can be killed. */
export interface SeatBench {
  readonly activities: ActivitiesService;
  readonly members: MembersService;
  readonly clock: FakeClock;
  readonly dying: DyingStore;
  make(capacity: number, startsAt?: Date): Promise<Activity>;
  signUp(n: number, people: number, options?: { queue?: boolean; from?: string }): Promise<SignUpOutcome>;
  activity(): Promise<Activity>;
  rows(): Promise<Signup[]>;
  /** Entries of those who wait, in order. */
  queue(): Promise<string[]>;
  /** What must always hold of seats and rows once nothing runs; the faults found. */
  faults(): Promise<string[]>;
}

export const personOf = (n: number): string => `wx:p${n}`;

export function buildSeats(base: Store = openMemoryStore(collections)): SeatBench {
  const clock = createFakeClock(new Date('2026-03-18T09:30:00+08:00'));
  const dying = createDyingStore(base);
  const { store } = dying;
  const ids = createSerialIds();
  const members = createMembers({ store, clock, ids });
  const grid = createGrid({ store, members, clock });
  const activities = createActivities({ store, clock, ids, members, grid });
  const activity = async (): Promise<Activity> => {
    const found = await store.collection(activityRows).get('A1');
    if (found === null) throw new Error('no activity');
    return found;
  };
  const rows = (): Promise<Signup[]> => store.collection(signups).find({ activity: 'A1' });
  const queue = async (): Promise<string[]> =>
    (await activities.waitlist('A1')).flatMap(({ entry }) => (entry === null ? [] : [entry]));
  return {
    activities,
    members,
    clock,
    dying,
    activity,
    rows,
    queue,
    make: (capacity, startsAt = new Date('2026-03-20T15:00:00+08:00')) =>
      activities.create(systemActor, {
        id: 'A1',
        name: '敬老理发',
        startsAt,
        endsAt: new Date(startsAt.getTime() + 7_200_000),
        capacity,
      }),
    signUp: (n, people, { queue = false, from = `m${n}` } = {}) =>
      activities.signUp({
        activity: 'A1',
        people,
        queue,
        from,
        person: personOf(n),
        member: null,
        name: `村民${n}`,
        room: '三组',
      }),
    async faults() {
      const found: string[] = [];
      const { seats, state } = await activity();
      const waiting = await queue();
      const held = sumOf(seats.claims);
      if (seats.free < 0 || seats.kept < 0) found.push(`free ${seats.free}, kept ${seats.kept}`);
      if (seats.free + seats.kept + held !== seats.capacity) found.push(`${seats.free}+${seats.kept}+${held} seats`);
      if (seats.waiting !== waiting.length) found.push(`waiting ${seats.waiting}, queue ${waiting.length}`);
      if (seats.kept !== 0) found.push(`kept ${seats.kept} for nobody`);
      const entries = [...seats.claims, ...waiting];
      if (new Set(entries.map((entry) => partsOf(entry).person)).size !== entries.length) found.push('somebody twice');
      const placed = new Map((await rows()).map((row) => [row.entry, row]));
      for (const row of await rows()) {
        if (row.status === 'pending' || row.status === 'leaving') found.push(`${row._id} is ${row.status}`);
        const where =
          row.status === 'confirmed' || row.status === 'held'
            ? seats.claims
            : row.status === 'waitlisted'
              ? waiting
              : null;
        if (where !== null && !where.includes(row.entry ?? '')) found.push(`${row._id} ${row.status} without a seat`);
        if (where === null && row.entry !== null) found.push(`${row._id} cancelled with ${row.entry}`);
      }
      for (const entry of entries) if (!placed.has(entry)) found.push(`${entry} belongs to nobody`);
      const fits = waiting.filter((entry) => partsOf(entry).people <= seats.free);
      if (state === 'open' && fits.length > 0) found.push(`${fits.join(' ')} waits beside ${seats.free} free seats`);
      return found;
    },
  };
}
