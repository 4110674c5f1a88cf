import { addWorkingDays, atLocal, localDate, type HolidayTable } from '../shared/calendar/index.ts';
import type { Category } from './feedback.model.ts';

/** How long the village has for an answer, in working days after the day of filing. A village may bring its own. */
export type Limits = Readonly<Record<Category, number>>;

export const defaultLimits: Limits = {
  道路交通: 5,
  水电通信: 2,
  环境卫生: 3,
  社会保障: 7,
  邻里纠纷: 5,
  土地房屋: 15,
  农业生产: 5,
  治安安全: 2,
  文教医疗: 5,
  干部作风: 10,
  其他: 5,
};

/** The holiday tables that count in this village. */
export type Holidays = () => Promise<readonly HolidayTable[]>;

/** A limit ends with the office day. */
const endOfDay = '18:00';
/** On the morning of the last day the owner is reminded. */
const reminder = '09:00';

/** The instant by which an answer is due: so many working days after that day, at the end of the office day. */
export function dueAfter(at: Date, workingDays: number, holidays: readonly HolidayTable[]): Date {
  return atLocal(addWorkingDays(localDate(at), workingDays, holidays), endOfDay);
}

/** When the owner is reminded of that limit. */
export function remindAt(due: Date): Date {
  return atLocal(localDate(due), reminder);
}

/** A resolved report that nobody rates is closed after so many days. */
export const daysToClose = 10;
/** Near-duplicates are looked for among the reports of so many days. */
export const daysOfDuplicates = 7;
