import {
  activityCancelled,
  activityCreated,
  activityRescheduled,
  lettersTo,
  type Activity,
  type Addressee,
  type Letter,
} from '../src/activities/index.ts';
import type { Messages } from '../src/messages/index.ts';
import type { Clock } from '../src/platform/clock.ts';
import type { Relay } from '../src/platform/events/event.ts';
import type { Queue } from '../src/platform/queue/port.ts';
import { reminderQueue, type DueReminder, type Reminders } from '../src/reminders/index.ts';
import * as say from '../templates/reminders.ts';
import type { Sweep } from './schedule.ts';

/** Plans reminders as activities come, move and go, and says them when they are due. */
export function registerRemindersJobs(deps: {
  relay: Relay;
  queue: Queue;
  clock: Clock;
  messages: Messages;
  reminders: Reminders;
}): { sweeps: Sweep[] } {
  const { relay, queue, clock, messages, reminders } = deps;

  function textFor(activity: Activity, addressees: readonly Addressee[]): string {
    // Somebody who goes as well needs no word about whom else it is for.
    const names = addressees.flatMap(({ person, rows }) =>
      rows.some((row) => row.person === person) ? [] : rows.map(({ name }) => name),
    );
    return say.activityReminder(activity, names, clock.now());
  }

  async function tell({ reminder, activity }: DueReminder, { to, addressees }: Letter): Promise<void> {
    await messages.say({
      key: `reminder:${reminder._id}:${'room' in to ? to.room : to.person}`,
      to,
      text: textFor(activity, addressees),
      kind: 'reminder',
      mentions: 'room' in to ? addressees.map(({ person }) => person) : [],
      optional: true,
      subject: { kind: 'reminder', id: reminder._id },
      facts: { activity: activity._id, when: reminder.kind },
    });
  }

  const plan = ({ activity }: { activity: string }): Promise<void> => reminders.planActivity(activity);
  relay.on(activityCreated, 'reminders', plan);
  relay.on(activityRescheduled, 'reminders', plan);
  relay.on(activityCancelled, 'reminders', plan);

  // Whoever has cancelled since it was planned is neither mentioned nor named.
  messages.guard('reminder', async (id, row) => {
    const stands = await reminders.standing(id, row.person === null ? row.mentions : [row.person]);
    if (stands === null) return 'drop';
    const people = stands.addressees.map(({ person }) => person);
    const mentions = row.mentions.filter((person) => people.includes(person));
    const text = textFor(stands.activity, stands.addressees);
    return text === row.text && mentions.length === row.mentions.length ? 'say' : { text, mentions };
  });

  queue.process(reminderQueue, async (job) => {
    const id = job.data['reminder'];
    const due = typeof id === 'string' ? await reminders.due(id) : null;
    if (due === null) return;
    const letters = await lettersTo(due.addressees, messages);
    for (const letter of letters) await tell(due, letter);
    await reminders.done(due.reminder._id, due.addressees.length);
  });

  return { sweeps: [{ name: 'reminders', everyMinutes: 10, run: () => reminders.sweep() }] };
}
