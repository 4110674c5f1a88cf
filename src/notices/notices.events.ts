import { z } from 'zod';
import { defineEvent } from '../platform/events/event.ts';

const subject = z.object({ notice: z.string() });

/** Waits for a second person; event id `<notice>:<version>`. */
export const noticeSubmitted = defineEvent('notice.submitted', subject);
/** May go out from its `sayAt` on: approved, or urgent. Event id `<notice>:<version>`. */
export const noticeApproved = defineEvent('notice.approved', subject);
/** Went back to its author with a reason. Event id `<notice>:<version>`. */
export const noticeRejected = defineEvent('notice.rejected', subject);
/** What is not yet said stays unsaid. */
export const noticeCancelled = defineEvent('notice.cancelled', subject);
