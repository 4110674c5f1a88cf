import { z } from 'zod';
import { roles } from '../shared/access.ts';
import { villageCalendar } from '../grid/index.ts';

const nullableText = z.string().nullable();

/** What an import writes, as it waits in its parts: checked, numbers sealed. */
export const partSchemas = {
  grid: z.object({
    grids: z.array(
      z.object({
        id: z.string(),
        parent: nullableText,
        households: z.number().nullable(),
        dutyPhone: nullableText,
      }),
    ),
    rooms: z.array(z.object({ id: z.string(), grid: z.string(), topic: z.string(), management: z.boolean() })),
    calendar: villageCalendar.nullable(),
  }),
  members: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      sex: z.enum(['男', '女']).nullable(),
      born: nullableText,
      household: z.string(),
      relation: z.string(),
      grid: z.string(),
      tags: z.array(z.string()),
      nickname: nullableText,
      grants: z.array(z.object({ role: z.enum(roles), scope: z.string() })),
      phone: z.object({ keyId: z.string(), cipher: z.string(), digest: z.string() }).nullable(),
    }),
  ),
  gardens: z.array(
    z.object({
      _id: z.string(),
      grid: z.string(),
      area: z.number().nullable(),
      keeper: nullableText,
      plants: z.array(z.string()),
    }),
  ),
};
