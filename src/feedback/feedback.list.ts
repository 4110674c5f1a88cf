import type { Collection } from '../platform/store/port.ts';
import type { Actor } from '../shared/access.ts';
import { mayHandle } from './feedback.access.ts';
import type { Category, Report, Status } from './feedback.model.ts';

export interface ReportFilter {
  readonly status?: Status | undefined;
  readonly category?: Category | undefined;
  readonly grid?: string | undefined;
  /** Its owner. */
  readonly handler?: string | undefined;
}

export interface ReportList {
  /** Those that this actor may handle, newest first; `before` is the number of the last one seen. */
  list(actor: Actor, filter: ReportFilter, page: { before: number | null; limit: number }): Promise<Report[]>;
}

const batch = 100;

export function createReportList({ reports }: { reports: Collection<Report> }): ReportList {
  const fits = (report: Report, { status, category, grid, handler }: ReportFilter): boolean =>
    (status === undefined || report.status === status) &&
    (category === undefined || report.category === category) &&
    (grid === undefined || report.grid === grid) &&
    (handler === undefined || report.handler === handler);
  return {
    async list(actor, filter, { before, limit }) {
      const found: Report[] = [];
      let below = before ?? Number.MAX_SAFE_INTEGER;
      for (;;) {
        const rows = await reports.find({ number: { $lt: below } }, { sort: { number: -1 }, limit: batch });
        for (const row of rows) {
          if (!fits(row, filter) || !mayHandle(row, actor)) continue;
          found.push(row);
          if (found.length === limit) return found;
        }
        const last = rows.at(-1);
        if (last === undefined || rows.length < batch) return found;
        below = last.number;
      }
    },
  };
}
