import type { Member, Members, PersonKey } from '../members/index.ts';
import type { Activity, Signup } from './activities.model.ts';
import type { Book } from './book.ts';
import { adultAge, guardedAge, isSignedUp } from './goers.ts';

/** Children go only with an adult of their household who is signed up, too. */
export interface Guardians {
  /** Live rows of children of whose household no adult goes now that the row has changed or ended. */
  leftAlone(row: Signup): Promise<Signup[]>;
  /** Whether the row is a child's, and the person an adult of the same household. */
  guards(person: PersonKey, row: Signup): Promise<boolean>;
}

export function createGuardians({ book, members }: { book: Book; members: Members }): Guardians {
  const ageAt = (activity: Activity, member: Member): number => members.ageOn(member, activity.startsAt) ?? adultAge;

  async function aloneIn(activity: Activity, household: readonly Member[]): Promise<Signup[]> {
    const children = household.filter((member) => ageAt(activity, member) < guardedAge);
    const rows = await Promise.all(children.map(({ _id }) => book.rowOf(activity._id, _id)));
    const live = rows.filter((row) => row !== null && ['confirmed', 'waitlisted', 'held'].includes(row.status));
    if (live.length === 0) return [];
    const adults = household.filter((member) => ageAt(activity, member) >= adultAge);
    const going = await Promise.all(adults.map(({ _id }) => isSignedUp(book, activity._id, _id)));
    return going.includes(true) ? [] : live.filter((row) => row !== null);
  }

  return {
    async leftAlone(row) {
      const activity = await book.activities.get(row.activity);
      const who = row.member === null ? row.companions : [row.member, ...row.companions];
      const people = (await Promise.all(who.map((id) => members.get(id)))).filter((member) => member !== null);
      const homes = new Set(people.map(({ household }) => household));
      if (activity === null) return [];
      const found: Signup[] = [];
      for (const home of homes) found.push(...(await aloneIn(activity, await members.household(home))));
      return found.filter(({ _id }) => _id !== row._id);
    },

    async guards(person, row) {
      const activity = await book.activities.get(row.activity);
      const [adult, child] = await Promise.all([members.get(person), members.get(row.member ?? '')]);
      if (activity === null || adult === null || child === null || adult.household !== child.household) return false;
      return ageAt(activity, adult) >= adultAge && ageAt(activity, child) < guardedAge;
    },
  };
}
