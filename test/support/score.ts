import { z } from 'zod';

const words = z.array(z.string());
const seatCounts = z.object({ confirmed: z.number(), held: z.number().default(0), waitlisted: z.number() });
const signup = z.object({
  member: z.string().nullable().optional(),
  by: z.string().optional(),
  people: z.number(),
  status: z.string(),
  from: z.string(),
});
const planned = z.object({ activity: z.string(), kind: z.string(), at: z.string(), to: words });

/** What a week's end state and talk have to be; what a file doesn't name isn't compared. */
const expectation = z.object({
  signups: z.record(z.string(), z.array(signup)),
  seats: z.record(z.string(), z.object({ confirmed: z.number(), waitlisted: z.number() })),
  feedback: z.array(
    z.object({
      by: z.string(),
      from: z.string(),
      category: z.string(),
      status: z.string(),
      rating: z.number().nullish(),
      /** Index in this list. */
      mergedInto: z.number().nullish(),
    }),
  ),
  /** Notice → members, and under `households` notice → how many. */
  acks: z.record(z.string(), z.union([words, z.record(z.string(), z.number())])),
  subscriptions: z.object({ stopped: words }),
  notices: z.record(z.string(), z.object({ saidAt: z.string().nullable(), rooms: words, directTo: words })),
  attendance: z.record(z.string(), words),
  bindings: z.record(z.string(), z.string()),
  operatorRefused: z.array(z.object({ at: z.string(), operator: z.string(), do: z.string() })),
  handovers: z.array(z.object({ from: z.string() })),
  news: z.array(
    z.object({
      kind: z.string(),
      activity: z.string().optional(),
      feedback: z.number().optional(),
      at: z.string(),
      to: words,
      where: z.string().optional(),
    }),
  ),
  silence: words,
  mustReply: words,
  replyOnce: words,
  replyFacts: z.record(z.string(), words),
  remindersDue: z.array(planned),
  remindersPlanned: z.array(planned),
  checkpoints: z.array(
    z.object({
      after: z.string().optional(),
      at: z.string(),
      activity: z.string().optional(),
      seats: seatCounts.optional(),
    }),
  ),
});
type Expectation = z.infer<typeof expectation>;

const replayed = z.object({
  state: expectation
    .pick({ signups: true, acks: true, subscriptions: true, notices: true, attendance: true, bindings: true })
    .extend({
      seats: z.record(z.string(), seatCounts),
      feedback: z.array(
        expectation.shape.feedback.element.extend({ rating: z.number().optional(), mergedInto: z.string().nullable() }),
      ),
      votes: z.record(z.string(), z.unknown()),
      proposals: z.array(z.unknown()),
      gardens: z.record(z.string(), z.array(z.unknown())),
      policy: z.record(z.string(), z.unknown()),
      handovers: expectation.shape.handovers,
      remindersPlanned: z.array(planned),
      operatorRefused: expectation.shape.operatorRefused,
    }),
  replies: z.array(
    z.object({
      at: z.string(),
      room: z.string().nullable(),
      to: z.string().nullable(),
      kind: z.string(),
      inReplyTo: z.string().nullable(),
      text: z.string(),
      activity: z.string().optional(),
      feedback: z.string().optional(),
      when: z.string().optional(),
      what: z.string().optional(),
    }),
  ),
  seats: z.array(z.object({ at: z.string(), seats: z.record(z.string(), seatCounts) })),
});
type Week = z.infer<typeof replayed>;

export interface Score {
  /** Facts that were compared. */
  readonly facts: number;
  /** One line for each fact that is missing, wrong or too much. */
  readonly differences: readonly string[];
  /** Answers where silence was due, and answers to nothing. */
  readonly outOfTurn: readonly string[];
}

const minute = (at: string | null): string => (at === null ? 'never' : new Date(at).toISOString().slice(0, 16));
const sorted = (list: readonly string[]): string => list.toSorted().join(' ');
/** What a villager would call the same: with someone and not done, or done and content. */
const stage = (status: string): string =>
  ['submitted', 'accepted', 'in progress'].includes(status) ? 'assigned' : status === 'closed' ? 'confirmed' : status;

/** Holds what a replay made against what was expected, fact by fact. */
export function scoreWeek(expected: unknown, made: unknown): Score {
  const want = expectation.parse(expected);
  const got = replayed.parse(made);
  const differences: string[] = [];
  let facts = 0;
  /** Both lists hold the same facts, each as often. */
  const same = (what: string, wanted: readonly string[], found: readonly string[]): void => {
    const rest = [...found];
    facts += Math.max(1, wanted.length);
    for (const fact of wanted) {
      const index = rest.indexOf(fact);
      if (index === -1) differences.push(`${what}: lacks ${fact}`);
      else rest.splice(index, 1);
    }
    for (const fact of rest) differences.push(`${what}: too much ${fact}`);
  };
  same('sign-ups', signupFacts(want.signups), signupFacts(got.state.signups));
  same('seats', seatFacts(want.seats), seatFacts(got.state.seats));
  same('reports', ...reportFacts(want, got));
  same('acknowledgements', ackFacts(want.acks), ackFacts(got.state.acks));
  same('stopped', want.subscriptions.stopped, got.state.subscriptions.stopped);
  same('notices', noticeFacts(want.notices), noticeFacts(got.state.notices));
  same('attendance', attendanceFacts(want.attendance), attendanceFacts(got.state.attendance));
  same('bindings', Object.entries(want.bindings).map(String), Object.entries(got.state.bindings).map(String));
  same('refusals', refusalFacts(want.operatorRefused), refusalFacts(got.state.operatorRefused));
  same('handed over', fromFacts(want.handovers), fromFacts(got.state.handovers));
  const { votes, proposals, gardens, policy } = got.state;
  const nothing = [...Object.keys(votes), ...proposals, ...Object.values(gardens).flat(), ...Object.keys(policy)];
  same('of other capabilities', [], nothing.map(String));
  same('reminders said', perPerson(want.remindersDue), saidReminders(got));
  same('reminders to come', perPerson(want.remindersPlanned), perPerson(got.state.remindersPlanned));
  same('news', ...newsFacts(want, got));
  same('seats on the way', ...checkpointFacts(want, got));
  const answers = answersOf(got);
  same(
    'answered',
    want.mustReply,
    [...want.mustReply].filter((id) => answers.has(id)),
  );
  same(
    'answered once',
    want.replyOnce,
    [...want.replyOnce].filter((id) => answers.get(id)?.length === 1),
  );
  same('in answers', ...answerFacts(want, answers));
  const outOfTurn = [
    ...want.silence.filter((id) => answers.has(id)).map((id) => `answered ${id}`),
    ...got.replies
      .filter(({ kind, inReplyTo }) => (kind === 'reply' || kind === 'question') && inReplyTo === null)
      .map(({ at, text }) => `${at} ${text}`),
  ];
  return { facts, differences, outOfTurn };
}

function signupFacts(signups: Expectation['signups']): string[] {
  return Object.entries(signups).flatMap(([activity, rows]) =>
    rows.map(
      ({ member, by, people, status, from }) =>
        `${activity} ${member ?? 'guest'} ${people} ${status} from ${from}${by === undefined ? '' : ` by ${by}`}`,
    ),
  );
}

function seatFacts(seats: Record<string, { confirmed: number; waitlisted: number }>): string[] {
  return Object.entries(seats).map(([id, { confirmed, waitlisted }]) => `${id} ${confirmed} + ${waitlisted}`);
}

function reportFacts(want: Expectation, got: Week): [string[], string[]] {
  const categories = new Map(want.feedback.map(({ from, category }) => [from, category.split('|')]));
  const told = (
    { from, by, category, status, rating }: Expectation['feedback'][number],
    mergedInto: string | null,
  ): string => `${from} ${by} ${category} ${stage(status)} ${rating ?? '-'} ${mergedInto ?? '-'}`;
  return [
    want.feedback.map((report) => {
      const main = typeof report.mergedInto === 'number' ? want.feedback[report.mergedInto] : undefined;
      return told({ ...report, category: report.category.split('|')[0] ?? '' }, main?.from ?? null);
    }),
    got.state.feedback.map(({ mergedInto, ...report }) => {
      const [first, ...others] = categories.get(report.from) ?? [];
      const category = others.includes(report.category) ? (first ?? '') : report.category;
      return told({ ...report, category }, mergedInto);
    }),
  ];
}

function ackFacts(acks: Expectation['acks']): string[] {
  return Object.entries(acks).flatMap(([notice, who]) =>
    Array.isArray(who)
      ? who.map((member) => `${notice} ${member}`)
      : Object.entries(who).map(([id, households]) => `${id} ${households} households`),
  );
}

function noticeFacts(notices: Expectation['notices']): string[] {
  return Object.entries(notices).map(
    ([id, { saidAt, rooms, directTo }]) => `${id} at ${minute(saidAt)} in ${sorted(rooms)} to ${sorted(directTo)}`,
  );
}

function attendanceFacts(attendance: Expectation['attendance']): string[] {
  return Object.entries(attendance).flatMap(([activity, members]) => members.map((member) => `${activity} ${member}`));
}

const refusalFacts = (refused: Expectation['operatorRefused']): string[] =>
  refused.map(({ at, operator, do: what }) => `${minute(at)} ${operator} ${what}`);

const fromFacts = (rows: Expectation['handovers']): string[] => rows.map(({ from }) => from);

const perPerson = (rows: Expectation['remindersDue']): string[] =>
  rows.flatMap(({ activity, kind, at, to }) => to.map((member) => `${activity} ${kind} ${minute(at)} ${member}`));

const saidReminders = ({ replies }: Week): string[] =>
  replies
    .filter(({ kind }) => kind === 'reminder')
    .map(({ activity, when, at, to }) => `${activity} ${when} ${minute(at)} ${to}`);

const newsKinds = ['rescheduled', 'cancelled', 'resolved'];

function newsFacts(want: Expectation, got: Week): [string[], string[]] {
  return [
    want.news.flatMap(({ kind, activity, feedback, at, to, where }) => {
      const subject = activity ?? want.feedback[feedback ?? -1]?.from;
      const place = where === undefined ? '' : ` in ${where === 'direct' ? 'null' : where}`;
      return to.map((member) => `${kind} ${subject} ${minute(at)} ${member}${place}`);
    }),
    got.replies.flatMap(({ kind, what = kind, activity, feedback, at, to, room }) => {
      if (kind === 'offer') return [`offer ${activity} ${minute(at)} ${to} in ${room}`];
      if (kind !== 'news' || !newsKinds.includes(what)) return [];
      return [`${what} ${activity ?? feedback} ${minute(at)} ${to}`];
    }),
  ];
}

/** A checkpoint after a line is read right after it, one at a time a minute later. */
function checkpointFacts({ checkpoints }: Expectation, { seats }: Week): [string[], string[]] {
  const wanted: string[] = [];
  const found: string[] = [];
  const fact = ({ confirmed, held, waitlisted }: z.infer<typeof seatCounts>): string =>
    `${confirmed} + ${held} + ${waitlisted}`;
  for (const { at, after, activity, seats: counts } of checkpoints) {
    if (counts === undefined || activity === undefined) continue;
    const until = Date.parse(at) + (after === undefined ? 60_000 : 0);
    const last = seats.findLast((row) => Date.parse(row.at) <= until && row.seats[activity] !== undefined);
    const made = last?.seats[activity];
    wanted.push(`${at} ${activity} ${fact(counts)}`);
    found.push(`${at} ${activity} ${made === undefined ? 'nothing' : fact(made)}`);
  }
  return [wanted, found];
}

function answersOf({ replies }: Week): Map<string, string[]> {
  const answers = new Map<string, string[]>();
  for (const { kind, inReplyTo, text } of replies) {
    if (inReplyTo === null || (kind !== 'reply' && kind !== 'question')) continue;
    answers.set(inReplyTo, [...(answers.get(inReplyTo) ?? []), text]);
  }
  return answers;
}

function answerFacts(want: Expectation, answers: Map<string, string[]>): [string[], string[]] {
  const wanted: string[] = [];
  const found: string[] = [];
  for (const [id, facts] of Object.entries(want.replyFacts)) {
    const text = (answers.get(id) ?? []).join('\n');
    for (const fact of facts) {
      wanted.push(`${id} ${fact}`);
      if (fact.split('|').some((word) => text.includes(word))) found.push(`${id} ${fact}`);
    }
  }
  return [wanted, found];
}
