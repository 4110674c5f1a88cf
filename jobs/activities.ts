import {
  activityCancelled,
  activityCreated,
  activityRescheduled,
  lettersTo,
  offerId,
  signupOffered,
  type ActivitiesService,
  type Activity,
  type Signup,
} from '../src/activities/index.ts';
import type { GridQueries } from '../src/grid/index.ts';
import { memberBound, unboundKey } from '../src/members/index.ts';
import { said, type Messages, type OutboxRow } from '../src/messages/index.ts';
import type { Clock } from '../src/platform/clock.ts';
import { tryEach } from '../src/platform/each.ts';
import type { Relay } from '../src/platform/events/event.ts';
import type { Queue } from '../src/platform/queue/port.ts';
import { quietShift } from '../src/shared/calendar/index.ts';
import * as say from '../templates/activities.ts';
import { registerMinimumJobs } from './activities.minimum.ts';
import type { Sweep } from './schedule.ts';

/** The alarm clock of offers: one job an offer that was said. */
export const lapseQueue = 'activities.lapse';

/** Starts this soon after the quiet hours: its news can't wait for their end. */
const tooSoonMs = 2 * 3_600_000;

/** Says calls, offers and news of activities, and lets offers lapse. */
export function registerActivitiesJobs(deps: {
  relay: Relay;
  queue: Queue;
  clock: Clock;
  activities: ActivitiesService;
  messages: Messages;
  grid: Pick<GridQueries, 'calendar' | 'rooms' | 'onDuty'>;
}): { sweeps: Sweep[] } {
  const { relay, queue, clock, activities, messages } = deps;
  const { offers } = activities;

  async function offer(id: string): Promise<void> {
    const held = await offers.get(id);
    const to = held?.row.offer ?? null;
    if (held === null || to === null) return;
    await messages.say({
      key: `offer:${id}`,
      to: to.room === null ? { person: to.to } : { room: to.room },
      text: say.offer(held.activity, held.row),
      kind: 'offer',
      mentions: to.room === null ? [] : [to.to],
      subject: { kind: 'offer', id },
      facts: { activity: held.activity._id },
    });
  }

  async function wasSaid(id: string, at: Date): Promise<void> {
    const row = await offers.said(id, at);
    if (row !== null) await arm(row);
  }

  async function arm(row: Signup): Promise<void> {
    const at = row.offer?.holdsUntil ?? null;
    if (row.status !== 'held' || at === null) return;
    const id = offerId(row);
    await queue.add(lapseQueue, { id, at, data: { offer: id } });
  }

  /** A held seat whose offer got lost on the way, or can't be said. */
  async function look(id: string, row: Signup): Promise<void> {
    if (row.offer?.saidAt != null) {
      await offers.lapse(id);
      await arm(row);
      return;
    }
    const saying = await messages.row(`offer:${id}`);
    if (saying === null) await offer(id);
    else if (saying.sentAt !== null) await wasSaid(id, saying.sentAt);
    else if (saying.state === 'unknown') await wasSaid(id, saying.claimedAt ?? clock.now());
    else await offers.lapse(id, unsayable(saying));
  }

  const unsayable = ({ state }: OutboxRow): boolean =>
    state === 'failed' || state === 'dropped' || state === 'cancelled';

  /** News of an activity to everyone whose sign-up it concerns; also to people who unsubscribed. */
  async function tell(activity: Activity, what: string, key: string, text: string, soonest: Date): Promise<void> {
    const rows = await activities.concerned(activity._id);
    const letters = await lettersTo(await activities.addressees(rows, { optional: false }), messages);
    const { quietHours } = await deps.grid.calendar();
    const morning = quietShift(clock.now(), quietHours);
    const quiet = soonest.getTime() >= morning.getTime() + tooSoonMs;
    for (const { to, addressees } of letters) {
      const names = addressees.flatMap(({ person, rows: theirs }) =>
        theirs.some((row) => row.person === person) ? [] : theirs.map(({ name }) => name),
      );
      await messages.say({
        key: `news:${key}:${'room' in to ? to.room : to.person}`,
        to,
        text: `${text}${say.onBehalf(names)}`,
        kind: 'news',
        mentions: 'room' in to ? addressees.map(({ person }) => person) : [],
        quiet,
        facts: { activity: activity._id, what },
      });
    }
  }

  relay.on(activityCreated, 'activities.call', async ({ activity: id }) => {
    const activity = await activities.get(id);
    if (activity === null || activity.state !== 'open') return;
    for (const room of activity.callRooms) {
      await messages.say({
        key: `call:${id}:${room}`,
        to: { room },
        text: say.call(activity),
        kind: 'call',
        subject: { kind: 'call', id },
        facts: { activity: id },
      });
    }
  });

  relay.on(activityRescheduled, 'activities.news', async ({ activity: id, version }) => {
    const activity = await activities.get(id);
    const before = activity?.moves.at(-1);
    // Moved or called off again meanwhile: the newer news is told instead.
    if (activity === null || before === undefined || activity.version !== version || activity.state !== 'open') return;
    const soonest = new Date(Math.min(activity.startsAt.getTime(), before.startsAt.getTime()));
    await tell(activity, 'rescheduled', `rescheduled:${id}:v${version}`, say.rescheduled(activity, before), soonest);
  });

  relay.on(activityCancelled, 'activities.news', async ({ activity: id }) => {
    const activity = await activities.get(id);
    if (activity === null) return;
    await activities.finishCallOff(id);
    await tell(activity, 'cancelled', `called-off:${id}`, say.activityCancelled(activity), activity.startsAt);
  });

  relay.on(memberBound, 'activities.adopt', ({ contact, member }) => activities.adopt(unboundKey(contact), member));

  relay.on(signupOffered, 'activities.offer', ({ signup, seq }) => offer(`${signup}#${seq}`));

  relay.on(said, 'activities.offer', async ({ subjectKind, subjectId, at }) => {
    if (subjectKind === 'offer') await wasSaid(subjectId, new Date(at));
  });

  messages.guard('offer', async (id) => {
    const held = await offers.get(id);
    return held !== null && held.activity.startsAt > clock.now() ? 'say' : 'drop';
  });
  messages.guard('call', async (id) => {
    const activity = await activities.get(id);
    return activity?.state === 'open' && activity.startsAt > clock.now() ? 'say' : 'drop';
  });

  queue.process(lapseQueue, async (job) => {
    const id = job.data['offer'];
    if (typeof id === 'string') await offers.lapse(id);
  });

  return {
    sweeps: [
      ...registerMinimumJobs(deps).sweeps,
      { name: 'activities.seats', everyMinutes: 5, run: () => activities.sweep() },
      { name: 'activities.chains', everyMinutes: 60, run: () => activities.chains.forgetPast() },
      {
        name: 'activities.offers',
        everyMinutes: 1,
        async run() {
          await tryEach(await activities.heldOffers(), ({ offer: id, row }) => look(id, row));
        },
      },
    ],
  };
}
