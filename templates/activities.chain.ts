import type { Activity, Choice } from '../src/activities/index.ts';

type About = Pick<Activity, 'name' | 'seats'>;
/** Somebody on the list, by the words that were written there. */
export interface Listed {
  readonly name: string;
  readonly people: number;
}

/** What one copy of a 接龙 did. */
export interface ChainNews {
  readonly joined: readonly Listed[];
  /** `position`: place in the queue; 0: a seat is just being offered. */
  readonly waiting: readonly (Listed & { readonly position: number })[];
  readonly changed: readonly (Listed & { readonly was: number })[];
  readonly left: readonly string[];
  /** Who a guest turned out to be. */
  readonly identified: readonly { readonly word: string; readonly name: string }[];
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
  readonly undoable: boolean;
}

const shown = 8;
/** 冯哥2人、程秀英, at most eight; in the queue with the place: 吕哥2人(第1位). */
function listed(all: readonly (Listed & { readonly position?: number })[]): string {
  const names = all
    .slice(0, shown)
    .map(
      ({ name, people, position = 0 }) =>
        `${name}${people > 1 ? `${people}人` : ''}${position > 0 ? `(第${position}位)` : ''}`,
    );
  const rest = all.slice(shown).reduce((sum, { people }) => sum + people, 0);
  return `${names.join('、')}${rest > 0 ? `,还有${rest}人` : ''}`;
}
/** What is shown of many, and that there are more. */
const some = (all: readonly string[], between: string): string =>
  `${all.slice(0, shown).join(between)}${all.length > shown ? `等${all.length}个` : ''}`;
const named = (names: readonly string[]): string => some(names, '、');

/** The one answer to a copy that changed something; at most five lines, a question may follow. */
export function chain(activity: About, news: ChainNews): string {
  const { joined, waiting, changed, left, identified, refused, undoable } = news;
  const moved = [
    ...changed.map(({ name, people, was }) => `${name}从${was}人改成${people}人`),
    ...(left.length === 0 ? [] : [`${named(left)}退了`]),
    ...identified.map(({ word, name }) => `${word}记成${name}`),
  ];
  const lines = [
    ...(joined.length === 0 ? [] : [`${listed(joined)}报上了。`]),
    ...(waiting.length === 0 ? [] : [`名额不够,排候补:${listed(waiting)}。有空位我会问,2小时内回“要”就算数。`]),
    ...(moved.length === 0 ? [] : [`${some(moved, ';')}。`]),
    ...(refused.length === 0 ? [] : [`没办成:${refusals(refused)}。`]),
  ];
  const free = Math.max(0, activity.seats.free);
  return `${activity.name}接龙:${lines.join('\n')}${undoable ? `还剩${free}个名额。弄错了回“撤销”。` : ''}`;
}

/** 李小明(没满16岁要家里大人一起): one reason for all who share it. */
function refusals(refused: ChainNews['refused']): string {
  const byReason = new Map<string, string[]>();
  for (const { name, reason } of refused) byReason.set(reason, [...(byReason.get(reason) ?? []), name]);
  return [...byReason].map(([reason, names]) => `${named(names)}(${reason})`).join(';');
}

/** Why a line could not be done, in brackets behind the name. */
export const reasons: Readonly<Record<string, string>> = {
  'activities.too-young': '年龄不够',
  'activities.needs-adult': '没满16岁要家里大人一起报',
  'activities.closed': '报名已截止',
  'activities.started': '已经开始了',
  'activities.cancelled': '活动已取消',
  'activities.too-many': '超过总名额',
  'activities.not-yours': '要本人或报名的人来改',
  'activities.no-longer': '对不上,请发“我的报名”看',
  few: '名额不够',
};

/** Several people bear the name. `choices` in the order of the numbers; the last number is nobody of them. */
export function who(word: string, choices: readonly Choice[]): string {
  const options = choices.map(
    ({ name, grid, head }, at) => `${at + 1} ${name}(${grid}${head === null || head === name ? '' : `,${head}家`})`,
  );
  return `“${word}”是哪一个?回数字:${[...options, `${choices.length + 1} 都不是`].join(' ')}`;
}
export const howMany = (word: string): string => `${word}一共几个人?回数字。`;
export const tentative = (word: string): string => `${word}定了来不来?来就回“是”。`;
export const leaves = (word: string): string => `${word}不来了吗?回“是”就退。`;
export const changes = (word: string, people: number): string => `${word}改成${people}人吗?回“是”就改。`;
/** Somebody who had cancelled, or could not be signed up, is written anew by another. */
export const comesAgain = (word: string, people: number): string => `给${word}报${people}人吗?回“是”就报。`;
export const otherNumber = (word: string, people: number): string => `${word}报过了,要改成${people}人吗?回“是”就改。`;
/** To a copy with a mention that changes nothing; one without gets no answer. */
export const nothingNew = (activity: Pick<Activity, 'name'>): string =>
  `${activity.name}接龙我都看到了,没有新添的,没有动。发“我的报名”看您报了哪些。`;
/** To a list about another matter, with a mention. */
export const notOurs = '这个接龙对不上现在的活动,我没有动。发“活动”看有哪些可以报。';
export const settled = '这个已经定了,没有动。';
export const undone = (activity: Pick<Activity, 'name'>, names: readonly string[]): string =>
  `已撤销:${activity.name}接龙里的${named(names)}。`;
export const notUndone = (refused: ChainNews['refused']): string => `没能撤销:${refusals(refused)}。`;
