import type { Clock } from '../platform/clock.ts';
import { tryAll, tryEach } from '../platform/each.ts';
import type { Collection } from '../platform/store/port.ts';
import type { Changes } from './feedback.changes.ts';
import { reportAssigned, reportDueSoon, reportEscalated } from './feedback.events.ts';
import { daysToClose, remindAt } from './feedback.limits.ts';
import type { Report } from './feedback.model.ts';
import type { Routing } from './feedback.route.ts';
import { isOpen, openStatuses } from './feedback.transitions.ts';
import type { Merging } from './merge.ts';

export interface DutyDeps {
  readonly reports: Collection<Report>;
  readonly changes: Changes;
  readonly routing: Routing;
  readonly merging: Merging;
  readonly clock: Clock;
  readonly releaseChildren: (root: Report) => Promise<void>;
}

const dayMs = 24 * 60 * 60 * 1000;
const same = (a: Date | null, b: Date): boolean => a !== null && a.getTime() === b.getTime();

/** What time brings about, and what a crash may have left: all of it repeatable. */
export function createDuty({ reports, changes, routing, merging, clock, releaseChildren }: DutyDeps) {
  const remind = (id: string): Promise<Report> =>
    changes.change(id, `remind:${clock.now().toISOString()}`, (report) => {
      const now = clock.now();
      const { due } = report;
      if (!isOpen(report.status) || same(report.remindedDue, due) || now < remindAt(due) || now >= due) return null;
      return {
        from: `remind:${due.toISOString()}`,
        who: null,
        what: 'remind',
        set: { remindedDue: due },
        emit: (version) => [reportDueSoon(`${id}#${version}`, { report: id, version, due: due.toISOString() })],
      };
    });

  const escalate = (id: string): Promise<Report> =>
    changes.change(id, `escalate:${clock.now().toISOString()}`, async (report) => {
      const { due } = report;
      if (!isOpen(report.status) || same(report.escalatedDue, due) || clock.now() < due) return null;
      const to = await routing.nextUp(report);
      return {
        from: `escalate:${due.toISOString()}`,
        who: null,
        what: 'escalate',
        set: { escalatedDue: due, escalatedTo: to },
        emit: (version) => [reportEscalated(`${id}#${version}`, { report: id, version, due: due.toISOString(), to })],
      };
    });

  /** A report whose owner is gone, or may no longer handle it, gets another. */
  const ensureOwner = async (report: Report): Promise<void> => {
    if (await routing.hasOwner(report)) return;
    await changes.change(report._id, `reroute:${report._id}#${report.version}`, async (current) => {
      if (!isOpen(current.status) || (await routing.hasOwner(current))) return null;
      const to = await routing.ownerFor(current);
      if (to === null || to === current.handler) return null;
      return {
        from: `reroute:${current._id}#${current.version}`,
        who: null,
        what: 'reroute',
        ...(current.status === 'submitted' ? { transition: 'assign' as const } : {}),
        set: { handler: to },
        emit: (version) => [reportAssigned(`${current._id}#${version}`, { report: current._id, version, to })],
      };
    });
  };

  async function* eachOpen(): AsyncGenerator<Report> {
    for (const status of openStatuses) yield* reports.stream({ status });
  }

  return {
    remind,
    escalate,

    /** Owners: every open report has one who may handle it. */
    async sweepOwners(): Promise<void> {
      await tryEach(eachOpen(), ensureOwner);
    },

    /** Limits: whatever alarm was lost, reminders and escalations happen, once per limit. */
    async sweepLimits(): Promise<void> {
      const due = { $lte: new Date(clock.now().getTime() + dayMs) };
      const found = await Promise.all(openStatuses.map((status) => reports.find({ status, due })));
      await tryEach(found.flat(), async ({ _id }) => {
        await remind(_id);
        await escalate(_id);
      });
    },

    /** Merges and withdrawals that a crash cut short. */
    async sweepHalfDone(): Promise<void> {
      await tryAll(
        async () =>
          tryEach(await reports.find({ merging: { $gt: '' } }), ({ _id, version }) =>
            merging.finish(_id, `merge:${_id}#${version}`, null),
          ),
        () =>
          tryEach(reports.stream({ status: 'withdrawn' }), async (report) => {
            if (report.merged.length > 0) await releaseChildren(report);
          }),
        () => tryEach(eachOpen(), (report) => merging.prune(report)),
      );
    },

    /** Resolved reports that nobody rated, and confirmed ones, are closed after some days. */
    async sweepClosed(): Promise<void> {
      const until = clock.now().getTime() - daysToClose * dayMs;
      const close = async ({ _id, status, resolvedAt }: Report): Promise<void> => {
        if (resolvedAt === null || resolvedAt.getTime() > until) return;
        await changes.change(_id, `close:${_id}`, (current) =>
          current.status === status ? { from: `close:${_id}`, who: null, what: 'close', transition: 'close' } : null,
        );
      };
      await tryAll(
        () => tryEach(reports.stream({ status: 'resolved' }), close),
        () => tryEach(reports.stream({ status: 'confirmed' }), close),
      );
    },
  };
}
