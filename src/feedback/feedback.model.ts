import { z } from 'zod';
import { declare } from '../platform/store/port.ts';

/** What a report is about (诉求类别). */
export const categories = [
  '道路交通',
  '水电通信',
  '环境卫生',
  '社会保障',
  '邻里纠纷',
  '土地房屋',
  '农业生产',
  '治安安全',
  '文教医疗',
  '干部作风',
  '其他',
] as const;
export type Category = (typeof categories)[number];

export const statuses = [
  'submitted',
  'accepted',
  'assigned',
  'in progress',
  'resolved',
  'confirmed',
  'reopened',
  'merged',
  'withdrawn',
  'rejected',
  'transferred',
  'closed',
] as const;
export type Status = (typeof statuses)[number];

/** More text or photos that the reporter sent; an item never changes. `from` is the message that brought it. */
const addition = z.object({
  from: z.string(),
  person: z.string(),
  at: z.date(),
  text: z.string().nullable(),
  images: z.array(z.string()),
});

/** Who did what and when; an item never changes. `from` names the request, so that it counts once. */
const step = z.object({
  from: z.string(),
  /** Member id or person key; null when the service itself did it. */
  who: z.string().nullable(),
  at: z.date(),
  what: z.string(),
  /** The status before and after. */
  was: z.enum(statuses).nullable(),
  now: z.enum(statuses),
  /** The owner after it. */
  handler: z.string().nullable(),
  note: z.string().nullable(),
});
export type Step = z.infer<typeof step>;

/** A villager's report (诉求). `_id` = the message that made it, so that filing twice is once. */
export const reports = declare(
  'reports',
  z.object({
    _id: z.string(),
    /** Running number, shown as FK0312. */
    number: z.number().int(),
    /** Goes up with every change: two changes at once cannot both succeed. */
    version: z.number().int(),
    person: z.string(),
    member: z.string().nullable(),
    household: z.string().nullable(),
    /** The group it was filed in; null for a direct chat. */
    room: z.string().nullable(),
    text: z.string(),
    additions: z.array(addition),
    images: z.array(z.string()),
    category: z.enum(categories),
    /** The reporter's own words for where. */
    place: z.string().nullable(),
    /** The things that it is about (路灯, 护栏), for finding near-duplicates. */
    things: z.array(z.string()),
    /** It is at the reporter's own house. */
    home: z.boolean(),
    grid: z.string().nullable(),
    /** Cadres whom it names; they may not handle it, and of 干部作风 they may not even hear. */
    about: z.array(z.string()),
    status: z.enum(statuses),
    /** Its owner. */
    handler: z.string().nullable(),
    filedAt: z.date(),
    /** The handling limit. */
    due: z.date(),
    /** Extensions granted so far, in working days. */
    extendedDays: z.number().int(),
    /** The limit for which the owner was reminded, and that for which it was escalated: once per limit. */
    remindedDue: z.date().nullable(),
    escalatedDue: z.date().nullable(),
    escalatedTo: z.string().nullable(),
    /** A merge that is under way: the report to merge into. */
    merging: z.string().nullable(),
    mergedInto: z.string().nullable(),
    /** Reports merged into this one (ids). */
    merged: z.array(z.string()),
    /** 1–5; null when content without a number, or not rated. */
    rating: z.number().int().nullable(),
    resolvedAt: z.date().nullable(),
    /** What was done, in the handler's words. */
    outcome: z.string().nullable(),
    history: z.array(step),
  }),
  {
    number: { fields: ['number'], unique: true },
    person: { fields: ['person', 'filedAt'] },
    household: { fields: ['household', 'filedAt'] },
    status: { fields: ['status', 'due'] },
    near: { fields: ['category', 'filedAt'] },
    mergedInto: { fields: ['mergedInto'] },
    merging: { fields: ['merging'] },
    filedAt: { fields: ['filedAt'] },
  },
);
export type Report = z.infer<typeof reports.schema>;

/** The last running number given out. `_id` = `reports`. */
export const reportNumbers = declare('reportNumbers', z.object({ _id: z.string(), last: z.number().int() }));

/** For opening a store. */
export const feedbackCollections = [reports, reportNumbers] as const;
