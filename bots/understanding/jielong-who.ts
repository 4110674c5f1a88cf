import { countPattern } from '../../src/shared/numerals.ts';
import { likeness } from './jielong-names.ts';
import type { Room } from './jielong-room.ts';
import { kinPattern, outPattern } from './jielong-tail.ts';
import type { Line } from './jielong-text.ts';

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

/** A pattern to be tried at one place. */
export const start = (pattern: string): RegExp => new RegExp(pattern, 'uy');
const lead = start('(?:\\s|@|帮|给|替|代|还有|再加上?|加上|另外|以及|算|取消\\s*)*');
const office = start(
  '(?:第?[一二三四五六七八九十\\d]{1,3}[组社队户号]的?|网格员|村?支书|村?书记|村?主任|村长|组长|会计|党员|村民|志愿者|社工)[\\s:、-]*',
);
const me = start('我们|咱们|我|俺|咱|本人|自己');
const home = start('(?:家里|家头|屋头|屋里|家|屋)?(?:的|那个)?');
const goes =
  '(?:都|也|要|会|一定|可以|来|去|参加|到|报|算|接|跟|和|同|与|带|加|一起|一路|不|没|有事|取消|请假|可能|看情况|待定|说不|争取|尽量|一个|一人|自己|本人|两|俩|仨|共|就|只|改|晚|先|又|还|另|除|连|含|全|大概|估计|请|退|走|今|明|那|因|先|夫妻|夫妇|母子|母女|父子|父女|爷孙|婆孙|祖孙|姐妹|姊妹|兄弟|弟兄|姐弟|兄妹|婆媳|爷俩|娘俩|老两口|小两口)';
/** What a name or kinship word must be followed by, so that it isn't the beginning of a longer word. */
const boundary = `(?=$|[^\\p{Script=Han}]|我|${countPattern}|${goes}|${outPattern}|家|屋|的)`;
const bound = start(boundary);
const kinBoundary = `(?:${boundary}|(?=${kinPattern}(?![\\p{Script=Han}])))`;
const kin = start(`(?:屋头的?|家里的?|屋里的?|家头的?)?(${kinPattern})${kinBoundary}`);
const outside =
  '亲家|舅舅?|舅娘|姑姑?|姑爷|孃|嬢嬢|姨|叔|伯|侄儿|侄女|朋友|邻居|同事|亲戚|同学|妹夫|姐夫|嫂子?|弟媳|弟妹|干妈|保姆|表哥|表弟|表姐|表妹|老表';
const relative = start(
  `\\s?(?:(?:家里?|屋头|屋里|屋)的?|的|他|她|他家|她家)?\\s?(${kinPattern}|${outside})${boundary}`,
);
const spaced = start(`\\s(?!家|屋|的|他|她)(?:${kinPattern}|${outside})`);
/** 黄大明家属, 我家天碧: one of the household, not that person. */
const ofHome = start(
  `(?:家|屋头|屋里)的?(?!${countPattern}|${goes}|${outPattern}|人|里)(?:属|\\p{Script=Han}{2,3}?|(?<=的))(?=$|[^\\p{Script=Han}]|${countPattern})`,
);
/** 我女儿小花: a relative whom the registry doesn't know by that name. */
const kinCalled = start(
  `${kinPattern}(?!${kinPattern})([\\p{Script=Han}]{2,3}?)(?=$|[^\\p{Script=Han}]|${countPattern}|${goes})`,
);
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
/** Where the pattern ends that stands at `at`; `at` itself when it doesn't. */
export const endOf = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  return found === null ? at : at + found[0].length;
};

export const matches = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

/** Where on a line somebody stands; `end`: what follows. */
export interface Found {
  readonly who: Who;
  readonly end: number;
}

/**
 * Reads who stands at a place of a line. `joined`: what stands between it and the one before, '' at first. Null:
 * nobody.
 */
export type WhoReader = (begin: number, joined: string) => Found | null;

/** A word that several bear is the sender's if the sender is among them. */
export const chosen = (ids: readonly string[], from: string): Pick<Who, 'ids' | 'shared'> =>
  ids.length > 1 && ids.includes(from) ? { ids: [from], shared: true } : { ids };

/** A reader of one line as written by `from`. */
export function whoReader(line: Line, room: Room, from: string): WhoReader {
  const text = line.plain;
  const end = (pattern: RegExp, at: number): number => endOf(pattern, text, at);
  const match = (pattern: RegExp, at: number): RegExpExecArray | null => matches(pattern, text, at);
  const self = from.startsWith('wx:') ? [] : [from];
  const make = (at: number, to: number, ids: readonly string[], how: Who['how']): Found => ({
    who: { word: line.raw.slice(at, to).trim(), ...chosen(ids, from), how },
    end: to,
  });

  /** (唐仕林) or 唐仕林 behind a nickname. */
  function bracketed(at: number): { ids: readonly string[]; end: number; inBrackets: boolean } | null {
    const open = end(opening, at);
    const named = room.nameAt(text, open);
    if (named === null || open === at) return null;
    return { ids: named.ids, end: end(closing, named.end), inBrackets: /[([【]/u.test(text.slice(at, named.end)) };
  }

  /** A registered name, perhaps with another name of the same person or a relative behind it. */
  function readNamed(at: number): Found | null {
    const named = room.nameAt(text, at);
    if (named === null) return null;
    const length = named.end - at;
    const of = match(relative, named.end);
    const free = of !== null || match(bound, named.end) !== null;
    if (!free && (length < 3 || (!named.full && length < 4)) && room.nameAt(text, named.end) === null) return null;
    if (of !== null && match(spaced, named.end) === null) {
      const whose = chosen(named.ids, from).ids;
      const ids = [...new Set(whose.flatMap((id) => room.kin(of[1] ?? '', id)))];
      return { who: { ...make(at, named.end + of[0].length, [], 'named').who, ids }, end: named.end + of[0].length };
    }
    const away = end(ofHome, named.end);
    if (away > named.end) return make(at, away, [], 'named');
    const second = bracketed(named.end);
    const same = second === null ? [] : named.ids.filter((id) => second.ids.includes(id));
    if (second !== null && same.length > 0) return make(at, second.end, same, 'named');
    const found = make(at, named.end, named.ids, 'named');
    const plural = match(wholeHome, named.end) !== null;
    return plural ? { who: { ...found.who, plural: true }, end: named.end + 1 } : found;
  }

  /** 我女儿何晓红: the name tells. */
  function nameBehindKin(at: number): Found | null {
    const to = end(anyKin, at);
    const named = to === at ? null : room.nameAt(text, to);
    if (named === null) return null;
    const near = room.kin(text.slice(at, to), from);
    const ids = named.ids.filter((id) => near.includes(id));
    if (ids.length > 0) return make(at, named.end, ids, 'named');
    return named.full ? readNamed(to) : null;
  }

  /** 我, 我妈, 我屋头周天才. */
  function readOwn(at: number, mine: string, adds: boolean, joined: string): Found | null {
    const after = at + mine.length;
    const inside = end(home, after);
    const named = readNamed(inside) ?? nameBehindKin(inside);
    if (named !== null) return named;
    const of = match(kin, inside) ?? match(stranger, inside);
    if (of !== null) return adds ? null : make(at, inside + of[0].length, room.kin(of[1] ?? '', from), 'kin');
    const called = match(kinCalled, inside);
    if (called !== null && likeness(called[1] ?? '') !== null) return make(at, inside + called[0].length, [], 'kin');
    const away = end(ofHome, after);
    if (away > after) return make(at, away, [], 'kin');
    if (joined === ' ' || joined.startsWith('带')) return null;
    const beside = bracketed(after);
    const own = beside !== null && (beside.inBrackets || beside.ids.includes(from)) ? beside : null;
    const another = own !== null && own.ids.length === 1 && !own.ids.includes(from);
    const found = make(at, after, another ? own.ids : self, 'self');
    const plural = /们/u.test(mine) || match(wholeHome, after) !== null;
    return { who: plural ? { ...found.who, plural: true } : found.who, end: own?.end ?? after };
  }

  /** A name that the registry doesn't know, perhaps with one that it knows in brackets. */
  function readGuest(at: number, joined: string): Found | null {
    const rest = text.slice(at);
    const cut = tokenEnd.exec(rest.slice(1));
    const token = cut === null ? rest : rest.slice(0, cut.index + 1);
    const to = at + token.length;
    const [, whose = '', word] = relativeOfGuest.exec(token) ?? [];
    const asRelative = word !== undefined && likeness(whose) === 'strong' && /[家屋的]/u.test(token);
    const how = asRelative ? 'strong' : likeness(token);
    if (how === null || (how === 'weak' && joined !== '' && !/^[、,和跟与及]$/u.test(joined))) return null;
    const second = bracketed(to);
    return second?.inBrackets === true ? make(at, second.end, second.ids, 'named') : make(at, to, [], how);
  }

  return (begin, joined) => {
    const at = end(lead, begin);
    // Alone it counts the sender: +1 is one person.
    if (joined === '' && match(plus, at) !== null) return { ...make(at, text.length, self, 'self'), end: at + 1 };
    // 和老婆, 带我妈 add to the one before.
    const adds = /^(?:[+和跟与及同]|加上?|再加上?|带起?|还有|以及)$/u.test(joined);
    const titled = end(office, at);
    const named = readNamed(at) ?? (titled > at ? readNamed(titled) : null);
    if (named !== null) return named;
    const mine = match(me, at);
    if (mine !== null) return readOwn(at, mine[0], adds, joined);
    const behind = nameBehindKin(at);
    if (behind !== null) return behind;
    const of = match(kin, at);
    if (of === null) return readGuest(at, joined);
    if (adds || joined === ' ') return null;
    const to = at + of[0].length;
    const own = bracketed(to);
    return own === null ? make(at, to, room.kin(of[1] ?? '', from), 'kin') : make(at, own.end, own.ids, 'named');
  };
}
