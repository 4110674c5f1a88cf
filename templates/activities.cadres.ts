import type { Activity } from '../src/activities/index.ts';
import { formatSpan, formatWhen } from '../src/shared/calendar/index.ts';

type About = Pick<Activity, 'name' | 'startsAt' | 'endsAt'>;

const titled = ({ startsAt, name }: About): string => `${formatWhen(startsAt)} ${name}`;
const named = (names: readonly string[]): string => names.join('、');

// What cadres are told, in the management group or a direct chat.

export const elsewhere = '这个请在管理群或者私聊里发,没有动。';
export const howToCreate =
  '请这样发,一项一行:\n发活动\n标题:桂花园除草\n时间:3月21日 8:30-11:00\n人数:15\n地点:桂花园大门口(带、内容、范围、截止、年龄、最少可不写)';
export const unknownRange = '范围没看懂,请写几组或者全村。没有动。';

/** 发活动, before 确认. */
export function createPreview(draft: {
  name: string;
  startsAt: Date;
  endsAt: Date;
  capacity: number;
  meet: string | null;
  bring: readonly string[];
  rooms: readonly string[];
  minimum: number | null;
  minAge: number | null;
  deadline: Date | null;
}): string {
  const where = [
    ...(draft.meet === null ? [] : [draft.meet]),
    ...(draft.bring.length === 0 ? [] : [`带${named(draft.bring)}`]),
  ];
  const limits = [
    `名额${draft.capacity}人`,
    ...(draft.minimum === null ? [] : [`最少${draft.minimum}人`]),
    ...(draft.minAge === null ? [] : [`满${draft.minAge}岁`]),
    ...(draft.deadline === null ? [] : [`${formatWhen(draft.deadline)}截止`]),
  ];
  return [
    `要发活动:${draft.name}`,
    `时间:${formatSpan(draft.startsAt, draft.endsAt)}`,
    ...(where.length === 0 ? [] : [`地点:${where.join(',')}`]),
    limits.join(','),
    `发到:${draft.rooms.length === 0 ? '不发群' : named(draft.rooms)}。回“确认”就发。`,
  ].join('\n');
}
export const created = (activity: Activity): string =>
  `发好了:${titled(activity)}。${activity.checkinCode === null ? '签到口令还没定。' : `签到口令${activity.checkinCode},到现场再说。`}`;

/** To the cadre who made it, a day before sign-up ends. */
export const tooFew = (activity: Activity, people: number): string =>
  `${titled(activity)}只报了${people}人,最少要${activity.minimum ?? 0}人${activity.deadline === null ? '' : `,${formatWhen(activity.deadline)}截止`}。可以在群里再喊一声,或者发“改期 ${activity.name} 时间”“取消活动 ${activity.name}”。`;

export const howToReschedule = '请这样发:改期 桂花园除草 3月22日 8:30-11:00 下雨';
export const reschedulePreview = (activity: About, startsAt: Date, endsAt: Date, people: number): string =>
  `${activity.name}从${formatWhen(activity.startsAt)}改到${formatSpan(startsAt, endsAt)},会告诉已报的${people}人。回“确认”就改。`;
export const rescheduledNow = (activity: About): string => `改好了:${titled(activity)},已报名的都会通知到。`;

export const howToCallOff = '请这样发:取消活动 桂花园除草 下雨';
export const callOffPreview = (activity: About, people: number): string =>
  `要取消${titled(activity)}吗?会告诉已报的${people}人,取消了不能恢复。回“确认”就取消。`;
export const calledOffNow = (activity: About): string => `已取消${titled(activity)},已报名的都会通知到。`;

export const unknownActivity = '没有找到这个活动,请写全名。';
interface RosterText {
  readonly number: number;
  readonly name: string;
  readonly people: number;
  readonly along: readonly string[];
  readonly by: string | null;
  readonly waits: boolean;
  readonly alone: boolean;
}
/** 名单. */
export function roster(activity: About & Pick<Activity, 'minimum'>, lines: readonly RosterText[]): string {
  const least = activity.minimum === null ? '' : `(最少${activity.minimum}人)`;
  if (lines.length === 0) return `${titled(activity)}${least}还没有人报名。`;
  const coming = lines.filter(({ waits }) => !waits);
  const waiting = lines.length - coming.length;
  const all = coming.reduce((total, { people }) => total + people, 0);
  return [
    `${titled(activity)},已报${all}人${least}${waiting > 0 ? `,候补${waiting}个` : ''}:`,
    ...lines.map(({ number, name: who, people, along, by, waits, alone }) => {
      const notes = [
        ...(alone ? ['没满16岁,没有大人'] : []),
        ...(along.length === 0 ? [] : [`同${named(along)}`]),
        ...(by === null ? [] : [`${by}代报`]),
      ];
      return `${number} ${who} ${people}人${notes.length === 0 ? '' : `(${notes.join(',')})`}${waits ? ' 候补' : ''}`;
    }),
  ].join('\n');
}

export const howToCallRoll = '请这样发:点名 桂花园除草 1,3,5-8。数字是“名单”里的。';
export const rollPreview = (activity: About, names: readonly string[]): string =>
  `${activity.name}点到${names.length}人:${named(names)}。回“确认”就记。`;
export const rollCalled = (activity: About, names: readonly string[]): string =>
  `记好了:${activity.name}到了${names.length}人,${named(names)}。`;
