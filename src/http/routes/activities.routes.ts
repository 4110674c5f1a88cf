import { z } from 'zod';
import { demand, village, type Actor } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { ActivitiesService, Activity } from '../../activities/index.ts';
import { demandAnywhere, demandStaff } from '../rights.ts';
import { route, type Route } from '../route.ts';
import { id, instant, keyIn, onePage, pageOf, paging, when, words } from '../schemas.ts';

export const activityReply = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.string(),
    garden: z.string().nullable(),
    scope: z.string(),
    startsAt: instant,
    endsAt: instant,
    deadline: instant.nullable(),
    minimum: z.number().int().nullable(),
    minAge: z.number().int().nullable(),
    meet: z.string().nullable(),
    bring: z.array(z.string()),
    content: z.string().nullable(),
    state: z.enum(['open', 'cancelled']),
    reason: z.string().nullable(),
    callRooms: z.array(z.string()),
    /** In people: taken are confirmed or offered ones; kept ones wait for the queue. */
    seats: z.object({
      capacity: z.number().int(),
      free: z.number().int(),
      taken: z.number().int(),
      kept: z.number().int(),
      waitingParties: z.number().int(),
    }),
  })
  .meta({ id: 'Activity' });

const nothing = z.null().optional();
const draft = z.strictObject({
  name: words(40),
  kind: words(20).optional(),
  garden: words(40).optional().or(nothing),
  startsAt: when,
  endsAt: when,
  capacity: z.number().int().min(1).max(100_000),
  minimum: z.number().int().min(1).optional().or(nothing),
  minAge: z.number().int().min(0).max(120).optional().or(nothing),
  deadline: when.optional().or(nothing),
  meet: words(100).optional().or(nothing),
  bring: z.array(words(40)).max(20).optional(),
  content: words(500).optional().or(nothing),
  checkinCode: z
    .string()
    .regex(/^[0-9A-Z]{3,8}$/)
    .optional(),
  callRooms: z.array(id).max(50).optional(),
  jielong: z.boolean().optional(),
});

export const oneActivity = z.strictObject({ activity: id });

/** Leaves out what is undefined, which exact optional properties don't take. */
function given<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

export function presentActivity({ _id, seats, ...rest }: Activity) {
  const { capacity, free, kept, waiting } = seats;
  return { id: _id, ...rest, seats: { capacity, free, kept, taken: capacity - free - kept, waitingParties: waiting } };
}

/** The activity, once the actor is seen to manage it. Errors: activities.not-found 404, access.denied 403. */
export async function managed(activities: ActivitiesService, actor: Actor, id: string): Promise<Activity> {
  const activity = await activities.get(id);
  if (activity === null) {
    demandAnywhere(actor, 'activity.manage');
    throw new AppError('activities.not-found', 404);
  }
  demand(actor, 'activity.manage', activity.scope ?? village);
  return activity;
}

/** What people sign up for: making, moving and calling off. */
export function activityRoutes({ activities }: { activities: ActivitiesService }): Route[] {
  return [
    route({
      method: 'get',
      path: '/activities',
      summary: 'Those to come by start, or those that have begun or were called off, the latest first',
      query: z.strictObject({ ...paging, when: z.enum(['coming', 'past']).default('coming') }),
      demand: demandStaff,
      reply: pageOf(activityReply),
      async handle({ query: { when: which, limit, cursor } }) {
        const after = keyIn(cursor);
        if (which === 'past') {
          const page = onePage(await activities.past({ after, limit: limit + 1 }), limit, ({ _id }) => _id);
          return { ...page, items: page.items.map(presentActivity) };
        }
        const all = await activities.upcoming();
        const rest = all.slice(all.findIndex(({ _id }) => _id === after) + 1);
        const page = onePage(rest, limit, ({ _id }) => _id);
        return { ...page, items: page.items.map(presentActivity) };
      },
    }),
    route({
      method: 'post',
      path: '/activities',
      summary: 'Make an activity; its call goes into the rooms that are named',
      body: draft,
      demand: (actor) => demandAnywhere(actor, 'activity.manage'),
      reply: activityReply,
      status: 201,
      handle: async ({ actor, body, from }) => presentActivity(await activities.create(actor, given(body), from)),
    }),
    route({
      method: 'get',
      path: '/activities/{activity}',
      summary: 'One activity',
      params: oneActivity,
      demand: demandStaff,
      reply: activityReply,
      async handle({ params }) {
        const found = await activities.get(params.activity);
        if (found === null) throw new AppError('activities.not-found', 404);
        return presentActivity(found);
      },
    }),
    route({
      method: 'post',
      path: '/activities/{activity}/reschedule',
      summary: 'Another time; everyone who signed up is told',
      params: oneActivity,
      body: z.strictObject({ startsAt: when, endsAt: when.optional(), reason: words(100).optional() }),
      reply: activityReply,
      handle: async ({ actor, params, body, from }) =>
        presentActivity(await activities.reschedule(actor, params.activity, given(body), from)),
    }),
    route({
      method: 'post',
      path: '/activities/{activity}/call-off',
      summary: 'It doesn’t take place; everyone who signed up is told',
      params: oneActivity,
      body: z.strictObject({ reason: words(100).nullable() }),
      reply: activityReply,
      handle: async ({ actor, params, body, from }) =>
        presentActivity(await activities.callOff(actor, params.activity, body.reason, from)),
    }),
    route({
      method: 'get',
      path: '/activities/{activity}/check-in-code',
      summary: 'The code that is said on the spot',
      params: oneActivity,
      reply: z.object({ code: z.string().nullable() }),
      handle: async ({ actor, params }) => ({
        code: (await managed(activities, actor, params.activity)).checkinCode,
      }),
    }),
    route({
      method: 'put',
      path: '/activities/{activity}/check-in-code',
      summary: 'Another code',
      params: oneActivity,
      body: z.strictObject({ code: z.string().regex(/^[0-9A-Z]{3,8}$/) }),
      handle: ({ actor, params, body }) => activities.setCheckinCode(actor, params.activity, body.code),
    }),
  ];
}
