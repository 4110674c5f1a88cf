import { reminders } from './reminders.model.ts';

export type { Reminder } from './reminders.model.ts';
export { createReminders, reminderQueue, type DueReminder, type Reminders } from './reminders.service.ts';

/** Everything that reminders keep, for opening the store. */
export const reminderCollections = [reminders];
