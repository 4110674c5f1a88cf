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

/** More would make too long a message in a group. */
const mostTogether = 4;
const states = ['planned', 'said', 'dropped', 'cancelled'] as const;

/** A reminder that is to be said now, and to whom. */
export interface DueReminder {
  readonly reminder: Reminder;
  readonly activity: Activity;
  readonly addressees: readonly Addressee[];
}

export interface Reminders {
  /** Plans, moves or strikes the reminders of an activity, as it stands now. May be repeated. */
  planActivity(activity: string): Promise<void>;
  /**
   * What is to be said of a reminder that has fallen due, and of those that fell due with it: at most four, under
   * the id of the first. Null when there is nothing (any more).
   */
  due(id: string): Promise<{ first: string; all: readonly DueReminder[] } | null>;
  /** It was handed to the outbox, to so many people. */
  done(id: string, people: number): Promise<void>;
  /** Right before they are said: as far as they still stand for these people. */
  standing(first: string, people: readonly string[]): Promise<DueReminder[]>;
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

  /** Those of one instant are said together. Which, is decided once, so that doing it again says nothing twice. */
  async function togetherWith(row: Reminder): Promise<{ first: string; all: Reminder[] }> {
    for (;;) {
      const found = await rows.find({ state: { $in: states }, dueAt: row.dueAt });
      const same = found.toSorted((a, b) => (a._id < b._id ? -1 : 1));
      const of = same.find(({ together }) => together?.includes(row._id));
      if (of !== undefined) return { first: of._id, all: same.filter(({ _id }) => of.together?.includes(_id)) };
      const taken = new Set(same.flatMap(({ together }) => together ?? []));
      const free = same.filter(({ _id, state }) => state === 'planned' && !taken.has(_id));
      const from = Math.max(0, free.findIndex(({ _id }) => _id === row._id) + 1 - mostTogether);
      const group = free.slice(from, from + mostTogether).map(({ _id }) => _id);
      const [first = row._id] = group;
      await rows.update({ _id: first, together: { $exists: false } }, { $set: { together: group } });
    }
  }

  return {
    planActivity,

    async due(id) {
      const row = await rows.get(id);
      if (row === null || row.state !== 'planned') return null;
      const now = clock.now();
      if (now < row.dueAt) {
        await ((await subjectOf(row)) === null ? end(id, 'cancelled') : arm(row));
        return null;
      }
      const { first, all } = await togetherWith(row);
      const due: DueReminder[] = [];
      for (const one of all.filter(({ state }) => state === 'planned')) {
        const activity = await subjectOf(one);
        if (activity === null) await end(one._id, 'cancelled');
        else if (now >= one.until) await end(one._id, 'dropped');
        else due.push({ reminder: one, activity, addressees: await addresseesOf(one) });
      }
      return due.length === 0 ? null : { first, all: due };
    },

    done: (id, people) => end(id, 'said', people),

    async standing(first, people) {
      const found: DueReminder[] = [];
      for (const id of (await rows.get(first))?.together ?? [first]) {
        const row = await rows.get(id);
        if (row === null || row.state === 'cancelled' || row.state === 'dropped') continue;
        const activity = clock.now() >= row.until ? null : await subjectOf(row);
        if (activity === null) continue;
        const addressees = (await addresseesOf(row)).filter(({ person }) => people.includes(person));
        if (addressees.length > 0) found.push({ reminder: row, activity, addressees });
      }
      return found;
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
