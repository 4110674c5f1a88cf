import type { ActivitiesQueries, Activity, Addressee, AddresseeQueries } from '../activities/index.ts';
import type { GridQueries } from '../grid/index.ts';
import type { Clock } from '../platform/clock.ts';
import { tryAll, tryEach } from '../platform/each.ts';
import type { Queue } from '../platform/queue/port.ts';
import type { Collection, Store } from '../platform/store/port.ts';
import { isAppError } from '../shared/errors.ts';
import { reminders as declaration, type Reminder } from './reminders.model.ts';
import { activityTimes, type Planned } from './times.ts';

/** The alarm clock: one job a row. */
export const reminderQueue = 'reminders.due';

/** A reminder that is to be said now, and to whom. */
export interface DueReminder {
  readonly reminder: Reminder;
  readonly activity: Activity;
  readonly addressees: readonly Addressee[];
}

export interface Reminders {
  /** Plans, moves or strikes the reminders of an activity, as it stands now. May be repeated. */
  planActivity(activity: string): Promise<void>;
  /** What is to be said of a reminder that has fallen due; null when there is nothing (any more). */
  due(id: string): Promise<DueReminder | null>;
  /** It was handed to the outbox, to so many people. */
  done(id: string, people: number): Promise<void>;
  /** Right before it is said: as far as it still stands for these people; null when it does for none. */
  standing(id: string, people: readonly string[]): Promise<DueReminder | null>;
  /** What is planned and would reach somebody as things are: kind, due time, person keys. */
  planned(): Promise<{ activity: string; kind: string; at: Date; to: string[] }[]>;
  /** Plans what was missed and sets the alarms again. */
  sweep(): Promise<void>;
}

type Source = Pick<ActivitiesQueries, 'get' | 'upcoming'> & Pick<AddresseeQueries, 'addressees' | 'confirmedBy'>;

export function createReminders(deps: {
  store: Store;
  clock: Clock;
  queue: Queue;
  grid: Pick<GridQueries, 'calendar'>;
  activities: Source;
}): Reminders {
  const { clock, queue, activities } = deps;
  const rows: Collection<Reminder> = deps.store.collection(declaration);

  const arm = (row: Reminder): Promise<void> =>
    queue.add(reminderQueue, { id: row._id, at: row.dueAt, data: { reminder: row._id } });

  async function end(id: string, state: 'dropped' | 'cancelled' | 'said', people = 0): Promise<void> {
    await rows.update({ _id: id, state: 'planned' }, { $set: { state, people, doneAt: clock.now() } });
  }

  async function insert(activity: Activity, { kind, dueAt, until }: Planned): Promise<void> {
    const row: Reminder = {
      _id: `activity:${activity._id}:${kind}:v${activity.version}`,
      subjectKind: 'activity',
      subject: activity._id,
      kind,
      version: activity.version,
      dueAt,
      until,
      state: 'planned',
      plannedAt: clock.now(),
      people: 0,
      doneAt: null,
    };
    try {
      await rows.insert(row);
    } catch (fault) {
      if (!isAppError(fault, 'store.duplicate')) throw fault;
      const known = await rows.get(row._id);
      if (known?.state !== 'planned') return;
    }
    await arm(row);
  }

  async function planActivity(id: string): Promise<void> {
    const activity = await activities.get(id);
    const known = await rows.find({ subjectKind: 'activity', subject: id });
    for (const row of known) {
      const stale = activity === null || activity.state !== 'open' || row.version !== activity.version;
      if (row.state !== 'planned' || !stale) continue;
      await end(row._id, 'cancelled');
      await queue.remove(reminderQueue, row._id);
    }
    if (activity === null || activity.state !== 'open') return;
    const { quietHours } = await deps.grid.calendar();
    for (const time of activityTimes(activity.startsAt, quietHours)) {
      // Nobody could have signed up before a time that had passed when it was planned.
      if (time.dueAt > clock.now()) await insert(activity, time);
    }
  }

  /** The activity, while the reminder is true of it. */
  async function subjectOf(row: Reminder): Promise<Activity | null> {
    const activity = await activities.get(row.subject);
    const stands = activity !== null && activity.state === 'open' && activity.version === row.version;
    return stands ? activity : null;
  }

  async function addresseesOf(row: Reminder): Promise<Addressee[]> {
    const confirmed = await activities.confirmedBy(row.subject, row.dueAt);
    return activities.addressees(confirmed, { optional: true });
  }

  return {
    planActivity,

    async due(id) {
      const row = await rows.get(id);
      if (row === null || row.state !== 'planned') return null;
      const activity = await subjectOf(row);
      const now = clock.now();
      if (activity === null) {
        await end(id, 'cancelled');
        return null;
      }
      if (now >= row.until) {
        await end(id, 'dropped');
        return null;
      }
      if (now < row.dueAt) {
        await arm(row);
        return null;
      }
      return { reminder: row, activity, addressees: await addresseesOf(row) };
    },

    done: (id, people) => end(id, 'said', people),

    async standing(id, people) {
      const row = await rows.get(id);
      if (row === null || row.state === 'cancelled' || row.state === 'dropped') return null;
      const activity = clock.now() >= row.until ? null : await subjectOf(row);
      if (activity === null) return null;
      const addressees = (await addresseesOf(row)).filter(({ person }) => people.includes(person));
      return addressees.length === 0 ? null : { reminder: row, activity, addressees };
    },

    async planned() {
      const found = [];
      for (const row of await rows.find({ state: 'planned' }, { sort: { dueAt: 1 } })) {
        if ((await subjectOf(row)) === null) continue;
        const to = (await addresseesOf(row)).map(({ person }) => person).toSorted();
        if (to.length > 0) found.push({ activity: row.subject, kind: row.kind, at: row.dueAt, to });
      }
      return found;
    },

    async sweep() {
      await tryAll(
        async () => tryEach(await activities.upcoming(), ({ _id }) => planActivity(_id)),
        async () => tryEach(await rows.find({ state: 'planned' }), arm),
      );
    },
  };
}
