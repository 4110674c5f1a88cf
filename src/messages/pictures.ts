import { z } from 'zod';
import type { Clock } from '../platform/clock.ts';
import { declare, type Store } from '../platform/store/port.ts';

/**
 * Who sent which picture, whatever became of it: a picture that belongs to nothing must be found as well when its
 * sender is erased. `_id` = `<picture>:<person>`; the same picture of two people is kept once.
 */
export const pictures = declare(
  'pictures',
  z.object({ _id: z.string(), picture: z.string(), person: z.string(), at: z.date() }),
  { person: { fields: ['person'] }, picture: { fields: ['picture'] } },
);

export interface Pictures {
  /** The person has sent that picture, which is kept. */
  sent(picture: string, person: string): Promise<void>;
}

export function createPictures(deps: { store: Store; clock: Clock }): Pictures {
  return {
    async sent(picture, person) {
      const rows = deps.store.collection(pictures);
      await rows.upsert(`${picture}:${person}`, { $set: { picture, person, at: deps.clock.now() } });
    },
  };
}
