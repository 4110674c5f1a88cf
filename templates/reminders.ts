import type { Activity } from '../src/activities/index.ts';
import { addDays, formatTime, formatWhen, localDate } from '../src/shared/calendar/index.ts';

/** 提醒 of an activity; `names`: for whom it is, when the one addressed signed up others. */
export function activityReminder(
  activity: Pick<Activity, 'name' | 'startsAt' | 'meet' | 'bring'>,
  names: readonly string[],
  now: Date,
): string {
  const day = localDate(activity.startsAt);
  const near = day === localDate(now) ? '今天' : day === addDays(localDate(now), 1) ? '明天' : '';
  const when = near === '今天' ? `今天${formatTime(activity.startsAt)}` : `${near}${formatWhen(activity.startsAt)}`;
  const where = activity.meet === null ? '' : `,${activity.meet}集合`;
  const bring = activity.bring.length === 0 ? '' : `,带${activity.bring.join('、')}`;
  const whose = names.length === 0 ? '' : `(您给${names.join('、')}报的)`;
  return `提醒${whose}:${when} ${activity.name}${where}${bring}。来不了请发“取消报名”。`;
}
