import { formatDay } from '../src/shared/calendar/index.ts';

type Facts = Readonly<Record<string, string | number | boolean | null>>;

/** A code was used: whom the sender is known as from now on. */
export const bound = (name: string): string => `${name},绑定好了。以后报名、反馈都记在您名下。`;
export const noCode = '绑定要带口令,比如:绑定 123456。口令找网格员要。';

/** A code for a cadre to hand over. */
export const issued = (it: { name: string; grid: string; code: string; validUntil: Date }): string =>
  `${it.name}(${it.grid})的口令:${it.code},只能用一次,${formatDay(it.validUntil)}前有效。请本人私聊我发:绑定 ${it.code}`;
export const noName = '请写姓名,比如:发绑定码 张三';
export const unknownName = '名册里没有这个名字,请写全名。';
export const inPrivate = '口令不能在群里发,请私聊我。';
export const whichMember = (found: readonly { readonly grid: string; readonly household: string }[]): string =>
  `名册里有${found.length}个同名的,回数字:\n${found.map(({ grid, household }, at) => `${at + 1} ${grid}${household}户`).join('\n')}`;

export const elsewhere = '这个请在管理群或者私聊里发。';
export const noPlace = '请写是哪个组或哪个群,比如:认人 三组';
export const unknownPlace = '没有这个组,或者这个组还没有群。';
/** Names are too many for a line each. */
const namesALine = 10;

/** Who in the room bears whose full name; the numbers are those of the list. Few are shown with their household. */
export function whoIsWho(it: {
  room: string;
  found: readonly {
    readonly number: number;
    readonly name: string;
    readonly household: string;
    /** Bound before, with a contact that is no longer there. */
    readonly again: boolean;
  }[];
  /** People whose nickname alone fits. */
  alike: number;
}): string {
  const alike = it.alike === 0 ? '' : `另有${it.alike}个只是昵称像,要用绑定码。`;
  const last = it.found.at(-1)?.number;
  if (last === undefined) {
    return `${it.room}里没有对得上的。请大家把群昵称改成名册上的全名,过一会儿再发“认人”。${alike}`;
  }
  const few = it.found.length <= namesALine;
  const each = it.found.map(
    ({ number, name, household, again }) => `${number}${name}${few ? `(${household})` : ''}${again ? '*' : ''}`,
  );
  const kind = it.found.some(({ again }) => again) ? `的${it.found.length}个(*换微信)` : `、没绑的${it.found.length}个`;
  const lines: string[] = [];
  for (let from = 0; from < each.length; from += namesALine) lines.push(each.slice(from, from + namesALine).join(' '));
  const all = last === 1 ? '确认 1' : `确认 1-${last}`;
  return [`${it.room}里全名对得上${kind}:`, ...lines, `是本人就回“${all}”或“确认 1,3,5-8”。${alike}`].join('\n');
}
export const noList = '请先发“认人”,看了名单再确认。';
export const boundAll = (names: readonly string[], left: readonly number[]): string => {
  const others = left.length === 0 ? '' : `第${left.join('、')}个刚才已经绑了别的,没有动。`;
  if (names.length === 0) return `没有绑。${others}`;
  return `绑好了${names.length}个:${names.join('、')}。${others}弄错了回“撤销”。`;
};
export const unboundAll = (names: readonly string[]): string =>
  names.length === 0 ? '没有可以撤销的。' : `撤销了${names.length}个:${names.join('、')},又跟绑之前一样了。`;

export const stopped = '好,不再单独给您发通知和提醒。急事和您自己的事还是会告诉您。想恢复就回“订阅”。';
export const resumed = '好,通知和提醒照常发给您。不想收了就回“退订”。';

/** What a fault of this capability says. */
export const faults: Readonly<Record<string, (facts: Facts) => string>> = {
  'members.code-unknown': () => '没有这个口令。请对一下再发,或找网格员要一个。',
  'members.code-expired': () => '这个口令过期了。请找网格员再要一个。',
  'members.code-used': () => '这个口令已经用过了,没有绑定。请找网格员再要一个。',
  'members.code-tries': ({ minutes }) => `口令错得太多了。请过${Number(minutes)}分钟再试,或找网格员。`,
  'members.contact-bound': () => '您的微信已经绑定了别的名字,没有动。要改请找网格员。',
  'members.not-found': () => '名册里没有这个人。',
  'members.not-confirmed': () => '编号和姓名跟名册对不上,没有动。',
  'members.code-taken': () => '这个口令已经有人用了,请换一个。',
  'members.no-channel': () => '现在没有连上微信,看不到群里有谁。',
  'members.room-unseen': () => '这个群还没有在微信里见过。请先在群里说句话,再试。',
  'members.list-not-found': () => '没有这张名单。',
  'members.list-lapsed': () => '这张名单过了7天,请重新生成。',
  'members.list-done': () => '这张名单已经确认过了。',
  'members.list-number': ({ number }) =>
    Number(number) > 0 ? `第${Number(number)}个不能直接确认,都没有绑。` : '请写要确认的序号,比如:1,3,5。',
  'members.grant-not-found': () => '没有这个角色,没有动。',
  'members.last-admin': () => '这是最后一个管理员,不能取消。',
  'members.no-phone': () => '名册里没有这个人的电话。',
};
