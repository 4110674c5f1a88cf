import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import { categories, statuses, type Asker, type Feedback, type Report } from '../../feedback/index.ts';
import type { Uploads } from '../../platform/uploads.ts';
import { fileRoute, route, type Route } from '../route.ts';
import { id, instant, numberIn, onePage, pageOf, paging, words } from '../schemas.ts';

const step = z.object({
  who: z.string().nullable(),
  at: instant,
  what: z.string(),
  was: z.enum(statuses).nullable(),
  now: z.enum(statuses),
  handler: z.string().nullable(),
  note: z.string().nullable(),
});
const report = z
  .object({
    number: z.number().int(),
    person: z.string(),
    household: z.string().nullable(),
    room: z.string().nullable(),
    text: z.string(),
    category: z.enum(categories),
    place: z.string().nullable(),
    grid: z.string().nullable(),
    status: z.enum(statuses),
    handler: z.string().nullable(),
    filedAt: instant,
    due: instant,
    extendedDays: z.number().int(),
    rating: z.number().int().nullable(),
    outcome: z.string().nullable(),
    photos: z.array(z.string()),
  })
  .meta({ id: 'Report' });
const reportInFull = report
  .extend({
    additions: z.array(
      z.object({ person: z.string(), at: instant, text: z.string().nullable(), images: z.array(z.string()) }),
    ),
    history: z.array(step),
    /** Number of the report in which it is being dealt with: itself, or the one it was merged into. */
    dealtWithIn: z.number().int(),
  })
  .meta({ id: 'ReportInFull' });

const note = words(500);
const handling = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('accept') }),
  z.strictObject({ do: z.literal('progress'), note }),
  z.strictObject({ do: z.literal('resolve'), note }),
  z.strictObject({ do: z.literal('reject'), reason: note }),
  z.strictObject({ do: z.literal('transfer'), note }),
  z.strictObject({ do: z.literal('assign'), to: id }),
  z.strictObject({ do: z.literal('extend'), days: z.number().int().min(1).max(30), reason: note }),
]);
const number = z.coerce.number().int().min(1);
const one = z.strictObject({ number });

const photosOf = ({ images, additions }: Report): string[] => [
  ...new Set([...images, ...additions.flatMap((addition) => addition.images)]),
];
const present = (found: Report) => ({ ...found, photos: photosOf(found) });

/** Villagers' reports, for those who handle them. Whoever may not see one is told that it isn't there. */
export function feedbackRoutes({ feedback, uploads }: { feedback: Feedback; uploads: Uploads }): Route[] {
  const askerOf = (actor: Asker['actor'], member: string): Asker => ({ actor, persons: [member] });

  return [
    route({
      method: 'get',
      path: '/feedback',
      summary: 'Reports that one may handle, newest first',
      query: z.strictObject({
        ...paging,
        status: z.enum(statuses).optional(),
        category: z.enum(categories).optional(),
        grid: id.optional(),
        handler: id.optional(),
      }),
      reply: pageOf(report),
      async handle({ actor, query: { limit, cursor, ...filter } }) {
        const found = await feedback.list(actor, filter, { before: numberIn(cursor), limit: limit + 1 });
        const { items, next } = onePage(found, limit, (one) => String(one.number));
        return { items: items.map(present), next };
      },
    }),
    route({
      method: 'get',
      path: '/feedback/{number}',
      summary: 'One report with its history',
      params: one,
      reply: reportInFull,
      async handle({ actor, member, params }) {
        const found = await feedback.read(params.number, askerOf(actor, member), null);
        return { ...present(found.report), dealtWithIn: found.root.number };
      },
    }),
    route({
      method: 'post',
      path: '/feedback/{number}/steps',
      summary: 'Accept, note progress, resolve, reject, transfer, assign, extend',
      params: one,
      body: handling,
      reply: report,
      async handle({ actor, params, body, from }) {
        const found = await feedback.forHandler(params.number, actor, null);
        return present(await feedback.handle(actor, found._id, from, body));
      },
    }),
    fileRoute({
      method: 'get',
      path: '/feedback/{number}/photos/{photo}',
      summary: 'A picture of a report, for those who may read it',
      params: one.extend({ photo: id }),
      files: ['image/jpeg', 'image/png', 'image/webp', 'image/gif'],
      async handle({ actor, member, params }) {
        const found = await feedback.read(params.number, askerOf(actor, member), null);
        const kept = photosOf(found.report).includes(params.photo) ? await uploads.read(params.photo) : null;
        if (kept === null) throw new AppError('http.no-photo', 404);
        return { ...kept, policy: "default-src 'none'; sandbox" };
      },
    }),
  ];
}
