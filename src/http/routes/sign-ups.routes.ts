import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import type { ActivitiesService, Signup, SignUpOutcome } from '../../activities/index.ts';
import type { Members } from '../../members/index.ts';
import type { HttpWords } from '../http.port.ts';
import { fileRoute, route, type Route } from '../route.ts';
import { id, instant } from '../schemas.ts';
import { managed, oneActivity } from './activities.routes.ts';

const line = z
  .object({
    number: z.number().int(),
    row: z.string(),
    name: z.string(),
    grid: z.string().nullable(),
    people: z.number().int(),
    along: z.array(z.string()),
    by: z.string().nullable(),
    waits: z.boolean(),
    /** A child under 16 of whose household no adult has a seat. */
    alone: z.boolean(),
  })
  .meta({ id: 'RosterLine' });
const signUp = z
  .object({
    row: z.string(),
    person: z.string(),
    name: z.string(),
    people: z.number().int(),
    by: z.string().nullable(),
    status: z.string(),
    signedAt: instant,
  })
  .meta({ id: 'SignUp' });
const outcome = z.object({
  /** confirmed and waitlisted were written; of the others nothing was. */
  kind: z.enum(['confirmed', 'waitlisted', 'few', 'already', 'other-number', 'counted', 'which']),
  rows: z.array(signUp),
  /** Seats that are left, when they are too few. */
  free: z.number().int().nullable(),
});
const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const presentRow = ({ _id, ...rest }: Signup) => ({ row: _id, ...rest });
const told = (of: SignUpOutcome) => ({
  kind: of.kind,
  rows: ('rows' in of ? [...of.rows] : 'row' in of ? [of.row] : []).map(presentRow),
  free: of.kind === 'few' ? of.free : null,
});

/** The list of an activity, the roll, and sign-ups at the desk. */
export function signUpRoutes(deps: {
  activities: ActivitiesService;
  members: Members;
  words: Pick<HttpWords, 'rosterPage'>;
}): Route[] {
  const { activities, members } = deps;

  return [
    route({
      method: 'get',
      path: '/activities/{activity}/roster',
      summary: 'Who comes and who waits, in order',
      params: oneActivity,
      reply: z.object({ items: z.array(line) }),
      async handle({ actor, params }) {
        const { lines } = await activities.rosterFor(actor, params.activity);
        return { items: lines.map((one) => ({ ...one, along: [...one.along] })) };
      },
    }),
    fileRoute({
      method: 'get',
      path: '/activities/{activity}/roster.xlsx',
      summary: 'The same for Excel',
      params: oneActivity,
      files: [xlsx],
      async handle({ actor, params }) {
        const roster = await activities.rosterFor(actor, params.activity);
        return { type: xlsx, bytes: await activities.rosterSheet(roster), name: `${roster.activity.name}签到表.xlsx` };
      },
    }),
    fileRoute({
      method: 'get',
      path: '/activities/{activity}/roster.html',
      summary: 'The same to print',
      params: oneActivity,
      files: ['text/html'],
      async handle({ actor, params }) {
        const roster = await activities.rosterFor(actor, params.activity);
        const policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
        return { type: 'text/html; charset=utf-8', bytes: deps.words.rosterPage(roster), policy };
      },
    }),
    route({
      method: 'get',
      path: '/activities/{activity}/seats',
      summary: 'People who come, who are asked, and who wait',
      params: oneActivity,
      reply: z.object({ confirmed: z.number().int(), held: z.number().int(), waitlisted: z.number().int() }),
      async handle({ actor, params }) {
        const { _id } = await managed(activities, actor, params.activity);
        return (await activities.seatCounts())[_id] ?? { confirmed: 0, held: 0, waitlisted: 0 };
      },
    }),
    route({
      method: 'post',
      path: '/activities/{activity}/roll-call',
      summary: 'Who was there: rows of the roster',
      params: oneActivity,
      body: z.strictObject({ rows: z.array(id).min(1).max(1000) }),
      reply: z.object({ counted: z.array(z.string()), again: z.boolean() }),
      async handle({ actor, params, body, from }) {
        const { rows, again } = await activities.rollCall(actor, { from, ...params, rows: body.rows });
        return { counted: rows.map(({ _id }) => _id), again };
      },
    }),
    route({
      method: 'post',
      path: '/activities/{activity}/sign-ups',
      summary: 'Sign up somebody at the desk',
      params: oneActivity,
      body: z.strictObject({
        member: id,
        /** Everybody who comes, the member included. */
        people: z.number().int().min(1).max(50).optional(),
        /** Wait when there are too few seats. */
        queue: z.boolean().default(false),
      }),
      reply: outcome,
      async handle({ actor, member: cadre, params, body: { member: wanted, people, queue }, from }) {
        const { _id } = await managed(activities, actor, params.activity);
        const goer = await members.get(wanted);
        if (goer === null) throw new AppError('members.not-found', 404);
        const own = wanted === cadre;
        const by = await members.nameOf(cadre);
        return told(
          await activities.signUp({
            activity: _id,
            from,
            person: cadre,
            member: cadre,
            name: by ?? '',
            room: null,
            queue,
            ...(own ? {} : { forWhom: [goer.name], chosen: { [goer.name]: wanted } }),
            ...(people === undefined ? {} : { people }),
          }),
        );
      },
    }),
    route({
      method: 'delete',
      path: '/activities/{activity}/sign-ups/{row}',
      summary: 'Cancel at the desk: a row of the roster',
      params: oneActivity.extend({ row: id }),
      reply: signUp,
      async handle({ actor, params, from }) {
        const { _id } = await managed(activities, actor, params.activity);
        const row = await activities.signup(params.row);
        if (row === null || row.activity !== _id) throw new AppError('activities.not-found', 404);
        return presentRow((await activities.cancel({ from, person: row.person, row: row._id })).row);
      },
    }),
  ];
}
