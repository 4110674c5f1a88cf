import { tryEach } from '../platform/each.ts';
import { liveStatuses, type Activity, type Signup } from './activities.model.ts';
import { rowId, type Book } from './book.ts';
import type { Resizing } from './resizing.ts';
import { partsOf } from './entries.ts';

export interface Repair {
  /** Brings one activity's rows and seats into step: finishes what a crash left. May run at any time. */
  repair(activity: string): Promise<void>;
  /** All that has something unfinished, and every activity that hasn't begun. */
  sweep(): Promise<void>;
  /** Ids of offers (`<row>#<seq>`) that are held: for sayings and alarms that were lost. */
  heldOffers(): Promise<{ offer: string; row: Signup }[]>;
}

export function createRepair(deps: {
  book: Book;
  resizing: Resizing;
  now: () => Date;
  finishCallOff: (id: string) => Promise<void>;
}): Repair {
  const { book } = deps;
  const { activities, signups, seats } = book;

  /** Seats of an attempt that is over; or the second half of a change of number. */
  async function mendEntry(activity: Activity, entry: string): Promise<void> {
    const { person } = partsOf(entry);
    const row = (await signups.findOne({ activity: activity._id, entry })) ?? (await ownerOf(activity._id, person));
    if (row !== null && row.entry === entry) {
      if (row.status === 'waitlisted') await book.offer(activity, entry);
      return;
    }
    if (row?.next?.entry === entry && (await deps.resizing.finish(row)) !== null) return;
    if ((await signups.findOne({ activity: activity._id, entry })) === null) await seats.release(activity._id, entry);
  }

  const ownerOf = (activity: string, person: string): Promise<Signup | null> => signups.get(rowId(activity, person));

  async function holds(id: string, entry: string): Promise<boolean> {
    const activity = await activities.get(id);
    return activity !== null && activity.seats.claims.includes(entry);
  }

  /** A row that thinks it has a seat, while the activity knows nothing of it, gets in line again. */
  async function mendRow(row: Signup): Promise<void> {
    if (row.entry === null || (await holds(row.activity, row.entry))) return;
    const current = await signups.get(row._id);
    if (current === null || current.seq !== row.seq || current.status !== row.status) return;
    const pending = await signups.update(
      { _id: row._id, seq: row.seq, status: row.status },
      { $set: { status: 'pending', ticket: null, offer: null, touchedAt: deps.now() } },
    );
    if (pending !== null) await book.settle(pending, 'queue');
  }

  const standing = (activity: string): Promise<Signup[]> =>
    signups.find({ activity, status: { $in: ['confirmed', 'held'] } });

  async function repair(id: string): Promise<void> {
    const activity = await activities.get(id);
    if (activity === null) return;
    if (activity.state === 'cancelled') {
      await deps.finishCallOff(id);
      return;
    }
    for (const row of await signups.find({ activity: id, status: 'leaving' })) await book.finish(row);
    for (const row of await signups.find({ activity: id, status: 'pending' })) await book.settle(row);
    const seated = new Set((await standing(id)).map(({ entry }) => entry));
    for (const entry of activity.seats.claims) if (!seated.has(entry)) await mendEntry(activity, entry);
    await seats.allocate(id);
    const claims = new Set((await activities.get(id))?.seats.claims);
    for (const row of await standing(id)) if (row.entry === null || !claims.has(row.entry)) await mendRow(row);
    await seats.recount(id);
  }

  return {
    repair,
    async sweep() {
      const unfinished = await signups.find({ status: { $in: ['pending', 'leaving'] } });
      const open = await activities.find({ state: 'open', startsAt: { $gt: deps.now() } });
      const ids = new Set([...unfinished.map(({ activity }) => activity), ...open.map(({ _id }) => _id)]);
      const recent = new Date(deps.now().getTime() - 24 * 3600_000);
      const ended = await activities.find({ state: 'cancelled', startsAt: { $gte: recent } });
      for (const { _id } of ended) {
        if ((await signups.count({ activity: _id, status: { $in: liveStatuses } })) > 0) ids.add(_id);
      }
      await tryEach(ids, repair);
    },
    async heldOffers() {
      const rows = await signups.find({ status: 'held' });
      return rows.map((row) => ({ offer: `${row._id}#${String(row.seq)}`, row }));
    },
  };
}
