import { parseCount, parseSpokenDigits, toHalfWidth } from '../numerals.ts';
import { addDays, dayOf, daysBetween, localDate, partsOf, weekdayNumber, weekdayOf } from './day.ts';
import { lunarOf, solarOf } from './lunar.ts';

/** A text and how far it has been read. */
export interface Reader {
  readonly text: string;
  pos: number;
}

/** Half-width, character for character, so that positions stay those of the text as given. */
export function readerOf(text: string): Reader {
  return { text: toHalfWidth(text).replace(/〜|～/g, '~').replace(/−/g, '-'), pos: 0 };
}

/** What the pattern (sticky) finds at the reader's place; moves on when it does. */
export function take(reader: Reader, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = reader.pos;
  const found = pattern.exec(reader.text);
  if (found !== null) reader.pos = pattern.lastIndex;
  return found;
}

const spoken = '[零〇一二三四五六七八九十两]';
const weekName = '(?:周|星期|礼拜)';
const lunarNumber: Readonly<Record<string, number>> = { 正: 1, 冬: 11, 腊: 12 };

type Form = (reader: Reader, today: string) => string | null | undefined;

/** No year said: this year's day, or next year's when this year's is more than six months past. */
function nearest(month: number, day: number, today: string): string | null {
  const year = partsOf(today).year;
  const candidate = dayOf(year, month, day);
  if (candidate === null) return null;
  return daysBetween(candidate, today) > 183 ? dayOf(year + 1, month, day) : candidate;
}

const withYear: Form = (reader, today) => {
  const found =
    take(reader, /(\d{4})-(\d{1,2})-(\d{1,2})(?:T(?=\d)|(?!\d))/y) ??
    take(reader, /(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?!\d)/y) ??
    take(
      reader,
      /(\d{4}|[二〇零一三四五六七八九]{4}|今|明)年\s*(\d{1,2}|[一二三四五六七八九十]+)月\s*(\d{1,2}|[一二三四五六七八九十]+)[日号]/y,
    );
  if (found === null) return undefined;
  const [, year = '', month = '', day = ''] = found;
  const thisYear = partsOf(today).year;
  const spelled = year === '今' ? thisYear : year === '明' ? thisYear + 1 : Number(parseSpokenDigits(year));
  return dayOf(spelled, parseCount(month) ?? 0, parseCount(day) ?? 0);
};

const withMonth: Form = (reader, today) => {
  const found =
    take(reader, /(\d{1,2})月\s*(\d{1,2})(?:[日号]|(?=[\s上下早晚中凌傍(周星礼]))/y) ??
    take(reader, new RegExp(`(${spoken}+)月(${spoken}+)[日号]`, 'y')) ??
    take(reader, /(\d{1,2})[/.-](\d{1,2})(?=\s+\S)/y);
  if (found === null) return undefined;
  return nearest(parseCount(found[1] ?? '') ?? 0, parseCount(found[2] ?? '') ?? 0, today);
};

/** 农历二月初三, 腊月廿三, 闰六月初一. Without 农历 only where nobody could mean a solar date. */
const lunar: Form = (reader, today) => {
  const named = take(
    reader,
    /(?:农历|阴历|旧历)\s*(闰?)([正冬腊一二三四五六七八九十]+)月(初[一二三四五六七八九十]|[一二三四五六七八九十廿]+)日?/y,
  );
  const plain = /(闰?)([正冬腊一二三四五六七八九十]+)月(初[一二三四五六七八九十]|廿[一二三四五六七八九]?)/y;
  const found =
    named ??
    take(reader, plain) ??
    take(reader, /((?=[闰正冬腊])闰?)([正冬腊一二三四五六七八九十]+)月([一二三四五六七八九十]+)日?/y);
  if (found === null) return undefined;
  const [, leapSign, monthText = '', dayText = ''] = found;
  const month = lunarNumber[monthText] ?? parseCount(monthText);
  const day = parseCount(dayText.replace('初', ''));
  if (month === null || day === null || month > 12) return null;
  const leap = leapSign === '闰';
  const year = lunarOf(today).year;
  const candidate = solarOf({ year, month, day, leap });
  if (candidate === null) return null;
  return daysBetween(candidate, today) > 183 ? solarOf({ year: year + 1, month, day, leap }) : candidate;
};

const relative: Form = (reader, today) => {
  const found = take(reader, /(今天|今日|明天|明日|大后天|后天|今(?=[早晚])|明(?=[早晚]))/y);
  if (found === null) return undefined;
  const [word = ''] = found;
  return addDays(today, word === '大后天' ? 3 : word === '后天' ? 2 : word.startsWith('明') ? 1 : 0);
};

/** Weeks begin on Monday. A bare weekday is the next one ahead; on that very weekday it could be two days. */
const weekday: Form = (reader, today) => {
  const found =
    take(reader, /(这周|本周|这个?星期|这个?礼拜|本星期|下周|下个?星期|下个?礼拜)([一二三四五六日天])/y) ??
    take(reader, new RegExp(`(${weekName})([一二三四五六日天])`, 'y'));
  if (found === null) return undefined;
  const [, front = '', sign = ''] = found;
  const index = '一二三四五六日'.indexOf(sign === '天' ? '日' : sign);
  const monday = addDays(today, -((weekdayNumber(today) + 6) % 7));
  if (front.startsWith('下个')) return null;
  if (/^[这本]/.test(front)) return addDays(monday, index);
  if (front.startsWith('下')) return addDays(monday, index + 7);
  const day = addDays(monday, index);
  if (day === today) return null;
  return day > today ? day : addDays(day, 7);
};

/** A day of this month (21号), from today on; what has passed could be either month's. */
const dayAlone: Form = (reader, today) => {
  const found = take(reader, new RegExp(`(本月|这个月|下个?月)?\\s*(\\d{1,2}|${spoken}+)[日号]`, 'y'));
  if (found === null) return undefined;
  const { year, month } = partsOf(today);
  const day = parseCount(found[2] ?? '') ?? 0;
  if (found[1]?.startsWith('下') === true) return month === 12 ? dayOf(year + 1, 1, day) : dayOf(year, month + 1, day);
  const date = dayOf(year, month, day);
  return found[1] === undefined && date !== null && date < today ? null : date;
};

const forms: readonly Form[] = [withYear, lunar, withMonth, relative, weekday, dayAlone];

/** A weekday or lunar date beside the date (in brackets or not) must agree with it. */
function agrees(reader: Reader, date: string): boolean {
  const beside = take(reader, /\s*\(([^()]*)\)/y);
  const words = beside === null ? [] : (beside[1] ?? '').split(/[,、\s]+/).filter((word) => word !== '');
  const bare = take(reader, new RegExp(`[\\s,]*${weekName}[一二三四五六日天]`, 'y'));
  if (bare !== null) words.push(bare[0].replace(/^[\s,]+/, ''));
  return words.every((word) => {
    const said = new RegExp(`^${weekName}([一二三四五六日天])$`).exec(word)?.[1];
    if (said !== undefined) return weekdayOf(date) === `周${said === '天' ? '日' : said}`;
    if (/^\d+月\d+[日号]$/.test(word)) return withMonth(readerOf(word), date) === date;
    return lunarOf(date).text === word.replace(/^(?:农历|阴历|旧历)/, '');
  });
}

/** Reads a day at the reader's place: `YYYY-MM-DD`, or null (the reader may have moved). */
export function readDay(reader: Reader, today: string): string | null {
  for (const form of forms) {
    const start = reader.pos;
    const date = form(reader, today);
    if (date === undefined) {
      reader.pos = start;
      continue;
    }
    return date !== null && agrees(reader, date) ? date : null;
  }
  return null;
}

/**
 * The day that a cadre wrote: 3月21日, 3月21日(周六), 2026-03-21, 明天, 周六, 下周三, 21号, 农历二月初三 …
 * Null when it is none, doesn't exist, contradicts itself, or could be two days.
 */
export function parseDay(text: string, now: Date): string | null {
  const reader = readerOf(text.trim());
  const date = readDay(reader, localDate(now));
  return reader.pos === reader.text.length ? date : null;
}
