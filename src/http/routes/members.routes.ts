import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import type { Member, MembersService } from '../../members/index.ts';
import { demandAnywhere, demandLookUp, gridsOfPeople } from '../rights.ts';
import { route, type Route } from '../route.ts';
import { id, keyIn, onePage, pageOf, paging, words } from '../schemas.ts';

const person = z
  .object({
    id: z.string(),
    name: z.string(),
    sex: z.enum(['男', '女']).nullable(),
    born: z.string().nullable(),
    household: z.string(),
    relation: z.string(),
    grid: z.string(),
    tags: z.array(z.string()),
  })
  .meta({ id: 'Member' });

const personInFull = person
  .extend({
    /** With the middle struck out; null when none is known. */
    phone: z.string().nullable(),
    wechat: z.boolean(),
    bound: z.boolean(),
    optedOut: z.boolean(),
  })
  .meta({ id: 'MemberInFull' });

export const one = z.strictObject({ member: id });

export const present = ({ _id, ...rest }: Member) => ({ id: _id, ...rest });

/** The member, once the actor is seen to be entitled to look them up. */
export function createLookUp(members: Pick<MembersService, 'get'>) {
  return async (actor: Parameters<typeof demandLookUp>[0], wanted: string): Promise<Member> => {
    const member = await members.get(wanted);
    if (member === null) {
      // Who may look up nobody learns no numbers either.
      demandAnywhere(actor, 'members.bind', 'phone.reveal');
      throw new AppError('members.not-found', 404);
    }
    demandLookUp(actor, member);
    return member;
  };
}

/** The registry, for those who bind people or may see their numbers, in their grids. */
export function memberRoutes({ members }: { members: MembersService }): Route[] {
  const lookUp = createLookUp(members);
  return [
    route({
      method: 'get',
      path: '/members',
      summary: 'People by number; of a grid, with an exact full name, with a tag',
      query: z.strictObject({ ...paging, grid: id.optional(), name: words(40).optional(), tag: words(40).optional() }),
      demand: (actor) => demandAnywhere(actor, 'members.bind', 'phone.reveal'),
      reply: pageOf(person),
      async handle({ actor, query: { grid, name, tag, limit, cursor } }) {
        const mine = gridsOfPeople(actor);
        if (grid !== undefined) demandLookUp(actor, { grid });
        const grids = grid === undefined ? mine : [grid];
        const found = await members.list({ grids, name, tag }, { after: keyIn(cursor), limit: limit + 1 });
        const { items, next } = onePage(found, limit, ({ _id }) => _id);
        return { items: items.map(present), next };
      },
    }),
    route({
      method: 'get',
      path: '/members/{member}',
      summary: 'One person, the number masked',
      params: one,
      reply: personInFull,
      async handle({ actor, params }) {
        const member = await lookUp(actor, params.member);
        return {
          ...present(member),
          phone: members.phones.masked(member),
          wechat: await members.usesWechat(member._id),
          bound: (await members.contactOf(member._id)) !== null,
          optedOut: await members.stopped(member._id),
        };
      },
    }),
    route({
      method: 'get',
      path: '/members/{member}/household',
      summary: 'Everybody of that person’s household',
      params: one,
      reply: z.object({ items: z.array(person) }),
      async handle({ actor, params }) {
        const member = await lookUp(actor, params.member);
        return { items: (await members.household(member.household)).map(present) };
      },
    }),
    route({
      method: 'post',
      path: '/members/{member}/phone',
      summary: 'The number itself; every look is recorded',
      params: one,
      reply: z.object({ phone: z.string() }),
      handle: async ({ actor, params }) => ({ phone: await members.phones.reveal(actor, params.member) }),
    }),
  ];
}
