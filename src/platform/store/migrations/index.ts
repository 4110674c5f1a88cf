import { inboxAttempts } from './0001-inbox-attempts.ts';
import type { Migration } from './migration.ts';

/** All of them, in order; the newest one's number is the schema version of this program. */
export const migrations: readonly Migration[] = [inboxAttempts];
