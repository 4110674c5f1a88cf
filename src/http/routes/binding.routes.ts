import { z } from 'zod';
import { demand } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { GridService } from '../../grid/index.ts';
import type { BindList, MembersService } from '../../members/index.ts';
import type { HttpDeps } from '../http.port.ts';
import { route, type Route } from '../route.ts';
import { id, instant, words } from '../schemas.ts';
import { one } from './members.routes.ts';

const seen = z.array(z.strictObject({ contact: id, name: z.string().max(100) })).max(500);
const named = z.object({ id: z.string(), name: z.string(), household: z.string() });
const list = z
  .object({
    id: z.string(),
    grid: z.string(),
    state: z.enum(['open', 'confirming', 'done']),
    createdAt: instant,
    items: z.array(
      z.object({
        number: z.number().int(),
        /** The name shown in the room. */
        shown: z.string(),
        /** Whose full name that is; null: can't be confirmed here. */
        member: named.nullable(),
        hints: z.array(named),
        /** Bound before, with a contact that is no longer in the room: confirming moves the binding. */
        again: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'BindList' });

type Deps = { members: MembersService; grid: GridService; roomMembers?: HttpDeps['roomMembers'] };

/** Who is who in WeChat: codes for one, lists for a room. */
export function bindingRoutes({ members, grid, roomMembers }: Deps): Route[] {
  const { proposals } = members;

  const nameOf = async (member: string) => {
    const found = await members.get(member);
    return { id: member, name: found?.name ?? '', household: found?.household ?? '' };
  };
  const present = async ({ _id, items, ...rest }: BindList) => ({
    id: _id,
    ...rest,
    items: await Promise.all(
      items.map(async ({ shown, member, hints, replaces }, at) => ({
        number: at + 1,
        shown,
        member: member === null ? null : await nameOf(member),
        hints: await Promise.all(hints.map(nameOf)),
        again: replaces !== undefined,
      })),
    ),
  });

  return [
    route({
      method: 'post',
      path: '/members/{member}/bind-codes',
      summary: 'A one-time code to hand over',
      params: one,
      reply: z.object({ code: z.string(), validUntil: instant }),
      status: 201,
      handle: ({ actor, params, from }) => members.issueBindCode(actor, params.member, from),
    }),
    route({
      method: 'put',
      path: '/contacts/{contact}',
      summary: 'Bind a WeChat contact on a cadre’s word',
      params: z.strictObject({ contact: id }),
      body: z.strictObject({ member: id }),
      handle: ({ actor, params, body }) => members.bind(actor, params.contact, body.member),
    }),
    route({
      method: 'delete',
      path: '/contacts/{contact}',
      summary: 'Forget whom a WeChat contact is',
      params: z.strictObject({ contact: id }),
      handle: ({ actor, params }) => members.unbind(actor, params.contact),
    }),
    route({
      method: 'post',
      path: '/bind-lists',
      summary: 'Propose who is who in a room, as the channel sees it now or as given',
      body: z.union([z.strictObject({ room: id }), z.strictObject({ grid: words(60), seen })]),
      reply: list,
      status: 201,
      async handle({ actor, body, from }) {
        if ('seen' in body) {
          demand(actor, 'members.bind', body.grid);
          if ((await grid.get(body.grid)) === null) throw new AppError('grid.not-found', 404);
          return present(await proposals.propose(actor, body.grid, body.seen, from));
        }
        const room = await grid.room(body.room);
        if (room === null) throw new AppError('grid.room-not-found', 404);
        demand(actor, 'members.bind', room.grid);
        if (roomMembers === undefined) throw new AppError('http.no-channel', 409);
        return present(await proposals.propose(actor, room.grid, await roomMembers(body.room), from));
      },
    }),
    route({
      method: 'get',
      path: '/bind-lists/{list}',
      summary: 'A proposal',
      params: z.strictObject({ list: id }),
      reply: list,
      async handle({ actor, params }) {
        const found = await proposals.get(params.list);
        if (found === null) throw new AppError('members.list-not-found', 404);
        demand(actor, 'members.bind', found.grid);
        return present(found);
      },
    }),
    route({
      method: 'post',
      path: '/bind-lists/{list}/confirm',
      summary: 'Bind the chosen numbers',
      params: z.strictObject({ list: id }),
      body: z.strictObject({ numbers: z.array(z.number().int().min(1)).min(1).max(40) }),
      reply: z.object({
        bound: z.array(z.object({ number: z.number(), member: z.string() })),
        left: z.array(z.object({ number: z.number(), why: z.string() })),
      }),
      async handle({ actor, params, body, from }) {
        const { bound, left } = await proposals.confirm(actor, params.list, body.numbers, from);
        return { bound: bound.map(({ number, member }) => ({ number, member: member._id })), left: [...left] };
      },
    }),
  ];
}
