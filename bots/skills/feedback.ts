import { isConduct, isOpen, mayRead } from '../../src/feedback/index.ts';
import type { Asker, Feedback, Report, ReportView } from '../../src/feedback/index.ts';
import type { GridQueries } from '../../src/grid/index.ts';
import type { Members } from '../../src/members/index.ts';
import { office as officeText } from '../../templates/feedback.cadres.ts';
import { gist, type ReportLine } from '../../templates/feedback.parts.ts';
import * as say from '../../templates/feedback.ts';
import { readReport } from '../understanding/report-category.ts';
import { createCadreVerbs, works } from './feedback.cadres.ts';
import { text, ticketOf, whole } from './feedback.slots.ts';
import type { Answer, Question, Skill, Slots, Turn, Verb } from './skill.ts';

export interface FeedbackSkillDeps {
  readonly feedback: Feedback;
  readonly members: Pick<Members, 'nameOf' | 'named' | 'get' | 'actor'>;
  readonly grid: Pick<GridQueries, 'room'>;
}

const images = (turn: Turn, slots: Slots): readonly string[] =>
  Array.isArray(slots['images']) ? slots['images'].filter((one) => typeof one === 'string') : turn.images;

/** A list in a group shows five. */
const mostChoices = 5;

/** A report before binding was kept under the contact; it is still one's own. */
const askerOf = (turn: Turn): Asker => ({ actor: turn.actor, persons: [turn.person, `wx:${turn.contact}`] });

/** How somebody takes a result that they don't put a number to. */
export function verdictOf(said: string): 'content' | 'not content' | 'not done' | null {
  if (
    /没(?:有)?(?:修|整|弄|搞|办|补|换|处理|解决)(?:好|通|到位|完)|还是(?:不|没|坏|漏|黑|烂|老样)|又(?:不|坏|漏|黑)/u.test(
      said,
    )
  )
    return 'not done';
  if (/不(?:太|是很|大|咋个|怎么)?(?:满意|安逸|得行|行)|撇得很|差得很/u.test(said)) return 'not content';
  return /满意|巴适|安逸|可以|要得|整好了|修好了|办好了/u.test(said) ? 'content' : null;
}

export function createFeedbackSkill({ feedback, members, grid }: FeedbackSkillDeps): Skill {
  const lineOf = async (view: Pick<ReportView, 'report' | 'root'>, turn: Turn): Promise<ReportLine> => {
    const { report, root } = view;
    const here = turn.room === null || report.room === turn.room;
    const readable = mayRead(report, askerOf(turn));
    return {
      number: report.number,
      category: report.category,
      status: root.status,
      gist: here && readable ? gist(report.text) : null,
      handler: root.handler === null ? null : await members.nameOf(root.handler),
      due: root.due,
      outcome: turn.room === null ? root.outcome : null,
      mergedInto: root._id === report._id ? null : root.number,
    };
  };
  const lineOfReport = (report: Report, turn: Turn): Promise<ReportLine> => lineOf({ report, root: report }, turn);

  /** What may follow a report: photos, in a direct chat more text, and the answer to the offer of merging. */
  const following = (turn: Turn, report: string, into: string | null): Question => ({
    verb: 'feedback.answer',
    slots: { report, into },
    accepts: [
      ...(into === null ? [] : (['yes-no'] as const)),
      'photo',
      ...(turn.room === null ? (['text'] as const) : []),
    ],
  });

  const submit: Verb = async (turn, slots) => {
    const pictures = images(turn, slots);
    const said = text(slots, 'text') ?? text(slots, 'answer') ?? '';
    if (said === '' && turn.room === null)
      return { text: say.askWhat(), ask: { verb: 'feedback.submit', slots: {}, accepts: ['text'] } };
    const { report, duplicate } = await feedback.file({
      from: turn.message,
      person: turn.person,
      member: turn.member,
      room: turn.room,
      grid: turn.grid,
      text: said,
      reading: readReport(said, await feedback.known(turn.member, turn.grid)),
      images: pictures,
    });
    const change = { verb: 'feedback.undo', slots: { report: report._id, what: 'file' } };
    const ask = following(turn, report._id, duplicate?._id ?? null);
    if (isConduct(report)) {
      const answer = turn.room === null ? say.filedConduct(await lineOfReport(report, turn)) : say.filedQuietly();
      return { text: answer, ask, change };
    }
    const line = { ...(await lineOfReport(report, turn)), hasImages: pictures.length > 0 };
    return { text: say.filed(line, duplicate?.number ?? null), ask, change };
  };

  const add = async (turn: Turn, id: string, into: string | null, slots: Slots): Promise<Answer> => {
    const pictures = images(turn, slots);
    const before = await feedback.get(id);
    const said = pictures.length > 0 ? null : text(slots, 'answer');
    const report = await feedback.add({
      report: id,
      from: turn.message,
      asker: askerOf(turn),
      text: said,
      reading: said === null ? null : readReport(said, await feedback.known(turn.member, turn.grid)),
      images: pictures,
    });
    const change = { verb: 'feedback.undo', slots: { report: id, what: 'add', of: turn.message } };
    if (!isConduct(report))
      return { text: say.added(report.number, pictures.length, into !== null), change, keepsQuestion: true };
    if (turn.room !== null) return { text: say.addedQuietly(), change, keepsQuestion: true };
    const turned = before !== null && !isConduct(before);
    return turned
      ? { text: say.filedConduct(await lineOfReport(report, turn)), ask: following(turn, id, null), change }
      : { text: say.added(report.number, pictures.length, false), change, keepsQuestion: true };
  };

  const answer: Verb = async (turn, slots) => {
    const id = text(slots, 'report') ?? '';
    const into = text(slots, 'into');
    if (images(turn, slots).length > 0) return add(turn, id, into, slots);
    if (into === null || typeof slots['yes'] !== 'boolean') return add(turn, id, into, slots);
    if (!slots['yes']) {
      const report = await feedback.get(id);
      return { text: say.keptApart(report?.number ?? 0), ask: following(turn, id, null) };
    }
    const done = await feedback.merge({ report: id, into, from: turn.message, asker: askerOf(turn) });
    return {
      text: say.merged(done.into.number, await lineOfReport(done.into, turn)),
      // More text would only repeat what the older report says; a photo still helps.
      ask: { verb: 'feedback.answer', slots: { report: id, into: null }, accepts: ['photo'] },
      change: { verb: 'feedback.undo', slots: { report: id, what: 'merge' } },
    };
  };

  const undo: Verb = async (turn, slots) => {
    const id = text(slots, 'report') ?? '';
    const asker = askerOf(turn);
    const [from, of] = [turn.message, text(slots, 'of') ?? ''];
    const known = await feedback.get(id);
    const quiet = turn.room !== null && known !== null && isConduct(known);
    const tell = (report: Report, what: keyof typeof say.undone): Answer => ({
      text: quiet ? say.undone.quietly() : say.undone[what](report.number),
    });
    switch (slots['what']) {
      case 'merge':
        return tell(await feedback.separateOwn({ report: id, from, asker }), 'merge');
      case 'rate':
        return tell(await feedback.unrate({ report: id, of, from, asker }), 'rate');
      case 'add':
        return tell(await feedback.drop({ report: id, of, from, asker }), 'add');
      default:
        return tell(await feedback.withdraw({ report: id, from, asker }), 'file');
    }
  };

  /** What waits for this officer, told where cadres are among themselves; null elsewhere and for everybody else. */
  const officeOf = async (turn: Turn): Promise<{ lines: ReportLine[]; total: number } | null> => {
    if (turn.actor.grants.length === 0) return null;
    if (turn.room !== null && !(await grid.room(turn.room))?.management) return null;
    const { reports, total } = await feedback.todo(turn.actor, turn.room);
    if (total === 0) return null;
    return { lines: await Promise.all(reports.map((one) => lineOfReport(one, { ...turn, room: null }))), total };
  };

  const status: Verb = async (turn, slots) => {
    const asker = askerOf(turn);
    const number = ticketOf(slots);
    const views =
      number === null ? await feedback.latest(asker, turn.room) : [await feedback.read(number, asker, turn.room)];
    const lines = await Promise.all(views.map((view) => lineOf(view, turn)));
    const office = number === null ? await officeOf(turn) : null;
    return { text: office === null ? say.progress(lines) : officeText(lines, office.lines, office.total) };
  };

  /** Which report is rated: the one with the number, or the only one that waits for it; else an answer that asks. */
  const rated = async (turn: Turn, slots: Slots, carry: Slots): Promise<Report | Answer> => {
    const number = ticketOf(slots);
    const asker = askerOf(turn);
    if (number !== null) return (await feedback.read(number, asker, turn.room)).root;
    const chosen = text(slots, 'report') ?? text(slots, 'choice');
    const waiting = await feedback.rateable(asker, turn.room, turn.message);
    if (chosen !== null) return waiting.find(({ _id }) => _id === chosen) ?? { text: say.nothingToRate() };
    const [only, ...others] = waiting;
    if (only === undefined) return { text: say.nothingToRate() };
    if (others.length === 0) return only;
    const offered = waiting.slice(0, mostChoices);
    const lines = await Promise.all(offered.map((report) => lineOfReport(report, turn)));
    return {
      text: say.whichToRate(lines),
      ask: { verb: 'feedback.rate', slots: carry, accepts: ['number'], options: offered.map(({ _id }) => _id) },
    };
  };

  const rate: Verb = async (turn, slots) => {
    const said = text(slots, 'said') ?? turn.text;
    const asksScore = text(slots, 'report') !== null;
    const score = asksScore ? whole(slots, 'number') : whole(slots, 'score');
    const carry = score === null ? { said } : { score };
    const report = await rated(turn, slots, carry);
    if (!('_id' in report)) return report;
    const verdict = score === null ? verdictOf(said) : null;
    if (score === null && verdict === null)
      return {
        text: say.askScore(report.number),
        ask: { verb: 'feedback.rate', slots: { report: report._id }, accepts: ['number'] },
      };
    const result = await feedback.rate({
      report: report._id,
      from: turn.message,
      asker: askerOf(turn),
      verdict: score === null ? { content: verdict === 'content' } : { score },
      said: score === null ? said : null,
    });
    const change = { verb: 'feedback.undo', slots: { report: result._id, what: 'rate', of: turn.message } };
    if (!isOpen(result.status)) return { text: say.rated(result.number, score), change };
    const own = await feedback.ownOf(result._id, askerOf(turn));
    const asks = verdict !== 'not done';
    const head = say.reopened(result.number, result.due, asks, turn.room === null);
    return own === null || !asks ? { text: head, change } : { text: head, change, ask: following(turn, own._id, null) };
  };

  const cadres = createCadreVerbs({
    feedback,
    members,
    grid,
    // Cadres are among themselves where their commands are taken.
    lineOf: (report, turn) => lineOfReport(report, { ...turn, room: null }),
  });

  return {
    forStaff: works.map((work) => `feedback.${work}`),
    verbs: {
      'feedback.submit': submit,
      'feedback.answer': answer,
      'feedback.undo': undo,
      'feedback.status': status,
      'feedback.rate': rate,
      ...cadres,
    },
  };
}
