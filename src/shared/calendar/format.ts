import { localDate, localTime, partsOf, weekdayOf } from './day.ts';
import { lunarOf } from './lunar.ts';

/** A day for people: `3月21日(周六,二月初三)`; with the year in front when it is not that of `now`. */
export function formatDate(date: string, now?: Date): string {
  const { year, month, day } = partsOf(date);
  const front = now !== undefined && partsOf(localDate(now)).year !== year ? `${year}年` : '';
  return `${front}${month}月${day}日(${weekdayOf(date)},${lunarOf(date).text})`;
}

/** The instant's day for people: `3月21日(周六,二月初三)`. */
export function formatDay(at: Date, now?: Date): string {
  return formatDate(localDate(at), now);
}

/** The time of day for people, without a leading zero: `8:30`. */
export function formatTime(at: Date): string {
  return localTime(at).replace(/^0/, '');
}

/** Day and time for people: `3月21日(周六,二月初三)8:30`. */
export function formatWhen(at: Date, now?: Date): string {
  return `${formatDay(at, now)}${formatTime(at)}`;
}

/** From–to for people; the second day is named only when it is another: `3月21日(周六,二月初三)8:30–11:00`. */
export function formatSpan(start: Date, end: Date, now?: Date): string {
  const same = localDate(start) === localDate(end);
  return `${formatWhen(start, now)}–${same ? formatTime(end) : formatWhen(end, now)}`;
}
