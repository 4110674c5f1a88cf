import type { Clock } from '../platform/clock.ts';
import type { Event } from '../platform/events/event.ts';
import type { Change, Collection } from '../platform/store/port.ts';
import { AppError } from '../shared/errors.ts';
import type { Report, Step } from './feedback.model.ts';
import { after } from './feedback.transitions.ts';
import type { Transition } from './feedback.transitions.ts';

type Fields = NonNullable<Change<Report>['$set']>;

/** What one step changes besides the status. */
export interface Move {
  /** Names the request: the same one again changes nothing. */
  readonly from: string;
  readonly who: string | null;
  /** A transition of the table, or a name for something that leaves the status alone (extend, add). */
  readonly what: Transition | 'extend' | 'add' | 'drop' | 'remind' | 'escalate' | 'reroute';
  readonly transition?: Transition;
  readonly note?: string | null;
  readonly set?: Fields;
  /** Events of the change; `version` is that after it. */
  readonly emit?: (version: number) => Event[];
}

/** More tries than there are people in one room who press the same button. */
const tries = 50;

/** Throws `feedback.not-found` (404) for a report that isn't there or may not be seen. */
export function notFound(): AppError {
  return new AppError('feedback.not-found', 404);
}

/**
 * Changes reports one step at a time. The step is decided on the row as read and written only if the
 * row is still that one (its version), so of two at once the second decides anew on what the first left.
 */
export function createChanges({ reports, clock }: { reports: Collection<Report>; clock: Clock }) {
  const write = (report: Report, move: Move): Promise<Report | null> => {
    const now = clock.now();
    const status = move.transition ? after(move.transition, report) : report.status;
    const version = report.version + 1;
    const handler = move.set?.handler === undefined ? report.handler : move.set.handler;
    const step: Step = {
      from: move.from,
      who: move.who,
      at: now,
      what: move.what,
      was: report.status,
      now: status,
      handler,
      note: move.note ?? null,
    };
    return reports.update(
      { _id: report._id, version: report.version },
      { $set: { ...move.set, status }, $inc: { version: 1 }, $push: { history: step } },
      { emit: move.emit?.(version) ?? [] },
    );
  };

  return {
    /**
     * Reads the report, lets `decide` say what to do (null: nothing), writes it. Returned as it is after.
     * Errors: feedback.not-found 404, feedback.wrong-state 409, and what `decide` throws.
     */
    async change(
      id: string,
      from: string,
      decide: (report: Report) => Move | null | Promise<Move | null>,
    ): Promise<Report> {
      for (let attempt = 0; attempt < tries; attempt++) {
        const report = await reports.get(id);
        if (!report) throw notFound();
        if (report.history.some((step) => step.from === from)) return report;
        const move = await decide(report);
        if (move === null) return report;
        const changed = await write(report, move);
        if (changed) return changed;
      }
      throw new AppError('feedback.busy', 503);
    },
  };
}
export type Changes = ReturnType<typeof createChanges>;
