import { z } from 'zod';
import { demand, may, roles, village } from '../../shared/access.ts';
import { purposes, type MembersService } from '../../members/index.ts';
import { route, type Route } from '../route.ts';
import { id, instant, when, words } from '../schemas.ts';
import { createLookUp, one } from './members.routes.ts';

const grant = z
  .object({
    role: z.enum(roles),
    scope: z.string(),
    grantedBy: z.string(),
    from: instant,
    to: instant.nullable(),
    endedBy: z.string().nullable(),
  })
  .meta({ id: 'Grant' });
const consent = z
  .object({ purpose: z.enum(purposes), version: z.string(), givenAt: instant, withdrawnAt: instant.nullable() })
  .meta({ id: 'Consent' });
const ofPurpose = one.extend({ purpose: z.enum(purposes) });

/** Roles, consents and opt-outs of a person. Consents and opt-outs on paper are entered by who may bind the person. */
export function rightsRoutes({ members }: { members: MembersService }): Route[] {
  const lookUp = createLookUp(members);
  type Who = Parameters<typeof lookUp>[0];
  const speaksFor = async (actor: Who, id: string): Promise<string> => {
    const member = await lookUp(actor, id);
    demand(actor, 'members.bind', member.grid);
    return member._id;
  };

  return [
    route({
      method: 'get',
      path: '/members/{member}/grants',
      summary: 'All roles ever granted',
      params: one,
      reply: z.object({ items: z.array(grant) }),
      async handle({ actor, params: { member } }) {
        if (!may(actor, 'admin', village)) await lookUp(actor, member);
        return { items: await members.grants.of(member) };
      },
    }),
    route({
      method: 'post',
      path: '/members/{member}/grants',
      summary: 'Grant a role for the village or a grid',
      params: one,
      body: z.strictObject({ role: z.enum(roles), scope: words(60), to: when.optional() }),
      reply: grant,
      status: 201,
      handle: ({ actor, params, body: { to, ...rest } }) =>
        members.grants.grant(actor, { ...params, ...rest, ...(to === undefined ? {} : { to }) }),
    }),
    route({
      method: 'delete',
      path: '/members/{member}/grants/{role}/{scope}',
      summary: 'End a role now',
      params: one.extend({ role: z.enum(roles), scope: id }),
      reply: grant,
      handle: ({ actor, params }) => members.grants.revoke(actor, params),
    }),
    route({
      method: 'get',
      path: '/members/{member}/consents',
      summary: 'What the person agreed to and withdrew',
      params: one,
      reply: z.object({ items: z.array(consent) }),
      handle: async ({ actor, params }) => ({
        items: await members.consents.of((await lookUp(actor, params.member))._id),
      }),
    }),
    route({
      method: 'put',
      path: '/members/{member}/consents/{purpose}',
      summary: 'The person agreed, in that version of the wording',
      params: ofPurpose,
      body: z.strictObject({ version: words(40) }),
      async handle({ actor, params, body, from }) {
        await members.consents.give(await speaksFor(actor, params.member), params.purpose, body.version, from);
      },
    }),
    route({
      method: 'delete',
      path: '/members/{member}/consents/{purpose}',
      summary: 'The person withdrew a consent',
      params: ofPurpose,
      async handle({ actor, params }) {
        await members.consents.withdraw(await speaksFor(actor, params.member), params.purpose);
      },
    }),
    route({
      method: 'put',
      path: '/members/{member}/opt-out',
      summary: 'The person wants nothing unasked (退订)',
      params: one,
      async handle({ actor, params, from }) {
        await members.stop(await speaksFor(actor, params.member), from);
      },
    }),
    route({
      method: 'delete',
      path: '/members/{member}/opt-out',
      summary: 'The person wants it again (订阅)',
      params: one,
      async handle({ actor, params }) {
        await members.resume(await speaksFor(actor, params.member));
      },
    }),
  ];
}
