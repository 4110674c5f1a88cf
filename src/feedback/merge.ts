import type { Collection } from '../platform/store/port.ts';
import { AppError } from '../shared/errors.ts';
import { isConduct, isReporter, mayHandle } from './feedback.access.ts';
import type { Asker } from './feedback.access.ts';
import { notFound } from './feedback.changes.ts';
import type { Changes } from './feedback.changes.ts';
import { reportAssigned, reportMerged } from './feedback.events.ts';
import type { Report } from './feedback.model.ts';
import { after, allows, mergeableStatuses } from './feedback.transitions.ts';

/**
 * Merging takes three writes, each repeatable: the newer report says what it wants (`merging`), the older
 * one takes it in while it is open, the newer one becomes merged. The second write decides: a report that
 * was resolved before it takes nobody in, one that is resolved after it tells the newcomer too. A crash in
 * between leaves `merging` set, which `finish` (the next try or a sweep) brings to its end.
 */
export function createMerging({ reports, changes }: { reports: Collection<Report>; changes: Changes }) {
  /** Follows merged reports to the one that is being dealt with. */
  const rootOf = async (id: string): Promise<Report> => {
    let report = await reports.get(id);
    for (let depth = 0; report?.mergedInto && depth < 100; depth++) report = await reports.get(report.mergedInto);
    if (!report) throw notFound();
    return report;
  };

  const children = (id: string): Promise<Report[]> => reports.find({ mergedInto: id });

  const giveUp = async (child: Report): Promise<void> => {
    await reports.update({ _id: child._id, version: child.version }, { $set: { merging: null }, $inc: { version: 1 } });
  };

  /** Brings a merge that was begun to its end. True if the report is now merged. */
  const finish = async (id: string, from: string, who: string | null): Promise<boolean> => {
    for (;;) {
      const child = await reports.get(id);
      if (!child) throw notFound();
      if (child.merging === null) return child.status === 'merged';
      const root = await rootOf(child.merging);
      if (!root.merged.includes(id)) {
        const taken =
          root.number < child.number && !isConduct(child) && allows('merge', child.status)
            ? await reports.update(
                { _id: root._id, status: { $in: mergeableStatuses }, version: root.version },
                { $addToSet: { merged: id }, $inc: { version: 1 } },
              )
            : null;
        if (!taken) {
          const now = await reports.get(root._id);
          const lost = now?.version !== root.version;
          if (!lost) await giveUp(child);
          continue;
        }
      }
      if (isConduct(child) || !allows('merge', child.status)) {
        await reports.update({ _id: root._id }, { $pull: { merged: id } });
        await giveUp(child);
        continue;
      }
      await changes.change(id, from, (report) => {
        if (report.merging === null || !allows('merge', report.status)) return null;
        return {
          from,
          who,
          what: 'merge',
          transition: 'merge',
          set: { merging: null, mergedInto: root._id },
          emit: (version) => [reportMerged(`${id}#${version}`, { report: id, version, into: root._id })],
        };
      });
    }
  };

  /** A merged report stands on its own again, with the owner it had. Errors: feedback.wrong-state 409. */
  const separate = async (id: string, from: string, who: string | null): Promise<Report> => {
    const before = await reports.get(id);
    const alone = await changes.change(id, from, (report) => ({
      from,
      who,
      what: 'separate',
      transition: 'separate',
      set: { mergedInto: null },
      emit: (version) =>
        report.handler === null
          ? []
          : [reportAssigned(`${id}#${version}`, { report: id, version, to: report.handler })],
    }));
    const root = before?.mergedInto ?? null;
    if (root !== null) await reports.update({ _id: root }, { $pull: { merged: id } });
    return alone;
  };

  return {
    rootOf,
    separate,
    children,
    finish,

    /** Forgets reports that were separated from this one by a process that died before it could say so. Repeatable. */
    async prune(root: Report): Promise<void> {
      for (const id of root.merged) {
        const child = await reports.get(id);
        if (child?.merging === null && child.mergedInto !== root._id)
          await reports.update({ _id: root._id }, { $pull: { merged: id } });
      }
    },

    /** The report and all that were merged into it, itself first. */
    async family(root: Report): Promise<Report[]> {
      const all = [root];
      for (const report of all) all.push(...(await children(report._id)));
      return all;
    },

    /**
     * Puts a report into an older one of the same matter. Returns both as they are after.
     * Errors: feedback.not-found 404; feedback.too-late 409 (the older one is done with; the report stays
     * apart); feedback.wrong-state 409; feedback.cannot-merge 409 (干部作风, or a newer one).
     */
    async merge(input: {
      report: string;
      into: string;
      from: string;
      asker: Asker;
    }): Promise<{ report: Report; into: Report }> {
      const { report: id, from, asker } = input;
      for (;;) {
        const child = await reports.get(id);
        if (!child || !(isReporter(child, asker) || mayHandle(child, asker.actor))) throw notFound();
        const done = child.history.some((step) => step.from === from);
        if (done || child.status === 'merged')
          return { report: child, into: await rootOf(child.mergedInto ?? input.into) };
        const into = await rootOf(input.into);
        const { number } = child;
        if (isConduct(child) || isConduct(into) || into.number >= number)
          throw new AppError('feedback.cannot-merge', 409, { number });
        if (!(mergeableStatuses as readonly string[]).includes(into.status))
          throw new AppError('feedback.too-late', 409, { number, into: into.number });
        after('merge', child);
        if (child.merging === null) {
          const marked = await reports.update(
            { _id: id, version: child.version },
            { $set: { merging: into._id }, $inc: { version: 1 } },
          );
          if (!marked) continue;
        }
        const merged = await finish(id, from, asker.persons[0] ?? asker.actor.member);
        const report = await reports.get(id);
        if (!report) throw notFound();
        if (!merged) throw new AppError('feedback.too-late', 409, { number, into: into.number });
        return { report, into: await rootOf(id) };
      }
    },

    /** Its reporter takes back the merge. Errors: feedback.not-found 404, feedback.wrong-state 409. */
    async separateOwn(input: { report: string; from: string; asker: Asker }): Promise<Report> {
      const report = await reports.get(input.report);
      if (!report || !isReporter(report, input.asker)) throw notFound();
      return separate(input.report, input.from, input.asker.persons[0] ?? null);
    },
  };
}
export type Merging = ReturnType<typeof createMerging>;
