import { z } from 'zod';
import { holidayTable } from '../shared/calendar/index.ts';
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
export type Grid = z.infer<typeof grids.schema>;

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
export type Room = z.infer<typeof rooms.schema>;

/** Who is on duty in a grid from when to when (值班). `_id` = `grid:member:from`. */
export const duties = declare(
  'duties',
  z.object({
    _id: z.string(),
    grid: z.string(),
    member: z.string(),
    from: z.date(),
    to: z.date(),
    by: z.string(),
  }),
  { grid: { fields: ['grid', 'to'] } },
);
export type Duty = z.infer<typeof duties.schema>;

const monthDay = z.string().regex(/^(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/);
const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/);

/** What the village's calendar adds to everyone's (VillageCalendar). */
export const villageCalendar = z.object({
  marketDays: z
    .object({
      calendar: z.enum(['lunar', 'solar']),
      dayEndsIn: z.array(z.number().int().min(0).max(9)),
      shortMonth: z.enum(['skip', 'last-day']).exactOptional(),
    })
    .nullable(),
  farmingPeaks: z.array(z.object({ name: z.string().min(1), start: monthDay, end: monthDay })),
  quietHours: z.tuple([timeOfDay, timeOfDay]),
  holidays: z.array(holidayTable).exactOptional(),
});

/** Settings of the village, one document each. `_id` = `calendar`. */
export const gridSettings = declare('gridSettings', z.object({ _id: z.string(), calendar: villageCalendar }));

/** Every collection of this capability. */
export const gridCollections = [grids, rooms, duties, gridSettings] as const;
