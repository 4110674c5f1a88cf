import type { GridQueries } from '../../src/grid/index.ts';
import type { Members } from '../../src/members/index.ts';
import type { InboxTask, MessageService } from '../../src/messages/index.ts';
import type { Clock } from '../../src/platform/clock.ts';
import type { Work } from '../../src/platform/work.ts';
import { AppError } from '../../src/shared/errors.ts';
import { normaliseDigits } from '../../src/shared/numerals.ts';
import { cleanText } from '../../src/shared/text.ts';
import type { InboundMessage } from '../channels/channel.ts';
import type { Skill } from '../skills/skill.ts';
import { removeMention } from '../understanding/mention.ts';
import { createHandling, type Voice } from './handling.ts';
import { createOrder } from './order.ts';
import type { Pace } from './pace.ts';
import { recognise } from './recognise.ts';
import { foreignRoom, turnOf } from './turns.ts';

/** Longer messages are refused: a 接龙 of a whole village fits, and a flood must not fill the store. */
const longestText = 12_000;
/** Messages that are held in memory, all chats together: a burst beyond them is refused, and its chats are told. */
export const mostHeld = 10_000;
/** Before each further try to take a message that could not be written down, in milliseconds. */
const waitsBeforeWritten: readonly number[] = [1_000, 5_000, 30_000, 120_000, 300_000];

export interface Pipeline {
  /** Takes a message of the channel; everything after it happens in the background, in order per chat. */
  take(message: InboundMessage): void;
  /** Handles what a crash or a fault left: at boot, before the channel starts, and now and then. */
  resume(): Promise<void>;
  /** What the store could not take is tried once more, now, and not again afterwards. */
  stop(): void;
  /** Somebody is being answered in that chat: our room id, or `@` and the person. */
  busy(chat: string): boolean;
}

export interface PipelineDeps {
  clock: Clock;
  work: Work;
  members: Members;
  grid: GridQueries;
  messages: MessageService;
  skills: readonly Skill[];
  /** The plain sentence for a fault's code, or the general one. */
  sentence: (code: string | null, facts: Readonly<Record<string, string | number | boolean | null>>) => string;
  /** Keeps a picture; returns what it is kept as. Never throws: a report must not be lost for its picture. */
  keepImage: (name: string, read: () => Promise<Uint8Array>, person: string) => Promise<string>;
  botName: () => string;
  onFault: (name: string, fault: unknown) => void;
  voice: Voice;
  /** How much is taken up of one person and in one room; without limits unless given. */
  pace?: Pace;
}

/** From a message to its effect and its answer: written first, then handled, each step repeatable. */
export function createPipeline(deps: PipelineDeps): Pipeline {
  const { clock, work, members, grid, messages } = deps;
  const order = createOrder();
  const underway = new Set<string>();
  /** Messages that came and are neither handled nor refused. */
  let held = 0;
  /** Chats that were told of a refusal since there was room last. */
  const overfull = new Set<string>();
  /** Messages that the store could not take, each with its next try. */
  const unwritten = new Set<{ readonly message: InboundMessage; cancel: () => void }>();
  let stopped = false;
  const verbs = new Map<string, Skill>();
  for (const skill of deps.skills) {
    for (const verb of Object.keys(skill.verbs)) {
      if (verbs.has(verb)) throw new Error(`two skills claim the verb ${verb}`);
      verbs.set(verb, skill);
    }
  }
  const handling = createHandling({ ...deps, verbs });

  async function receive(message: InboundMessage): Promise<void> {
    const id = `${message.channel}:${message.id}`;
    const [known, person] = await Promise.all([
      message.room === null ? null : grid.roomOfChannel(message.room.id, message.room.topic),
      members.personOfContact(message.sender.id),
    ]);
    const room = message.room === null ? null : (known?._id ?? `${foreignRoom}${message.room.id}`);
    if (room === null) await messages.wroteDirectly(person, message.sender.id);
    const dialogue = await messages.dialogues.of(room, person);
    const images = message.attachments.filter(({ kind }) => kind === 'image');
    const tooLong = message.text.length > longestText;
    const written = cleanText(removeMention(message.text.slice(0, longestText), deps.botName()));
    const said = {
      room,
      contact: message.sender.id,
      called: cleanText(message.sender.name).slice(0, 40),
      person,
      mention: message.mentionsBot,
      text: normaliseDigits(written),
      images: images.map(({ name }) => name),
    };
    const now = clock.now();
    const turn = await turnOf(deps, id, now, said, dialogue, known);
    const recognised = await recognise(verbs, {
      turn,
      dialogue,
      tooLong,
      unreadable: message.attachments.length > images.length,
      recalls: message.recalls === null ? null : `${message.channel}:${message.recalls}`,
    });
    if (recognised === null) {
      await messages.inbox.receive(id);
      return;
    }
    const pace = deps.pace?.of(message.sender.id, room) ?? 'go';
    if (pace !== 'go') {
      // One that came twice is no second one.
      if (pace === 'tell' && !(await messages.inbox.knows(id))) await refuse(id, room, person, 'messages.too-fast');
      return;
    }
    const task: InboxTask = { ...said, ...recognised };
    // Underway before it is written: fetching pictures takes a while, and a sweep must not begin without them.
    if (underway.has(id)) return;
    underway.add(id);
    try {
      // What only reads loses nothing if it is written together with its answer.
      const received = images.length > 0 || !handling.reads(task.action.verb);
      if (received ? !(await messages.inbox.receive(id, task)) : await messages.inbox.knows(id)) return;
      if (images.length === 0) {
        await handling.handle({ id, at: now, task, received, looked: { turn, dialogue } });
        return;
      }
      const kept = await Promise.all(images.map((image) => deps.keepImage(image.name, () => image.read(), person)));
      await handling.handle({ id, at: now, task: withImages(task, kept), received });
    } finally {
      underway.delete(id);
    }
  }

  /** Nothing of it is kept, and the sender is told so, once for many. */
  async function refuse(id: string, room: string | null, person: string, code: string): Promise<void> {
    const row = messages.outbox.plan({
      key: `refused:${id}`,
      to: room === null ? { person } : { room },
      text: deps.sentence(code, {}),
      kind: 'reply',
      mentions: room === null ? [] : [person],
    });
    await messages.outbox.write(row);
    deps.voice.kick();
  }

  async function refuseBurst(message: InboundMessage, chat: string): Promise<void> {
    if (overfull.has(chat)) return;
    overfull.add(chat);
    deps.onFault('pipeline', new AppError('messages.too-many', 503, { held }));
    const known = message.room === null ? null : await grid.roomOfChannel(message.room.id, message.room.topic);
    const room = message.room === null ? null : (known?._id ?? `${foreignRoom}${message.room.id}`);
    const person = await members.personOfContact(message.sender.id);
    await refuse(`${message.channel}:${message.id}`, room, person, 'messages.too-many');
  }

  async function handleLater(id: string, at: Date, task: InboxTask): Promise<void> {
    // Read a while ago: what was handled meanwhile must not open its question once more.
    if (underway.has(id) || !(await messages.inbox.waits(id))) return;
    underway.add(id);
    try {
      await handling.handle({ id, at, task, received: true });
    } finally {
      underway.delete(id);
    }
  }

  /** The same key as for a message that comes in. */
  async function chatOf({ room, contact }: InboxTask): Promise<string> {
    if (room === null) return `@${contact}`;
    if (room.startsWith(foreignRoom)) return room.slice(foreignRoom.length);
    return (await grid.room(room))?.channelRoom ?? room;
  }

  function take(message: InboundMessage): void {
    const chat = message.room?.id ?? `@${message.sender.id}`;
    if (held >= mostHeld) {
      work.run('pipeline', () => refuseBurst(message, chat));
      return;
    }
    held++;
    attempt(message, chat, 0);
  }

  function letGo(): void {
    held--;
    if (held < mostHeld / 2) overfull.clear();
  }

  /** A store that does not answer now may do so later: until the message is written it stays in memory. */
  function attempt(message: InboundMessage, chat: string, tries: number): void {
    const wait = waitsBeforeWritten[tries];
    work.run('pipeline', () =>
      order
        .run(chat, () => receive(message))
        .then(letGo, (fault: unknown) => {
          if (wait === undefined || stopped) {
            letGo();
            throw fault;
          }
          deps.onFault('pipeline', fault);
          const later = { message, cancel: (): void => undefined };
          unwritten.add(later);
          later.cancel = clock.at(new Date(clock.now().getTime() + wait), () => {
            unwritten.delete(later);
            attempt(message, chat, tries + 1);
          });
        }),
    );
  }

  return {
    take,
    busy: handling.busy,
    stop() {
      stopped = true;
      for (const { message, cancel } of unwritten) {
        cancel();
        attempt(message, message.room?.id ?? `@${message.sender.id}`, 0);
      }
      unwritten.clear();
    },
    async resume() {
      for (const row of await messages.inbox.unhandled()) {
        const { task } = row;
        if (underway.has(row._id)) continue;
        if (task === undefined) await messages.inbox.done(row._id);
        else await order.run(await chatOf(task), () => handleLater(row._id, row.receivedAt, task));
      }
    },
  };
}

/** The pictures by what they are kept as; after a crash only their names are left. */
function withImages(task: InboxTask, images: string[]): InboxTask {
  if (images.length === 0) return task;
  const { verb, slots } = task.action;
  return { ...task, images, action: { verb, slots: 'images' in slots ? { ...slots, images } : slots } };
}
