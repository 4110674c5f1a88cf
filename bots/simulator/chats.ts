import type { SaidMessage } from '../channels/simulator.ts';

/** Who is in the simulated WeChat: contacts with the members behind them, and groups by our id and the channel's. */
export interface Cast {
  readonly people: readonly { readonly id: string; readonly name: string; readonly member: string }[];
  readonly rooms: readonly {
    readonly id: string;
    readonly room: string;
    readonly topic: string;
    /** Contacts. */
    readonly members: readonly string[];
  }[];
}

/** A message as it stands in a chat of the simulated WeChat. */
export interface ChatMessage {
  /** Grows with every message in any chat. */
  readonly seq: number;
  readonly id: string;
  /** A room (our id), or `direct:<member>` for that member's chat with the bot. */
  readonly chat: string;
  /** Member id; null: the bot. */
  readonly from: string | null;
  readonly kind: 'text' | 'image' | 'voice' | 'recall';
  /** What was written, or the name of the picture or the voice message. */
  readonly text: string;
  /** Id of the uploaded picture. */
  readonly picture: string | null;
  /** Id of the message that is taken back. */
  readonly recalls: string | null;
  /** Member ids. */
  readonly mentions: readonly string[];
  /** ISO instant, in the village's time. */
  readonly at: string;
}

/** What a villager's phone sends. */
export interface Written {
  readonly id: string;
  /** Member id. */
  readonly from: string;
  /** Our room id, or null in the direct chat. */
  readonly room: string | null;
  readonly text: string;
  readonly image?: string | undefined;
  readonly picture?: string | undefined;
  readonly voice?: string | undefined;
  readonly recalls?: string | undefined;
  readonly at: Date;
}

export interface Chats {
  /** A villager's message; a text with a picture becomes two, as WeChat sends it. */
  wrote(message: Written): ChatMessage[];
  said(message: SaidMessage): ChatMessage;
  get(id: string): ChatMessage | null;
  /** Whether somebody has taken it back. */
  recalled(id: string): boolean;
  /** Of every chat, oldest first. */
  after(seq: number): ChatMessage[];
  /** Of one chat, oldest first, up to a message. */
  of(chat: string, page: { before?: number | undefined; limit: number }): ChatMessage[];
  /** Number of the newest message, and of the oldest that is still kept; 0 and 1 when there is none. */
  last(): number;
  first(): number;
  /** Told of every message; returns what ends that. */
  onMessage(listener: (message: ChatMessage) => void): () => void;
}

export const directChat = (member: string): string => `direct:${member}`;

/** The chats on everybody's phones. The newest `most` messages are kept. */
export function createChats(deps: {
  cast: Cast;
  /** Messages of earlier starts, oldest first. */
  earlier?: readonly ChatMessage[];
  most?: number;
}): Chats {
  const { cast, most = 5_000 } = deps;
  const kept = (deps.earlier ?? []).slice(-most);
  const listeners = new Set<(message: ChatMessage) => void>();
  const memberOf = (contact: string): string => cast.people.find(({ id }) => id === contact)?.member ?? contact;
  const roomOf = (channelRoom: string): string => cast.rooms.find(({ id }) => id === channelRoom)?.room ?? channelRoom;
  const last = (): number => kept.at(-1)?.seq ?? 0;

  function add(message: Omit<ChatMessage, 'seq'>): ChatMessage {
    const numbered = { seq: last() + 1, ...message };
    kept.push(numbered);
    if (kept.length > most) kept.shift();
    for (const tell of listeners) tell(numbered);
    return numbered;
  }

  return {
    wrote({ id, from, room, text, image, picture = null, voice, recalls = null, at }) {
      const chat = room ?? directChat(from);
      const common = { chat, from, picture: null, recalls: null, mentions: [], at: at.toISOString() };
      if (recalls !== null) return [add({ ...common, id, kind: 'recall', text: '', recalls })];
      const added = text === '' ? [] : [add({ ...common, id, kind: 'text', text })];
      const more = (kind: 'image' | 'voice'): string => (added.length === 0 ? id : `${id}+${kind}`);
      if (image !== undefined) added.push(add({ ...common, id: more('image'), kind: 'image', text: image, picture }));
      else if (voice !== undefined) added.push(add({ ...common, id: more('voice'), kind: 'voice', text: voice }));
      return added;
    },
    said({ id, room, contact, text, mentions, at }) {
      return add({
        // The puppet counts anew at every start.
        id: `${id}@${at.toISOString()}`,
        chat: room === null ? directChat(memberOf(contact ?? '')) : roomOf(room),
        from: null,
        kind: 'text',
        text,
        picture: null,
        recalls: null,
        mentions: mentions.map(memberOf),
        at: at.toISOString(),
      });
    },
    get: (id) => kept.find((message) => message.id === id) ?? null,
    recalled: (id) => kept.some(({ recalls }) => recalls === id),
    after: (seq) => kept.filter((message) => message.seq > seq),
    of: (chat, { before = Infinity, limit }) =>
      kept.filter((message) => message.chat === chat && message.seq < before).slice(-limit),
    last,
    first: () => kept[0]?.seq ?? 1,
    onMessage(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
