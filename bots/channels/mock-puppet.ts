import { types } from 'wechaty-puppet';
import type { payloads } from 'wechaty-puppet';
import type { Clock } from '../../src/platform/clock.ts';
import type { Attachment } from './channel.ts';
import { mock, PuppetMock } from './wechaty-mock.ts';

interface PhoneFile {
  readonly kind: Attachment['kind'];
  readonly name: string;
  /** Made up from the name unless given. */
  readonly bytes?: Uint8Array;
}

/** A message as a phone sends it. At most one of the file names is given, and then no text. */
export interface PhoneMessage {
  /** The bot sees this id; the same id again is the same message sent again. */
  readonly id: string;
  /** Contact id. */
  readonly from: string;
  /** Room id, or null in a direct chat. */
  readonly room: string | null;
  readonly text: string;
  readonly mention: boolean;
  readonly attachment?: PhoneFile;
  /** Id of the message that is taken back. */
  readonly recalls?: string;
  /** A native 接龙 instead of one that was typed. */
  readonly chain?: boolean;
  readonly sentAt: Date;
}

/** What the bot said, as the others' phones show it. */
export interface SaidMessage {
  readonly id: string;
  readonly room: string | null;
  readonly contact: string | null;
  readonly text: string;
  readonly mentions: readonly string[];
  readonly at: Date;
}

/** The people and rooms around the simulated bot. */
export interface World {
  readonly bot: { readonly id: string; readonly name: string };
  readonly people: readonly { readonly id: string; readonly name: string }[];
  /** The mock tells a room from a person by the `@` in its id. */
  readonly rooms: readonly { readonly id: string; readonly topic: string; readonly members: readonly string[] }[];
}

const fileTypes: Readonly<Record<Attachment['kind'], types.Message>> = {
  image: types.Message.Image,
  voice: types.Message.Audio,
  video: types.Message.Video,
  file: types.Message.Attachment,
  sticker: types.Message.Emoticon,
};

/**
 * wechaty's mock with the mends that a replay needs: ids and times are given, what is said carries its
 * mentions and an id, files have bytes, and it is logged in once started.
 */
export class VillagePuppet extends PuppetMock {
  readonly #clock: Clock;
  readonly #world: World;
  readonly #hear: (said: SaidMessage) => void;
  #refuse: (text: string) => Error | null = () => null;
  #said: number;
  readonly #friendships = new Map<string, payloads.Friendship>();
  /** Requests that the account has accepted. */
  readonly accepted: string[] = [];

  constructor(deps: {
    clock: Clock;
    world: World;
    hear: (said: SaidMessage) => void;
    /** How many messages the bot has said before. */
    saidBefore: number;
  }) {
    super({ mocker: new mock.Mocker() });
    this.#clock = deps.clock;
    this.#world = deps.world;
    this.#hear = deps.hear;
    this.#said = deps.saidBefore;
    const { bot, people, rooms } = deps.world;
    for (const person of [bot, ...people]) this.addPerson(person);
    for (const room of rooms) this.addRoom(room);
  }

  addPerson({ id, name }: World['people'][number]): void {
    this.mocker.ContactMock.create({
      id,
      name,
      avatar: '',
      gender: types.ContactGender.Unknown,
      phone: [],
      type: types.Contact.Individual,
    });
  }

  addRoom({ id, topic, members }: World['rooms'][number]): void {
    if (!id.includes('@')) throw new Error(`the id of a simulated room must contain @: ${id}`);
    const memberIdList = [this.#world.bot.id, ...members];
    this.mocker.RoomMock.create({ id, topic, memberIdList, adminIdList: [] });
  }

  /** Somebody asks to become a contact; a `word` comes with it. */
  befriend(request: { id: string; contact: string; word: string }): void {
    const { id, contact: contactId, word: hello } = request;
    const timestamp = this.#clock.now().getTime();
    this.#friendships.set(id, { id, contactId, hello, timestamp, ticket: id, type: types.Friendship.Receive });
    this.emit('friendship', { friendshipId: id });
  }

  override async friendshipRawPayload(id: string): Promise<payloads.Friendship> {
    const found = this.#friendships.get(id);
    if (found === undefined) throw new Error(`the request does not exist: ${id}`);
    return found;
  }

  override async friendshipAccept(id: string): Promise<void> {
    await this.friendshipRawPayload(id);
    this.accepted.push(id);
  }

  /** Lets saying fail with that error; null lets it through again. */
  refuse(test: (text: string) => Error | null): void {
    this.#refuse = test;
  }

  override async onStart(): Promise<void> {
    await super.onStart();
    this.login(this.#world.bot.id);
  }

  override async messageSendText(conversationId: string, text: string, mentions: string[] = []): Promise<void> {
    if (!this.isLoggedIn) throw new Error('not logged in');
    const refusal = this.#refuse(text);
    if (refusal !== null) throw refusal;
    const isRoom = conversationId.includes('@');
    // Throws when nobody of that id exists.
    if (isRoom) this.mocker.RoomMock.load(conversationId);
    else this.mocker.ContactMock.load(conversationId);
    const base = {
      id: `said-${String(++this.#said).padStart(6, '0')}`,
      talkerId: this.currentUserId,
      text,
      timestamp: this.#clock.now().getTime(),
      type: types.Message.Text,
    };
    this.#enter(
      isRoom
        ? { ...base, roomId: conversationId, mentionIdList: [...mentions] }
        : { ...base, listenerId: conversationId },
    );
    this.#hear(saidFrom(this.mocker.messagePayload(base.id)));
    // Every puppet may give the id; only the mock's types say that it gives none.
    return base.id as unknown as void;
  }

  /** A phone's message reaches the account. */
  receive(message: PhoneMessage): void {
    if (this.mocker.cacheMessagePayload.has(message.id)) {
      this.emit('message', { messageId: message.id });
      return;
    }
    const { attachment } = message;
    const base = {
      id: message.id,
      talkerId: message.from,
      text: message.recalls ?? message.text,
      timestamp: message.sentAt.getTime(),
      type: typeOf(message),
      ...(attachment === undefined ? {} : { filename: attachment.name }),
    };
    if (attachment !== undefined) {
      const base64 = bytesOf(attachment).toString('base64');
      this.mocker.cacheFileBoxPayload.set(message.id, { type: 1, base64, name: attachment.name });
    }
    this.#enter(
      message.room === null
        ? { ...base, listenerId: this.#world.bot.id }
        : { ...base, roomId: message.room, mentionIdList: message.mention ? [this.#world.bot.id] : [] },
    );
  }

  #enter(payload: payloads.Message): void {
    this.mocker.MessageMock.create(payload);
    this.emit('message', { messageId: payload.id });
  }
}

function saidFrom(payload: payloads.Message): SaidMessage {
  const room = payload.roomId ?? null;
  return {
    id: payload.id,
    room,
    contact: room === null ? (payload.listenerId ?? null) : null,
    text: payload.text ?? '',
    mentions: 'mentionIdList' in payload ? (payload.mentionIdList ?? []) : [],
    at: new Date(payload.timestamp),
  };
}

/** Begins as the file's kind begins, so that whoever looks at the bytes believes it. */
function bytesOf({ kind, name, bytes }: PhoneFile): Buffer {
  if (bytes !== undefined) return Buffer.from(bytes);
  const head = kind === 'image' ? [0xff, 0xd8, 0xff, 0xe0] : [];
  return Buffer.concat([Buffer.from(head), Buffer.from(`bytes of ${name}`)]);
}

function typeOf(message: PhoneMessage): types.Message {
  if (message.recalls !== undefined) return types.Message.Recalled;
  if (message.attachment !== undefined) return fileTypes[message.attachment.kind];
  return message.chain === true ? types.Message.GroupNote : types.Message.Text;
}
