import type { Actor } from '../../src/shared/access.ts';

export type Slots = Readonly<Record<string, unknown>>;

/** One message of one sender in one chat, as the skills see it. */
export interface Turn {
  /** The inbox id: services take it as `from` and do the same thing only once for it. */
  readonly message: string;
  readonly at: Date;
  /** Member id, or `wx:<contact>` while unbound. */
  readonly person: string;
  readonly contact: string;
  readonly member: string | null;
  /** How to address the sender. */
  readonly name: string;
  readonly actor: Actor;
  /** Our room id, or null in a direct chat. */
  readonly room: string | null;
  /** The room is a management group, where cadres are among themselves. */
  readonly management: boolean;
  /** The room's grid, else the member's, else null. */
  readonly grid: string | null;
  readonly mention: boolean;
  /** The text without the mention. */
  readonly text: string;
  readonly images: readonly string[];
  /** The lists last shown to this sender in this chat, by kind. */
  readonly shown: Readonly<Record<string, readonly string[]>>;
}

/** A question to this sender in this chat; only the next 15 minutes answer it. */
export interface Question {
  /** The verb that takes the answer: `slots` plus one of `yes` (boolean), `number` with `choice`, `answer` (text), `images`. */
  readonly verb: string;
  readonly slots: Slots;
  readonly accepts: readonly ('yes-no' | 'number' | 'photo' | 'text')[];
  /** What the numbers stand for, in order; empty when a number is a number (people). */
  readonly options?: readonly string[];
}

/** What a skill answers. */
export interface Answer {
  /** Null: nothing is said (a counted 收到). */
  readonly text: string | null;
  /** Opens a question; without it an answered question is closed. */
  readonly ask?: Question;
  /** A list was shown: its kind and ids in order. */
  readonly shown?: { readonly kind: string; readonly ids: readonly string[] };
  /** What 撤销 within 10 minutes calls; null: something changed that can't be undone, nor what was before it. */
  readonly change?: { readonly verb: string; readonly slots: Slots } | null;
  /** Leaves the sender's open question as it is. */
  readonly keepsQuestion?: boolean;
}

export type Verb = (turn: Turn, slots: Slots) => Promise<Answer>;

/** What a skill will do about a message. */
export interface Heard {
  readonly verb: string;
  readonly slots: Slots;
  /** The slots say all that is needed: the text is not kept, not even until it is handled. */
  readonly forgetsText?: boolean;
}

export interface Skill {
  readonly verbs: Readonly<Record<string, Verb>>;
  /** Those of them that answer by reading alone: nothing is written but the answer and what was shown. */
  readonly reads?: readonly string[];
  /** What the skill makes of a message that is no command, or null. Reads only. */
  readonly hears?: (turn: Turn) => Promise<Heard | null>;
  /** What an answer to a question of that verb (one of `verbs`) means as things stand, written with it. Reads only. */
  readonly answers?: Readonly<Record<string, (turn: Turn, slots: Slots) => Promise<Heard>>>;
  /**
   * For commands whose argument was joined to the word (报名院坝会): does it name something open now?
   * Reads only. A command that does not fit is chatter.
   */
  readonly fits?: Readonly<Record<string, (turn: Turn, slots: Slots) => Promise<boolean>>>;
  /** Cadres' commands: words like 名单 or 改期 that in a villagers' group are talk, unless the bot is mentioned. */
  readonly forStaff?: readonly string[];
}
