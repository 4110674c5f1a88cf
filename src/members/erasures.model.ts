import { z } from 'zod';
import { declare } from '../platform/store/port.ts';

/**
 * A person who was erased, or is being erased. `_id` = the member's number, which is given to nobody else again.
 * running → erased (the record is gone) → done (and so are its bytes).
 */
export const erasures = declare(
  'erasures',
  z.object({
    _id: z.string(),
    askedAt: z.date(),
    /** Member id of the admin, or `system` for the command line. */
    by: z.string(),
    state: z.enum(['running', 'erased', 'done']),
    /** WeChat contacts that the person had, for as long as it is running. */
    contacts: z.array(z.string()),
    /** The keepers that are through. */
    through: z.array(z.string()),
    /** Asked for before, and brought about again after a restore: nothing else begins until it is done. */
    replay: z.boolean(),
    doneAt: z.date().nullable(),
  }),
  { state: { fields: ['state', 'askedAt'] } },
);
export type Erasure = z.infer<typeof erasures.schema>;

/** Where erasures are kept, for a restore. */
export const erasuresName = erasures.name;

/** An erasure as a restore puts it among the documents: to be brought about again. */
export function replayOf({ member, at, by }: { member: string; at: Date; by: string }): Erasure {
  return { _id: member, askedAt: at, by, state: 'running', contacts: [], through: [], replay: true, doneAt: null };
}

/** Who was erased, as a backup's source tells. */
export async function erasuresOf(source: {
  readonly collections: readonly string[];
  rows(collection: string): AsyncIterable<{ readonly doc: object }>;
}): Promise<{ member: string; at: Date; by: string }[]> {
  const all: { member: string; at: Date; by: string }[] = [];
  if (!source.collections.includes(erasures.name)) return all;
  for await (const { doc } of source.rows(erasures.name)) {
    const { _id: member, askedAt: at, by } = erasures.schema.parse(doc);
    all.push({ member, at, by });
  }
  return all;
}
