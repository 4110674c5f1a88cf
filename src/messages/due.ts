import type { Collection } from '../platform/store/port.ts';
import type { OutboxRow } from './messages.model.ts';

/** Rows of one priority that are looked at together. */
export const batch = 50;

/** The room, or `@` and the person. */
export const chatOf = (row: OutboxRow): string => row.room ?? `@${row.person ?? ''}`;
export const answers = (row: OutboxRow): boolean => row.priority === 0;

/** What waits in the outbox. */
export interface Due {
  /** What is due, in the order of priority, and when more will be; beyond a full batch nothing is looked at. */
  look(now: Date): Promise<{ waiting: OutboxRow[]; later: Date | null }>;
  /** Somebody planned something, or it has to wait anew. */
  planned(): void;
  /** Whether an answer waits in that chat, as far as this process was told; too many to look at: yes. */
  answersAhead(chat: string): Promise<boolean>;
}

export function createDue(rows: Collection<OutboxRow>): Due {
  /** Nothing was planned since a look that found no answer. */
  let none = false;
  let times = 0;
  return {
    async look(now) {
      const waiting: OutboxRow[] = [];
      let later: Date | null = null;
      const before = times;
      for (const priority of [0, 1, 2]) {
        const found = await rows.find(
          { state: 'queued', priority },
          { sort: { notBefore: 1, order: 1 }, limit: batch },
        );
        if (priority === 0) none = found.length === 0 && times === before;
        for (const row of found) {
          if (row.notBefore <= now) waiting.push(row);
          else if (later === null || row.notBefore < later) later = row.notBefore;
        }
        if (waiting.length >= batch) break;
      }
      return { waiting, later };
    },
    planned() {
      none = false;
      times++;
    },
    async answersAhead(chat) {
      if (none) return false;
      const ahead = await rows.find({ state: 'queued', priority: 0 }, { limit: batch });
      return ahead.length >= batch || ahead.some((other) => chatOf(other) === chat);
    },
  };
}
