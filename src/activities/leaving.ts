import { noLonger } from './activities.errors.ts';
import { liveStatuses, type Signup } from './activities.model.ts';
import type { Book } from './book.ts';

export const isLive = (row: Signup): boolean => liveStatuses.some((status) => status === row.status);

/** Gives the row up, however often it changes meanwhile. activities.no-longer: another message did before. */
export async function drop(book: Book, row: Signup, why: string, did: Signup['did']): Promise<Signup> {
  let current: Signup | null = row;
  while (current !== null && isLive(current)) {
    if (current.status === 'leaving') return book.finish(current);
    const left = await book.leave(current, why, did);
    if (left !== null) return left;
    current = await book.signups.get(row._id);
  }
  if (current?.did.from === did.from) return current;
  throw noLonger();
}
