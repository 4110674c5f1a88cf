import { readLine, type Parsed } from './jielong-line.ts';
import type { Room } from './jielong-room.ts';
import { readTail } from './jielong-tail.ts';
import type { Line } from './jielong-text.ts';

export interface Sentence {
  readonly parsed: readonly Parsed[];
  /** What doesn't say who comes: it may name the activity. */
  readonly rest: string;
}

const asks = /[?]|吗|咋|怎么|哪|啥|什么|几点|好久|为何|没得$|不会|弄不|看不|点不|错了/u;

/** About the list itself: 何光群都接了. */
const remark = /接[了过的起]|接龙/u;

/**
 * 接龙 我也去 我跟我老汉儿两个人: who comes, said without a list. Only people whom the registry knows, the sender,
 * or relatives; a question or a remark says nobody.
 */
export function readSentence(line: Line, room: Room, from: string, isTopic: (word: string) => boolean): Sentence {
  const parsed: Parsed[] = [];
  const rest: string[] = [];
  let last = '';
  for (const { 0: raw, index } of line.raw.matchAll(/[^\s,，。;；!！~]+/gu)) {
    const plain = line.plain.slice(index, index + raw.length);
    const found = asks.test(plain) || remark.test(plain) ? null : readClause({ raw, plain }, room, from, isTopic);
    if (found !== null) {
      parsed.push(found.parsed);
      last = plain.slice(found.at);
      if (found.at > 0) rest.push(plain.slice(0, found.at));
      continue;
    }
    const tail = readTail(plain);
    const counts = tail.steps.length > 0 && tail.rest === '' && /[个人位口俩仨]/u.test(plain);
    if (counts && parsed.length === 1 && parsed[0]?.whos.length === 1) {
      // 我 … 一共三个: the number belongs to the only one who was named.
      const both = `${last} ${plain}`;
      const again = readLine({ raw: both, plain: both }, room, from);
      if (again !== null) parsed.splice(0, 1, again);
    } else if (!counts) rest.push(plain);
  }
  if (parsed.length === 0) {
    // 接龙 取消, without a name: the sender.
    const { out, rest: strange } = readTail(line.plain);
    const own =
      out && strange === '' ? readLine({ raw: `我 ${line.raw}`, plain: `我 ${line.plain}` }, room, from) : null;
    if (own !== null) return { parsed: [own], rest: '' };
  }
  return asks.test(line.plain) ? { parsed: [], rest: line.plain } : { parsed, rest: rest.join(' ') };
}

/** Who comes, said by one clause; a few words about what it is may stand before (扯草我妈去). */
function readClause(
  line: Line,
  room: Room,
  from: string,
  isTopic: (word: string) => boolean,
): { parsed: Parsed; at: number } | null {
  for (let at = 0; at <= Math.min(8, line.plain.length - 1); at++) {
    if (/[是给跟叫喊让问找等看和]$/u.test(line.plain.slice(0, at))) return null;
    if (at > 0 && !/^[我俺]/u.test(line.plain.slice(at)) && room.nameAt(line.plain, at) === null) continue;
    const parsed = readLine({ raw: line.raw.slice(at), plain: line.plain.slice(at) }, room, from);
    if (parsed !== null && sure(parsed, isTopic)) return { parsed, at };
  }
  return null;
}

const sure = ({ whos, tail }: Parsed, isTopic: (word: string) => boolean): boolean =>
  (tail.rest.length <= 1 || isTopic(tail.rest)) &&
  !tail.asks &&
  !tail.chat &&
  whos.every(({ how }, n) => how !== 'weak' && (how !== 'strong' || n > 0));
