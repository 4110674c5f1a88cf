import { addDays, localDate, localTime, weekdayNumber } from '../../src/shared/calendar/day.ts';
import { parseCount } from '../../src/shared/numerals.ts';
import type { ChainCall } from './jielong-types.ts';
import { fold } from './jielong-text.ts';

/** about: the head names that activity; open: it names nothing; other: another matter, or it isn't clear which. */
export type Topic = { readonly about: string } | 'open' | 'other';

/** Words for the same work: who writes 扯草 means the call that says 除草. */
const works = [
  /除草|扯草|拔草|锄草|薅草|割草|铲草/u,
  /植树|种树|栽树|补种|栽种|种植|补栽|移栽|栽[花苗三月桂]|种[花苗三月桂]/u,
  /修枝|剪枝|修剪/u,
  /浇水|浇花|淋水/u,
  /打扫|扫除|清扫|清洁|扫地|卫生|捡垃圾|清理/u,
  /培训|讲课|上课|听课|授课|讲座|教学/u,
  /院坝会|坝坝会|开会|会议(?!室)|议事会|村民大?会|坝会/u,
  /巡查|巡逻|巡河|巡护|看水/u,
  /坝坝舞|广场舞|跳舞|排练|演出|文艺/u,
  /体检|量血压|义诊|健康检查/u,
  /宣讲|宣传|学习会|党课|主题党日/u,
];
/** A price or a size: things are bought, nobody signs up. */
const trade =
  /\d\s*(?:块|元|角|毛)(?:钱)?\s*(?:[一1每]?\s*(?:斤|个|板|件|箱|袋|份|双|张|盒|瓶|桶|只|条|本|套|把|起))|(?:块|元)\d*[一/每](?:斤|个|板|件|箱|袋|份|双|盒|瓶|桶|只|条|套)|(?:一|每|\/)(?:斤|个|件|箱|份|板|双|盒|桶|只|套)\s*[\d.]+\s*(?:块|元)|团购|拼团|拼单|代购|代买|尺码|码数|报尺|订购|预订|预定|订餐|订饭|[订定]衣服|报份数|[好几]多份|要好多|要多少|[个斤件箱只份]起|包邮|付款|到货|拿货|单价|售价/u;
const generic =
  /活动|报名|群?接龙|请|大家|各位|邻居|村民|乡亲|们|想|愿意|参加|在这里|这里|在下面|下面|往下|接着|继续|还有|没有|接起|接|自愿|人数|名额|名单|统计|登记|格式|姓名|名字|时间|地点|集合|地址|联系人|电话|备注|注意|开始|截止|本周|这周|下周|[第]?[一二三四五六七八九十\d]{1,2}[组社队]|网格|群|一下|一起|一路|尽快|赶紧|快点?|谢谢|收到|回复|有空|热烈|欢迎|踊跃|自己|自带|各人|各带|带|上午|下午|早上|早晨|中午|晚上|今晚|今天|明天|后天|明早|(?:周|星期|礼拜)[一二三四五六日天末]|例.*|[去来的哈了啦哦嘛咯吧呀啊喽噢都也要就是会在到起人个名位我你号早晚]|\p{P}|\p{S}|\s|\d+/gu;

interface Told {
  readonly month?: number;
  readonly day?: number;
  readonly weekday?: number;
  readonly hour?: number;
}

function timeIn(text: string, at: Date | undefined): Told {
  const [, month, day] =
    /(\d{1,2})\s*月\s*(\d{1,2})/u.exec(text) ?? /(?<![\d.])(\d{1,2})[./-](\d{1,2})(?![\d.:])/u.exec(text) ?? [];
  const only = /(?<!\d)(\d{1,2})\s*[号日]/u.exec(text)?.[1];
  const week = /(?:周|星期|礼拜)([一二三四五六日天末])/u.exec(text)?.[1];
  const [, half = '', clock] =
    /(上午|早上|早晨|清早|下午|晚上|今晚|傍晚|中午)?\s*([\d一二两三四五六七八九十]{1,3})\s*(?:点|时|[::]\d{2})/u.exec(
      text,
    ) ?? [];
  const hour = clock === undefined ? null : parseCount(clock);
  const near = /今[天晚]|明[天早晚]|后天/u.exec(text)?.[0];
  const date =
    near === undefined || at === undefined
      ? null
      : addDays(localDate(at), near.startsWith('今') ? 0 : near.startsWith('明') ? 1 : 2);
  const days = '一二三四五六日'.indexOf(week === '天' ? '日' : week === '末' ? '六' : (week ?? '?'));
  return {
    ...(month !== undefined && day !== undefined ? { month: Number(month), day: Number(day) } : {}),
    ...(month === undefined && only !== undefined ? { day: Number(only) } : {}),
    ...(date === null || month !== undefined ? {} : { month: Number(date.slice(5, 7)), day: Number(date.slice(8)) }),
    ...(week === undefined || days < 0 ? {} : { weekday: days + 1 }),
    ...(hour === null ? {} : { hour: /下午|晚|傍/u.test(half) && hour < 12 ? hour + 12 : hour }),
  };
}

/** How well the time in a head agrees with a call: negative when it says another day. */
function agreement(told: Told, call: ChainCall): number {
  const date = localDate(call.startsAt);
  const hour = Number(localTime(call.startsAt).slice(0, 2));
  let points = 0;
  if (told.month !== undefined) points += told.month === Number(date.slice(5, 7)) ? 1 : -2;
  if (told.day !== undefined) points += told.day === Number(date.slice(8)) ? 2 : -2;
  if (told.weekday !== undefined) points += told.weekday === weekdayNumber(date) ? 2 : -1;
  if (told.hour !== undefined) points += told.hour === hour || told.hour + 12 === hour ? 1 : 0;
  return points;
}

const pairs = (text: string): string[] => [...text.slice(1)].map((sign, n) => `${text.charAt(n)}${sign}`);

interface Match {
  readonly topic: number;
  readonly place: number;
  readonly time: number;
}

function match(head: string, told: Told, call: ChainCall): Match {
  const name = fold(call.name);
  const about = `${name} ${call.kind} ${fold(call.content ?? '')}`;
  const garden = call.garden === null ? '' : fold(call.garden);
  // Many things happen in a garden: its name alone tells nothing.
  const telling = pairs(name).filter((pair) => !garden.includes(pair));
  const found = telling.filter((pair) => head.includes(pair)).length;
  const shared = found / Math.max(1, telling.length);
  const named = name.length >= 2 && head.includes(name);
  const work = works.some((words) => words.test(name) && words.test(head));
  const loosely = works.some((words) => words.test(about) && words.test(head));
  const other = [...head.matchAll(/[\p{Script=Han}]{1,4}?(?:花园|菜园|果园|公园)/gu)].some(
    ([word]) => garden !== '' && !word.endsWith(garden) && !garden.endsWith(word) && !name.includes(word),
  );
  const meet = call.meet === null ? '' : fold(call.meet);
  const place =
    (garden !== '' && head.includes(garden) ? 3 : 0) +
    (meet !== '' && (head.includes(meet) || head.includes(meet.slice(-3))) ? 2 : 0);
  const topic =
    (named ? 10 : shared >= 0.5 && found > 1 ? 6 : 0) + (work ? 4 : loosely ? 2 : 0) + (shared > 0 ? shared * 2 : 0);
  return { topic: other ? topic - 8 : topic, place, time: agreement(told, call) };
}

/** Whether words only say what it is that people come to: 培训, 扯草. */
export const isTopic = (word: string, calls: readonly ChainCall[]): boolean =>
  word.length > 1 &&
  (calls.some(({ name, kind }) => name.includes(word) || kind.includes(word)) ||
    works.some((words) => word.replace(words, '') === ''));

/** Which of the open calls a head belongs to. `at`: when it was written. */
export function topicOf(text: string, calls: readonly ChainCall[], at?: Date): Topic {
  const head = fold(text.replace(/^.*(?:例|示例)[:\s].*$/gmu, ''));
  const told = timeIn(text, at);
  const rest = (call?: ChainCall): string => {
    let left = text;
    const kinds = call === undefined ? [] : [call.kind, ...(call.kind.match(/../gu) ?? [])];
    for (const word of [call?.name, call?.garden, call?.meet, ...(call?.bring ?? []), ...kinds]) {
      if (word != null && word.length > 1) left = left.replaceAll(word, ' ');
    }
    return left.replace(generic, '').replace(/[一二两三四五六七八九十点半月日时分]/gu, '');
  };
  if (trade.test(text)) return 'other';
  const scored = calls
    .map((call) => ({ call, ...match(head, told, call) }))
    .filter(({ call, topic, place, time }) => {
      if (topic >= 4 || (topic > 0.5 && time >= 4)) return true;
      return topic >= 0 && place + time >= 2 && rest(call).length < 2;
    })
    .map(({ call, topic, place, time }) => ({ call, points: topic + place + time }))
    .sort((a, b) => b.points - a.points);
  const [best, second] = scored;
  if (best === undefined) return rest().length < 2 ? 'open' : 'other';
  return second !== undefined && second.points === best.points ? 'other' : { about: best.call.activity };
}
