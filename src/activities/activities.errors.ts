import { AppError } from '../shared/errors.ts';
import type { Activity } from './activities.model.ts';

/** An activity's id and public name, for the sentence. */
const about = (activity: Activity): { activity: string; name: string } => ({
  activity: activity._id,
  name: activity.name,
});

export const notFound = (): AppError => new AppError('activities.not-found', 404);
export const calledOff = (activity: Activity): AppError => new AppError('activities.cancelled', 410, about(activity));
export const started = (activity: Activity): AppError => new AppError('activities.started', 410, about(activity));
export const closed = (activity: Activity): AppError => new AppError('activities.closed', 410, about(activity));
/** More people than the activity has seats at all. */
export const tooMany = (activity: Activity): AppError =>
  new AppError('activities.too-many', 422, { ...about(activity), capacity: activity.seats.capacity });
export const tooYoung = (activity: Activity): AppError =>
  new AppError('activities.too-young', 403, { ...about(activity), minAge: activity.minAge });
/** Under 16 and no adult of the household is signed up. */
export const needsAdult = (activity: Activity): AppError =>
  new AppError('activities.needs-adult', 403, about(activity));
/** The named person isn't in the registry or the household. */
export const personUnknown = (): AppError => new AppError('activities.person-unknown', 404);
/** Several people were named and the number doesn't say who brings whom. */
export const peopleUnclear = (): AppError => new AppError('activities.people-unclear', 422);
/** What the message did before has ended since. */
export const noLonger = (): AppError => new AppError('activities.no-longer', 409);
/** Too many at once; trying again helps. */
export const busy = (activity: string): AppError => new AppError('activities.busy', 503, { activity });
export const codeUnknown = (): AppError => new AppError('activities.code-unknown', 404);
export const badTime = (): AppError => new AppError('activities.bad-time', 422);
export const badDraft = (field: string): AppError => new AppError('activities.bad-draft', 422, { field });
/** Only somebody who is bound may sign up others. */
export const bindFirst = (): AppError => new AppError('activities.bind-first', 403);
/** Another one's sign-up. */
export const notYours = (): AppError => new AppError('activities.not-yours', 403);
