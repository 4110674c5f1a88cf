import type { Clock } from '../platform/clock.ts';
import type { Activity } from './activities.model.ts';
import type { Book } from './book.ts';

export interface PastQueries {
  /** Begun or called off, the latest end first; `after` is the last one seen. */
  past(page: { after: string | null; limit: number }): Promise<Activity[]>;
}

export function createPast({ book, clock }: { book: Pick<Book, 'activities'>; clock: Clock }): PastQueries {
  return {
    async past({ after, limit }) {
      const now = clock.now();
      const found: Activity[] = [];
      let last = after === null ? null : await book.activities.get(after);
      for (;;) {
        const options = { sort: { endsAt: -1 }, limit: 100 } as const;
        const rows = await book.activities.find(
          { endsAt: { $gt: new Date(0) } },
          last === null ? options : { ...options, after: last },
        );
        for (const row of rows) {
          if (row.state === 'open' && row.startsAt > now) continue;
          found.push(row);
          if (found.length === limit) return found;
        }
        last = rows.at(-1) ?? null;
        if (rows.length < options.limit) return found;
      }
    },
  };
}
