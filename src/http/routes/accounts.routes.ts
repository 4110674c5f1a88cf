import { z } from 'zod';
import type { Staff } from '../../staff/index.ts';
import { route, type Route } from '../route.ts';
import { id, instant } from '../schemas.ts';

const account = z
  .object({
    name: z.string(),
    member: z.string(),
    state: z.enum(['active', 'closed']),
    createdAt: instant,
    signedInAt: instant.nullable(),
  })
  .meta({ id: 'Account' });

/** Sign-ins of the staff, for admins. */
export function accountRoutes({ staff }: { staff: Staff }): Route[] {
  return [
    route({
      method: 'get',
      path: '/accounts',
      summary: 'All accounts',
      reply: z.object({ items: z.array(account) }),
      handle: async ({ actor }) => ({ items: await staff.accounts(actor) }),
    }),
    route({
      method: 'post',
      path: '/accounts/invitations',
      summary: 'A one-time link token for a member: a new account, or a new password',
      body: z.strictObject({ member: id }),
      reply: z.object({ token: z.string(), expiresAt: instant }),
      status: 201,
      handle: ({ actor, body }) => staff.invite(actor, body.member),
    }),
    route({
      method: 'delete',
      path: '/accounts/{name}',
      summary: 'Close an account; its sessions end',
      params: z.strictObject({ name: id }),
      reply: account,
      handle: ({ actor, params }) => staff.close(actor, params.name),
    }),
  ];
}
