import { z } from 'zod';
import type { Erasure, MembersService } from '../../members/index.ts';
import { demand, village, type Actor } from '../../shared/access.ts';
import { route, type Route } from '../route.ts';
import { instant, words } from '../schemas.ts';
import { one } from './members.routes.ts';

const erasure = z
  .object({
    member: z.string(),
    askedAt: instant,
    by: z.string(),
    /** running: under way; erased: the record is gone, its bytes not yet; done. */
    state: z.enum(['running', 'erased', 'done']),
    doneAt: instant.nullable(),
  })
  .meta({ id: 'Erasure' });

const present = ({ _id, askedAt, by, state, doneAt }: Erasure) => ({ member: _id, askedAt, by, state, doneAt });
const adminOnly = (actor: Actor): void => demand(actor, 'admin', village);

/** What a person may ask of the village about themselves: a copy of everything, and that it goes (PIPL, 45 and 47). */
export function erasingRoutes({ members }: { members: MembersService }): Route[] {
  return [
    route({
      method: 'post',
      path: '/members/{member}/copy',
      summary: 'Everything that is kept of a person, to hand over to them; the look at the number is recorded',
      params: one,
      demand: adminOnly,
      reply: z.object({ member: z.string(), takenAt: instant, kept: z.record(z.string(), z.unknown()) }),
      handle: ({ actor, params }) => members.copyOf(actor, params.member),
    }),
    route({
      method: 'post',
      path: '/members/{member}/erasure',
      summary: 'Erase a person for good; number and full name are typed once more',
      params: one,
      body: z.strictObject({ member: words(200), name: words(40) }),
      demand: adminOnly,
      reply: erasure,
      status: 201,
      handle: async ({ actor, params, body }) => present(await members.erase(actor, params.member, body)),
    }),
    route({
      method: 'get',
      path: '/erasures',
      summary: 'Who was erased: numbers and times, newest first',
      demand: adminOnly,
      reply: z.object({ items: z.array(erasure) }),
      handle: async ({ actor }) => ({ items: (await members.erasures.all(actor)).map(present) }),
    }),
  ];
}
