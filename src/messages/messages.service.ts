import type { Clock } from '../platform/clock.ts';
import type { Store, Write } from '../platform/store/port.ts';
import type { QuietHours } from '../shared/calendar/index.ts';
import type { GridQueries } from '../grid/index.ts';
import { unboundKey, type Members } from '../members/index.ts';
import { createDesk, type Desk } from './desk.ts';
import { createDialogues, type Dialogues } from './dialogues.ts';
import { createFriends, type Friends } from './friends.ts';
import { createHandovers, type Handovers } from './handovers.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { directChats, type OutboxRow } from './messages.model.ts';
import type { Messages } from './messages.port.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { createOutages, type Outages } from './outages.ts';
import { createPictures, type Pictures } from './pictures.ts';

/** How a message ends. */
export interface Ending {
  readonly id: string;
  readonly received: boolean;
  readonly dialogue: Write | null;
  readonly answer: OutboxRow | null;
  readonly claim: Write | null;
}

export interface MessageService extends Messages {
  readonly inbox: Inbox;
  readonly dialogues: Dialogues;
  readonly outbox: Outbox;
  readonly handovers: Handovers;
  /** Who sent which. */
  readonly pictures: Pictures;
  /** When the login lived, and when it did not. */
  readonly outages: Outages;
  /** Who asked to become a contact. */
  readonly friends: Friends;
  /** What a person must look at and decide. */
  readonly desk: Desk;
  /**
   * Ends a message: what it changes in its dialogue, its answer, and that it is done, in this order; then the claim of
   * the answer by who says it at once. Whether the claim holds. `received`: it was written into the inbox before.
   */
  conclude(ending: Ending): Promise<boolean>;
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
  const inbox = createInbox({ store, clock });
  return {
    inbox,
    dialogues: createDialogues({ store, clock }),
    outbox,
    handovers: createHandovers({ store, clock }),
    pictures: createPictures({ store, clock }),
    outages,
    friends: createFriends({ store, clock, calm: outbox.calm }),
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
    async conclude({ id, received, dialogue, answer, claim }) {
      const written = answer === null ? null : outbox.written(answer);
      const writes = [dialogue, written, inbox.handled(id, received), claim].filter((write) => write !== null);
      return (await store.inOrder(writes)).at(-1) === true && claim !== null;
    },
    async wroteDirectly(person, contact) {
      if ((await chats.get(person))?.contact === contact) return;
      await chats.upsert(person, { $set: { contact, since: clock.now() } });
    },
  };
}
