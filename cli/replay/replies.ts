import type { OutboxRow } from '../../src/messages/index.ts';
import { memberOf } from './cast.ts';

/** One thing said, in the terms of the transcript. Reminders, offers and news have one row per person. */
export interface ReplyRow {
  readonly at: string;
  readonly room: string | null;
  readonly to: string | null;
  readonly kind: OutboxRow['kind'];
  readonly inReplyTo: string | null;
  readonly text: string;
  readonly activity?: string;
  readonly feedback?: string;
  readonly notice?: string;
  readonly when?: string;
  readonly what?: string;
}

const subjects = ['activity', 'feedback', 'notice', 'when', 'what'] as const;
/** Facts of a reminder: `activity:<id>` → when, and the persons. */
const perActivity = 'activity:';
const perPerson = new Set<OutboxRow['kind']>(['reminder', 'offer', 'news']);

/** The message id without the channel's name before it. */
export const bare = (id: string): string => id.replace(/^[a-z]+:/, '');

/** `2026-03-18T10:40:00+08:00`. */
export function instantText(at: Date): string {
  return `${new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
}

const plain = (row: OutboxRow, person: string | null): ReplyRow => ({
  at: instantText(row.sentAt ?? row.createdAt),
  room: row.room,
  to: person === null ? null : memberOf(person),
  kind: row.kind,
  inReplyTo: row.inReplyTo === null ? null : bare(row.inReplyTo),
  text: row.text,
});

/** Rows that were said, in the order in which they were said. */
export function replyRows(rows: readonly OutboxRow[]): ReplyRow[] {
  return rows
    .filter(({ state, sentAt }) => state === 'sent' && sentAt !== null)
    .toSorted((a, b) => (a.sentAt?.getTime() ?? 0) - (b.sentAt?.getTime() ?? 0) || a.order - b.order)
    .flatMap((row) => {
      const addressed = row.person === null ? row.mentions : [row.person];
      const reminded = Object.entries(row.facts).filter(([key]) => key.startsWith(perActivity));
      if (reminded.length > 0) {
        return reminded.flatMap(([key, value]) => {
          const [when = '', ...people] = value.split(' ');
          const activity = key.slice(perActivity.length);
          return people
            .filter((person) => addressed.includes(person))
            .map((person) => ({ ...plain(row, person), activity, when }));
        });
      }
      const facts: Record<string, string> = {};
      for (const key of subjects) {
        const value = row.facts[key];
        if (value !== undefined) facts[key] = key === 'feedback' ? bare(value) : value;
      }
      const persons = perPerson.has(row.kind) && addressed.length > 0 ? addressed : [addressed[0] ?? null];
      return persons.map((person) => ({ ...plain(row, person), ...facts }));
    });
}
