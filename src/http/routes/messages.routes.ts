import { z } from 'zod';
import { may, village } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import {
  deskStates,
  type BlockRow,
  type InboxRow,
  type MessageService,
  type Outage,
  type OutboxRow,
} from '../../messages/index.ts';
import type { Log } from '../../platform/log.ts';
import { demandStaff } from '../rights.ts';
import { route, type Route } from '../route.ts';
import { id, instant, keyIn, onePage, pageOf, paging } from '../schemas.ts';

const saying = z
  .object({
    key: z.string(),
    room: z.string().nullable(),
    person: z.string().nullable(),
    kind: z.string(),
    state: z.string(),
    /** Null for what was said in answer to somebody: that is theirs. */
    text: z.string().nullable(),
    notBefore: instant,
    createdAt: instant,
    claimedAt: instant.nullable(),
    attempts: z.number().int(),
    error: z.string().nullable(),
    facts: z.record(z.string(), z.string()),
  })
  .meta({ id: 'Saying' });
const parked = z
  .object({
    id: z.string(),
    receivedAt: instant,
    attempts: z.number().int(),
    room: z.string().nullable(),
    person: z.string().nullable(),
    verb: z.string().nullable(),
  })
  .meta({ id: 'ParkedMessage' });
const handover = z
  .object({
    id: z.string(),
    person: z.string(),
    room: z.string().nullable(),
    to: z.string(),
    state: z.enum(['open', 'closed']),
    at: instant,
  })
  .meta({ id: 'Handover' });

const block = z
  .object({
    blocked: z.boolean(),
    since: instant.nullable(),
    liftedAt: instant.nullable(),
    liftedBy: z.string().nullable(),
  })
  .meta({ id: 'AccountBlock' });

const outage = z
  .object({
    id: z.string(),
    state: z.enum(['open', 'ended', 'over']),
    /** The last sign of life before it. */
    since: instant,
    endedAt: instant.nullable(),
    /** Of the alarm to a person: due → sending → sent or failed; one that ended before stays due. */
    alarm: z.enum(['due', 'sending', 'sent', 'failed']),
  })
  .meta({ id: 'Outage' });

const decision = z.strictObject({ decision: z.enum(['again', 'leave']) });
/** Written by cadres or for everybody. */
const publicKinds: readonly string[] = ['notice', 'call', 'reminder'];

const presentSaying = ({ _id, text, ...rest }: OutboxRow) => ({
  key: _id,
  text: publicKinds.includes(rest.kind) ? text : null,
  ...rest,
});
const presentParked = ({ _id, task, ...rest }: InboxRow) => ({
  id: _id,
  ...rest,
  room: task?.room ?? null,
  person: task?.person ?? null,
  verb: task?.action.verb ?? null,
});

const presentBlock = (row: BlockRow | null) => ({
  blocked: row?.state === 'blocked',
  since: row?.since ?? null,
  liftedAt: row?.liftedAt ?? null,
  liftedBy: row?.liftedBy ?? null,
});

const presentOutage = ({ _id, state, since, endedAt, alarm }: Outage) => ({ id: _id, state, since, endedAt, alarm });

/** What a person must look after: sayings nobody knows of, messages that could not be handled, people who asked. */
export function messageRoutes({ messages, log }: { messages: MessageService; log: Log }): Route[] {
  const { desk, handovers } = messages;
  return [
    route({
      method: 'get',
      path: '/messages/outbox',
      summary: 'What must be said, by state',
      query: z.strictObject({ ...paging, state: z.enum(deskStates).default('unknown') }),
      reply: pageOf(saying),
      async handle({ actor, query: { state, limit, cursor } }) {
        const after = keyIn(cursor) ?? undefined;
        const found = await desk.outbox(actor, state, { after, limit: limit + 1 });
        const { items, next } = onePage(found, limit, ({ _id }) => _id);
        return { items: items.map(presentSaying), next };
      },
    }),
    route({
      method: 'post',
      path: '/messages/outbox/{key}/decision',
      summary: 'Nobody knows whether it was said: say it again, or leave it',
      params: z.strictObject({ key: id }),
      body: decision,
      reply: saying,
      handle: async ({ actor, params, body }) => presentSaying(await desk.decide(actor, params.key, body.decision)),
    }),
    route({
      method: 'get',
      path: '/messages/block',
      summary: 'Whether WeChat has stopped the account, so that the bot says nothing',
      reply: block,
      handle: async ({ actor }) => presentBlock(await desk.block(actor)),
    }),
    route({
      method: 'post',
      path: '/messages/block/lift',
      summary: 'Somebody has looked at the phone: the bot may speak again; by an admin',
      reply: block,
      async handle({ actor, member }) {
        const row = await desk.lift(actor);
        log.warn('channel.lifted', { member });
        return presentBlock(row);
      },
    }),
    route({
      method: 'get',
      path: '/messages/outages',
      summary: 'Times without the WeChat login, the newest first; fifty at most',
      reply: z.object({ items: z.array(outage) }),
      handle: async ({ actor }) => ({ items: (await desk.outages(actor, 50)).map(presentOutage) }),
    }),
    route({
      method: 'get',
      path: '/messages/parked',
      summary: 'What came in and could not be handled',
      query: z.strictObject(paging),
      reply: pageOf(parked),
      async handle({ actor, query: { limit, cursor } }) {
        const found = await desk.parked(actor, { after: keyIn(cursor) ?? undefined, limit: limit + 1 });
        const { items, next } = onePage(found, limit, ({ _id }) => _id);
        return { items: items.map(presentParked), next };
      },
    }),
    route({
      method: 'post',
      path: '/messages/parked/{id}/decision',
      summary: 'Handle it once more, or forget it',
      params: z.strictObject({ id }),
      body: decision,
      handle: ({ actor, params, body }) => desk.settle(actor, params.id, body.decision),
    }),
    route({
      method: 'get',
      path: '/messages/handovers',
      summary: 'People who asked for a person: one’s own; all for those who may approve notices',
      demand: demandStaff,
      reply: z.object({ items: z.array(handover) }),
      async handle({ actor, member }) {
        const every = may(actor, 'notice.approve', village);
        const items = (await handovers.all()).filter(({ to, state }) => state === 'open' && (every || to === member));
        return { items: items.map(({ _id, ...rest }) => ({ id: _id, ...rest })) };
      },
    }),
    route({
      method: 'post',
      path: '/messages/handovers/{id}/close',
      summary: 'The person was answered; by the one who was asked',
      params: z.strictObject({ id }),
      reply: handover,
      async handle({ member, params }) {
        const closed = await handovers.close(params.id, member);
        if (closed === null) throw new AppError('messages.not-found', 404);
        const { _id, ...rest } = closed;
        return { id: _id, ...rest };
      },
    }),
  ];
}
