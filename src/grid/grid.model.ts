import { z } from 'zod';
import { declare } from '../platform/store/port.ts';

/** A grid (网格) in the tree village → grid → micro-grid. `_id` is its name (三组). */
export const grids = declare(
  'grids',
  z.object({
    _id: z.string(),
    /** Null for the village itself. */
    parent: z.string().nullable(),
    /** Households that the village counts (户数); the registry may know fewer. */
    households: z.number().int().nullable(),
    /** 公布的值班电话: may be shown to everyone. */
    dutyPhone: z.string().nullable(),
  }),
  { parent: { fields: ['parent'] } },
);
export type Grid = NonNullable<Awaited<ReturnType<typeof grids.schema.parse>>>;

/** A WeChat group of a grid. `_id` is our stable name for it: the grid's name for its own group. */
export const rooms = declare(
  'rooms',
  z.object({
    _id: z.string(),
    grid: z.string(),
    /** 微信群 name. */
    topic: z.string(),
    /** The channel's id, which may change at a login; null until the group was seen. */
    channelRoom: z.string().nullable(),
    /** Management group: cadres' commands are taken here. */
    management: z.boolean(),
  }),
  { channelRoom: { fields: ['channelRoom'] }, topic: { fields: ['topic'] }, grid: { fields: ['grid'] } },
);
export type Room = NonNullable<Awaited<ReturnType<typeof rooms.schema.parse>>>;
