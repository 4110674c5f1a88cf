import { z } from 'zod';
import { declare } from '../../../src/platform/store/port.ts';

/** A collection with every kind of field that the application keeps. */
export const things = declare(
  'things',
  z.object({
    _id: z.string(),
    kind: z.string(),
    n: z.number(),
    when: z.date().nullable(),
    maybe: z.number().nullable().optional(),
    flag: z.boolean(),
    tags: z.array(z.string()),
    about: z.object({ by: z.string().nullable(), at: z.date().nullable() }).nullable(),
    log: z.array(z.object({ what: z.string(), n: z.number() })),
  }),
  {
    kind: { fields: ['kind', 'n'] },
    when: { fields: ['when'] },
    newest: { fields: ['kind', 'when', 'n'] },
    tags: { fields: ['tags'] },
    by: { fields: ['about.by', 'n'] },
    maybe: { fields: ['maybe', 'kind'] },
  },
);
export type Thing = NonNullable<Awaited<ReturnType<typeof things.schema.parse>>>;

/** Codes that must differ. */
export const codes = declare(
  'codes',
  z.object({ _id: z.string(), room: z.string(), code: z.number(), uses: z.number().int().min(0).max(50) }),
  { code: { fields: ['room', 'code'], unique: true } },
);

export const buildThing = (thing: Partial<Thing> & { _id: string }): Thing => ({
  kind: 'a',
  n: 0,
  when: null,
  flag: false,
  tags: [],
  about: null,
  log: [],
  ...thing,
});
