/** What a villager sent besides text. */
export interface Attachment {
  readonly kind: 'image' | 'voice' | 'video' | 'file' | 'sticker';
  readonly name: string;
  /** Fetches the bytes; may be slow, may fail. */
  read(): Promise<Uint8Array>;
}

/** A message as the channel tells it, before anybody knows who it is from. */
export interface InboundMessage {
  /** The channel's id: the same message sent again bears the same id. */
  readonly id: string;
  readonly channel: string;
  /** The channel's room, or null in a direct chat. */
  readonly room: { readonly id: string; readonly topic: string } | null;
  readonly sender: { readonly id: string; readonly name: string };
  readonly mentionsBot: boolean;
  /** With the mention still in it; empty for pictures and voice. */
  readonly text: string;
  readonly attachments: readonly Attachment[];
  /** Id of the message that was recalled (撤回), else null. */
  readonly recalls: string | null;
  readonly sentAt: Date;
}

export interface Spoken {
  /** The channel's id of what was said, where it gives one. */
  readonly id: string | null;
}

/** A way to reach WeChat. Faults of `say` are thrown as ChannelError. */
export interface Channel {
  readonly name: string;
  /** The name by which the bot is mentioned, once logged in. */
  botName(): string | null;
  /** Called for every message of others, in the order of arrival within one conversation. Must not throw. */
  onMessage(handle: (message: InboundMessage) => void): void;
  /** Connects; resolves once logged in, rejects after the deadline. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Logged in, so that something can be said now. */
  online(): boolean;
  onOnline(handle: () => void): void;
  /** The last sign of life of the login, null before the first; absent where being online is one. */
  aliveAt?(): Date | null;
  /** Somebody asks to become a contact; absent, like the next, where the channel knows no such thing. */
  onFriendRequest?(handle: (request: FriendRequest) => void): void;
  /** Faults as of `say`. */
  acceptFriend?(request: string): Promise<void>;
  /** `mentions` are contact ids; their names are put before the text. */
  say(to: ChannelAddress, text: string, mentions: readonly string[]): Promise<Spoken>;
  /**
   * The channel's id of that text if the account was seen saying it there since then (its echo), else null.
   * Absent where the channel never tells what the account said.
   */
  echo?(to: ChannelAddress, text: string, since: Date): string | null;
  /** Who is in that room of the channel's, the account itself apart; absent where nobody tells. Faults as of `say`. */
  members?(room: string): Promise<readonly RoomPerson[]>;
}

/** A request to become a contact, without the words that came with it. */
export interface FriendRequest {
  readonly id: string;
  readonly contact: string;
}

/** Somebody in a room, by the name that the others see there: the alias in that room (群昵称), else the nickname. */
export interface RoomPerson {
  readonly contact: string;
  readonly name: string;
}

/** The channel's id of a room or of a person's direct chat. */
export type ChannelAddress = { readonly room: string } | { readonly contact: string };

/**
 * `retry`: it was not said, later may help. `give-up`: this one never will. `blocked`: the account must stop
 * and a person must look. `unknown`: the answer got lost, it may have been said; never say it again unasked.
 */
export type ChannelFaultKind = 'retry' | 'give-up' | 'blocked' | 'unknown';

export class ChannelError extends Error {
  readonly kind: ChannelFaultKind;
  constructor(kind: ChannelFaultKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ChannelError';
    this.kind = kind;
  }
}
