/**
 * Days and times of day in Asia/Shanghai. A day is a string `YYYY-MM-DD`, a time of day `HH:mm`; both
 * compare by their bytes. China has one time zone and has kept UTC+8 without daylight saving since
 * September 1991, so a fixed offset is exact for every instant this service deals with, and needs no
 * time-zone data on the machine.
 */
const offset = 8 * 60 * 60 * 1000;
const dayLength = 24 * 60 * 60 * 1000;
const shape = /^\d{4}-\d{2}-\d{2}$/;

/** The day as midnight UTC in milliseconds; null when there is no such day. */
function midnight(text: string): number | null {
  if (!shape.test(text)) return null;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8))];
  // `Date.UTC` would take the years 0 to 99 for those of the last century.
  const at = year < 100 ? new Date(`${text}T00:00:00Z`) : new Date(Date.UTC(year, month - 1, day));
  return at.getUTCMonth() + 1 === month && at.getUTCDate() === day ? at.getTime() : null;
}

/** Whether the text is a day that exists (`2026-02-29` is not one). */
export function isDay(text: string): boolean {
  return midnight(text) !== null;
}

/** Whether the text is a time of day `HH:mm`, 00:00 to 23:59. */
export function isTime(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
}

/** The day as midnight UTC in milliseconds; RangeError when there is no such day. */
function parse(date: string): number {
  const at = midnight(date);
  if (at === null) throw new RangeError('not a day (YYYY-MM-DD)');
  return at;
}

/** Year, month 1–12 and day 1–31; RangeError when there is no such day. */
export function partsOf(date: string): { year: number; month: number; day: number } {
  const at = new Date(parse(date));
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
}

/** `YYYY-MM-DD` of year, month 1–12 and day; null when there is no such day. */
export function dayOf(year: number, month: number, day: number): string | null {
  const pad = (n: number, width: number): string => String(n).padStart(width, '0');
  const date = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
  return isDay(date) ? date : null;
}

/** The day in the village at that instant, `YYYY-MM-DD`. */
export function localDate(at: Date): string {
  return new Date(at.getTime() + offset).toISOString().slice(0, 10);
}

/** The time of day in the village at that instant, `HH:mm`; seconds are cut off. */
export function localTime(at: Date): string {
  const minutes = Math.floor((at.getTime() + offset) / 60_000) % 1440;
  if (Number.isNaN(minutes)) throw new RangeError('not an instant');
  const ofDay = minutes < 0 ? minutes + 1440 : minutes;
  const [hour, minute] = [Math.floor(ofDay / 60), ofDay % 60];
  return `${hour < 10 ? '0' : ''}${hour}:${minute < 10 ? '0' : ''}${minute}`;
}

/** The instant of a day (`YYYY-MM-DD`) and a time of day (`HH:mm`) in the village; RangeError for nonsense. */
export function atLocal(date: string, time: string): Date {
  if (!isTime(time)) throw new RangeError('not a time of day (HH:mm)');
  const minutes = Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  return new Date(parse(date) + minutes * 60_000 - offset);
}

/** The day `n` days later (earlier when negative). */
export function addDays(date: string, n: number): string {
  return new Date(parse(date) + n * dayLength).toISOString().slice(0, 10);
}

/** Days from `from` to `to`: 1 for tomorrow, negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((parse(to) - parse(from)) / dayLength);
}

/** 0 Sunday … 6 Saturday. */
export function weekdayNumber(date: string): number {
  return new Date(parse(date)).getUTCDay();
}

/** 周一 … 周日. */
export function weekdayOf(date: string): string {
  return `周${'日一二三四五六'.charAt(weekdayNumber(date))}`;
}

/** How many days the solar month has. */
export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
