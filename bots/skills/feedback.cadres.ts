import type { Feedback, Report } from '../../src/feedback/index.ts';
import type { GridQueries } from '../../src/grid/index.ts';
import type { Members } from '../../src/members/index.ts';
import { AppError } from '../../src/shared/errors.ts';
import * as say from '../../templates/feedback.cadres.ts';
import type { CadreWork } from '../../templates/feedback.cadres.ts';
import type { ReportLine } from '../../templates/feedback.parts.ts';
import { text, ticketOf, whole } from './feedback.slots.ts';
import type { Turn, Verb } from './skill.ts';

interface CadreDeps {
  readonly feedback: Feedback;
  readonly members: Pick<Members, 'nameOf' | 'named' | 'get'>;
  readonly grid: Pick<GridQueries, 'room'>;
  readonly lineOf: (report: Report, turn: Turn) => Promise<ReportLine>;
}

export const works: readonly CadreWork[] = ['accept', 'progress', 'resolve', 'assign', 'extend', 'reject', 'transfer'];
const township = /^(?:镇|乡|街道|上级|上报)/u;

/** What cadres do in the management group or in a direct chat: previewed, done on 确认. */
export function createCadreVerbs({ feedback, members, grid, lineOf }: CadreDeps): Record<string, Verb> {
  const assignees = async (report: Report, to: string): Promise<string[]> => {
    const known = await members.get(to);
    const named = known ? [known] : await members.named(to.replace(/^@/u, ''));
    const able: string[] = [];
    for (const { _id } of named) if (await feedback.mayTake(report, _id)) able.push(_id);
    return able;
  };

  const verb =
    (asked: CadreWork): Verb =>
    async (turn, slots) => {
      if (turn.room !== null && !(await grid.room(turn.room))?.management) return { text: say.elsewhere() };
      const number = ticketOf(slots);
      if (number === null) throw new AppError('feedback.not-found', 404);
      const report = await feedback.forHandler(number, turn.actor, turn.room);
      const note = text(slots, 'note') ?? text(slots, 'reason') ?? '';
      const days = whole(slots, 'days');
      const wanted = text(slots, 'choice') ?? text(slots, 'to');
      const work = asked === 'assign' && wanted !== null && township.test(wanted) ? 'transfer' : asked;
      if (note === '' && work !== 'accept' && work !== 'assign' && work !== 'transfer')
        return { text: say.needsNote(work) };
      if (slots['yes'] === false) return { text: say.notDone() };

      let to: string | null = null;
      if (work === 'assign') {
        const able = wanted === null ? [] : await assignees(report, wanted);
        if (able.length > 1)
          return {
            text: say.whichAssignee(await Promise.all(able.map(async (one) => describe(await members.get(one), one)))),
            ask: { verb: 'feedback.assign', slots: { ticket: number }, accepts: ['number'], options: able },
          };
        to = able[0] ?? null;
        if (to === null) return { text: say.noAssignee() };
      }
      const name = to === null ? null : await members.nameOf(to);
      const handling = handlingOf(work, { note, days, to });
      if (slots['yes'] !== true) {
        await feedback.checkHandling(turn.actor, report, handling);
        return {
          text: say.preview(work, await lineOf(report, turn), { note, name, days }),
          ask: { verb: `feedback.${work}`, slots: { ticket: number, note, days, to }, accepts: ['yes-no'] },
        };
      }
      const done = await feedback.handle(turn.actor, report._id, turn.message, handling);
      return { text: say.handled(work, await lineOf(done, turn), name), change: null };
    };
  return Object.fromEntries(works.map((work) => [`feedback.${work}`, verb(work)]));
}

function describe(member: { name: string; grid: string } | null, id: string): string {
  return member === null ? id : `${member.name}(${member.grid})`;
}

function handlingOf(
  work: CadreWork,
  { note, days, to }: { note: string; days: number | null; to: string | null },
): Parameters<Feedback['handle']>[3] {
  switch (work) {
    case 'accept':
      return { do: 'accept' };
    case 'assign':
      return { do: 'assign', to: to ?? '' };
    case 'extend':
      return { do: 'extend', days: days ?? 0, reason: note };
    case 'reject':
      return { do: 'reject', reason: note };
    default:
      return { do: work, note };
  }
}
