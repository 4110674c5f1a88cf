import { z } from 'zod';
import { declare } from '../platform/store/port.ts';

/**
 * Something that must be said later. `_id` = `subject kind:subject:kind:v<version of the subject>`, so that
 * each is planned once. The row is the truth; a queue job is only its alarm clock.
 */
export const reminders = declare(
  'reminders',
  z.object({
    _id: z.string(),
    /** What it is about: activity, … and its id. */
    subjectKind: z.string(),
    subject: z.string(),
    /** T-1d, T-2h, … */
    kind: z.string(),
    /** Version of the subject's time that it was planned for. */
    version: z.number().int(),
    /** Quiet hours are taken off already. */
    dueAt: z.date(),
    /** Not to be said at or after then. */
    until: z.date(),
    state: z.enum(['planned', 'said', 'dropped', 'cancelled']),
    plannedAt: z.date(),
    /** How many people it was said to. */
    people: z.number().int(),
    doneAt: z.date().nullable(),
    /** Set once on the first of those that fall due together: all of them (ids), itself included. */
    together: z.array(z.string()).optional(),
  }),
  {
    due: { fields: ['state', 'dueAt'] },
    subject: { fields: ['subjectKind', 'subject'] },
  },
);
export type Reminder = z.infer<typeof reminders.schema>;
