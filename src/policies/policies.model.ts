import { z } from 'zod';
import { declare } from '../platform/store/port.ts';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const words = z.string().trim().min(1).max(2000);

/** A policy card (政策明白纸) as a village writes it; days are Asia/Shanghai. */
export const cardFields = z.object({
  id: z.string().regex(/^[\w-]{1,64}$/),
  title: words.max(60),
  category: words.max(20),
  summary: words,
  body: z.string().trim().min(1).max(20_000),
  validFrom: day,
  validTo: day.nullable(),
  deadline: day.nullable(),
  audience: z.array(words),
  materials: z.array(words),
  contact: words,
  qa: z.array(z.object({ q: words, a: words })),
});

/** `_id` = the card's id. A changed card is a new version of it. */
export const policies = declare(
  'policies',
  cardFields.omit({ id: true }).extend({
    _id: z.string(),
    version: z.number().int(),
    /** Made up, for trying out: always said beside its content. */
    sample: z.boolean(),
    updatedAt: z.date(),
  }),
  { category: { fields: ['category', 'title'] } },
);
export type PolicyCard = z.infer<typeof policies.schema>;

/** Which card a question was answered with. `_id` = the inbox id that asked. */
export const policyAnswers = declare(
  'policyAnswers',
  z.object({ _id: z.string(), card: z.string().nullable(), at: z.date() }),
);
