import {
  activityCancelled,
  activityCreated,
  activityRescheduled,
  lettersTo,
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

  async function tell({ reminder, activity }: DueReminder, letter: Letter): Promise<void> {
    const people = letter.addressees.map(({ person }) => person);
    // Somebody who goes as well needs no word about whom else it is for.
    const names = letter.addressees.flatMap(({ person, rows }) =>
      rows.some((row) => row.person === person) ? [] : rows.map(({ name }) => name),
    );
    const where = 'room' in letter.to ? letter.to.room : letter.to.person;
    await messages.say({
      key: `reminder:${reminder._id}:${where}`,
      to: letter.to,
      text: say.activityReminder(activity, names, clock.now()),
      kind: 'reminder',
      mentions: 'room' in letter.to ? people : [],
      optional: true,
      subject: { kind: 'reminder', id: reminder._id },
      facts: { activity: activity._id, when: reminder.kind },
    });
  }

  const plan = ({ activity }: { activity: string }): Promise<void> => reminders.planActivity(activity);
  relay.on(activityCreated, 'reminders', plan);
  relay.on(activityRescheduled, 'reminders', plan);
  relay.on(activityCancelled, 'reminders', plan);

  messages.guard('reminder', async (id, row) => {
    const people = row.person === null ? row.mentions : [row.person];
    return (await reminders.stands(id, people)) ? 'say' : 'drop';
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
