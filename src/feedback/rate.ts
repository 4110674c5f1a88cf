import type { Clock } from '../platform/clock.ts';
import type { Collection } from '../platform/store/port.ts';
import { AppError } from '../shared/errors.ts';
import { cleanText, excerpt } from '../shared/text.ts';
import { isReporter } from './feedback.access.ts';
import type { Asker } from './feedback.access.ts';
import { notFound } from './feedback.changes.ts';
import type { Changes } from './feedback.changes.ts';
import { reportConfirmed, reportReopened, reportWithdrawn } from './feedback.events.ts';
import { dueAfter, type Holidays } from './feedback.limits.ts';
import type { Limits } from './feedback.limits.ts';
import type { Report } from './feedback.model.ts';
import type { Merging } from './merge.ts';
import type { Routing } from './feedback.route.ts';

/** What the reporter says of the result: a number, or content or not without one. */
export type Verdict = { readonly score: number } | { readonly content: boolean };

const longestSaid = 200;

export interface RateDeps {
  readonly reports: Collection<Report>;
  readonly changes: Changes;
  readonly merging: Merging;
  readonly routing: Routing;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly holidays: Holidays;
}

/** What reporters decide about their own reports after filing: rating, reopening, withdrawing. */
export function createRating({ reports, changes, merging, routing, clock, limits, holidays }: RateDeps) {
  const demandReporter = async (root: Report, asker: Asker): Promise<void> => {
    const family = await merging.family(root);
    if (!family.some((report) => isReporter(report, asker))) throw notFound();
  };

  return {
    /**
     * 3–5 or content: confirmed. 1–2 or not content: reopened, with a new limit. By any of its reporters,
     * once, while it is resolved; a merged report stands for the one it was merged into.
     * Errors: feedback.not-found 404, feedback.bad-score 400, feedback.already-rated 409, feedback.not-resolved 409.
     */
    async rate(input: {
      report: string;
      from: string;
      asker: Asker;
      verdict: Verdict;
      /** What the reporter said of it; kept for whoever deals with it anew. */
      said?: string | null;
    }): Promise<Report> {
      const { from, asker, verdict } = input;
      const said = excerpt(cleanText(input.said ?? ''), longestSaid);
      const score = 'score' in verdict ? verdict.score : null;
      if (score !== null && !(Number.isInteger(score) && score >= 1 && score <= 5))
        throw new AppError('feedback.bad-score', 400, { score });
      const root = await merging.rootOf(input.report);
      await demandReporter(root, asker);
      const content = 'score' in verdict ? verdict.score >= 3 : verdict.content;
      return changes.change(root._id, from, async (report) => {
        const { number, status } = report;
        if (status === 'confirmed') throw new AppError('feedback.already-rated', 409, { number });
        if (status !== 'resolved') throw new AppError('feedback.not-resolved', 409, { number, status });
        const note = [score === null ? '' : String(score), said].filter((part) => part !== '').join(' ');
        const move = { from, who: asker.persons[0] ?? null, note: note === '' ? null : note };
        if (content)
          return {
            ...move,
            what: 'confirm',
            transition: 'confirm',
            set: { rating: score },
            emit: (version) => [reportConfirmed(`${report._id}#${version}`, { report: report._id, version })],
          };
        const handler = (await routing.hasOwner(report)) ? report.handler : await routing.ownerFor(report);
        return {
          ...move,
          what: 'reopen',
          transition: 'reopen',
          set: { rating: score, handler, due: dueAfter(clock.now(), limits[report.category], await holidays()) },
          emit: (version) => [reportReopened(`${report._id}#${version}`, { report: report._id, version })],
        };
      });
    },

    /**
     * Takes back the rating that the message `of` gave, as long as nothing has happened since.
     * Errors: feedback.not-found 404, feedback.moved-on 409.
     */
    async unrate(input: { report: string; of: string; from: string; asker: Asker }): Promise<Report> {
      const root = await merging.rootOf(input.report);
      await demandReporter(root, input.asker);
      return changes.change(root._id, input.from, (report) => {
        if (report.history.at(-1)?.from !== input.of)
          throw new AppError('feedback.moved-on', 409, { number: report.number });
        return {
          from: input.from,
          who: input.asker.persons[0] ?? null,
          what: 'unrate',
          transition: 'unrate',
          set: { rating: null },
        };
      });
    },

    /**
     * Its author takes it back while it is open. Reports that were merged into it stand on their own again.
     * Errors: feedback.not-found 404, feedback.wrong-state 409.
     */
    async withdraw(input: { report: string; from: string; asker: Asker }): Promise<Report> {
      const { report: id, from, asker } = input;
      const withdrawn = await changes.change(id, from, (report) => {
        if (!isReporter(report, asker)) throw notFound();
        return {
          from,
          who: asker.persons[0] ?? null,
          what: 'withdraw',
          transition: 'withdraw',
          set: { merging: null },
          emit: (version) => [reportWithdrawn(`${id}#${version}`, { report: id, version })],
        };
      });
      await this.releaseChildren(withdrawn);
      return withdrawn;
    },

    /** What was merged into a withdrawn report is dealt with on its own. Repeatable. */
    async releaseChildren(root: Report): Promise<void> {
      if (root.status !== 'withdrawn') return;
      for (const child of await reports.find({ mergedInto: root._id })) {
        const key = `release:${child._id}#${child.version}`;
        await merging.separate(child._id, key, null);
      }
      await merging.prune(root);
    },
  };
}
