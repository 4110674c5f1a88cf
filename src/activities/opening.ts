import { calledOff, closed, started } from './activities.errors.ts';
import type { Activity } from './activities.model.ts';

/** Refuses what can no longer be signed up for: called off, begun, past its deadline. */
export function checkOpen(activity: Activity, now: Date): void {
  checkAhead(activity, now);
  if (activity.deadline !== null && activity.deadline <= now) throw closed(activity);
}

/** Refuses what is called off or has begun. */
export function checkAhead(activity: Activity, now: Date): void {
  if (activity.state === 'cancelled') throw calledOff(activity);
  if (activity.startsAt <= now) throw started(activity);
}
