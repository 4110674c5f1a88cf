import { z } from 'zod';
import { roles } from '../../shared/access.ts';
import { limits, recurrence, type NoticeInput, type Notices } from '../../notices/index.ts';
import { demandAnywhere } from '../rights.ts';
import { route, type Route } from '../route.ts';
import { id, instant, numberIn, onePage, pageOf, paging, when, words } from '../schemas.ts';

const many = z.array(id).max(500).optional();
const audience = {
  rooms: many,
  direct: many,
  grids: many,
  households: many,
  roles: z.array(z.enum(roles)).optional(),
  tags: many,
};
const states = ['draft', 'in-review', 'approved', 'sending', 'sent', 'cancelled'] as const;
const kind = z.enum(['normal', 'urgent']);
const title = words(limits.title);
const text = words(limits.text);

const notice = z
  .object({
    id: z.string(),
    number: z.number().int(),
    kind,
    title: z.string(),
    text: z.string(),
    state: z.enum(states),
    audience: z.record(z.string(), z.array(z.string())),
    scope: z.string(),
    createdBy: z.string(),
    createdAt: instant,
    approvedBy: z.string().nullable(),
    approvedAt: instant.nullable(),
    approvedAfterwards: z.boolean(),
    rejected: z.object({ by: z.string(), reason: z.string(), at: instant }).nullable(),
    cancelledBy: z.string().nullable(),
    wantedAt: instant.nullable(),
    sayAt: instant.nullable(),
    saidAt: instant.nullable(),
    repeat: recurrence.nullable(),
    /** What an approval names. */
    version: z.number().int(),
  })
  .meta({ id: 'Notice' });

const preview = z
  .object({
    people: z.number().int(),
    households: z.number().int(),
    rooms: z.array(z.string()),
    directs: z.number().int(),
    leftOut: z.number().int(),
    unreachedHouseholds: z.number().int(),
  })
  .meta({ id: 'AudienceCount' });

const called = z.object({ id: z.string(), name: z.string(), household: z.string(), grid: z.string() });
const reach = z
  .object({
    people: z.number().int(),
    peopleAnswered: z.number().int(),
    households: z.number().int(),
    householdsAnswered: z.number().int(),
    rooms: z.array(z.object({ room: z.string(), households: z.number(), answered: z.number() })),
    directs: z.object({ said: z.number(), leftOut: z.number() }),
    notSaid: z.object({ rooms: z.array(z.string()), directs: z.number() }),
    silent: z.array(called),
    unreached: z.array(called),
  })
  .meta({ id: 'Reach' });

const one = z.strictObject({ notice: id });
const named = <T extends { _id: string }>({ _id, ...rest }: T) => ({ id: _id, ...rest });
const writers = (actor: Parameters<typeof demandAnywhere>[0]): void =>
  demandAnywhere(actor, 'notice.write', 'notice.approve', 'notice.urgent');

/** Broadcasts: writing, a second person's approval, and whom they reached. */
export function noticeRoutes({ notices }: { notices: Notices }): Route[] {
  return [
    route({
      method: 'get',
      path: '/notices',
      summary: 'Notices that one may read, newest first',
      query: z.strictObject({ ...paging, state: z.enum(states).optional() }),
      demand: writers,
      reply: pageOf(notice),
      async handle({ actor, query: { state, limit, cursor } }) {
        const found = await notices.list(actor, { state }, { before: numberIn(cursor), limit: limit + 1 });
        const { items, next } = onePage(found, limit, ({ number }) => String(number));
        return { items: items.map(named), next };
      },
    }),
    route({
      method: 'post',
      path: '/notices/preview',
      summary: 'Whom it would reach now, exactly',
      body: z.strictObject({ ...audience, kind: kind.default('normal') }),
      demand: writers,
      reply: preview,
      handle: async ({ body: { kind: of, ...wanted } }) => {
        const counted = await notices.preview(wanted, of);
        return { ...counted, rooms: [...counted.rooms] };
      },
    }),
    route({
      method: 'post',
      path: '/notices',
      summary: 'Keep a draft, or hand it in: a normal one waits for a second person, an urgent one goes out',
      body: z.strictObject({
        ...audience,
        kind,
        title,
        text,
        at: when.optional(),
        repeat: recurrence.optional(),
        submit: z.boolean().default(false),
      }),
      demand: writers,
      reply: notice,
      status: 201,
      async handle({ actor, from, body: { submit, ...fields } }) {
        const input: NoticeInput = { ...fields, key: from.replaceAll(':', '-') };
        return named(await (submit ? notices.send(actor, input) : notices.draft(actor, input)));
      },
    }),
    route({
      method: 'get',
      path: '/notices/{notice}',
      summary: 'One notice',
      params: one,
      reply: notice,
      handle: async ({ actor, params }) => named(await notices.read(actor, params.notice)),
    }),
    route({
      method: 'post',
      path: '/notices/{notice}/submit',
      summary: 'Hand in a draft, with what is changed in it',
      params: one,
      body: z.strictObject({ title: title.optional(), text: text.optional(), at: when.optional() }),
      reply: notice,
      async handle({ actor, params, body }) {
        const changes = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
        return named(await notices.submit(actor, params.notice, changes));
      },
    }),
    route({
      method: 'post',
      path: '/notices/{notice}/approve',
      summary: 'The second person’s yes to the version that was read',
      params: one,
      body: z.strictObject({ version: z.number().int() }),
      reply: notice,
      handle: async ({ actor, params, body }) => named(await notices.approve(actor, params.notice, body.version)),
    }),
    route({
      method: 'post',
      path: '/notices/{notice}/cancel',
      summary: 'Stop it; what is said stays said',
      params: one,
      reply: notice,
      handle: async ({ actor, params }) => named(await notices.cancel(actor, params.notice)),
    }),
    route({
      method: 'post',
      path: '/notices/{notice}/reject',
      summary: 'Back to the author, with a reason',
      params: one,
      body: z.strictObject({ reason: words(200) }),
      reply: notice,
      handle: async ({ actor, params, body }) => named(await notices.reject(actor, params.notice, body.reason)),
    }),
    route({
      method: 'get',
      path: '/notices/{notice}/reach',
      summary: 'Whom it reached, and who has not answered',
      params: one,
      reply: reach,
      async handle({ actor, params }) {
        const found = await notices.reach(actor, params.notice);
        const { rooms, notSaid, silent, unreached } = found;
        return {
          ...found,
          rooms: [...rooms],
          notSaid: { ...notSaid, rooms: [...notSaid.rooms] },
          silent: silent.map(named),
          unreached: unreached.map(named),
        };
      },
    }),
  ];
}
