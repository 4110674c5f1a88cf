import { formatTime, formatWhen, localDate } from '../src/shared/calendar/index.ts';

/** 菜单: what a villager can say, short enough for one screen. */
export const menu = (bot: string): string =>
  [
    `我是${bot}。直接发这些字就行:`,
    '活动:看近期活动;报名 1:报第1个',
    '我的报名;取消报名 1',
    '反馈 路灯坏了:反映问题;进度:看办得怎样',
    '网格员:找人;政策 社保:查政策',
    '弄错了回“撤销”;不想收消息回“退订”',
  ].join('\n');

/** To somebody whose request to become a contact was accepted. */
export const greeting = (bot: string): string =>
  `您好,我是村里的${bot}。发“菜单”看我能做什么;要绑定身份,请找网格员要口令,发“绑定”加口令。`;

export const fallback = '这句我没看懂,怕办错。回“菜单”看我能做什么,要找人就回“转人工”。';
export const courtesy = '不客气,有事随时说。';
export const unreadable = '听不了语音,请转成文字发,或回“转人工”。';
export const photo = '照片看到了,是要反映问题吗?请发“反馈”加一句话,比如:反馈 三组路灯不亮。';
export const expired = '刚才那个问题过了15分钟,没有办。要办请从头再说一次。';
export const ended = '好,不办了。';
export const nothingToUndo = '没有可以撤销的。';
export const tooLateToUndo = '超过10分钟了,撤不了。要改请说具体的,比如“取消报名”。';
export const recalled = '您撤回了刚才那条。办好的那件事也要撤销吗?回“是”就撤。';
export const tooLong = '这条太长了,没有办。请分成几条短的发。';

/** 转人工 at working hours, and outside of them. `name` is the officer on duty. */
export const handedOver = (name: string): string => `好,已转给${name},工作时间内会回您。`;
export const handedOverLater = (name: string, from: Date): string =>
  `好,已转给${name}。现在不是上班时间,${formatWhen(from)}以后回您。`;
export const nobody = '现在没有找到值班的人,请直接打村里的值班电话。';
/** To the officer, in the direct chat. */
export const please = (who: string): string => `${who}想找人说话,请联系一下。`;

/** From–to as heard on that day (`YYYY-MM-DD`): times alone for the day itself, else with the date. */
function between(from: Date, to: Date, day: string): string {
  const [first, last] = [localDate(from), localDate(to)];
  const begin = first === day && last === day ? formatTime(from) : formatWhen(from);
  return `${begin}到${first === last ? formatTime(to) : formatWhen(to)}`;
}

/** To a group, once the bot is back after a long outage; `day` is when it is said. */
export const missed = (from: Date, to: Date, day: string): string =>
  `我掉过线,${between(from, to, day)}之间发的话可能没看到。要办的事请再说一次。`;
/** To an admin, likewise. */
export const backAgain = (from: Date, to: Date, day: string): string =>
  `微信${between(from, to, day)}没有连上,现在好了。`;
/** To whoever can help, by another way than WeChat's. */
export const alarm = (since: Date, now: Date): string =>
  `村口机器人的微信从${between(since, now, localDate(now))}一直没有连上,收不到也发不出。请看登录微信的手机和网关。`;

/** What the general fault says. */
export const general = '刚才没办成。请过一会儿再发一次,或回“转人工”。';
/** Faults of access, said the same everywhere. */
export const faults: Readonly<Record<string, () => string>> = {
  'access.denied': () => '这件事您没有权限办,没有动。',
  'messages.too-fast': () => '您发得太快,我跟不上了。刚才这条和接下来一分钟的没有记下,请过一分钟再发。',
  'messages.too-many': () => '一下子来的消息太多,刚才的没有看完。要紧的事请过几分钟再发一次。',
};
