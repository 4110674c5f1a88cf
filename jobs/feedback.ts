import {
  isConduct,
  isOpen,
  nobody,
  remindAt,
  reportAssigned,
  reportDueSoon,
  reportEscalated,
  reportExtended,
  reportFiled,
  reportRejected,
  reportReopened,
  reportResolved,
  reportTransferred,
  reportWithdrawn,
} from '../src/feedback/index.ts';
import type { Feedback, Report } from '../src/feedback/index.ts';
import type { Members } from '../src/members/index.ts';
import type { Address, Messages, OutboxRow, Verdict } from '../src/messages/index.ts';
import type { EventKind, Relay } from '../src/platform/events/event.ts';
import type { Queue } from '../src/platform/queue/port.ts';
import { duty } from '../templates/feedback.cadres.ts';
import { gist, type ReportLine } from '../templates/feedback.parts.ts';
import * as say from '../templates/feedback.ts';
import type { Sweep } from './schedule.ts';

export interface FeedbackJobsDeps {
  readonly relay: Pick<Relay, 'on'>;
  readonly queue: Pick<Queue, 'addMany' | 'process'>;
  readonly feedback: Feedback;
  readonly messages: Pick<Messages, 'say' | 'guard' | 'addressOf'>;
  readonly members: Pick<Members, 'nameOf'>;
}

export const limitQueue = 'feedback.limit';

/** What reporters are told of, and the step of the report that brings it about. */
const ends = { resolved: 'resolve', rejected: 'reject', transferred: 'transfer' } as const;
const isEnd = (what: string): what is keyof typeof ends => what in ends;
const timesOf = (report: Report, what: keyof typeof ends): number =>
  report.history.filter((step) => step.what === ends[what]).length;

/** Speaks of reports: to their reporters where they filed, to their owners in direct chats. Keeps the limits' alarms. */
export function registerFeedbackJobs({ relay, queue, feedback, messages, members }: FeedbackJobsDeps): {
  sweeps: Sweep[];
} {
  const lineOf = async (report: Report): Promise<ReportLine> => ({
    number: report.number,
    category: report.category,
    status: report.status,
    gist: gist(report.text),
    handler: report.handler === null ? null : await members.nameOf(report.handler),
    due: report.due,
    outcome: report.outcome,
    mergedInto: null,
  });

  /** The alarms of the limit as it stands; an alarm of an earlier limit finds nothing to do. */
  const arm = async (report: Report): Promise<void> => {
    if (!isOpen(report.status)) return;
    const name = `${report._id}:${report.due.getTime()}`;
    await queue.addMany(limitQueue, [
      { id: `${name}:remind`, at: remindAt(report.due), data: { report: report._id, what: 'remind' } },
      { id: `${name}:breach`, at: report.due, data: { report: report._id, what: 'breach' } },
    ]);
  };

  /** In the direct chat alone: who never wrote there finds it in the list. Nobody hears of a report about themselves. */
  const tellOfficer = async (
    report: Report,
    to: string | null,
    what: string,
    version: number,
    text: string,
  ): Promise<void> => {
    if (to === null || report.about.includes(to) || to === report.person) return;
    const address = await messages.addressOf(to);
    if (address === null || !('person' in address)) return;
    await messages.say({
      key: `feedback:${what}:${report._id}:${version}:${to}`,
      to: address,
      text,
      kind: 'news',
      subject: { kind: 'feedback', id: report._id },
      facts: { feedback: report._id, what },
    });
  };

  /** Once for each time that it ended so, however late the word of it comes. */
  const tellReporters = async (id: string, what: keyof typeof ends): Promise<void> => {
    const told = await feedback.told(id);
    const [root] = told;
    if (root === undefined) return;
    const round = String(timesOf(root, what));
    const send = async (to: Address, where: string, text: string, mentions: readonly string[]): Promise<void> => {
      await messages.say({
        key: `feedback:${what}:${id}:${round}:${where}`,
        to,
        text,
        kind: 'news',
        mentions,
        optional: true,
        subject: { kind: 'feedback', id },
        facts: { feedback: id, what, round },
      });
    };
    const rooms = new Map<string, Set<string>>();
    const people = new Set<string>();
    for (const report of told) {
      if (report.person === nobody) continue;
      if (report.room === null) people.add(report.person);
      else if (!isConduct(report)) rooms.set(report.room, (rooms.get(report.room) ?? new Set()).add(report.person));
      else {
        const to = await messages.addressOf(report.person);
        if (to !== null && 'person' in to) people.add(report.person);
      }
    }
    for (const [room, mentions] of rooms) await send({ room }, room, say.news[what](root.number, null), [...mentions]);
    for (const person of people) await send({ person }, person, say.news[what](root.number, root.outcome), []);
  };

  const withReport =
    <D extends { report: string; version: number }>(handle: (report: Report, data: D) => Promise<void>) =>
    async (data: D): Promise<void> => {
      const report = await feedback.get(data.report);
      if (report) await handle(report, data);
    };

  /** Right before it is said: is it still true, and may this person still hear it? */
  const check = async (id: string, row: OutboxRow): Promise<Verdict> => {
    const report = await feedback.get(id);
    if (!report || (row.room !== null && isConduct(report))) return 'drop';
    const { status } = report;
    const mayHear = row.person !== null && !report.about.includes(row.person);
    const what = row.facts['what'] ?? '';
    const { round } = row.facts;
    // It was reopened and ended anew before this could be said: the newer news says it.
    if (round !== undefined && isEnd(what) && round !== String(timesOf(report, what))) return 'drop';
    const still: Readonly<Record<string, boolean>> = {
      resolved: status === 'resolved' || status === 'confirmed' || status === 'closed',
      rejected: status === 'rejected',
      transferred: status === 'transferred',
      filed: status !== 'withdrawn',
      assigned: isOpen(status) && mayHear && row.person === report.handler,
      withdrawn: status === 'withdrawn' && mayHear && row.person === report.handler,
      reopened: status === 'reopened' && mayHear && row.person === report.handler,
      'due soon': isOpen(status) && mayHear && row.person === report.handler,
      overdue: isOpen(status) && mayHear && row.person === report.escalatedTo,
    };
    return still[what] ? 'say' : 'drop';
  };
  messages.guard('feedback', check);

  for (const kind of [reportFiled, reportReopened]) relay.on(kind, 'feedback.limit', withReport(arm));
  relay.on(reportAssigned, 'feedback.limit', withReport(arm));
  relay.on(reportExtended, 'feedback.limit', withReport(arm));

  relay.on(
    reportFiled,
    'feedback.news',
    withReport(async (report, { version }) => {
      if (report.room === null || !isConduct(report)) return;
      const to = await messages.addressOf(report.person);
      if (to === null || !('person' in to)) return;
      await messages.say({
        key: `feedback:filed:${report._id}:${version}`,
        to,
        text: say.news.filed(report.number, report.due),
        kind: 'news',
        subject: { kind: 'feedback', id: report._id },
        facts: { feedback: report._id, what: 'filed' },
      });
    }),
  );

  const onDuty = <D extends { report: string; version: number }>(
    kind: EventKind<D>,
    what: string,
    text: (line: ReportLine) => string,
    to: (report: Report, data: D) => string | null = (report) => report.handler,
  ): void =>
    relay.on(
      kind,
      'feedback.duty',
      withReport<D>(async (report, data) =>
        tellOfficer(report, to(report, data), what, data.version, text(await lineOf(report))),
      ),
    );
  onDuty(reportAssigned, 'assigned', duty.assigned, (_, { to }) => to);
  onDuty(reportReopened, 'reopened', duty.reopened);
  onDuty(reportWithdrawn, 'withdrawn', duty.withdrawn);
  onDuty(reportDueSoon, 'due soon', duty.dueSoon);
  onDuty(reportEscalated, 'overdue', duty.escalated, (_, { to }) => to);

  relay.on(reportResolved, 'feedback.news', ({ report }) => tellReporters(report, 'resolved'));
  relay.on(reportRejected, 'feedback.news', ({ report }) => tellReporters(report, 'rejected'));
  relay.on(reportTransferred, 'feedback.news', ({ report }) => tellReporters(report, 'transferred'));

  queue.process(limitQueue, async ({ data }) => {
    const id = String(data['report']);
    await (data['what'] === 'remind' ? feedback.remind(id) : feedback.escalate(id));
  });

  return {
    sweeps: [
      { name: 'feedback.owners', everyMinutes: 10, run: () => feedback.sweepOwners() },
      { name: 'feedback.half-done', everyMinutes: 10, run: () => feedback.sweepHalfDone() },
      { name: 'feedback.limits', everyMinutes: 15, run: () => feedback.sweepLimits() },
      { name: 'feedback.closed', everyMinutes: 360, run: () => feedback.sweepClosed() },
    ],
  };
}
