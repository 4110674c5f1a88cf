import type { Member, Members, PersonKey } from '../members/index.ts';
import { needsAdult, personUnknown, tooYoung } from './activities.errors.ts';
import type { Activity, Signup } from './activities.model.ts';
import type { Book } from './book.ts';
import { isKinship, relatives } from './people.ts';
import { ownPeople } from './resizing.ts';

/** Somebody who goes, with a row of their own. */
export interface Goer {
  readonly person: PersonKey;
  readonly member: string | null;
  readonly name: string;
}

/** Years from which one counts as an adult, and below which one goes only with an adult of the household. */
export const adultAge = 18;
export const guardedAge = 16;

/** Who may be meant by a name or a kinship word; none when nobody fits. */
export async function candidates(members: Members, speaker: Member | null, said: string): Promise<Member[]> {
  if (isKinship(said)) {
    return speaker === null ? [] : relatives(said, speaker, await members.household(speaker.household));
  }
  return members.named(said.replace(/^(?:我们?|俺)(?:家|屋头|屋里)?/u, ''));
}

/** The one person meant, or several to choose from. */
export async function whoIs(members: Members, speaker: Member | null, said: string): Promise<Member[]> {
  const found = await candidates(members, speaker, said);
  if (found.length === 0) throw personUnknown();
  return found;
}

const standing = ['confirmed', 'held', 'waitlisted', 'pending'] as const;

/** The live row in which the member is counted as somebody's companion, or null. */
export async function countedIn(book: Book, activity: string, member: string): Promise<Signup | null> {
  const rows = await book.signups.find({ companions: member });
  return rows.find((row) => row.activity === activity && standing.some((status) => row.status === status)) ?? null;
}

/**
 * Refuses who is too young: below the activity's age, or under 16 without an adult of the household who is
 * signed up, comes along in the same row, or signs up in the same go (`together`). Unknown ages pass.
 */
export async function checkAges(
  deps: { book: Book; members: Members },
  activity: Activity,
  going: readonly string[],
  together: readonly string[] = [],
): Promise<void> {
  const { book, members } = deps;
  const known = async (ids: readonly string[]): Promise<Member[]> =>
    (await Promise.all(ids.map((id) => members.get(id)))).filter((member) => member !== null);
  const people = await known(going);
  const age = (member: Member): number => members.ageOn(member, activity.startsAt) ?? adultAge;
  const { minAge } = activity;
  if (minAge !== null && people.some((member) => age(member) < minAge)) throw tooYoung(activity);
  const children = people.filter((member) => age(member) < guardedAge);
  if (children.length === 0) return;
  const party = [...people, ...(await known(together))];
  for (const child of children) {
    if (party.some((other) => other.household === child.household && age(other) >= adultAge)) continue;
    const adults = (await members.household(child.household)).filter((other) => age(other) >= adultAge);
    const signed = await Promise.all(adults.map((adult) => isSignedUp(book, activity._id, adult._id)));
    if (!signed.includes(true)) throw needsAdult(activity);
  }
}

/** Has a seat, or one is held: an own one, or as somebody's companion. */
export async function isSignedUp(book: Book, activity: string, member: string): Promise<boolean> {
  const own = await book.rowOf(activity, member);
  if (own !== null && (own.status === 'confirmed' || own.status === 'held') && ownPeople(own) > 0) return true;
  return (await countedIn(book, activity, member))?.status === 'confirmed';
}
