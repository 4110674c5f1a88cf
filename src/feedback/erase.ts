import type { Keeper, Traced } from '../members/index.ts';
import type { Store } from '../platform/store/port.ts';
import type { Uploads } from '../platform/uploads.ts';
import { AppError } from '../shared/errors.ts';
import { reports as declaration, type Report } from './feedback.model.ts';

/** The reporter of a report whose reporter was erased: nobody, and nobody is told of it. */
export const nobody = '';

/**
 * A person's reports stay for the counts and for whoever deals with them: number, kind, things, grid, status, the
 * steps. Gone are the words, the pictures, the place in the reporter's words, and the reporter.
 */
export function createFeedbackKeeper(deps: {
  store: Store;
  /** Null: there is no place for pictures here. */
  uploads: Pick<Uploads, 'remove'> | null;
}): Keeper {
  const reports = deps.store.collection(declaration);

  const own = async ({ keys }: Traced): Promise<Report[]> =>
    (await Promise.all(keys.map((person) => reports.find({ person })))).flat();

  const picturesOf = ({ images, additions }: Report): string[] => [
    ...images,
    ...additions.flatMap((addition) => addition.images),
  ];

  /** Of the person's pictures those that no other report shows: the same picture is kept only once. */
  async function removePictures(mine: readonly Report[]): Promise<void> {
    const pictures = new Set(mine.flatMap(picturesOf));
    if (pictures.size === 0) return;
    const ids = new Set(mine.map(({ _id }) => _id));
    for await (const report of reports.stream({})) {
      if (!ids.has(report._id)) for (const picture of picturesOf(report)) pictures.delete(picture);
    }
    for (const picture of pictures) await deps.uploads?.remove(picture);
  }

  async function letGo(report: Report, who: Traced): Promise<void> {
    const history = report.history.map((step) =>
      step.who !== null && who.keys.includes(step.who) ? { ...step, who: nobody, note: null } : step,
    );
    const anonymous = { person: nobody, member: null, household: null, home: false, place: null };
    const after = await reports.update(
      { _id: report._id, version: report.version },
      { $set: { ...anonymous, text: '', additions: [], images: [], history }, $inc: { version: 1 } },
    );
    if (after === null) throw new AppError('feedback.busy', 503);
  }

  return {
    name: 'feedback',
    async erase(who) {
      const mine = await own(who);
      // First the pictures: as long as the reports name them, they can be found again.
      await removePictures(mine);
      for (const report of mine) await letGo(report, who);
    },
    async copy(who) {
      return (await own(who)).map((report) => ({
        number: report.number,
        filedAt: report.filedAt,
        room: report.room,
        text: report.text,
        additions: report.additions.map(({ at, text, images }) => ({ at, text, images })),
        images: report.images,
        category: report.category,
        place: report.place,
        grid: report.grid,
        status: report.status,
        rating: report.rating,
        outcome: report.outcome,
        steps: report.history.map(({ at, what, now }) => ({ at, what, now })),
      }));
    },
  };
}
