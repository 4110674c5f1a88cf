import { z } from 'zod';
import { defineEvent } from '../platform/events/event.ts';

/**
 * A WeChat contact is now known to be a member. What was kept under `wx:<contact>` until then
 * (provisional sign-ups, reports) may be joined with what the member has.
 */
export const memberBound = defineEvent('member.bound', z.object({ contact: z.string(), member: z.string() }));

/** A person is being erased: everybody who keeps something of that member lets go of it (Keeper). */
export const memberErasing = defineEvent('member.erasing', z.object({ member: z.string() }));
