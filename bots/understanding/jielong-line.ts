import { countPattern } from '../../src/shared/numerals.ts';
import type { Line } from './jielong-text.ts';
import { likeness } from './jielong-names.ts';
import type { Room } from './jielong-room.ts';
import { kinPattern, outPattern, readTail, type Tail } from './jielong-tail.ts';

/** Somebody on a line. */
export interface Who {
  /** The part that says who, as written. */
  readonly word: string;
  /** Registered people it may mean: one, several (a shared nickname, two daughters), or none (a guest). */
  readonly ids: readonly string[];
  /** self and kin are seen from the sender; named: the registry knows the word; strong and weak: a guest. */
  readonly how: 'self' | 'kin' | 'named' | 'strong' | 'weak';
  /** A nickname of several, the sender among them. */
  readonly shared?: true;
  /** 黄大明家, 我们: several, not said how many. */
  readonly plural?: true;
}

export interface Parsed {
  readonly whos: readonly Who[];
  readonly tail: Tail;
  /** What follows stands right behind the last name; it says that it is true of all. */
  readonly glued: boolean;
  readonly all: boolean;
  /** Nothing follows the names. */
  readonly bare: boolean;
  /** Named behind as not coming: 黄大明（王天碧来不了）. */
  readonly leaving: readonly Who[];
  /** Registered relatives who come along in the row of the last one, where kinship points at exactly one. */
  readonly companions: readonly string[];
}

interface Found {
  readonly who: Who;
  readonly end: number;
}

const start = (pattern: string): RegExp => new RegExp(pattern, 'uy');
const lead = start('(?:\\s|@|帮|给|替|代|还有|再加上?|加上|另外|以及|算|取消\\s*)*');
const office = start(
  '(?:第?[一二三四五六七八九十\\d]{1,2}[组社队]的?|网格员|村?支?书记|村?主任|村长|组长|会计|党员|村民|志愿者|社工)[\\s:、-]*',
);
const me = start('我们|咱们|我|俺|咱|本人|自己');
const home = start('(?:家里|家头|屋头|屋里|家|屋)?(?:的|那个)?');
const goes =
  '(?:都|也|要|会|一定|可以|来|去|参加|到|报|算|接|跟|和|同|与|带|加|一起|一路|不|没|有事|取消|请假|可能|看情况|待定|说不|争取|尽量|一个|一人|自己|本人|两|俩|仨|共|就|只|改|晚|先|又|还|另|除|连|含|全|大概|估计|请|退|走|今|明|那|因|先|夫妻|夫妇|母子|母女|父子|父女|爷孙|婆孙|祖孙|姐妹|姊妹|兄弟|弟兄|姐弟|兄妹|婆媳|爷俩|娘俩|老两口|小两口)';
/** What a name or kinship word must be followed by, so that it isn't the beginning of a longer word. */
const boundary = `(?=$|[^\\p{Script=Han}]|我|${countPattern}|${goes}|${outPattern}|家|屋|的)`;
const kinBoundary = `(?:${boundary}|(?=${kinPattern}(?![\\p{Script=Han}])))`;
const kin = start(`(?:屋头的?|家里的?|屋里的?|家头的?)?(${kinPattern})${kinBoundary}`);
const outside =
  '亲家|舅舅?|舅娘|姑姑?|姑爷|孃|嬢嬢|姨|叔|伯|侄儿|侄女|朋友|邻居|同事|亲戚|同学|妹夫|姐夫|嫂子?|弟媳|弟妹|干妈|保姆|表哥|表弟|表姐|表妹|老表';
const relative = start(
  `\\s?(?:(?:家里?|屋头|屋里|屋)的?|的|他|她|他家|她家)?\\s?(${kinPattern}|${outside})${boundary}`,
);
const spaced = start(`\\s(?!家|屋|的|他|她)(?:${kinPattern}|${outside})`);
const nextKin = start(`我?${kinPattern}`);
/** 黄大明家属, 我家天碧: one of the household, not that person. */
const ofHome = start(
  `(?:家|屋头|屋里)的?(?!${countPattern}|${goes}|${outPattern}|人|里)(?:属|\\p{Script=Han}{2,3}?|(?<=的))(?=$|[^\\p{Script=Han}]|${countPattern})`,
);
const stays = start(`(?:\\s|,|也|又|临时|那天|今天|有事)*${outPattern}`);
const stranger = start(`(${outside})${boundary}`);
const anyKin = start(`(?:屋头的?|家里的?)?${kinPattern}`);
const relativeOfGuest = new RegExp(`^(.{2,5}?)(?:家里?|屋头|屋里)?的?(${kinPattern}|${outside})$`, 'u');
const opening = start('\\s*[(\\[【]?\\s*(?:本名|真名|我是|就是|是|叫)?');
const closing = start('\\s*[)\\]】]');
const plus = start('\\+\\s*(?:\\d{1,2}|我)\\s*(?:人|个)?\\s*$');
const wholeHome = start('家(?=$|[^\\p{Script=Han}]|都|全|人)');
const tokenEnd = new RegExp(
  `[^\\p{Script=Han}A-Za-z·]|两口|(?:${countPattern})(?:个|人|位|口)|[两三四五](?:爷子|娘母|姊妹|兄弟|弟兄|婆孙|爷孙)|俩|仨|一家|全家|夫妻|${outPattern}|看情况|可能|待定|说不|不一定|(?:都|也)?(?:来|去|参加|报名)[了哈哦]?$|有事|带|(?:和|跟|与|及|还有|再加)(?=..)|屋头`,
  'u',
);
const joint = start('\\s*(?:、|,|;|/|&|\\+|和|跟|与|及|同|以及|还有|再加上?|加上|加|带起?|\\s)\\s*');

const endOf = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  return found === null ? at : at + found[0].length;
};
const matches = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

/** 黄 正 琼: single characters with spaces between are one word. */
function join(line: Line): Line {
  const drop = new Set<number>();
  const run = /(?<!\p{Script=Han})\p{Script=Han}(?: \p{Script=Han}){1,4}(?!\p{Script=Han})/gu;
  for (const { 0: text, index } of line.plain.matchAll(run)) {
    for (let at = 0; at < text.length; at++) if (text.charAt(at) === ' ') drop.add(index + at);
  }
  const without = (text: string): string =>
    [...text.split('').keys()].map((at) => (drop.has(at) ? '' : text.charAt(at))).join('');
  return drop.size === 0 ? line : { raw: without(line.raw), plain: without(line.plain) };
}

/** Reads lines as written by one sender, each once. */
export type ReadLine = (line: Line) => Parsed | null;

export function lineReader(room: Room, from: string): ReadLine {
  const known = new Map<string, Parsed | null>();
  return (line) => {
    const before = known.get(line.raw);
    if (before !== undefined) return before;
    const parsed = readLine(line, room, from);
    known.set(line.raw, parsed);
    return parsed;
  };
}

/** 例 lines, blanks to be filled in, quotations. */
const nothing =
  /^(?:[^\p{L}\p{N}+]*|[（(【[]?(?:例|示例|例如|比如|样例|范例|格式|模板|如).*|.*[(（【[](?:例|示例|例子|样例|范例)[)）】\]].*|(?:待定|空|无|暂无|没有|暂缺|空缺|空位|候补|name|姓名.*)|["“『《].*["”』》])$/u;

/** Reads one line of a list (its number is off). Null: nobody on it. */
export function readLine(given: Line, room: Room, from: string): Parsed | null {
  const line = join(given);
  const text = line.plain.slice(0, 200);
  if (nothing.test(text)) return null;
  const crossed = /^\s*[【[(]?\s*(?:取消|删除?|退出|作废)\s*[】\])]?\s*:?/u.exec(text)?.[0] ?? '';
  const whos: Who[] = [];
  let at = crossed.length;
  let tailAt = at;
  for (let joined = ''; whos.length < 12;) {
    const found = readWho(line, text, at, room, from, joined);
    if (found === null || isCount(found, text.slice(tailAt, found.end), joined)) break;
    const [id, ...more] = found.who.ids;
    const again = id !== undefined && more.length === 0 && whos.some(({ ids }) => ids.length === 1 && ids[0] === id);
    // 周哥 连我2个 counts the sender again, 我 袁春梅 only says the name too.
    if (again && found.who.how === 'self') break;
    if (!again) whos.push(found.who);
    tailAt = found.end;
    const next = endOf(joint, text, found.end);
    // 我爸妈, 我爸我妈
    const pair = found.who.how === 'kin' && matches(nextKin, text, found.end) !== null;
    if (next === found.end && !pair) break;
    joined = pair ? '、' : text.slice(found.end, next).trim() || ' ';
    at = next;
  }
  const last = whos.at(-1);
  if (last === undefined) return null;
  const { left, leaving } = whoLeaves(line, text, tailAt, room, from);
  const rest = `${crossed === '' ? '' : '取消,'}${left}`;
  const tail = readTail(rest);
  if (!holds(whos, tail, rest, from)) return null;
  const companions = tail.kin.flatMap((word) => {
    const of = last.ids.length === 1 ? last.ids[0] : undefined;
    const ids = of === undefined ? [] : room.kin(word, of);
    return ids.length === 1 ? ids : [];
  });
  return {
    whos,
    tail,
    companions,
    leaving,
    bare: rest.trim() === '',
    glued: /^[\p{L}\p{N}]/u.test(rest),
    all: /都|全/u.test(rest),
  };
}

/** Takes out of the end of a line who is named there as not coming. */
function whoLeaves(
  line: Line,
  text: string,
  from: number,
  room: Room,
  sender: string,
): { left: string; leaving: Who[] } {
  const leaving: Who[] = [];
  let left = '';
  for (let at = from; at < text.length;) {
    const named = room.nameAt(text, at);
    const end = named === null ? at : endOf(stays, text, named.end);
    if (named === null || end === named.end) {
      left += text.charAt(at++);
      continue;
    }
    leaving.push({ word: line.raw.slice(at, named.end).trim(), ...chosen(named.ids, sender), how: 'named' });
    at = end;
  }
  return { left, leaving };
}

/** 周哥，两个人 and 周哥 带老婆娃儿: what looks like another name says how many. */
function isCount({ who }: Found, since: string, joined: string): boolean {
  if (joined === '' || (who.how !== 'weak' && who.how !== 'strong')) return false;
  const { steps, rest } = readTail(since);
  return steps.length > 0 && rest === '';
}

/** Whether what follows leaves it a line of a list; a comment about somebody isn't one. */
function holds(whos: readonly Who[], tail: Tail, rest: string, from: string): boolean {
  const glued = /^[\p{L}\p{N}]/u.test(rest);
  // 小娃儿要大人带: a bare kinship word is as weak as a word that nobody is called.
  const guest = whos.every(({ how, word }) => how === 'weak' || (how === 'kin' && !/^[我俺咱屋家]/u.test(word)));
  const strange = tail.rest.length;
  // 何光群：大家莫迟到 quotes; 周哥：2人 doesn't.
  if (/^\s*:./u.test(rest) && tail.steps.length === 0 && !tail.out && strange > 0) return false;
  if (tail.chat && !whos.some(({ ids, how }) => how === 'self' || ids.includes(from))) {
    return tail.steps.length > 0 && !glued && !tail.asks;
  }
  if (guest) return strange <= 2 && !tail.asks && !tail.chat && (tail.things === 0 || tail.steps.length > 0);
  if (glued && !tail.out && tail.steps.length === 0) return !tail.asks && strange <= 4;
  return true;
}

/** One name, 我, or a relative at that place. `joined`: what stands between it and the one before, '' at first. */
function readWho(line: Line, text: string, begin: number, room: Room, from: string, joined: string): Found | null {
  const at = endOf(lead, text, begin);
  const make = (end: number, ids: readonly string[], how: Who['how']): Found => ({
    who: { word: line.raw.slice(at, end).trim(), ...chosen(ids, from), how },
    end,
  });
  const self = selfIds(from);
  if (joined === '' && matches(plus, text, at) !== null) {
    const found = make(text.length, self, 'self');
    // Alone it counts the sender: +1 is one person.
    return { ...found, end: at + 1 };
  }
  const bare = /^(?:[+和跟与及同]|加上?|再加上?|带起?|还有|以及)$/u.test(joined);
  const titled = endOf(office, text, at);
  for (const from_ of titled > at ? [at, titled] : [at]) {
    const named = readNamed(line, text, from_, room, from);
    if (named !== null) return named;
  }
  const mine = matches(me, text, at);
  if (mine !== null) {
    const after = at + mine[0].length;
    const inside = endOf(home, text, after);
    const named = readNamed(line, text, inside, room, from) ?? nameBehindKin(line, text, inside, room, from);
    if (named !== null) return named;
    const of = matches(kin, text, inside) ?? matches(stranger, text, inside);
    if (of !== null) {
      if (bare) return null;
      return make(inside + of[0].length, room.kin(of[1] ?? '', from), 'kin');
    }
    const away = endOf(ofHome, text, after);
    if (away > after) return make(away, [], 'kin');
    if (joined !== '' && /^(?:带起?|\s)$/u.test(joined)) return null;
    const beside = bracketed(text, after, room);
    const own =
      beside !== null && (beside.ids.includes(from) || /[([【]/u.test(text.slice(after, beside.end))) ? beside : null;
    const ids = own !== null && !own.ids.includes(from) && own.ids.length === 1 ? own.ids : self;
    const found = make(after, ids, 'self');
    const plural = /们/u.test(mine[0]) || matches(wholeHome, text, after) !== null;
    return { who: plural ? { ...found.who, plural: true } : found.who, end: own?.end ?? after };
  }
  const behind = nameBehindKin(line, text, at, room, from);
  if (behind !== null) return behind;
  const of = matches(kin, text, at);
  if (of !== null) {
    const end = at + of[0].length;
    if (bare || joined === ' ') return null;
    const own = bracketed(text, end, room);
    return own === null
      ? make(end, room.kin(of[1] ?? '', from), 'kin')
      : { who: { ...make(end, own.ids, 'named').who }, end: own.end };
  }
  return readGuest(line, text, at, room, from, joined);
}

const selfIds = (from: string): string[] => (from.startsWith('wx:') ? [] : [from]);
/** A word that several bear is the sender's if the sender is among them. */
const chosen = (ids: readonly string[], from: string): Pick<Who, 'ids' | 'shared'> =>
  ids.length > 1 && ids.includes(from) ? { ids: [from], shared: true } : { ids };

/** (唐仕林) or 唐仕林 behind a nickname. */
function bracketed(text: string, at: number, room: Room): { ids: readonly string[]; end: number } | null {
  const open = endOf(opening, text, at);
  const named = room.nameAt(text, open);
  if (named === null || open === at) return null;
  return { ids: named.ids, end: endOf(closing, text, named.end) };
}

/** 我女儿何晓红: the name tells. */
function nameBehindKin(line: Line, text: string, at: number, room: Room, from: string): Found | null {
  const end = endOf(anyKin, text, at);
  const named = end === at ? null : room.nameAt(text, end);
  if (named === null) return null;
  const near = room.kin(text.slice(at, end), from);
  const ids = named.ids.filter((id) => near.includes(id));
  if (ids.length > 0) return { who: { word: line.raw.slice(at, named.end).trim(), ids, how: 'named' }, end: named.end };
  return named.full ? readNamed(line, text, end, room, from) : null;
}

/** A registered name, perhaps with another name of the same person or a relative behind it. */
function readNamed(line: Line, text: string, at: number, room: Room, from: string): Found | null {
  const named = room.nameAt(text, at);
  if (named === null) return null;
  const length = named.end - at;
  const free = matches(start(boundary), text, named.end) !== null || matches(relative, text, named.end) !== null;
  if (!free && (length < 3 || (!named.full && length < 4)) && room.nameAt(text, named.end) === null) return null;
  const of = matches(relative, text, named.end);
  if (of !== null && matches(spaced, text, named.end) === null) {
    const whose = chosen(named.ids, from).ids;
    const ids = [...new Set(whose.flatMap((id) => room.kin(of[1] ?? '', id)))];
    const end = named.end + of[0].length;
    return { who: { word: line.raw.slice(at, end).trim(), ids, how: 'named' }, end };
  }
  const away = endOf(ofHome, text, named.end);
  if (away > named.end) return { who: { word: line.raw.slice(at, away).trim(), ids: [], how: 'named' }, end: away };
  const second = bracketed(text, named.end, room);
  const same = second === null ? [] : named.ids.filter((id) => second.ids.includes(id));
  if (second !== null && same.length > 0) {
    return {
      who: { word: line.raw.slice(at, second.end).trim(), ...chosen(same, from), how: 'named' },
      end: second.end,
    };
  }
  const who: Who = { word: line.raw.slice(at, named.end).trim(), ...chosen(named.ids, from), how: 'named' };
  const plural = matches(wholeHome, text, named.end) !== null;
  return { who: plural ? { ...who, plural: true } : who, end: plural ? named.end + 1 : named.end };
}

/** A name that the registry doesn't know. */
function readGuest(line: Line, text: string, at: number, room: Room, from: string, joined: string): Found | null {
  const rest = text.slice(at);
  const cut = tokenEnd.exec(rest.slice(1));
  const token = cut === null ? rest : rest.slice(0, cut.index + 1);
  const end = at + token.length;
  const [, whose = '', word] = relativeOfGuest.exec(token) ?? [];
  const asRelative = word !== undefined && likeness(whose) === 'strong' && /[家屋的]/u.test(token);
  const how = asRelative ? 'strong' : likeness(token);
  if (how === null) {
    // A name may still stand in brackets: 老陈头儿子的(陈正琼) or a nickname of any kind.
    return null;
  }
  if (how === 'weak' && joined !== '' && !/^[、,和跟与及]$/u.test(joined)) return null;
  const second = bracketed(text, end, room);
  if (second !== null && text.charAt(second.end - 1) !== ' ' && /[([【]/u.test(text.slice(end, second.end))) {
    return {
      who: { word: line.raw.slice(at, second.end).trim(), ...chosen(second.ids, from), how: 'named' },
      end: second.end,
    };
  }
  return { who: { word: line.raw.slice(at, end).trim(), ids: [], how }, end };
}
