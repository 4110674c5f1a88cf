import type { Clock } from '../platform/clock.ts';
import type { Store } from '../platform/store/port.ts';
import type { QuietHours } from '../shared/calendar/index.ts';
import type { GridQueries } from '../grid/index.ts';
import { unboundKey, type Members } from '../members/index.ts';
import { createDesk, type Desk } from './desk.ts';
import { createDialogues, type Dialogues } from './dialogues.ts';
import { createHandovers, type Handovers } from './handovers.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { directChats } from './messages.model.ts';
import type { Messages } from './messages.port.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { createOutages, type Outages } from './outages.ts';

export interface MessageService extends Messages {
  readonly inbox: Inbox;
  readonly dialogues: Dialogues;
  readonly outbox: Outbox;
  readonly handovers: Handovers;
  /** When the login lived, and when it did not. */
  readonly outages: Outages;
  /** What a person must look at and decide. */
  readonly desk: Desk;
  /** The person has written in a direct chat, so may be written to. */
  wroteDirectly(person: string, contact: string): Promise<void>;
}

/** Everything that comes in and must be said. `wake` reaches the process that owns the login. */
export function createMessages(deps: {
  store: Store;
  clock: Clock;
  members: Members;
  grid: GridQueries;
  wake: () => Promise<void>;
}): MessageService {
  const { store, clock, members, grid } = deps;
  const quietHours = async (): Promise<QuietHours> => (await grid.calendar()).quietHours;
  const outbox = createOutbox({ store, clock, wake: deps.wake, quietHours });
  const outages = createOutages({ store, clock });
  const chats = store.collection(directChats);
  return {
    inbox: createInbox({ store, clock }),
    dialogues: createDialogues({ store, clock }),
    outbox,
    handovers: createHandovers({ store, clock }),
    outages,
    desk: createDesk({ store, clock, outbox, outages, wake: deps.wake }),
    say: outbox.say,
    guard: outbox.guard,
    cancel: outbox.cancel,
    row: (key) => outbox.rows.get(key),
    async addressOf(person) {
      // Whoever is there under a new contact id has to write once more: only who wrote may be written to.
      const contact = await members.contactOf(person);
      for (const key of [person, ...(contact === null ? [] : [unboundKey(contact)])]) {
        const wrote = await chats.get(key);
        if (wrote !== null && (contact === null || wrote.contact === contact)) return { person };
      }
      const member = await members.get(person);
      const room = member === null ? null : await grid.roomOf(member.grid);
      return room === null ? null : { room: room._id };
    },
    async wroteDirectly(person, contact) {
      if ((await chats.get(person))?.contact === contact) return;
      await chats.upsert(person, { $set: { contact, since: clock.now() } });
    },
  };
}
