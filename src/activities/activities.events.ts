import { z } from 'zod';
import { defineEvent } from '../platform/events/event.ts';

const ofActivity = z.object({ activity: z.string(), version: z.number() });
/** An activity was made or imported. */
export const activityCreated = defineEvent('activity.created', ofActivity);
/** Its time changed; `version` is the new one. */
export const activityRescheduled = defineEvent('activity.rescheduled', ofActivity);
/** It was called off. */
export const activityCancelled = defineEvent('activity.cancelled', ofActivity);

const ofSignup = z.object({ signup: z.string(), activity: z.string(), seq: z.number() });
/** Somebody has a seat: directly or by accepting an offer. */
export const signupConfirmed = defineEvent('signup.confirmed', ofSignup);
/** A seat is held for somebody from the queue, who must be asked. */
export const signupOffered = defineEvent('signup.offered', ofSignup);
/** A sign-up ended. */
export const signupCancelled = defineEvent('signup.cancelled', ofSignup.extend({ why: z.string() }));
/** Somebody was there. */
export const attendanceConfirmed = defineEvent(
  'attendance.confirmed',
  z.object({ attendance: z.string(), activity: z.string(), person: z.string(), minutes: z.number() }),
);
