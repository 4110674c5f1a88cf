import {
  activityCancelled,
  activityCreated,
  activityRescheduled,
  lettersTo,
  type Addressee,
} from '../src/activities/index.ts';
import type { Address, Messages } from '../src/messages/index.ts';
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

  const namesOf = (addressees: readonly Addressee[]): string[] => [
    ...new Set(addressees.flatMap(({ rows }) => rows.map(({ name }) => name))),
  ];
  /** Somebody who goes as well needs no word about whom else it is for. */
  const signedUpBy = (addressees: readonly Addressee[]): string[] =>
    addressees.flatMap(({ person, rows }) =>
      rows.some((row) => row.person === person) ? [] : rows.map(({ name }) => name),
    );
  const people = (addressees: readonly Addressee[]): string => addressees.map(({ person }) => person).join(' ');

  /** Where the lines of one message are for different people, each says for whom. */
  function textFor(all: readonly DueReminder[]): string {
    const apart = new Set(all.map(({ addressees }) => people(addressees))).size > 1;
    const parts = all.map(({ activity, addressees }) => ({
      activity,
      names: apart ? [] : signedUpBy(addressees),
      who: apart ? namesOf(addressees) : [],
    }));
    return say.activityReminder(parts, clock.now());
  }

  /** What falls due at one minute is one message in each room, and in each direct chat. */
  async function tell(first: string, all: readonly DueReminder[]): Promise<void> {
    const letters = new Map<string, { to: Address; about: DueReminder[] }>();
    for (const due of all) {
      for (const { to, addressees } of await lettersTo(due.addressees, messages)) {
        const address = 'room' in to ? to.room : to.person;
        const letter = letters.get(address) ?? { to, about: [] };
        letter.about.push({ ...due, addressees });
        letters.set(address, letter);
      }
    }
    for (const [address, { to, about }] of letters) {
      const everybody = new Set(about.flatMap(({ addressees }) => addressees.map(({ person }) => person)));
      await messages.say({
        key: `reminder:${first}:${address}`,
        to,
        text: textFor(about),
        kind: 'reminder',
        mentions: 'room' in to ? [...everybody] : [],
        optional: true,
        subject: { kind: 'reminder', id: first },
        facts: Object.fromEntries(
          about.map(({ activity, reminder, addressees }) => [
            `activity:${activity._id}`,
            `${reminder.kind} ${people(addressees)}`,
          ]),
        ),
      });
    }
  }

  const plan = ({ activity }: { activity: string }): Promise<void> => reminders.planActivity(activity);
  relay.on(activityCreated, 'reminders', plan);
  relay.on(activityRescheduled, 'reminders', plan);
  relay.on(activityCancelled, 'reminders', plan);

  // Whoever has cancelled since it was planned is neither mentioned nor named.
  messages.guard('reminder', async (id, row) => {
    // Of each activity those to whom it was to be said here.
    const told = (activity: string): string[] => row.facts[`activity:${activity}`]?.split(' ').slice(1) ?? [];
    const all = await reminders.standing(id, row.person === null ? row.mentions : [row.person]);
    const stands = all.flatMap((one) => {
      const addressees = one.addressees.filter(({ person }) => told(one.activity._id).includes(person));
      return addressees.length === 0 ? [] : [{ ...one, addressees }];
    });
    if (stands.length === 0) return 'drop';
    const concerned = new Set(stands.flatMap(({ addressees }) => addressees.map(({ person }) => person)));
    const mentions = row.mentions.filter((person) => concerned.has(person));
    const text = textFor(stands);
    return text === row.text && mentions.length === row.mentions.length ? 'say' : { text, mentions };
  });

  queue.process(reminderQueue, async (job) => {
    const id = job.data['reminder'];
    const due = typeof id === 'string' ? await reminders.due(id) : null;
    if (due === null) return;
    await tell(due.first, due.all);
    for (const { reminder, addressees } of due.all) await reminders.done(reminder._id, addressees.length);
  });

  return { sweeps: [{ name: 'reminders', everyMinutes: 10, run: () => reminders.sweep() }] };
}
