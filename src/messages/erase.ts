import type { Clock } from '../platform/clock.ts';
import type { Change, Store } from '../platform/store/port.ts';
import type { Uploads } from '../platform/uploads.ts';
import { noName, type Keeper, type Traced } from '../members/index.ts';
import { AppError } from '../shared/errors.ts';
import { friendRequests } from './friends.ts';
import { handovers } from './handovers.ts';
import { pictures } from './pictures.ts';
import { dialogues, directChats, inbox, outbox, type Dialogue, type OutboxRow } from './messages.model.ts';

type Fields = NonNullable<Change<OutboxRow>['$set']>;

/** A saying takes seconds; what is older was left by a process that died. */
const sayingMs = 120_000;

const toPerson = ({ person, mentions }: OutboxRow, { keys }: Traced): boolean =>
  (person !== null && keys.includes(person)) || (mentions.length > 0 && mentions.every((one) => keys.includes(one)));
const concerns = (row: OutboxRow, who: Traced): boolean =>
  toPerson(row, who) ||
  Object.values(row.facts).some((fact) => fact.split(' ').some((one) => who.keys.includes(one))) ||
  row.mentions.some((one) => who.keys.includes(one)) ||
  named(row.text, who);
const named = (text: string, { name }: Traced): boolean => name !== null && name !== '' && text.includes(name);
const masked = (text: string, { name }: Traced): string => (name === null ? text : text.replaceAll(name, noName));
/** The key was made of the contact, so that it tells who it was. */
const tells = (id: string, { contacts }: Traced): boolean => contacts.some((contact) => id.includes(`wx:${contact}`));
const ownDialogue = ({ _id }: Dialogue, { keys }: Traced): boolean => keys.some((key) => _id.endsWith(`|${key}`));

/**
 * What was said to a person, by a person, and about a person by name. What the service has said stays as a row
 * without its words; what others still must hear is said without the name.
 */
export function createMessagesKeeper(deps: {
  store: Store;
  clock: Clock;
  /** Null: there is no place for pictures here. */
  uploads: Pick<Uploads, 'remove'> | null;
}): Keeper {
  const { store, clock } = deps;
  const received = store.collection(inbox);
  const sayings = store.collection(outbox);
  const open = store.collection(dialogues);
  const chats = store.collection(directChats);
  const asked = store.collection(handovers);
  const friends = store.collection(friendRequests);
  const sent = store.collection(pictures);

  /** What becomes of the row; null: it is just being said, so later. */
  function changeOf(row: OutboxRow, who: Traced): Fields | null {
    const mentions = row.mentions.filter((one) => !who.keys.includes(one));
    const without = (fact: string): string =>
      fact
        .split(' ')
        .filter((one) => !who.keys.includes(one))
        .join(' ');
    const facts = Object.fromEntries(Object.entries(row.facts).map(([key, fact]) => [key, without(fact)]));
    const person = row.person !== null && who.keys.includes(row.person) ? who.member : row.person;
    const claimed = row.claimedAt?.getTime() ?? 0;
    if (row.state === 'sending' && clock.now().getTime() - claimed < sayingMs) return null;
    if (!['queued', 'unknown', 'sending'].includes(row.state)) return { text: '', mentions, person, facts };
    // Nobody hears it any more, and nobody need decide whether it was heard.
    if (toPerson(row, who)) return { text: '', mentions, person, facts, state: 'cancelled' };
    return { text: masked(row.text, who), mentions, facts };
  }

  async function letGoOfSayings(who: Traced): Promise<void> {
    let later = false;
    for await (const row of sayings.stream({})) {
      if (!concerns(row, who)) continue;
      const change = changeOf(row, who);
      const now = change === null ? null : await sayings.update({ _id: row._id, state: row.state }, { $set: change });
      if (now === null) later = true;
      else if (tells(row._id, who)) await sayings.remove({ _id: row._id });
    }
    if (later) throw new AppError('messages.being-said', 503);
  }

  async function letGoOfMessages(who: Traced): Promise<void> {
    for (const state of ['received', 'parked'] as const) {
      for (const { _id, task } of await received.find({ state })) {
        if (task === undefined || !(who.keys.includes(task.person) || who.contacts.includes(task.contact))) continue;
        await received.update({ _id }, { $set: { state: 'done' }, $unset: { task: true } });
      }
    }
  }

  async function letGoOfDialogues(who: Traced): Promise<void> {
    for await (const row of open.stream({})) {
      if (ownDialogue(row, who)) await open.remove({ _id: row._id });
      else if (named(JSON.stringify(row), who)) {
        await open.update({ _id: row._id }, { $set: { question: null, change: null, shown: {} } });
      }
    }
  }

  async function letGoOfRequests(who: Traced): Promise<void> {
    for await (const { _id, person, state } of asked.stream({})) {
      if (!who.keys.includes(person) || (person === who.member && state === 'closed')) continue;
      await asked.update({ _id }, { $set: { person: who.member, state: 'closed' } });
    }
  }

  const sentBy = async ({ keys }: Traced) => (await Promise.all(keys.map((person) => sent.find({ person })))).flat();

  /** First the picture, then who sent it: as long as that is known it can be found again. */
  async function letGoOfPictures(who: Traced): Promise<void> {
    for (const { _id, picture } of await sentBy(who)) {
      const senders = await sent.find({ picture });
      if (senders.every(({ person }) => who.keys.includes(person))) await deps.uploads?.remove(picture);
      await sent.remove({ _id });
    }
  }

  return {
    name: 'messages',
    async erase(who) {
      await letGoOfMessages(who);
      await letGoOfDialogues(who);
      await letGoOfRequests(who);
      for (const key of who.keys) await chats.remove({ _id: key });
      for (const contact of who.contacts) await friends.remove({ _id: contact });
      await letGoOfPictures(who);
      await letGoOfSayings(who);
    },
    async copy(who) {
      const said: object[] = [];
      for await (const row of sayings.stream({})) {
        const { room, text, kind, state, createdAt, sentAt } = row;
        if (toPerson(row, who)) said.push({ room, text, kind, state, createdAt, sentAt });
      }
      const waiting: object[] = [];
      for (const state of ['received', 'parked'] as const) {
        for (const { receivedAt, task } of await received.find({ state })) {
          if (task !== undefined && who.keys.includes(task.person)) {
            waiting.push({ receivedAt, room: task.room, text: task.text, images: task.images });
          }
        }
      }
      const talks: object[] = [];
      for await (const row of open.stream({})) if (ownDialogue(row, who)) talks.push(row);
      const requests: object[] = [];
      for await (const row of asked.stream({})) if (who.keys.includes(row.person)) requests.push(row);
      const direct = await Promise.all(who.keys.map((key) => chats.get(key)));
      const images = (await sentBy(who)).map(({ picture, at }) => ({ picture, at }));
      return {
        said,
        waiting,
        pictures: images,
        dialogues: talks,
        requests,
        directChats: direct.filter((row) => row !== null),
      };
    },
  };
}
