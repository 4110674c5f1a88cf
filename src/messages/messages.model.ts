import { z } from 'zod';
import { declare } from '../platform/store/port.ts';

const json = z.record(z.string(), z.unknown());

/** What the pipeline understood and a skill will do: plain data, so that it survives a crash. */
export const action = z.object({ verb: z.string(), slots: json });
export type Action = z.infer<typeof action>;

/**
 * What came in. `_id` = `channel:message id`. Chatter keeps only its id (no text, no action), 48 hours.
 * received → done; received rows are taken up again at boot; parked after repeated faults.
 */
export const inbox = declare(
  'inbox',
  z.object({
    _id: z.string(),
    state: z.enum(['received', 'done', 'parked']),
    receivedAt: z.date(),
    /** What is needed to handle it; absent for chatter, removed once done. */
    task: z
      .object({
        /** Our room id, or null in a direct chat. */
        room: z.string().nullable(),
        contact: z.string(),
        /** The sender's name as the channel shows it. */
        called: z.string(),
        person: z.string(),
        mention: z.boolean(),
        text: z.string(),
        images: z.array(z.string()),
        action,
        /** The message answered the sender's open question. */
        answers: z.boolean(),
      })
      .optional(),
    attempts: z.number().int(),
  }),
  { state: { fields: ['state', 'receivedAt'] }, age: { fields: ['receivedAt'] } },
);
export type InboxRow = z.infer<typeof inbox.schema>;
export type InboxTask = NonNullable<InboxRow['task']>;

export const sayKinds = ['reply', 'question', 'notice', 'call', 'reminder', 'offer', 'news'] as const;

/**
 * What must be said, the truth about every delivery. `_id` is a natural key, so nothing is planned twice:
 * `reply:<inbox id>`, `notice:<notice>:<address>`, `offer:<sign-up>#<seq>`, …
 * queued → sending → sent | failed | unknown; or cancelled, dropped (no longer true, or not wanted).
 */
export const outbox = declare(
  'outbox',
  z.object({
    _id: z.string(),
    /** Exactly one of room (our id) and person (direct chat) is set. */
    room: z.string().nullable(),
    person: z.string().nullable(),
    text: z.string(),
    /** Persons mentioned in the room. */
    mentions: z.array(z.string()),
    kind: z.enum(sayKinds),
    /** 0 replies, 1 urgent, 2 the rest: smaller goes first. */
    priority: z.number().int(),
    state: z.enum(['queued', 'sending', 'sent', 'failed', 'unknown', 'cancelled', 'dropped']),
    /** Not to be said before. */
    notBefore: z.date(),
    /** Not to be said in the village's quiet hours (21:30 to 07:00). */
    quiet: z.boolean(),
    /** Not to be said to people who unsubscribed (direct only). */
    optional: z.boolean(),
    /** The inbox id that it answers. */
    inReplyTo: z.string().nullable(),
    /** What it is about: checked right before saying, told when said. */
    subject: z.object({ kind: z.string(), id: z.string() }).nullable(),
    /** Facts for logs and the replay (activity, feedback, when, what): ids only. */
    facts: z.record(z.string(), z.string()),
    createdAt: z.date(),
    /** Grows with the planning: first planned, first said among those due at one time. */
    order: z.number().int(),
    claimedBy: z.string().nullable(),
    claimedAt: z.date().nullable(),
    sentAt: z.date().nullable(),
    /** The channel's id of what was said, where it gives one. */
    sentId: z.string().nullable(),
    attempts: z.number().int(),
    error: z.string().nullable(),
  }),
  {
    next: { fields: ['state', 'priority', 'notBefore', 'order'] },
    subject: { fields: ['subject.kind', 'subject.id'] },
    room: { fields: ['room', 'sentAt'] },
    person: { fields: ['person', 'sentAt'] },
    sentAt: { fields: ['sentAt'] },
  },
);
export type OutboxRow = z.infer<typeof outbox.schema>;

/** One member, one conversation. `_id` = `<room or direct>|<person>`. */
export const dialogues = declare(
  'dialogues',
  z.object({
    _id: z.string(),
    /** The open question; only the next 15 minutes answer it. */
    question: z
      .object({
        verb: z.string(),
        slots: json,
        accepts: z.array(z.enum(['yes-no', 'number', 'photo', 'text'])),
        /** What the numbers stand for, in order. */
        options: z.array(z.string()),
        askedAt: z.date(),
        expiresAt: z.date(),
      })
      .nullable(),
    /** The lists last shown, by kind (activities, signups): ids in order. */
    shown: z.record(z.string(), z.array(z.string())),
    /** The last change, for 撤销. */
    change: z.object({ verb: z.string(), slots: json, at: z.date(), from: z.string() }).nullable(),
    touchedAt: z.date(),
  }),
  { age: { fields: ['touchedAt'] } },
);
export type Dialogue = z.infer<typeof dialogues.schema>;

/** Who has ever written in a direct chat: only they may be written to. `_id` = person key. */
export const directChats = declare('directChats', z.object({ _id: z.string(), contact: z.string(), since: z.date() }));
