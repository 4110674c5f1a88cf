import type { Clock } from '../platform/clock.ts';
import type { Members } from '../members/index.ts';
import type { Actor } from '../shared/access.ts';
import { addWorkingDays, atLocal, localDate, localTime } from '../shared/calendar/index.ts';
import { AppError } from '../shared/errors.ts';
import { cleanText, excerpt } from '../shared/text.ts';
import { isConduct, mayHandle } from './feedback.access.ts';
import type { Holidays } from './feedback.limits.ts';
import { notFound } from './feedback.changes.ts';
import type { Changes, Move } from './feedback.changes.ts';
import {
  reportAssigned,
  reportExtended,
  reportRejected,
  reportResolved,
  reportTransferred,
} from './feedback.events.ts';
import type { Report } from './feedback.model.ts';
import { after, isOpen } from './feedback.transitions.ts';

/** What a handler does with a report. */
export type Handling =
  | { readonly do: 'accept' }
  | { readonly do: 'progress'; readonly note: string }
  | { readonly do: 'resolve'; readonly note: string }
  | { readonly do: 'reject'; readonly reason: string }
  | { readonly do: 'transfer'; readonly note: string }
  | { readonly do: 'assign'; readonly to: string }
  | { readonly do: 'extend'; readonly days: number; readonly reason: string };

/** More working days than these in all need another way than an extension. */
export const mostExtendedDays = 30;
const longestNote = 500;

function noteOf(handling: Handling): string | null {
  const raw = 'note' in handling ? handling.note : 'reason' in handling ? handling.reason : '';
  return excerpt(cleanText(raw), longestNote) || null;
}

/**
 * What the cadres do. Errors: feedback.not-found 404 (also when the report may not be seen), access.denied 403,
 * feedback.wrong-state 409, feedback.reason-missing 400, feedback.bad-extension 400, feedback.bad-assignee 409.
 */
export function createHandling(deps: {
  changes: Changes;
  clock: Clock;
  members: Pick<Members, 'actor'>;
  holidays: Holidays;
}) {
  const { changes, clock, members, holidays } = deps;

  const assign = async (report: Report, to: string): Promise<Partial<Move>> => {
    if (!mayHandle({ ...report, handler: null }, await members.actor(to)))
      throw new AppError('feedback.bad-assignee', 409, { number: report.number });
    return {
      set: { handler: to },
      emit: (version) => [reportAssigned(`${report._id}#${version}`, { report: report._id, version, to })],
    };
  };

  const extend = async (report: Report, days: number): Promise<Partial<Move>> => {
    if (!isOpen(report.status))
      throw new AppError('feedback.wrong-state', 409, {
        number: report.number,
        status: report.status,
        transition: 'extend',
      });
    const extendedDays = report.extendedDays + days;
    if (!Number.isInteger(days) || days < 1 || extendedDays > mostExtendedDays)
      throw new AppError('feedback.bad-extension', 400, { number: report.number, most: mostExtendedDays });
    const start = Math.max(report.due.getTime(), clock.now().getTime());
    const due = atLocal(addWorkingDays(localDate(new Date(start)), days, await holidays()), localTime(report.due));
    return {
      set: { due, extendedDays },
      emit: (version) => [
        reportExtended(`${report._id}#${version}`, { report: report._id, version, due: due.toISOString() }),
      ],
    };
  };

  const happened = { resolve: reportResolved, reject: reportRejected, transfer: reportTransferred } as const;

  const moveOf = async (
    report: Report,
    actor: Actor,
    handling: Handling,
    note: string | null,
  ): Promise<Partial<Move>> => {
    switch (handling.do) {
      case 'accept':
        return { transition: 'accept', set: { handler: actor.member ?? report.handler } };
      case 'progress':
        return { transition: 'progress' };
      case 'assign':
        after('assign', report);
        return { transition: 'assign', ...(await assign(report, handling.to)) };
      case 'extend':
        return extend(report, handling.days);
      case 'resolve':
      case 'reject':
      case 'transfer':
        return {
          transition: handling.do,
          set: { outcome: note, ...(handling.do === 'resolve' ? { resolvedAt: clock.now(), rating: null } : {}) },
          emit: (version) => [happened[handling.do](`${report._id}#${version}`, { report: report._id, version })],
        };
    }
  };

  /** Whoever may not even see it learns nothing from the refusal. */
  const demandHandling = (report: Report, actor: Actor): void => {
    if (mayHandle(report, actor)) return;
    const hidden = isConduct(report) || (actor.member !== null && report.about.includes(actor.member));
    throw hidden ? notFound() : new AppError('access.denied', 403, { action: 'feedback.handle' });
  };

  return {
    /** Throws what `handle` would, and changes nothing: for a preview. */
    async check(actor: Actor, report: Report, handling: Handling): Promise<void> {
      demandHandling(report, actor);
      const { transition } = await moveOf(report, actor, handling, noteOf(handling));
      if (transition !== undefined) after(transition, report);
    },

    /** Whether the report may be given to this member. */
    mayTake: async (report: Report, member: string): Promise<boolean> =>
      mayHandle({ ...report, handler: null }, await members.actor(member)),

    /** Does it once for this `from`; returns the report as it is after. */
    async handle(actor: Actor, id: string, from: string, handling: Handling): Promise<Report> {
      const note = noteOf(handling);
      return changes.change(id, from, async (report) => {
        demandHandling(report, actor);
        if (note === null && (handling.do === 'reject' || handling.do === 'extend'))
          throw new AppError('feedback.reason-missing', 400, { number: report.number });
        const move = await moveOf(report, actor, handling, note);
        return { from, who: actor.member, what: handling.do, note, ...move };
      });
    },
  };
}
