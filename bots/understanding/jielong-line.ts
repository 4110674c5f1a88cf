import type { Line } from './jielong-text.ts';
import type { Room } from './jielong-room.ts';
import { kinPattern, outPattern, readTail, type Tail } from './jielong-tail.ts';
import { chosen, endOf, matches, start, whoReader, type Found, type Who } from './jielong-who.ts';

export type { Who } from './jielong-who.ts';

/** What a line says. */
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

const nextKin = start(`我?${kinPattern}`);
const stays = start(`(?:\\s|,|也|又|临时|那天|今天|有事)*${outPattern}`);
const joint = start('\\s*(?:、|,|;|/|&|\\+|和|跟|与|及|同|以及|还有|再加上?|加上|加|带起?|\\s)\\s*');

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
  const whole = join(given);
  const line = { raw: whole.raw.slice(0, 200), plain: whole.plain.slice(0, 200) };
  const text = line.plain;
  const readWho = whoReader(line, room, from);
  if (nothing.test(text)) return null;
  const crossed = /^\s*[【[(]?\s*(?:取消|删除?|退出|作废)\s*[】\])]?\s*:?/u.exec(text)?.[0] ?? '';
  const whos: Who[] = [];
  let at = crossed.length;
  let tailAt = at;
  for (let joined = ''; whos.length < 12;) {
    const found = readWho(at, joined);
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
