import { z } from 'zod';
import { defineEvent } from '../platform/events/event.ts';

/** `report` is the report's id, `version` names the change; texts and names stay in the row. */
const changed = z.object({ report: z.string(), version: z.number().int() });

export const reportFiled = defineEvent('report.filed', changed);
/** `to` is the new owner. */
export const reportAssigned = defineEvent('report.assigned', changed.extend({ to: z.string() }));
export const reportMerged = defineEvent('report.merged', changed.extend({ into: z.string() }));
export const reportResolved = defineEvent('report.resolved', changed);
export const reportRejected = defineEvent('report.rejected', changed);
export const reportTransferred = defineEvent('report.transferred', changed);
export const reportConfirmed = defineEvent('report.confirmed', changed);
export const reportReopened = defineEvent('report.reopened', changed);
export const reportWithdrawn = defineEvent('report.withdrawn', changed);
/** The limit was moved; `due` is an ISO instant. */
export const reportExtended = defineEvent('report.extended', changed.extend({ due: z.string() }));
/** The owner is to be reminded of the limit `due` (ISO instant). */
export const reportDueSoon = defineEvent('report.due-soon', changed.extend({ due: z.string() }));
/** The limit `due` passed; `to` is the next up, null if there is nobody. */
export const reportEscalated = defineEvent(
  'report.escalated',
  changed.extend({ due: z.string(), to: z.string().nullable() }),
);
