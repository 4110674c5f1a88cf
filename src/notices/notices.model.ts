import { z } from 'zod';
import { declare } from '../platform/store/port.ts';
import { recurrence } from './notices.schedule.ts';

/** Whom a notice is for. Within one field any of the values fits; across grids, households, roles and tags all must. */
export const audience = z.object({
  /** Rooms in which it is said. */
  rooms: z.array(z.string()),
  /** Persons to whom it is said in their direct chat, whatever the other fields choose. */
  members: z.array(z.string()),
  /** Alone: the rooms of these grids and what lies below them. With the fields below: narrows them. */
  grids: z.array(z.string()),
  households: z.array(z.string()),
  roles: z.array(z.string()),
  tags: z.array(z.string()),
});
export type Audience = z.infer<typeof audience>;

export const noticeStates = ['draft', 'in-review', 'approved', 'sending', 'sent', 'cancelled'] as const;

/**
 * What is broadcast (通知). `_id` is the given key, the message that made it, or an id.
 * draft → in-review → approved → sending → sent, or cancelled.
 */
export const notices = declare(
  'notices',
  z.object({
    _id: z.string(),
    /** Running number, shown as TZ12. */
    number: z.number().int(),
    kind: z.enum(['normal', 'urgent']),
    title: z.string(),
    /** What the cadre wrote, variables included ({姓名}). */
    text: z.string(),
    state: z.enum(noticeStates),
    audience,
    /** The one grid that it stays within, else `village`: decides who may approve it. */
    scope: z.string(),
    /** Member id of the author, or `system`. */
    createdBy: z.string(),
    createdAt: z.date(),
    approvedBy: z.string().nullable(),
    approvedAt: z.date().nullable(),
    /** An urgent notice that was approved once it had gone out. */
    approvedAfterwards: z.boolean(),
    rejected: z.object({ by: z.string(), reason: z.string(), at: z.date() }).nullable(),
    cancelledBy: z.string().nullable(),
    /** When the author wants it said; null: as soon as it may be. */
    wantedAt: z.date().nullable(),
    /** When it falls due, fixed by the approval. */
    sayAt: z.date().nullable(),
    /** When it was first said anywhere. */
    saidAt: z.date().nullable(),
    repeat: recurrence.nullable(),
    /** The recurring notice that this is an occurrence of (itself for the first), and which one, from 1. */
    series: z.object({ of: z.string(), seq: z.number().int() }).nullable(),
    /** Goes up with every change of what is approved or when it is said; names the alarm. */
    version: z.number().int(),
  }),
  {
    number: { fields: ['number'], unique: true },
    state: { fields: ['state', 'sayAt'] },
    approval: { fields: ['kind', 'approvedBy'] },
  },
);
export type Notice = z.infer<typeof notices.schema>;

export const deliveryStates = ['planned', 'queued', 'said', 'left-out', 'failed', 'cancelled'] as const;

/** One notice at one address. `_id` = `<notice>:room/<room>` or `<notice>:direct/<person>`. */
export const deliveries = declare(
  'noticeDeliveries',
  z.object({
    _id: z.string(),
    notice: z.string(),
    /** The notice's, so that of two said at the same instant the later one is the newest. */
    number: z.number().int(),
    /** Exactly one of room and person is set. */
    room: z.string().nullable(),
    person: z.string().nullable(),
    /** left-out: unsubscribed when it would have been said. failed: not known to be said; a person looks. */
    state: z.enum(deliveryStates),
    saidAt: z.date().nullable(),
  }),
  {
    notice: { fields: ['notice', 'state'] },
    room: { fields: ['room', 'saidAt', 'number'] },
    person: { fields: ['person', 'saidAt', 'number'] },
  },
);
export type Delivery = z.infer<typeof deliveries.schema>;

/** Who answered 收到. `_id` = `<notice>:<member>`, so each member counts once. */
export const acks = declare(
  'noticeAcks',
  z.object({
    _id: z.string(),
    notice: z.string(),
    member: z.string(),
    household: z.string(),
    room: z.string().nullable(),
    /** The message that said it. */
    from: z.string(),
    at: z.date(),
  }),
  { notice: { fields: ['notice', 'at'] } },
);
export type Ack = z.infer<typeof acks.schema>;

/** The last number given out. One document, `_id` = `notice`. */
export const counters = declare('noticeCounters', z.object({ _id: z.string(), last: z.number().int() }));
