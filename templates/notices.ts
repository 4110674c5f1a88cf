import { formatWhen } from '../src/shared/calendar/index.ts';

interface Titled {
  readonly number: number;
  readonly title: string;
}

const code = (number: number): string => `TZ${number}`;
const of = ({ number, title }: Titled): string => `${code(number)} ${title}`;

/** What is said in a room or a direct chat. Asks for 收到 unless the cadre's text does. */
export function broadcast(it: { kind: 'normal' | 'urgent'; title: string; text: string }): string {
  const head = it.kind === 'urgent' ? '【紧急通知】' : '【通知】';
  return [`${head}${it.title}`, it.text, ...(it.text.includes('收到') ? [] : ['看到请回“收到”。'])].join('\n');
}

/** 收到 in a direct chat. */
export const counted = (title: string): string => `好,“${title}”记您收到了。`;
export const countedBefore = (title: string): string => `好,“${title}”之前就记过您收到了。`;
/** 晓得了 when nothing new is counted by it. */
export const noted = '好的,有事随时说。';
export const countedNothing = '好的。现在没有等您回“收到”的通知。';
export const countedUnbound = '好的。您还没绑定,没法记在您名下。要绑定请找网格员要口令。';

/** 通知: what was said here last. */
export function list(items: readonly (Titled & { readonly saidAt: Date })[], now: Date): string {
  if (items.length === 0) return '这里最近没有通知。';
  return ['最近的通知:', ...items.map((it) => `${of(it)}(${formatWhen(it.saidAt, now)})`)].join('\n');
}
/** More than the list shows. */
export const waiting = (items: readonly Titled[]): string =>
  `等审核:${items.map(of).join(';')}。回“审核 ${code(items[0]?.number ?? 1)} 通过”或“审核 ${code(items[0]?.number ?? 1)} 退回 原因”。`;
export const unknown = '没有查到这条通知。发“通知”看最近几条。';

export interface Count {
  readonly people: number;
  readonly households: number;
  readonly rooms: readonly string[];
  readonly directs: number;
  readonly leftOut: number;
  readonly unreachedHouseholds: number;
}

function whom(count: Count): string {
  const chats = [
    ...(count.rooms.length === 0 ? [] : [`群:${count.rooms.join('、')}`]),
    ...(count.directs === 0 ? [] : [`私聊${count.directs}人`]),
  ];
  return `发到${chats.join(',')};能看到的${count.people}人、${count.households}户。`;
}

/** Before it is handed in: exactly what would be said and to whom. */
export function preview(
  it: { kind: 'normal' | 'urgent'; title: string; text: string },
  count: Count,
  when: { readonly at: Date | null; readonly repeat: string | null },
): string {
  const missed = [
    ...(count.leftOut === 0 ? [] : [`退订的${count.leftOut}人不发`]),
    ...(count.unreachedHouseholds === 0 ? [] : [`${count.unreachedHouseholds}户没人收得到,要上门`]),
  ];
  const first = when.at === null ? null : formatWhen(when.at);
  const time = when.repeat === null || first === null ? first : `${when.repeat}(第一次${first})`;
  return [
    broadcast(it),
    '————',
    whom(count),
    ...(missed.length === 0 ? [] : [`${missed.join(';')}。`]),
    ...(time === null ? [] : [`时间:${time}发。`]),
    it.kind === 'urgent' ? '加急:回“确认”马上就发。' : '回“确认”交别的干部审核。',
  ].join('\n');
}

export const form = [
  '请一项一行写:',
  '发通知',
  '标题:停水',
  '内容:明天8:00到12:00停水,请存水。',
  '范围:三组 四组(或全村、党员、标签)',
  '时间:3月21日8:00(不写就是审核后就发)',
].join('\n');

export const submitted = (it: Titled): string => `${of(it)} 已交审核,别的干部回“审核 ${code(it.number)} 通过”就发。`;
export const goesOut = (it: Titled): string => `${of(it)} 加急,已经在发。事后还要别的干部审核。`;
export const goesOutAt = (it: Titled, at: Date): string => `${of(it)} 加急,${formatWhen(at)}发。`;
export const notSent = '好,没有发。';

export function approved(it: Titled, at: Date | null, afterwards: boolean): string {
  if (afterwards) return `${of(it)} 补审过了。`;
  return at === null ? `${of(it)} 审核过了,马上发。` : `${of(it)} 审核过了,${formatWhen(at)}发。`;
}
export const rejected = (it: Titled): string => `${of(it)} 已退回。`;
export const stopped = (it: Titled): string => `${of(it)} 已停发,还没发的不发了。`;

/** To those who may approve: what it says, since they answer for it. */
export function pleaseReview(it: Titled & { kind: 'normal' | 'urgent'; text: string }, author: string): string {
  const head = it.kind === 'urgent' ? `${author}发了加急通知,请补审。` : `${author}的通知等审核。`;
  const reply = `回“审核 ${code(it.number)} 通过”或“审核 ${code(it.number)} 退回 原因”。发给谁:回“通知 ${code(it.number)}”。`;
  return [head, broadcast(it), '————', reply].join('\n');
}
/** To the author. */
export const cameBack = (it: Titled, reason: string): string =>
  `${of(it)} 退回了${reason === '' ? '' : `:${reason}`}。改好再发一次“发通知”。`;

const states: Readonly<Record<string, string>> = {
  draft: '草稿',
  'in-review': '等审核',
  approved: '审核过了,还没到时间',
  sending: '正在发',
  sent: '发完了',
  cancelled: '停发了',
};

/** To a cadre: one that nobody has got yet. */
export function unsaid(
  it: Titled & { kind: 'normal' | 'urgent'; text: string; state: string; sayAt: Date | null },
  count: Count,
): string {
  const when = it.sayAt === null || it.state !== 'approved' ? '' : `,${formatWhen(it.sayAt)}发`;
  return [`${code(it.number)}(${states[it.state] ?? it.state}${when})`, broadcast(it), '————', whom(count)].join('\n');
}

const shown = 20;

/** To a cadre, never in a villagers' group: whom it reached and who has not answered. */
export function reach(it: {
  readonly notice: Titled & {
    readonly kind: 'normal' | 'urgent';
    readonly state: string;
    readonly saidAt: Date | null;
    readonly approvedBy: string | null;
  };
  readonly people: number;
  readonly peopleAnswered: number;
  readonly households: number;
  readonly householdsAnswered: number;
  readonly rooms: readonly { readonly room: string; readonly households: number; readonly answered: number }[];
  readonly directs: { readonly said: number; readonly leftOut: number };
  readonly notSaid: { readonly rooms: readonly string[]; readonly directs: number };
  readonly silent: readonly string[];
  readonly unreached: readonly string[];
}): string {
  const names = (all: readonly string[]): string =>
    `${all.slice(0, shown).join('、')}${all.length > shown ? `等${all.length}户` : ''}`;
  const { notice, directs, notSaid } = it;
  const said = notice.saidAt === null ? '' : `,${formatWhen(notice.saidAt)}`;
  const confirmed = notice.kind === 'normal' || notice.approvedBy !== null;
  const failed = [...notSaid.rooms, ...(notSaid.directs === 0 ? [] : [`私聊${notSaid.directs}人`])];
  const faults = [
    ...(directs.leftOut === 0 ? [] : [`退订没发${directs.leftOut}人`]),
    ...(failed.length === 0 ? [] : [`没发成:${failed.join('、')},请看一下`]),
  ];
  return [
    `${of(notice)}(${states[notice.state] ?? notice.state}${said}${confirmed ? '' : ',还没补审'})`,
    `收到:${it.householdsAnswered}/${it.households}户,${it.peopleAnswered}人${faults.length === 0 ? '' : `;${faults.join(',')}`}`,
    ...(it.rooms.length === 0
      ? []
      : [it.rooms.map((one) => `${one.room} ${one.answered}/${one.households}户`).join(',')]),
    ...(it.silent.length === 0 ? [] : [`没回的:${names(it.silent)}`]),
    ...(it.unreached.length === 0 ? [] : [`微信上收不到的:${names(it.unreached)}`]),
  ].join('\n');
}

/** 发通知, 审核 … somewhere else than in the management group or a cadre's direct chat. */
export const elsewhere = '这个请在管理群或者私聊里发,没有动。';
export const rangeUnknown = (word: string): string =>
  `范围里的“${word}”没认出来,没有发。可以写组名、全村、党员、户号、标签。`;
export const timeUnknown = '时间没看懂,没有发。请写成“3月21日8:00”。';
export const repeatUnknown = '重复没看懂,没有发。请写成“每周一8:00”“每月农历初一8:00”“赶场前一天18:00”。';
export const variableUnknown = (words: readonly string[]): string =>
  `没有${words.join('、')}这个格子,没有发。能用的:{姓名} {日期} {网格} {村名} {编号}。`;

type Facts = Readonly<Record<string, string | number | boolean | null>>;

const where: Readonly<Record<string, string>> = {
  draft: '已经退回了',
  approved: '已经审核过了',
  sending: '正在发',
  sent: '已经发完了',
  cancelled: '已经停发了',
};
const stands = (facts: Facts): string =>
  `${code(Number(facts['number']))}${where[String(facts['state'])] ?? '已经处理过了'},没有动。`;

export const faults: Readonly<Record<string, (facts: Facts) => string>> = {
  'notices.not-found': () => unknown,
  'notices.own': (facts) => `${code(Number(facts['number']))}是您自己写的,要别的干部来审核。`,
  'notices.decided': stands,
  'notices.over': stands,
  'notices.changed': (facts) => `${code(Number(facts['number']))}刚刚改过了,请看过再审核。`,
  'notices.person-unknown': () => '有人没认出来,没有发。',
  'notices.key-taken': () => '这个编号已经有了,没有发。',
  'notices.nobody': () => '这个范围里没有人收得到,没有发。',
  'notices.text-missing': () => '标题和内容都要写,没有发。',
  'notices.text-too-long': (facts) =>
    `${facts['field'] === 'title' ? '标题' : '内容'}太长了,最多${String(facts['limit'])}个字,没有发。`,
  'notices.variable-unknown': () => '大括号里的词没认出来,没有发。能用的:{姓名} {日期} {网格} {村名} {编号}。',
  'notices.time-past': () => '写的时间已经过了,没有发。',
  'notices.never-again': () => '这个重复的日子以后没有了,没有发。',
  'notices.room-unknown': () => '没有这个群,没有发。',
  'notices.grid-unknown': () => '没有这个组,没有发。',
};
