import { cleanText, stripEmoji } from '../../src/shared/text.ts';
import { parseCount } from '../../src/shared/numerals.ts';

/** A line as written (emoji out, signs half-width) and in simplified characters; both have the same length. */
export interface Line {
  readonly raw: string;
  readonly plain: string;
}

/** A numbered line. `number`: null behind a dash or dot. */
export interface Item extends Line {
  readonly number: number | null;
  /** A sign stands between the number and the rest: 2. 我, not 2 我. */
  readonly dotted: boolean;
}

/** One copy of a list: what stands above it, its numbered lines, and the lines between and below. */
export interface Copy {
  /** Says 接龙 itself. */
  readonly marked: boolean;
  readonly head: readonly Line[];
  readonly items: readonly Item[];
  readonly loose: readonly Line[];
}

const traditional =
  '龍農訓報來個兩雙幾歲對會員開關樹種園鋤掃衛環護義務勞動時間點號週禮講課學習醫體檢雞鴨魚買賣錢塊條張陳黃趙吳鄭孫馬羅劉楊許謝韓馮鄧蕭葉呂蘇魯韋萬湯鄒賈譚閻餘鍾盧國華貴榮瓊蘭鳳麗輝強偉軍東興發財順壽銀鐵寶慶靜豔紅雲霧風遠達進運連寬濤潔淨純維經總練紹結綠緣線縣親觀討記設訪試話該詳語說誰請諸謀讓讀變豐負責貨貧質費賀賢賽贊車載輕輪轉辦還邊鄉鄰鎮長門閒陽陸隊際難電靈頂項預頭題願類顧飛飯館驗鮮鳥麥麵齊齡們這為麼沒後過無與從嚮應當愛媽爺嬸婦孫孃單備準則剛剩劃滿減廣樓橋塗壩場墳處聽聲舊藥萊葦補裡裏製複見規視覺認證誤調議讚貝賬購趕跡軟農適選遲郵釘鋪錄鋼錯鍋鎖鐘長閉陰雜離顏顯願飲養騎駕驚髒鬧鬱黨傑鵬濱豔嬌倫儀優嚴實寧將岡峽嶺帥彥恆憲撿揚擇暉曉曄棟楓櫻歡沖渾溫滄澤濟瀾灣煒燁燈爾獻瑋瑩璽畢盡硯禎積穎競筆節範築簡籃絲緒繼聖聰肅臨舉艦莊蒼蓮蔣薈薩蘊術裝誠諾謙譽貞賓賜軒鋒錦鍵鏡閣闊雋韻頌領駿騰鴻鵑鶴';
const simplified =
  '龙农训报来个两双几岁对会员开关树种园锄扫卫环护义务劳动时间点号周礼讲课学习医体检鸡鸭鱼买卖钱块条张陈黄赵吴郑孙马罗刘杨许谢韩冯邓萧叶吕苏鲁韦万汤邹贾谭阎余钟卢国华贵荣琼兰凤丽辉强伟军东兴发财顺寿银铁宝庆静艳红云雾风远达进运连宽涛洁净纯维经总练绍结绿缘线县亲观讨记设访试话该详语说谁请诸谋让读变丰负责货贫质费贺贤赛赞车载轻轮转办还边乡邻镇长门闲阳陆队际难电灵顶项预头题愿类顾飞饭馆验鲜鸟麦面齐龄们这为么没后过无与从向应当爱妈爷婶妇孙嬢单备准则刚剩划满减广楼桥涂坝场坟处听声旧药莱苇补里里制复见规视觉认证误调议赞贝账购赶迹软农适选迟邮钉铺录钢错锅锁钟长闭阴杂离颜显愿饮养骑驾惊脏闹郁党杰鹏滨艳娇伦仪优严实宁将冈峡岭帅彦恒宪捡扬择晖晓晔栋枫樱欢冲浑温沧泽济澜湾炜烨灯尔献玮莹玺毕尽砚祯积颖竞笔节范筑简篮丝绪继圣聪肃临举舰庄苍莲蒋荟萨蕴术装诚诺谦誉贞宾赐轩锋锦键镜阁阔隽韵颂领骏腾鸿鹃鹤';
const simple = new Map([...traditional].map((sign, n) => [sign, simplified.charAt(n)]));
const anyTraditional = new RegExp(`[${traditional}]`, 'gu');

/** Traditional characters of the field (the bot's words, surnames, common names) become simplified, one for one. */
export const simplify = (text: string): string => text.replace(anyTraditional, (sign) => simple.get(sign) ?? sign);

/** For comparing what was written: simplified, lower case, without spaces and signs other than + and -. */
export const fold = (text: string): string =>
  simplify(text.normalize('NFKC'))
    .toLowerCase()
    .replace(/[^\p{L}\p{N}+-]/gu, '');

/** A digest (about 53 bits) of what was written, so that it can be recognised without being kept. */
export function digest(text: string): string {
  let low = 0x811c9dc5;
  let high = 0x9e3779b9;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ (code + at), 0x85ebca6b);
    high ^= high >>> 13;
  }
  return `${(low >>> 0).toString(36)}${((high >>> 0) & 0x1fffff).toString(36)}`;
}

const circled = /[\u2460-\u2473\u2776-\u277f\u2780-\u2789\u278a-\u2793\u24f5-\u24fe]/gu;
function numberOfCircled(sign: string): number {
  const code = sign.charCodeAt(0);
  for (const start of [0x2460, 0x2776, 0x2780, 0x278a, 0x24f5]) {
    const last = start === 0x2460 ? start + 19 : start + 9;
    if (code >= start && code <= last) return code - start + 1;
  }
  return 0;
}

/** Emoji out (❌ means crossed out, 1️⃣ and ① are numbers), signs half-width. */
function ready(text: string): string {
  const numbered = cleanText(text)
    .replace(/([0-9])\ufe0f?\u20e3/gu, '$1. ')
    .replace(/\u{1f51f}/gu, '10. ')
    .replace(circled, (sign) => `${numberOfCircled(sign)}. `)
    .replace(/[❌❎✖✗✘✕🚫]/gu, ' 取消 ')
    .replace(/~~([^~\n]+)~~/gu, ' 取消 $1')
    .replace(/➕/gu, '+');
  return stripEmoji(numbered).normalize('NFKC');
}

/** Most lines that are read of one message. */
const mostLines = 1000;

const chinese = '[一二三四五六七八九十]{1,3}';
const bullets = [
  new RegExp(`^[(\\[【]\\s*(\\d{1,3}|${chinese})\\s*[)\\]】][.、:]?\\s*(.*)$`, 'u'),
  new RegExp(`^(?:[Nn][Oo][.]?|第)?\\s*(\\d{1,3}|${chinese})\\s*[)\\]】、]\\s*(.*)$`, 'u'),
  new RegExp(`^(?:[Nn][Oo][.]?)?\\s*(\\d{1,3})\\s*(?:[.,:;·。~—–_-]\\s*)+(?!\\d)(.*)$`, 'u'),
  new RegExp(`^(${chinese})\\s*[.,:;·。]\\s*(.*)$`, 'u'),
  /^(\d{1,3}|[一二三四五六七八九十]{1,2})\s+(?![.\d:~-])(.*)$/u,
  /^(\d{1,2})(?=[\p{Script=Han}A-Za-z@+])(.*)$/u,
];
/** 28号, 3月, 8点半, 2人, 5斤: begins with a quantity, not with its place in a list. */
const measured =
  /^\s*(?:号|月|日|点|时|分|个|人|位|把|斤|元|块|岁|年|组|楼|社|队|村|次|期|天|米|亩|只|条|口子?|家|户|届|种|样|件|台|辆|排|层|折|成|度|名额|小时|公斤|公里|箱|袋|份|kg|km|[:：%℃])/u;
const dash = /^(?:[-•·●○▪◆■□*✓√]|—{1,2})\s*(?=[\p{Script=Han}A-Za-z+@])(.*)$/u;

/** Takes the number off a line; null for a line without one. */
export function readBullet(line: Line): Item | null {
  for (const [n, pattern] of bullets.entries()) {
    const [, digits, rest] = pattern.exec(line.plain) ?? [];
    if (digits === undefined || rest === undefined) continue;
    const loosely = n >= 4;
    if (loosely && measured.test(rest)) return null;
    return { number: parseCount(digits), dotted: !loosely, ...tail(line, rest) };
  }
  const rest = dash.exec(line.plain)?.[1];
  return rest === undefined ? null : { number: null, dotted: true, ...tail(line, rest) };
}

/** The end of a line, trimmed. */
function tail(line: Line, rest: string): Line {
  const from = line.plain.length - rest.length;
  return { raw: line.raw.slice(from).trim(), plain: rest.trim() };
}

/** 1.陈 2.胡 3.周 on one line become three. */
function unroll(item: Item): Item[] {
  if (!/\d\s*[.、)]/u.test(item.plain)) return [item];
  const items: Item[] = [];
  let left: Item = item;
  for (const last = item.number ?? mostLines; items.length < mostLines - last;) {
    const n = last + items.length + 1;
    const found = new RegExp(`(?<![\\d.+-])${n}\\s*[.、)]\\s*(?!\\d)`, 'u').exec(left.plain);
    if (found === null || found.index === 0) break;
    const { index } = found;
    items.push({ ...left, raw: left.raw.slice(0, index).trim(), plain: left.plain.slice(0, index).trim() });
    const from = index + found[0].length;
    left = { number: n, dotted: true, raw: left.raw.slice(from).trim(), plain: left.plain.slice(from).trim() };
  }
  return [...items, left];
}

const marker = /^[\s#*【[「(~=—-]*(?:@\S+\s)?(?:群|活动|报名)?接龙/u;
const hash = /^[\s*【[]*#\s*(?:群|活动|报名)?接龙/u;
const divider = /^(?:[-—_=~*·]\s*){5,}$/u;
const quotedBlock = /「[^「」]*」|『[^『』]*』/gu;
/** What stands before a colon without being a speaker. */
const label =
  /^(?:通知|各位|大家|提醒|注意|公告|活动|报名|例如?|格式|时间|地点|集合|内容|主题|名称|备注|联系人|负责人|要求)$/u;

/**
 * What a message quotes of others is taken out: 「…」, what stands above a ruled line, > …, 何光群: 1. …, and
 * 何光群: #接龙 … down to the next 接龙.
 */
function unquoted(text: string, isName: (word: string) => boolean): string[] {
  const whole = text.replace(quotedBlock, (found, at: number) => (at === 0 || /[\n:]/u.test(found) ? '\n' : found));
  const kept: string[] = [];
  let quoting = false;
  let quoted = false;
  for (const line of whole.split('\n').map((each) => each.trim())) {
    if (divider.test(line)) {
      if (quoted) kept.length = 0;
      quoting = false;
      continue;
    }
    const [, who = '', said = ''] = /^([^\s:#\d]{2,8})\s*:\s*(.*)$/u.exec(line) ?? [];
    const named = who !== '' && !label.test(who) && !marker.test(who);
    if (named && isName(who) && kept.every((one) => one === '')) quoted = true;
    if (named && isName(who) && marker.test(simplify(said))) quoting = true;
    else if (hash.test(simplify(line))) quoting = false;
    const isCopy = named && readBullet({ raw: said, plain: said }) !== null;
    if (quoting || isCopy || /^[>|]/u.test(line) || /^["“”']\s*\d{1,3}[.、)]/u.test(line)) continue;
    kept.push(line);
  }
  return kept;
}

/** The copies of lists that a message consists of, most often one. `isName`: whether somebody here is called so. */
export function readCopies(text: string, isName: (word: string) => boolean): Copy[] {
  const copies: { marked: boolean; head: Line[]; items: Item[]; loose: Line[] }[] = [];
  for (const raw of unquoted(ready(text), isName).slice(0, mostLines)) {
    const line: Line = { raw, plain: simplify(raw) };
    const last = copies.at(-1);
    const starts = marker.test(line.plain) && (last === undefined || (last.items.length > 0 && hash.test(line.plain)));
    if (last === undefined || starts) {
      copies.push({ marked: starts, head: [], items: [], loose: [] });
      if (starts) addHead(copies.at(-1), line);
      if (starts) continue;
    }
    const copy = copies.at(-1);
    if (copy === undefined || line.plain === '') continue;
    const item = readBullet(line);
    if (item !== null) copy.items.push(...unroll(item));
    else if (copy.items.length === 0) {
      if (/接龙/u.test(line.plain)) copy.marked = true;
      addHead(copy, line);
    } else copy.loose.push(line);
  }
  return copies;
}

/** A first line may go straight on with the list: #接龙 3. 傅大爷; 接龙 除草 1.陈正琼 2.胡学文. */
function addHead(copy: { head: Line[]; items: Item[] } | undefined, line: Line): void {
  if (copy === undefined) return;
  const after = marker.exec(line.plain)?.[0].length ?? 0;
  const rest = tail(line, line.plain.slice(after).replace(/^[\s\])】:,、。!.~-]+/u, ''));
  const straight = after > 0 ? readBullet(rest) : null;
  if (straight !== null) {
    copy.items.push(...unroll(straight));
    return;
  }
  const at = /(?<![\d.:])\s(?:1\s*[.、)]|\(1\))\s*(?!\d)/u.exec(line.plain);
  if (at === null) {
    copy.head.push(after > 0 ? rest : line);
    return;
  }
  copy.head.push({ raw: line.raw.slice(after, at.index), plain: line.plain.slice(after, at.index) });
  const first = readBullet({ raw: line.raw.slice(at.index).trim(), plain: line.plain.slice(at.index).trim() });
  if (first !== null) copy.items.push(...unroll(first));
}
