import type { Member, Members } from '../members/index.ts';
import { peopleUnclear } from './activities.errors.ts';
import type { Book } from './book.ts';
import { candidates, countedIn } from './goers.ts';
import { namesIn } from './people.ts';

/** Who comes along in somebody's row. */
export interface Company {
  readonly companions: readonly string[];
  readonly guests: readonly string[];
}

/** Companions that are pointed out with certainty; everyone else is a guest, by the words used. */
export async function companyOf(members: Members, speaker: Member | null, said: string): Promise<Company> {
  const companions: string[] = [];
  const guests: string[] = [];
  for (const name of namesIn(said)) {
    const [only, ...more] = await candidates(members, speaker, name);
    if (only === undefined || more.length > 0) guests.push(name);
    else if (only._id !== speaker?._id) companions.push(only._id);
  }
  return { companions: [...new Set(companions)], guests };
}

/** Companions who have a seat of their own already are not counted again. */
export async function splitCompany(
  book: Book,
  activity: string,
  company: Company,
): Promise<{ along: string[]; apart: string[] }> {
  const along: string[] = [];
  const apart: string[] = [];
  for (const companion of company.companions) {
    const own = await book.rowOf(activity, companion);
    const counted =
      (own !== null && own.status !== 'cancelled') || (await countedIn(book, activity, companion)) !== null;
    (counted ? apart : along).push(companion);
  }
  return { along, apart };
}

/** People of each goer's row; several named people bring nobody else. `apart`: companions counted elsewhere. */
export function sharesOf(people: number | undefined, goers: number, company: Company, apart: number): number[] {
  if (goers > 1) {
    if (people !== undefined && people !== goers) throw peopleUnclear();
    return Array.from({ length: goers }, () => 1);
  }
  const named = 1 + company.companions.length;
  if (people !== undefined && people < named) throw peopleUnclear();
  return [Math.max(1, (people ?? named + company.guests.length) - apart)];
}
