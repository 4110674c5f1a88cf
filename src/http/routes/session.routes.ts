import { z } from 'zod';
import { roles, table, village, type Action, type Actor } from '../../shared/access.ts';
import type { Members } from '../../members/index.ts';
import { csrfOf, type Staff } from '../../staff/index.ts';
import { networkOf, type Cookies } from '../guard.ts';
import { openRoute, route, type Route } from '../route.ts';
import { id, instant, words } from '../schemas.ts';

const secret = z.string().min(1).max(200);
const granted = z.object({ role: z.enum(roles), scope: z.string() });
const me = z
  .object({
    account: z.string(),
    member: z.object({ id: z.string(), name: z.string(), grid: z.string() }),
    grants: z.array(granted),
    /** Action → where: `village` or grids. */
    may: z.record(z.string(), z.array(z.string())),
    csrf: z.string(),
    /** The session ends then unless it is used. */
    expiresAt: instant,
  })
  .meta({ id: 'Me' });

/** Where each action is open to the actor. */
function rightsOf(actor: Actor): Record<string, string[]> {
  const actions = Object.keys(table) as Action[];
  const pairs = actions.map((action): [string, string[]] => {
    const scopes = actor.grants.filter(({ role }) => table[action][role] !== undefined).map(({ scope }) => scope);
    return [action, scopes.includes(village) ? [village] : [...new Set(scopes)]];
  });
  return Object.fromEntries(pairs.filter(([, scopes]) => scopes.length > 0));
}

/** Signing in and out, and what concerns one's own account. */
export function sessionRoutes(deps: { staff: Staff; members: Members }, cookies: Cookies): Route[] {
  const { staff, members } = deps;

  async function tell(token: string, session: { account: string; member: string; expiresAt: Date }) {
    const [account, member, actor] = await Promise.all([
      staff.account(session.account),
      members.get(session.member),
      members.actor(session.member),
    ]);
    return {
      account: account?.name ?? session.account,
      member: { id: session.member, name: member?.name ?? '', grid: member?.grid ?? '' },
      grants: [...actor.grants],
      may: rightsOf(actor),
      csrf: csrfOf(token),
      expiresAt: session.expiresAt,
    };
  }

  return [
    openRoute({
      method: 'post',
      path: '/session',
      summary: 'Sign in; gives the cookies',
      body: z.strictObject({ name: words(60), password: secret }),
      reply: me,
      status: 201,
      async handle({ ctx, body }) {
        const signedIn = await staff.signIn({
          ...body,
          address: networkOf(ctx.ip),
          device: cookies.device(ctx),
          previous: cookies.session(ctx),
        });
        cookies.give(ctx, signedIn);
        return tell(signedIn.token, signedIn.session);
      },
    }),
    route({
      method: 'get',
      path: '/me',
      summary: 'Who is signed in, what they may do, and the token for unsafe requests',
      reply: me,
      handle: ({ token, session }) => tell(token, session),
    }),
    route({
      method: 'delete',
      path: '/session',
      summary: 'Sign out here',
      async handle({ ctx, token }) {
        await staff.signOut(token);
        cookies.clear(ctx);
      },
    }),
    route({
      method: 'delete',
      path: '/sessions',
      summary: 'Sign out everywhere',
      async handle({ ctx, session }) {
        await staff.signOutEverywhere(session);
        cookies.clear(ctx);
      },
    }),
    route({
      method: 'put',
      path: '/me/password',
      summary: 'Change one’s password; every other session ends',
      body: z.strictObject({ current: secret, next: secret }),
      reply: me,
      async handle({ ctx, session, body }) {
        const change = { ...body, address: networkOf(ctx.ip), device: cookies.device(ctx) };
        const signedIn = await staff.changePassword(session, change);
        cookies.give(ctx, signedIn);
        return tell(signedIn.token, signedIn.session);
      },
    }),
    openRoute({
      method: 'post',
      path: '/setup',
      summary: 'Use a one-time link: the first admin’s, or an invitation',
      body: z.strictObject({ token: secret, member: id.optional(), name: words(60).optional(), password: secret }),
      reply: z.object({ name: z.string(), member: z.string() }),
      status: 201,
      handle: ({ body }) => staff.accept(body),
    }),
  ];
}
