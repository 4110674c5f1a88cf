import {
  activityCreated,
  activityRescheduled,
  type ActivitiesService,
  type Activity,
} from '../src/activities/index.ts';
import type { GridQueries } from '../src/grid/index.ts';
import type { Address, Messages } from '../src/messages/index.ts';
import { tryEach } from '../src/platform/each.ts';
import type { Relay } from '../src/platform/events/event.ts';
import type { Queue } from '../src/platform/queue/port.ts';
import * as say from '../templates/activities.cadres.ts';
import type { Sweep } from './schedule.ts';

/** The alarm clock: one job a version of an activity's time. */
export const minimumQueue = 'activities.minimum';

/** Tells the cadre who made an activity, once, a day before sign-up ends, that too few have signed up. */
export function registerMinimumJobs(deps: {
  relay: Relay;
  queue: Queue;
  activities: Pick<ActivitiesService, 'get' | 'upcoming' | 'minimumAt' | 'shortOf'>;
  messages: Pick<Messages, 'say' | 'addressOf' | 'guard'>;
  grid: Pick<GridQueries, 'rooms' | 'onDuty'>;
}): { sweeps: Sweep[] } {
  const { relay, queue, activities, messages, grid } = deps;

  async function arm(activity: Activity | null): Promise<void> {
    const at = activity === null ? null : activities.minimumAt(activity);
    if (activity === null || at === null || activity.state !== 'open') return;
    const { _id, version } = activity;
    await queue.add(minimumQueue, { id: `${_id}:v${version}`, at, data: { activity: _id, version } });
  }

  /** The cadre's direct chat, else where cadres are among themselves; never a villagers' group. */
  async function addressOf(person: string, scope: string): Promise<Address> {
    const own = await messages.addressOf(person);
    if (own !== null && 'person' in own) return own;
    const offices = (await grid.rooms()).filter(({ management }) => management);
    const office = offices.find((room) => room.grid === scope) ?? offices[0];
    return office === undefined ? { person } : { room: office._id };
  }

  const arming = async ({ activity }: { activity: string }): Promise<void> => arm(await activities.get(activity));
  relay.on(activityCreated, 'activities.minimum', arming);
  relay.on(activityRescheduled, 'activities.minimum', arming);

  messages.guard('minimum', async (id, row) => {
    const short = await activities.shortOf(id, Number(row.facts['version']));
    if (short === null) return 'drop';
    const text = say.tooFew(short.activity, short.people);
    return text === row.text ? 'say' : { text, mentions: row.mentions };
  });

  queue.process(minimumQueue, async ({ data: { activity: id, version } }) => {
    const short = typeof id === 'string' ? await activities.shortOf(id, Number(version)) : null;
    if (short === null) return;
    const { activity, people } = short;
    const person = activity.createdBy ?? (await grid.onDuty(activity.scope))?._id ?? null;
    if (person === null) return;
    const to = await addressOf(person, activity.scope);
    await messages.say({
      key: `minimum:${activity._id}:v${activity.version}`,
      to,
      text: say.tooFew(activity, people),
      kind: 'news',
      mentions: 'room' in to ? [person] : [],
      subject: { kind: 'minimum', id: activity._id },
      facts: { activity: activity._id, version: String(activity.version), what: 'too few' },
    });
  });

  return {
    sweeps: [
      {
        name: 'activities.minimum',
        everyMinutes: 10,
        async run() {
          await tryEach(await activities.upcoming(), arm);
        },
      },
    ],
  };
}
