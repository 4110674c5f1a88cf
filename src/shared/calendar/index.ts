/** Days, times, the lunar calendar, holidays and what a village adds to them. All times are Asia/Shanghai. */
export * from './day.ts';
export * from './format.ts';
export * from './holidays.ts';
export * from './lunar.ts';
export * from './village.ts';
export * from './working-days.ts';
export { officeHours, officeHoursFrom } from './office-hours.ts';
export { parseDay } from './parse-day.ts';
export * from './parse-when.ts';
export * from './recurrence.ts';
