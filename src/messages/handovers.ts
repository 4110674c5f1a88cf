import { z } from 'zod';
import type { Clock } from '../platform/clock.ts';
import { declare, type Store } from '../platform/store/port.ts';
import { isAppError } from '../shared/errors.ts';

/** Somebody asked for a person (转人工). `_id` = the inbox id that asked. */
export const handovers = declare(
  'handovers',
  z.object({
    _id: z.string(),
    person: z.string(),
    room: z.string().nullable(),
    /** The member who was asked to answer. */
    to: z.string(),
    state: z.enum(['open', 'closed']),
    at: z.date(),
  }),
  { state: { fields: ['state', 'at'] }, to: { fields: ['to', 'state'] } },
);
export type Handover = z.infer<typeof handovers.schema>;

export interface Handovers {
  /** Once for each asking message. */
  open(from: string, person: string, room: string | null, to: string): Promise<Handover>;
  /** `by` is the one who was asked; null when it is not open or not theirs. */
  close(id: string, by: string): Promise<Handover | null>;
  all(): Promise<Handover[]>;
}

export function createHandovers(deps: { store: Store; clock: Clock }): Handovers {
  const rows = deps.store.collection(handovers);
  return {
    async open(from, person, room, to) {
      const row: Handover = { _id: from, person, room, to, state: 'open', at: deps.clock.now() };
      try {
        return await rows.insert(row);
      } catch (fault) {
        if (!isAppError(fault, 'store.duplicate')) throw fault;
        return (await rows.get(from)) ?? row;
      }
    },
    close: (id, by) => rows.update({ _id: id, to: by, state: 'open' }, { $set: { state: 'closed' } }),
    all: () => rows.find({ state: { $in: ['open', 'closed'] } }, { sort: { at: 1 } }),
  };
}
