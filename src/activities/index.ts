import { activities, activityCounters, attendance, chains, signups } from './activities.model.ts';

export { createActivities, type ActivitiesDeps, type ActivitiesService } from './activities.service.ts';
export type { Activity, Attendance, Signup } from './activities.model.ts';
export {
  activityCancelled,
  activityCreated,
  activityRescheduled,
  attendanceConfirmed,
  signupCancelled,
  signupConfirmed,
  signupOffered,
} from './activities.events.ts';
export type { ActivitiesQueries, ActivitiesState, Mine, Named, SeatCount } from './activities.queries.ts';
export { lettersTo, type Addressee, type AddresseeQueries, type Letter } from './addressees.ts';
export type { Calls, Chains, LinesNow } from './chains.ts';
export type { CheckedIn } from './attendance.ts';
export type { Changed, Rejoined, Resized, RowRef } from './cancel.ts';
export type { ImportFault, ImportReport } from './import.ts';
export type { ChainLine, ChainLines, LineOutcome, LineRequest } from './lines.ts';
export type { Move } from './manage.ts';
export type { Minimums, Short } from './minimum.ts';
export type { Draft } from './publish.ts';
export type { Roster, RosterLine, Rosters } from './roster.ts';
export { offerHoldsMs, offerId } from './offers.ts';
export type { Choice, SignUpOutcome, SignUpRequest, SignUpWish } from './sign-up.ts';
export type { Warnings } from './warnings.ts';

/** Everything that activities keep, for opening the store. */
export const activityCollections = [activities, signups, attendance, activityCounters, chains];
