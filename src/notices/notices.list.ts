import type { Actor } from '../shared/access.ts';
import { AppError } from '../shared/errors.ts';
import { faults } from './notices.errors.ts';
import type { Notice } from './notices.model.ts';
import type { Inside } from './notices.parts.ts';

export interface NoticeFilter {
  readonly state?: Notice['state'] | undefined;
}

export interface NoticeList {
  /** Those that this actor may read, newest first; `before` is the number of the last one seen. */
  list(actor: Actor, filter: NoticeFilter, page: { before: number | null; limit: number }): Promise<Notice[]>;
  /** For its author and whoever may write or approve notices there. Errors: notices.not-found, access.denied. */
  read(actor: Actor, notice: string): Promise<Notice>;
}

const batch = 100;

export function createNoticeList({ notices, audiences }: Inside): NoticeList {
  const mayRead = async (actor: Actor, notice: Notice): Promise<boolean> =>
    (actor.member !== null && notice.createdBy === actor.member) ||
    (await audiences.allowed(actor, 'notice.write', [notice.scope])) ||
    audiences.allowed(actor, 'notice.approve', [notice.scope]);

  return {
    async list(actor, { state }, { before, limit }) {
      const found: Notice[] = [];
      let below = before ?? Number.MAX_SAFE_INTEGER;
      for (;;) {
        const rows = await notices.find({ number: { $lt: below } }, { sort: { number: -1 }, limit: batch });
        for (const row of rows) {
          if (state !== undefined && row.state !== state) continue;
          if (!(await mayRead(actor, row))) continue;
          found.push(row);
          if (found.length === limit) return found;
        }
        const last = rows.at(-1);
        if (last === undefined || rows.length < batch) return found;
        below = last.number;
      }
    },
    async read(actor, id) {
      const notice = await notices.get(id);
      if (notice === null) throw faults.notFound();
      if (!(await mayRead(actor, notice))) throw new AppError('access.denied', 403, { action: 'notice.write' });
      return notice;
    },
  };
}
