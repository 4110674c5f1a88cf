import type { Activity, Choice, Mine, Signup, SignUpOutcome, Warnings } from '../src/activities/index.ts';
import {
  daysBetween,
  formatDay,
  formatSpan,
  formatTime,
  formatWhen,
  localDate,
  weekdayOf,
} from '../src/shared/calendar/index.ts';
import { excerpt } from '../src/shared/text.ts';

type About = Pick<Activity, 'name' | 'startsAt' | 'endsAt'>;
type Facts = Readonly<Record<string, string | number | boolean | null>>;

const titled = ({ startsAt, name }: About): string => `${formatWhen(startsAt)} ${name}`;
const freeOf = ({ seats }: Activity): number => Math.max(0, seats.free);
const named = (names: readonly string[]): string => names.join('、');
/** 给朱玉兰: when somebody else goes. */
const forWhom = (rows: readonly Signup[]): string => {
  const others = rows.filter(({ by }) => by !== null).map(({ name }) => name);
  return others.length === 0 ? '' : `给${named(others)}`;
};
const sum = (rows: readonly Signup[]): number => rows.reduce((all, { people }) => all + people, 0);

function warned(warnings: Warnings): string {
  const parts = [
    ...(warnings.marketDay ? ['这天赶场,路上留够时间。'] : []),
    ...(warnings.clashes.length > 0 ? [`和您报的${named(warnings.clashes)}时间撞了,您看着安排。`] : []),
    ...(warnings.farmingPeak === null ? [] : [`正逢${warnings.farmingPeak}农忙。`]),
  ];
  return parts.join('');
}

const place = ({ meet, bring }: Pick<Activity, 'meet' | 'bring'>): string =>
  [...(meet === null ? [] : [`在${meet}集合`]), ...(bring.length === 0 ? [] : [`带${named(bring)}`])].join(',');

/** The answer to a sign-up that has its seats or its place in the queue. */
export function signedUp(outcome: Extract<SignUpOutcome, { kind: 'confirmed' | 'waitlisted' }>): string {
  const { activity, rows, warnings } = outcome;
  const who = forWhom(rows);
  const extra = [
    ...(outcome.along.length === 0 ? [] : [`${named(outcome.along)}算在一起了。`]),
    ...(outcome.apart.length === 0 ? [] : [`${named(outcome.apart)}自己报过了,没有重复算。`]),
    warned(warnings),
  ].join('');
  if (outcome.kind === 'confirmed') {
    const where = place(activity);
    return `已${who}报:${titled(activity)},${sum(rows)}人。还剩${freeOf(activity)}个名额。${where === '' ? '' : `${where}。`}${extra}回“撤销”可取消。`;
  }
  const places = outcome.positions.filter((position) => position > 0);
  const full =
    activity.seats.free > 0
      ? `${activity.name}的名额不够${sum(rows)}人。`
      : `${activity.name}已报满${activity.seats.capacity}人。`;
  if (places.length === 0) return `${full}正好空出${sum(rows)}人的名额,给您留着,马上问您要不要。`;
  return `${full}${who === '' ? '给您' : who}排在候补第${places.join('、')}位,${sum(rows)}人。有空位我会问您,2小时内回“要”就算数。${extra}`;
}

/** Something is left, but not enough. */
export const few = (activity: About, free: number, people: number): string =>
  `${activity.name}只剩${free}个名额,您要报${people}人。回“是”就${people}人一起排候补,回数字就先报几人,回“算了”就不报。`;
export const fewForSeveral = (activity: About, free: number, people: number): string =>
  `${activity.name}只剩${free}个名额,您要报${people}人。回“是”就一起排候补,回“算了”就不报。`;

const yours = (row: Signup): string => (row.by === null ? '您' : row.name);
export function already(activity: About, row: Signup, position: number): string {
  if (position > 0)
    return `${yours(row)}已经在排${activity.name},候补第${position}位,${row.people}人。有空位我会问您。`;
  if (row.status === 'held') return `${activity.name}正给${yours(row)}留着${row.people}人的名额,回“要”就算数。`;
  return `${yours(row)}已经报了${titled(activity)},${row.people}人。要退就发“取消报名”。`;
}
export const otherNumber = (activity: About, row: Signup, people: number): string =>
  `${yours(row)}已经报了${activity.name},${row.people}人。要改成${people}人吗?回“是”就改。`;
export const counted = (activity: About, row: Signup): string =>
  `不用再报,${activity.name}已经算在${row.name}报的${row.people}人里了。`;
export const resized = (activity: About, row: Signup, was: number): string =>
  `${activity.name}已从${was}人改成${row.people}人。回“撤销”可改回去。`;
export const cannotGrow = (activity: Activity): string =>
  `${activity.name}只剩${freeOf(activity)}个名额,改不了,还是原来的人数。`;

/** Several people bear the name or fit the word. */
export const which = (word: string, choices: readonly Choice[]): string =>
  [
    `“${word}”对得上${choices.length}个人,是哪一个?回数字:`,
    ...choices.map(
      ({ name, grid, head }, at) => `${at + 1} ${name}(${grid}${head === null || head === name ? '' : `,${head}家`})`,
    ),
  ].join('\n');

const seatsLeft = (activity: Activity): string => {
  const { free, capacity, waiting } = activity.seats;
  return free > 0 ? `余${free}/${capacity}` : `已满,排队${waiting}`;
};
const listed = (activity: Activity, number: number): string => `${number} ${titled(activity)} ${seatsLeft(activity)}`;

export const noActivities = '现在没有可以报名的活动,有了会发到群里。';
/** 活动: `more` stand behind the last one shown. */
export function list(shown: readonly Activity[], more: number, first = 1): string {
  const rest = more > 0 ? `,还有${more}个回“更多”` : '';
  return [`可报的活动(发“报名 数字”${rest}):`, ...shown.map((activity, at) => listed(activity, first + at))].join('\n');
}
const short = (activity: About, now: Date): string => {
  const day = localDate(activity.startsAt);
  if (day === localDate(now)) return `今天${formatTime(activity.startsAt)}`;
  // Within the week the weekday says it; later it could be two days.
  return daysBetween(localDate(now), day) < 7 ? weekdayOf(day) : formatDay(activity.startsAt);
};
const options = (shown: readonly Activity[], now: Date): string =>
  shown.map((activity, at) => `${at + 1} ${activity.name}(${short(activity, now)})`).join(' ');
/** 报名 alone. */
export const pick = (shown: readonly Activity[], more: number, now: Date): string =>
  `现在有${shown.length + more}个活动:${options(shown, now)}。要报哪个?回数字就行。`;
export const pickOnly = (activity: Activity): string => `现在只有${titled(activity)}可以报,要报吗?回“是”就报。`;
/** What a number or a name stood for has begun, ended or changed. */
export const pickAgain = (shown: readonly Activity[], now: Date): string =>
  `这个对不上了。现在有:${options(shown, now)}。要报哪个?回数字就行。`;
export const pickAmong = (shown: readonly Activity[], now: Date): string =>
  `您说的是哪个?${options(shown, now)}。回数字就行。`;
export const notSigned = '好,没有报。';
export const unchanged = '好,没有动。';

const mineLine = (reader: string, { activity, row, position }: Mine, number: number): string => {
  const state = position > 0 ? `候补第${position}位` : row.status === 'held' ? '给您留着,回“要”' : '';
  const who = row.person === reader ? '' : `给${row.name} `;
  return `${number} ${titled(activity)} ${who}${row.people}人${state === '' ? '' : ` ${state}`}`;
};
export const nothingMine = '您现在没有报名。发“活动”看有哪些。';
/** `reader`: the person who is told; `along`: sign-ups of others in which that person is counted. */
export function mine(reader: string, shown: readonly Mine[], more: number, along: readonly Mine[] = []): string {
  const rest = more > 0 ? `,还有${more}个` : '';
  const head = shown.length === 0 ? '您自己没有报名。' : `您报了(退就发“取消报名 数字”${rest}):`;
  const counts = along.map(({ activity, row }) => `${row.name}报的${activity.name}算了您。`);
  return [`${head}${counts.join('')}`, ...shown.map((one, at) => mineLine(reader, one, at + 1))].join('\n');
}
export const pickMine = (reader: string, shown: readonly Mine[]): string =>
  [`要取消哪个?回数字:`, ...shown.slice(0, 5).map((one, at) => mineLine(reader, one, at + 1))].join('\n');
export const notMine = (activity: About): string => `您没有报${activity.name},不用取消。`;

const gone = (activity: About, row: Signup): string =>
  `${titled(activity)},${row.by === null ? '' : `${row.name},`}${row.people}人`;
export const cancelled = (activity: About, row: Signup): string =>
  `已取消报名:${gone(activity, row)}。弄错了10分钟内回“撤销”。`;
/** An adult cancelled; children of the household are still signed up. */
export const childrenAlone = (names: readonly string[]): string =>
  `${named(names)}没满16岁,没有家里大人去不成。要一起退吗?回“是”就退。不退就请家里一个大人报名。`;
export const childrenCancelled = (activity: About, names: readonly string[]): string =>
  `已取消报名:${titled(activity)},${named(names)}。弄错了10分钟内回“撤销”。`;
export const childrenStay = '好,娃儿的报名还在。请家里一个大人报名,不然去不成。';
export const undone = (activity: About, row: Signup): string => `已撤销:${gone(activity, row)},没有报了。`;
export const restored = (activity: About, row: Signup): string => `已恢复报名:${gone(activity, row)}。`;
/** Undoing a cancellation when the seat is gone. */
export const seatGone = (activity: About): string =>
  `${activity.name}的名额已经留给排队的人,恢复不了。要排在候补最后吗?回“是”就排。`;
export const requeued = (activity: About, row: Signup, position: number): string =>
  `好,${activity.name}给您排在候补第${position}位,${row.people}人。有空位我会问您。`;

/** Said by the bot when a seat is held for somebody: to them, or to who signed them up. */
export const offer = (activity: Activity, row: Signup): string =>
  `${row.by === null || row.offer?.to === row.person ? '' : `您给${row.name}排的`}${titled(activity)}空出${row.people}人的名额,给您留着。2小时内回“要”就算数,不要就回“不要”。`;
export const accepted = (activity: Activity, row: Signup): string => {
  const where = place(activity);
  return `好,算${row.by === null ? '您' : row.name}报上了:${titled(activity)},${row.people}人。${where === '' ? '' : `${where}。`}`;
};
export const refused = (activity: About): string => `好,${activity.name}的名额让给后面的人。`;
export const late = (activity: About): string =>
  `${activity.name}的名额只留2小时,已经过了,问了下一位。还想去就再发“报名 ${activity.name}”排队。`;
export const noOffer = '现在没有给您留着的名额。';
export const whichOffer = (offers: readonly { activity: Activity; row: Signup }[], yes: boolean): string =>
  [
    `${yes ? '要' : '不要'}哪个?回数字:`,
    ...offers.map(({ activity, row }, at) => `${at + 1} ${titled(activity)} ${row.people}人`),
  ].join('\n');

export const checkedIn = (activity: About, names: readonly string[], again: boolean): string =>
  again ? `${named(names)}在${activity.name}已经签过到了。` : `签到好了:${activity.name},${named(names)}。`;

/** Posted into the rooms; as the head of a 接龙, or not. At most 6 lines. */
export function call(activity: Activity): string {
  const { meet, bring, content, jielong } = activity;
  const where = [...(meet === null ? [] : [meet]), ...(bring.length === 0 ? [] : [`带${named(bring)}`])];
  return [
    `${jielong ? '#接龙 ' : ''}【活动】${activity.name}`,
    `时间:${formatSpan(activity.startsAt, activity.endsAt)}`,
    ...(where.length === 0 ? [] : [`地点:${where.join(',')}`]),
    ...(content === null ? [] : [excerpt(content, 60)]),
    `名额:${activity.seats.capacity}人。报名发“报名 ${activity.name}”${jielong ? ',或接着往下写。' : '。'}`,
    ...(jielong ? ['1. '] : []),
  ].join('\n');
}

const because = (reason: string | null): string => (reason === null ? '' : `原因:${reason}。`);
/** News to those who are signed up. `before` is the time that was. */
export const rescheduled = (activity: Activity, before: { startsAt: Date; reason: string | null }): string =>
  `${activity.name}改时间了:原来${formatWhen(before.startsAt)},改到${formatWhen(activity.startsAt)}。${because(before.reason)}您的报名还在,来不了就发“取消报名”。`;
export const activityCancelled = (activity: Activity): string =>
  `${titled(activity)}取消了,不用来了。${because(activity.reason)}`;

/** Whom a reminder or news is for, when it is not the one addressed. */
export const onBehalf = (names: readonly string[]): string => (names.length === 0 ? '' : `(您给${named(names)}报的)`);

const until = (facts: Facts, key: string): string => {
  const at = facts[key];
  return typeof at === 'string' ? formatWhen(new Date(at)) : '';
};
const name = (facts: Facts): string => (typeof facts['name'] === 'string' ? facts['name'] : '这个活动');

export const faults: Readonly<Record<string, (facts: Facts) => string>> = {
  'activities.not-found': () => '没有找到这个活动。发“活动”看现在有哪些。',
  'activities.cancelled': (facts) => `${name(facts)}已经取消了,报不了名。发“活动”看其他的。`,
  'activities.started': (facts) => `${name(facts)}已经开始了,办不了。`,
  'activities.closed': (facts) => `${name(facts)}报名已经截止了。`,
  'activities.too-many': (facts) => `${name(facts)}一共只有${String(facts['capacity'])}个名额,报不了这么多人。`,
  'activities.too-young': (facts) => `${name(facts)}要满${String(facts['minAge'])}岁才能报。`,
  'activities.needs-adult': (facts) => `没满16岁要家里大人一起去。请大人先报${name(facts)},再给娃儿报。`,
  'activities.person-unknown': () => '册子上没有找到这个人,没有报。请发全名,或让本人来报。',
  'activities.people-unclear': () => '人数对不上,没有报。请说清一共几个人,比如“报名 1 3人”。',
  'activities.bind-first': () => '您还没有绑定,只能给自己报。要给家里人报,先找网格员拿口令绑定。',
  'activities.no-longer': () => '这个已经变了,没有动。发“我的报名”看现在的。',
  'activities.busy': () => '报名的人太多,这条没办成。请过一会儿再发一次。',
  'activities.not-yours': () => '这不是您报的,动不了。',
  'activities.code-unknown': () => '签到口令不对,请再看一下现场的口令。',
  'activities.checkin-early': (facts) => `${name(facts)}还没开始签到,${until(facts, 'opensAt')}开始。`,
  'activities.checkin-over': (facts) => `${name(facts)}已经结束,签不了到了。`,
  'activities.bad-time': () => '时间不对:要在现在以后,结束要在开始以后。请写成“3月21日 8:30-11:00”。',
  'activities.bad-draft': (facts) => `这一项没写对:${draftFields[String(facts['field'])] ?? '内容'}。请改了再发。`,
  'activities.id-taken': () => '这个活动编号已经有了。',
};
const draftFields: Readonly<Record<string, string>> = {
  name: '标题',
  capacity: '人数',
  minimum: '最少',
  meet: '地点(最多100字)',
  bring: '带(最多20样)',
  content: '内容(最多500字)',
  checkinCode: '签到口令',
};
