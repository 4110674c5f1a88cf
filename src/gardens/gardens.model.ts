import { z } from 'zod';
import { declare } from '../platform/store/port.ts';

/** A plot of the shared gardens (共建生态花园). `_id` is its name (桂花园). */
export const gardens = declare(
  'gardens',
  z.object({
    _id: z.string(),
    grid: z.string(),
    /** Square metres. */
    area: z.number().nullable(),
    /** 认领户: the household that keeps it. */
    keeper: z.string().nullable(),
    /** Main plants. */
    plants: z.array(z.string()),
  }),
  { grid: { fields: ['grid'] } },
);
export type Garden = z.infer<typeof gardens.schema>;

/** Every collection of this capability. */
export const gardensCollections = [gardens] as const;
