import type { Activity } from '../src/activities/index.ts';
import { addDays, formatTime, formatWhen, localDate } from '../src/shared/calendar/index.ts';

/** One activity that is reminded of. */
export interface Reminded {
  readonly activity: Pick<Activity, 'name' | 'startsAt' | 'meet' | 'bring'>;
  /** For whom it is, when the one addressed signed up others. */
  readonly names: readonly string[];
  /** Whom of several addressed it is for; empty: all. */
  readonly who: readonly string[];
}

const mostNames = 6;
function listed(names: readonly string[]): string {
  return `${names.slice(0, mostNames).join('、')}${names.length > mostNames ? `等${names.length}人` : ''}`;
}

function line({ activity, names, who }: Reminded, now: Date): string {
  const day = localDate(activity.startsAt);
  const near = day === localDate(now) ? '今天' : day === addDays(localDate(now), 1) ? '明天' : '';
  const when = near === '今天' ? `今天${formatTime(activity.startsAt)}` : `${near}${formatWhen(activity.startsAt)}`;
  const where = activity.meet === null ? '' : `,${activity.meet}集合`;
  const bring = activity.bring.length === 0 ? '' : `,带${activity.bring.join('、')}`;
  const whose = names.length === 0 ? '' : `(您给${names.join('、')}报的)`;
  const whom = who.length === 0 ? '' : `(${listed(who)})`;
  return `${whose}:${when} ${activity.name}${where}${bring}${whom}。`;
}

/** 提醒 of what begins soon: one message for all that falls due together, a line for each. */
export function activityReminder(all: readonly Reminded[], now: Date): string {
  const lines = all.map((one) => line(one, now));
  const end = `来不了请发“取消报名”${all.length > 1 ? '加活动名字' : ''}。`;
  return all.length === 1 ? `提醒${lines.join('')}${end}` : `${lines.map((one) => `提醒${one}`).join('\n')}\n${end}`;
}
