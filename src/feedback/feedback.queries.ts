import type { Actor } from '../shared/access.ts';
import type { Collection } from '../platform/store/port.ts';
import { isConduct, isReporter, mayHandle, mayRead } from './feedback.access.ts';
import type { Asker } from './feedback.access.ts';
import { notFound } from './feedback.changes.ts';
import type { Report } from './feedback.model.ts';
import { openStatuses } from './feedback.transitions.ts';
import type { Merging } from './merge.ts';

/** A report as a person may see it. */
export interface ReportView {
  readonly report: Report;
  /** Where it is being dealt with: itself, or the one it was merged into. */
  readonly root: Report;
  /** The asker reported it (or one merged into it). */
  readonly own: boolean;
}

/** How many of one's own reports are looked at. */
const recent = 50;

export function createQueries({ reports, merging }: { reports: Collection<Report>; merging: Merging }) {
  const mine = async (asker: Asker, room: string | null): Promise<Report[]> => {
    const found = new Map<string, Report>();
    for (const person of asker.persons)
      for (const report of await reports.find({ person }, { sort: { filedAt: -1 }, limit: recent }))
        if (room === null || !isConduct(report)) found.set(report._id, report);
    return [...found.values()].sort((a, b) => b.number - a.number);
  };

  const view = async (report: Report, asker: Asker): Promise<ReportView> => ({
    report,
    root: await merging.rootOf(report._id),
    own: isReporter(report, asker),
  });

  const byNumber = async (number: number, room: string | null): Promise<Report> => {
    const report = await reports.findOne({ number });
    // In a group 干部作风 does not exist.
    if (!report || (room !== null && isConduct(report))) throw notFound();
    return report;
  };

  return {
    get: (id: string): Promise<Report | null> => reports.get(id),

    /** By its number, for those who may read it. Errors: feedback.not-found 404 for all others. */
    async read(number: number, asker: Asker, room: string | null): Promise<ReportView> {
      const report = await byNumber(number, room);
      if (mayRead(report, asker)) return view(report, asker);
      const family = await merging.family(report);
      if (!family.some((one) => isReporter(one, asker))) throw notFound();
      return { report, root: await merging.rootOf(report._id), own: true };
    },

    /** One's own latest reports, newest first, without withdrawn ones. */
    async latest(asker: Asker, room: string | null, limit = 3): Promise<ReportView[]> {
      const own = (await mine(asker, room)).filter(({ status }) => status !== 'withdrawn').slice(0, limit);
      return Promise.all(own.map((report) => view(report, asker)));
    },

    /**
     * The resolved reports that this person may rate, newest first; merged ones stand for their root.
     * The one that the message `from` has rated already, alone, so that a repetition finds it again.
     */
    async rateable(asker: Asker, room: string | null, from: string): Promise<Report[]> {
      const roots = new Map<string, Report>();
      for (const report of await mine(asker, room)) roots.set(report._id, await merging.rootOf(report._id));
      const all = [...new Map([...roots.values()].map((root) => [root._id, root])).values()];
      const done = all.find(({ history }) => history.some((step) => step.from === from));
      return done ? [done] : all.filter(({ status }) => status === 'resolved');
    },

    /** The asker's own report in that family (the root's or a merged one), or null. */
    async ownOf(id: string, asker: Asker): Promise<Report | null> {
      const family = await merging.family(await merging.rootOf(id));
      return family.find((report) => isReporter(report, asker)) ?? null;
    },

    /** For a handler, by its number. Errors: feedback.not-found 404 for whoever may not handle it. */
    async forHandler(number: number, actor: Actor, room: string | null): Promise<Report> {
      const report = await byNumber(number, room);
      if (!mayHandle(report, actor)) throw notFound();
      return report;
    },

    /** The open reports that this actor may handle, the most urgent first. */
    async openFor(actor: Actor, limit = 100): Promise<Report[]> {
      const found: Report[] = [];
      for (const status of openStatuses)
        for await (const report of reports.stream({ status })) if (mayHandle(report, actor)) found.push(report);
      return found.sort((a, b) => a.due.getTime() - b.due.getTime()).slice(0, limit);
    },

    /** The open reports that this member owns or was told of after a missed limit, the most urgent first. */
    async todo(actor: Actor, room: string | null, limit = 5): Promise<{ reports: Report[]; total: number }> {
      const mine = (report: Report): boolean => report.handler === actor.member || report.escalatedTo === actor.member;
      const all = actor.member === null || actor.grants.length === 0 ? [] : await this.openFor(actor, 1000);
      const found = all.filter((report) => mine(report) && (room === null || !isConduct(report)));
      return { reports: found.slice(0, limit), total: found.length };
    },

    /** The report and all merged into it, with merges under way brought to their end: everyone who gets its news. */
    async told(id: string): Promise<Report[]> {
      const root = await reports.get(id);
      if (!root) return [];
      for (const child of root.merged) await merging.finish(child, `merge:${child}`, null);
      return merging.family(root);
    },

    /** Every report, for evaluation and replays. */
    all: (): AsyncIterable<Report> => reports.stream({}),
    byHousehold: (household: string): Promise<Report[]> =>
      reports.find({ household }, { sort: { filedAt: -1 }, limit: recent }),
  };
}
