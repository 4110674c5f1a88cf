import { z } from 'zod';
import { villageCalendar, type GridService } from '../../grid/index.ts';
import { demandStaff } from '../rights.ts';
import { route, type Route } from '../route.ts';
import { id, instant, when, words } from '../schemas.ts';

const grid = z
  .object({
    id: z.string(),
    parent: z.string().nullable(),
    households: z.number().int().nullable(),
    dutyPhone: z.string().nullable(),
  })
  .meta({ id: 'Grid' });
const room = z
  .object({
    id: z.string(),
    grid: z.string(),
    topic: z.string(),
    channelRoom: z.string().nullable(),
    management: z.boolean(),
  })
  .meta({ id: 'Room' });
const duty = z
  .object({ id: z.string(), grid: z.string(), member: z.string(), from: instant, to: instant, by: z.string() })
  .meta({ id: 'Duty' });
// As a list: a document of ours can't say tuples.
const calendar = villageCalendar.extend({ quietHours: z.array(z.string()).length(2) }).meta({ id: 'Calendar' });
const one = z.strictObject({ grid: id });

const named = <T extends { _id: string }>({ _id, ...rest }: T) => ({ id: _id, ...rest });

/** Grids, their groups and who is on duty. */
export function gridRoutes({ grid: grids }: { grid: GridService }): Route[] {
  return [
    route({
      method: 'get',
      path: '/grids',
      summary: 'The tree of grids; the village has no parent',
      demand: demandStaff,
      reply: z.object({ items: z.array(grid) }),
      handle: async () => ({ items: (await grids.all()).map(named) }),
    }),
    route({
      method: 'get',
      path: '/rooms',
      summary: 'The village’s WeChat groups',
      demand: demandStaff,
      reply: z.object({ items: z.array(room) }),
      handle: async () => ({ items: (await grids.rooms()).map(named) }),
    }),
    route({
      method: 'put',
      path: '/rooms/{room}/channel-room',
      summary: 'Which group of the channel it is, when its id changed; null unlinks',
      params: z.strictObject({ room: id }),
      body: z.strictObject({ channelRoom: id.nullable() }),
      reply: room,
      handle: async ({ actor, params, body }) => named(await grids.linkRoom(actor, params.room, body.channelRoom)),
    }),
    route({
      method: 'get',
      path: '/calendar',
      summary: 'Market days, farming peaks and quiet hours',
      demand: demandStaff,
      reply: calendar,
      handle: async () => calendar.parse(await grids.calendar()),
    }),
    route({
      method: 'get',
      path: '/grids/{grid}/duties',
      summary: 'The rota from now on, and who answers now',
      params: one,
      demand: demandStaff,
      reply: z.object({
        items: z.array(duty),
        now: z.object({ member: z.string(), name: z.string(), as: z.string(), grid: z.string().nullable() }).nullable(),
      }),
      async handle({ params }) {
        const now = await grids.dutyOf(params.grid);
        return {
          items: (await grids.duties(params.grid)).map(named),
          now: now === null ? null : { ...now, member: now.member._id, name: now.member.name },
        };
      },
    }),
    route({
      method: 'post',
      path: '/grids/{grid}/duties',
      summary: 'Put an officer on duty',
      params: one,
      body: z.strictObject({ member: id, from: when, to: when }),
      reply: duty,
      status: 201,
      handle: async ({ actor, params, body }) => named(await grids.putOnDuty(actor, { ...params, ...body })),
    }),
    route({
      method: 'delete',
      path: '/duties/{duty}',
      summary: 'End a duty now, or strike one to come',
      params: z.strictObject({ duty: id }),
      handle: ({ actor, params }) => grids.endDuty(actor, params.duty),
    }),
    route({
      method: 'put',
      path: '/grids/{grid}/duty-phone',
      summary: 'The number that everyone may be shown; null takes it back',
      params: one,
      body: z.strictObject({ phone: words(30).nullable() }),
      reply: grid,
      handle: async ({ actor, params, body }) => named(await grids.publishDutyPhone(actor, params.grid, body.phone)),
    }),
  ];
}
