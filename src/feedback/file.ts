import type { Clock } from '../platform/clock.ts';
import type { Collection } from '../platform/store/port.ts';
import type { GridQueries } from '../grid/index.ts';
import type { Members } from '../members/index.ts';
import { AppError, isAppError } from '../shared/errors.ts';
import { cleanText, excerpt } from '../shared/text.ts';
import { isConduct, isReporter } from './feedback.access.ts';
import type { Asker } from './feedback.access.ts';
import { notFound } from './feedback.changes.ts';
import type { Changes } from './feedback.changes.ts';
import { reportAssigned, reportFiled } from './feedback.events.ts';
import { daysOfDuplicates, dueAfter, type Holidays } from './feedback.limits.ts';
import type { Limits } from './feedback.limits.ts';
import type { Report, reportNumbers } from './feedback.model.ts';
import { canBeShared, nearness } from './feedback.near.ts';
import type { Known, Reading } from './feedback.reading.ts';
import type { Routing } from './feedback.route.ts';
import { mergeableStatuses } from './feedback.transitions.ts';

export interface FileDeps {
  readonly reports: Collection<Report>;
  readonly numbers: Collection<(typeof reportNumbers)['schema']['_output']>;
  readonly clock: Clock;
  readonly members: Pick<Members, 'get'>;
  readonly grid: Pick<GridQueries, 'named'>;
  readonly holidays: Holidays;
  readonly routing: Routing;
  readonly changes: Changes;
  readonly limits: Limits;
}

export interface Filing {
  /** The message that makes it: the report's id. */
  readonly from: string;
  readonly person: string;
  readonly member: string | null;
  /** The group it is filed in, or null. */
  readonly room: string | null;
  /** The reporter's grid as the edge knows it; the registry's goes first. */
  readonly grid: string | null;
  readonly text: string;
  /** What the edge read in the text, with what `known` gave it. */
  readonly reading: Reading;
  readonly images?: readonly string[];
}

export interface Filed {
  readonly report: Report;
  /** A near-duplicate of the last 7 days to merge into, or null. */
  readonly duplicate: Report | null;
}

/** Longer than any report needs; what is beyond is left out. */
const longest = 2000;
/** Photos per report. */
const mostImages = 20;
const mostAdditions = 50;
const dayMs = 24 * 60 * 60 * 1000;

export function createFiling(deps: FileDeps) {
  const { reports, numbers, clock, members, grid, holidays, routing, changes, limits } = deps;

  const nextNumber = async (): Promise<number> => (await numbers.upsert('reports', { $inc: { last: 1 } })).doc.last;

  const duplicateOf = async (report: Report): Promise<Report | null> => {
    if (!canBeShared(report.category) || report.mergedInto !== null) return null;
    const since = new Date(report.filedAt.getTime() - daysOfDuplicates * dayMs);
    const recent = await reports.find(
      { category: report.category, filedAt: { $gte: since } },
      { sort: { filedAt: 1 } },
    );
    let best: Report | null = null;
    let closest = 0;
    for (const other of recent) {
      // Always into the older one, so that reports can't be merged in a circle.
      if (other.number >= report.number || !(mergeableStatuses as readonly string[]).includes(other.status)) continue;
      const near = nearness(report, other);
      if (near > closest) [best, closest] = [other, near];
    }
    return best;
  };

  const insert = async (report: Omit<Report, 'number'>): Promise<Report> => {
    for (;;) {
      const number = await nextNumber();
      const emit = [
        reportFiled(`${report._id}#1`, { report: report._id, version: 1 }),
        ...(report.handler === null
          ? []
          : [reportAssigned(`${report._id}#1`, { report: report._id, version: 1, to: report.handler })]),
      ];
      try {
        return await reports.insert({ ...report, number }, { emit });
      } catch (fault) {
        if (!isAppError(fault, 'store.duplicate')) throw fault;
        const known = await reports.get(report._id);
        if (known) return known;
      }
    }
  };

  return {
    /** What a reader of reports must know: the cadres, and the grid of whoever writes. */
    async known(member: string | null, room: string | null): Promise<Known> {
      const registered = member === null ? null : await members.get(member);
      return { cadres: await routing.cadres(), grid: registered?.grid ?? room };
    },

    /**
     * Files a report and routes it to its owner in one write. The same `from` again gives the same report.
     * Errors: feedback.empty 400.
     */
    async file(filing: Filing): Promise<Filed> {
      const known = await reports.get(filing.from);
      if (known) return { report: known, duplicate: await duplicateOf(known) };
      const text = excerpt(cleanText(filing.text), longest);
      if (text === '') throw new AppError('feedback.empty', 400);
      const now = clock.now();
      const member = filing.member === null ? null : await members.get(filing.member);
      const home = member?.grid ?? filing.grid;
      const { reading } = filing;
      const { category } = reading;
      const about = [...reading.about];
      const at = (reading.place === null ? null : await grid.named(reading.place)) ?? (await grid.named(text));
      const place = at?._id ?? home;
      const handler = await routing.ownerFor({ category, grid: place, about });
      const step = { from: filing.from, at: now, note: null };
      const report = await insert({
        _id: filing.from,
        version: 1,
        person: filing.person,
        member: filing.member,
        household: member?.household ?? null,
        room: filing.room,
        text,
        additions: [],
        images: [...(filing.images ?? [])].slice(0, mostImages),
        category,
        place: reading.place,
        things: [...reading.things],
        home: reading.home,
        grid: place,
        about,
        status: handler === null ? 'submitted' : 'assigned',
        handler,
        filedAt: now,
        due: dueAfter(now, limits[category], await holidays()),
        extendedDays: 0,
        remindedDue: null,
        escalatedDue: null,
        escalatedTo: null,
        merging: null,
        mergedInto: null,
        merged: [],
        rating: null,
        resolvedAt: null,
        outcome: null,
        history: [
          { ...step, who: filing.person, what: 'file', was: null, now: 'submitted', handler: null },
          ...(handler === null
            ? []
            : [{ ...step, who: null, what: 'assign', was: 'submitted' as const, now: 'assigned' as const, handler }]),
        ],
      });
      return { report, duplicate: await duplicateOf(report) };
    },

    /**
     * More text or photos join the report. A text that complains of a cadre's conduct turns the whole report
     * into 干部作风 and moves it to the inspector at once.
     * Errors: feedback.not-found 404 (not one's own), feedback.wrong-state 409 (withdrawn or done with),
     * feedback.full 409: a report holds 50 additions and 20 pictures.
     */
    async add(input: {
      report: string;
      from: string;
      asker: Asker;
      text?: string | null;
      /** What the edge read in the text. */
      reading?: Reading | null;
      images?: readonly string[];
    }): Promise<Report> {
      const text = input.text === undefined || input.text === null ? '' : excerpt(cleanText(input.text), longest);
      const images = [...(input.images ?? [])];
      return changes.change(input.report, input.from, async (report) => {
        if (!isReporter(report, input.asker)) throw notFound();
        if (report.status === 'withdrawn' || report.status === 'closed')
          throw new AppError('feedback.wrong-state', 409, {
            number: report.number,
            status: report.status,
            transition: 'add',
          });
        if (text === '' && images.length === 0) return null;
        const person = input.asker.persons[0] ?? report.person;
        const addition = { from: input.from, person, at: clock.now(), text: text === '' ? null : text, images };
        const move = { from: input.from, who: person, what: 'add' as const };
        if (report.additions.length >= mostAdditions || report.images.length + images.length > mostImages)
          throw new AppError('feedback.full', 409, { number: report.number });
        const set = { additions: [...report.additions, addition], images: [...report.images, ...images] };
        const reading = text === '' ? null : (input.reading ?? null);
        if (!reading) return { ...move, set };
        const about = [...new Set([...report.about, ...reading.about])];
        const category = reading.category === '干部作风' ? reading.category : report.category;
        const unchanged = category === report.category && about.length === report.about.length;
        if (unchanged) return { ...move, set };
        const rerouted = { ...report, category, about };
        const turned = isConduct(rerouted) && !isConduct(report);
        const handler =
          turned || (report.handler !== null && about.includes(report.handler))
            ? await routing.ownerFor(rerouted)
            : report.handler;
        return {
          ...move,
          // What is now about a person's conduct leaves the report that it was merged into.
          ...(turned && report.status === 'merged' ? { transition: 'separate' as const } : {}),
          set: {
            ...set,
            category,
            about,
            handler,
            ...(turned ? { mergedInto: null, merging: null } : {}),
            ...(turned ? { due: dueAfter(report.filedAt, limits[category], await holidays()), escalatedTo: null } : {}),
          },
          emit: (version) =>
            handler === null || handler === report.handler
              ? []
              : [reportAssigned(`${report._id}#${version}`, { report: report._id, version, to: handler })],
        };
      });
    },

    /** Takes back what the message `of` added. Repeatable. */
    async drop(input: { report: string; of: string; from: string; asker: Asker }): Promise<Report> {
      return changes.change(input.report, input.from, (report) => {
        if (!isReporter(report, input.asker)) throw notFound();
        const gone = report.additions.find(({ from }) => from === input.of);
        if (!gone) return null;
        return {
          from: input.from,
          who: input.asker.persons[0] ?? report.person,
          what: 'drop',
          set: {
            additions: report.additions.filter(({ from }) => from !== input.of),
            images: report.images.filter((image) => !gone.images.includes(image)),
          },
        };
      });
    },
  };
}
