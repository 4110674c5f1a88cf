import { z } from 'zod';
import { demand, village } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { Policies, PolicyCard } from '../../policies/index.ts';
import { demandStaff } from '../rights.ts';
import { route, type Route } from '../route.ts';
import { id, instant, words } from '../schemas.ts';

const card = z
  .object({
    id: z.string(),
    title: z.string(),
    category: z.string(),
    summary: z.string(),
    body: z.string(),
    validFrom: z.string(),
    validTo: z.string().nullable(),
    deadline: z.string().nullable(),
    audience: z.array(z.string()),
    materials: z.array(z.string()),
    contact: z.string(),
    qa: z.array(z.object({ q: z.string(), a: z.string() })),
    version: z.number().int(),
    sample: z.boolean(),
    updatedAt: instant,
  })
  .meta({ id: 'PolicyCard' });
const present = ({ _id, ...rest }: PolicyCard) => ({ id: _id, ...rest });

/** Policy cards (政策明白纸). */
export function policyRoutes({ policies }: { policies: Policies }): Route[] {
  return [
    route({
      method: 'get',
      path: '/policies',
      summary: 'Cards in force, or those whose title, category or audience bears the words',
      query: z.strictObject({ q: words(60).optional() }),
      demand: demandStaff,
      reply: z.object({ items: z.array(card) }),
      handle: async ({ query: { q } }) => ({
        items: (await (q === undefined ? policies.current() : policies.matching(q))).map(present),
      }),
    }),
    route({
      method: 'get',
      path: '/policies/{card}',
      summary: 'One card, in force or not',
      params: z.strictObject({ card: id }),
      demand: demandStaff,
      reply: card,
      async handle({ params }) {
        const found = await policies.get(params.card);
        if (found === null) throw new AppError('policies.not-found', 404);
        return present(found);
      },
    }),
    route({
      method: 'post',
      path: '/policies/import',
      summary: 'Take in cards, all or nothing; an unchanged card keeps its version',
      body: z.strictObject({
        cards: z.array(z.looseObject({ id: z.string() })).max(1000),
        sample: z.boolean().default(false),
      }),
      limit: 5_000_000,
      demand: (actor) => demand(actor, 'notice.write', village),
      reply: z.object({ changed: z.number().int() }),
      handle: async ({ actor, body: { cards, sample } }) => ({
        changed: await policies.importCards(actor, cards, { sample }),
      }),
    }),
  ];
}
