import { parseCount } from '../numerals.ts';
import { addDays, atLocal, localDate } from './day.ts';
import { readDay, readerOf, take } from './parse-day.ts';
import type { Reader } from './parse-day.ts';

/** A time as it was written. `end` only when one was written. */
export interface When {
  readonly start: Date;
  readonly end?: Date;
}

/** Hours of the day (from–to, as on a 24-hour clock) for which people use the word. */
const halves: Readonly<Record<string, readonly [number, number]>> = {
  凌晨: [0, 5],
  清晨: [4, 8],
  清早: [4, 9],
  早上: [4, 11],
  早晨: [4, 11],
  早: [4, 11],
  上午: [6, 11],
  中午: [11, 14],
  下午: [12, 19],
  傍晚: [16, 20],
  晚上: [17, 23],
  晚间: [17, 23],
  晚: [17, 23],
};
const words = Object.keys(halves).join('|');
const number = '(\\d{1,2}|[零〇一二三四五六七八九十两]+)';
const digital = /(\d{1,2}):(\d{2})(?::00)?(?![\d:])/y;
const spoken = new RegExp(
  `${number}[点时](?:钟|整|(半)|([一三13])刻|(?:零|过)?${number}分|(\\d{2}|[二三四五]?十[一二三四五六七八九]?|零[一二三四五六七八九])(?![\\d分]))?`,
  'y',
);
const range = /\s*(?:-{1,2}|–|—{1,2}|~{1,2}|至|到)\s*/y;

const gap = /[\s,的]*/y;

interface Clock {
  /** Hour and minute as written. */
  readonly hour: number;
  readonly minute: number;
  /** The word for the part of the day (下午), if one was written. */
  readonly half: string | null;
  /** Written as on a 24-hour clock (08:30, 14:00). */
  readonly digital: boolean;
  readonly padded: boolean;
}

function readClock(reader: Reader): Clock | null {
  const half = take(reader, new RegExp(`(${words})\\s*`, 'y'))?.[1] ?? null;
  const exact = take(reader, digital);
  if (exact !== null) {
    const [, hour = '', minute = ''] = exact;
    return valid({ hour: Number(hour), minute: Number(minute), half, digital: true, padded: hour.startsWith('0') });
  }
  const said = take(reader, spoken);
  if (said === null) return null;
  const [, hour = '', halfHour, quarter, minutes, loose] = said;
  const read = (): number | null => {
    if (halfHour !== undefined) return 30;
    if (quarter !== undefined) return quarter === '三' || quarter === '3' ? 45 : 15;
    const text = minutes ?? loose;
    return text === undefined ? 0 : parseCount(text.replace(/^[零〇]/, ''));
  };
  const [h, m] = [parseCount(hour), read()];
  if (h === null || m === null) return null;
  return valid({ hour: h, minute: m, half, digital: false, padded: false });
}

function valid(clock: Clock): Clock | null {
  return clock.hour <= 23 && clock.minute <= 59 ? clock : null;
}

/** `HH:mm`, or null when it could be morning or evening. */
function timeOf({ hour, minute, half, digital: exact, padded }: Clock): string | null {
  if (half !== null) {
    const [from, to] = halves[half] ?? [0, 23];
    const fitting = (hour < 12 ? [hour, hour + 12] : [hour]).filter((h) => h >= from && h <= to);
    return fitting.length === 1 && fitting[0] !== undefined ? format(fitting[0], minute) : null;
  }
  // 8:30 is read as on a clock; nobody meets at 3:00 in the night, and 3点 or 8点 may be either half.
  if (exact) return hour >= 1 && hour <= 5 && !padded ? null : format(hour, minute);
  return hour >= 12 || hour === 0 ? format(hour, minute) : null;
}

function format(hour: number, minute: number): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

/** A span within one day is no longer than this when its end doesn't say 上午 or 下午. */
const longest = 8 * 60 * 60 * 1000;

/** The end of a span that begins at `start`; null when it isn't clear or isn't later. */
function readEnd(reader: Reader, date: string, start: Date, first: Clock): Date | null {
  const at = reader.pos;
  const named = readDay(reader, date);
  if (named === null) reader.pos = at;
  else take(reader, gap);
  const next = named === null && take(reader, /(?:次日|第二天)\s*/y) !== null;
  const clock = readClock(reader);
  if (clock === null) return null;
  const day = named ?? (next ? addDays(date, 1) : date);
  const asWritten = next && clock.digital && clock.half === null ? format(clock.hour, clock.minute) : timeOf(clock);
  if (day !== date || clock.half !== null) return asWritten === null ? null : after(start, atLocal(day, asWritten));
  const same = first.half === null && first.digital && clock.digital;
  const hours = same || clock.hour >= 12 ? [clock.hour] : [clock.hour, clock.hour + 12];
  const ends = hours
    .map((hour) => atLocal(date, format(hour, clock.minute)))
    .filter((end) => after(start, end) !== null);
  const end = ends[0];
  if (end === undefined) return null;
  return same || end.getTime() - start.getTime() <= longest ? end : null;
}

function after(start: Date, end: Date): Date | null {
  return end.getTime() > start.getTime() ? end : null;
}

function readWhen(reader: Reader, now: Date): When | null {
  const date = readDay(reader, localDate(now));
  if (date === null) return null;
  take(reader, gap);
  const clock = readClock(reader);
  const time = clock === null ? null : timeOf(clock);
  if (clock === null || time === null) return null;
  const start = atLocal(date, time);
  if (take(reader, range) === null) return { start };
  const end = readEnd(reader, date, start, clock);
  return end === null ? null : { start, end };
}

/**
 * The time that a cadre wrote: `3月21日 8:30`, `3月21日8:30-11:00`, `2026-03-21 08:30`, `明天下午3点`,
 * `周六 8:30`, `三月二十一日上午八点半`, and as the bot itself writes it: `3月21日(周六,二月初三)8:30`.
 * Without a year it is this year's day, next year's when this year's is more than six months past; a time
 * that has passed is returned for the caller to refuse. Null, never a guess, when the text is anything else,
 * contradicts itself (a wrong weekday), or could be two times: 3点 without 上午 or 下午, 下个周六, 周六 on a
 * Saturday, a day of the month that has passed.
 */
export function parseWhen(text: string, now: Date): When | null {
  const reader = readerOf(text.trim());
  const when = readWhen(reader, now);
  take(reader, /\s*(?:准时)?(?:开始|集合)?[.。]?/y);
  return reader.pos === reader.text.length ? when : null;
}

const edges = /^[\s,;。、\uff0c\uff1b]+|[\s,;。、\uff0c\uff1b]+$/g;

/**
 * Finds the one time in `改期 桂花园除草 3月22日 8:30 下雨`: what stands before it, and after it. The time must
 * stand apart (space, comma or line break). Null when there is none, or more than one.
 */
export function splitWhen(text: string, now: Date): { before: string; when: When; after: string } | null {
  let found: { before: string; when: When; after: string } | null = null;
  const reader = readerOf(text);
  for (let at = 0; at < text.length; at++) {
    if (at > 0 && !/[\s,;。、到为]/.test(reader.text.charAt(at - 1))) continue;
    reader.pos = at;
    const when = readWhen(reader, now);
    const end = reader.pos;
    if (when === null || (end < text.length && !/[\s,;。、]/.test(reader.text.charAt(end)))) continue;
    if (found !== null) return null;
    const front = text
      .slice(0, at)
      .replace(edges, '')
      .replace(/改[到为至成]$/, '');
    found = { before: front.replace(edges, ''), when, after: text.slice(end).replace(edges, '') };
    at = end;
  }
  return found;
}
