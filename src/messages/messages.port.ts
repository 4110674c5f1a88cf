import type { OutboxRow, sayKinds } from './messages.model.ts';
import type { EventKind } from '../platform/events/event.ts';

export type SayKind = (typeof sayKinds)[number];
/** A room (our id) or a person's direct chat. */
export type Address = { readonly room: string } | { readonly person: string };

export interface Saying {
  /** Natural key: planned once, however often it is asked for. */
  readonly key: string;
  readonly to: Address;
  readonly text: string;
  readonly kind: SayKind;
  /** Persons to mention in a room. */
  readonly mentions?: readonly string[];
  readonly urgent?: boolean;
  /** Not before then (now). */
  readonly notBefore?: Date;
  /** Quiet hours shift it to 07:00 (true for all but replies, questions and urgent ones). */
  readonly quiet?: boolean;
  /** Dropped when the person has unsubscribed (false). */
  readonly optional?: boolean;
  readonly inReplyTo?: string;
  readonly subject?: { readonly kind: string; readonly id: string };
  readonly facts?: Readonly<Record<string, string>>;
}

/** What the check of a subject says right before it is said; or what is to be said, and to whom, instead. */
export type Verdict = 'say' | 'drop' | { readonly text: string; readonly mentions: string[] };

/** Everything said to people goes through here. */
export interface Messages {
  /** Plans it; the same key again changes nothing. */
  say(saying: Saying): Promise<OutboxRow>;
  /** Asked right before saying anything with a subject of that kind: is it still true? */
  guard(kind: string, check: (id: string, row: OutboxRow) => Promise<Verdict>): void;
  /** Cancels what is not yet being said; how many. */
  cancel(subject: { kind: string; id: string }): Promise<number>;
  /** Where something unasked reaches this person: the direct chat if they ever wrote there, else their grid's room; null if nowhere. */
  addressOf(person: string): Promise<Address | null>;
  /** The newest outbox row of that kind said in that chat, for deciding what 收到 is about. */
  row(key: string): Promise<OutboxRow | null>;
}

/** Emitted when a row was said: `{ key, kind, subjectKind, subjectId, room, person, at }`. */
export type SaidEvent = EventKind<{
  key: string;
  kind: SayKind;
  subjectKind: string;
  subjectId: string;
  room: string | null;
  person: string | null;
  /** ISO instant. */
  at: string;
}>;
