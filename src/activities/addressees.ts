import type { Members, PersonKey } from '../members/index.ts';
import type { Address, Messages } from '../messages/index.ts';
import type { Signup } from './activities.model.ts';
import type { Book } from './book.ts';

/** Somebody who is told about sign-ups: their own, or those they made for others. */
export interface Addressee {
  readonly person: PersonKey;
  readonly rows: readonly Signup[];
}

/** One message: a direct one, or one in a room that mentions all concerned. */
export interface Letter {
  readonly to: Address;
  readonly addressees: readonly Addressee[];
}

export interface AddresseeQueries {
  /**
   * Whom the rows concern: the row's member if that member uses WeChat, else who signed up.
   * `optional`: people who unsubscribed are left out.
   */
  addressees(rows: readonly Signup[], options: { optional: boolean }): Promise<Addressee[]>;
  /** Confirmed rows whose acceptance isn't later than that. */
  confirmedBy(activity: string, at: Date): Promise<Signup[]>;
  /** Rows that news of the activity concerns: confirmed, held and waiting; after a call-off those it ended. */
  concerned(activity: string): Promise<Signup[]>;
}

/** Where each is reached: the direct chat if they ever wrote there, else their room, else where they signed up. */
export async function lettersTo(
  addressees: readonly Addressee[],
  messages: Pick<Messages, 'addressOf'>,
): Promise<Letter[]> {
  const direct: Letter[] = [];
  const rooms = new Map<string, Addressee[]>();
  for (const addressee of addressees) {
    const known = await messages.addressOf(addressee.person);
    const signedIn = addressee.rows.find(({ room }) => room !== null)?.room ?? null;
    const to = known ?? (signedIn === null ? { person: addressee.person } : { room: signedIn });
    if ('person' in to) direct.push({ to, addressees: [addressee] });
    else rooms.set(to.room, [...(rooms.get(to.room) ?? []), addressee]);
  }
  return [...direct, ...[...rooms].map(([room, mentioned]) => ({ to: { room }, addressees: mentioned }))];
}

export function createAddressees(deps: { book: Book; members: Members }): AddresseeQueries {
  const { book, members } = deps;

  async function personOf(row: Signup): Promise<PersonKey | null> {
    return (await members.usesWechat(row.person)) ? row.person : row.by;
  }

  return {
    async addressees(rows, { optional }) {
      const found = new Map<PersonKey, Signup[]>();
      for (const row of rows) {
        const person = await personOf(row);
        if (person === null || (optional && (await members.stopped(person)))) continue;
        found.set(person, [...(found.get(person) ?? []), row]);
      }
      return [...found].map(([person, theirs]) => ({ person, rows: theirs }));
    },

    async confirmedBy(activity, at) {
      const rows = await book.signups.find({ activity, status: 'confirmed' });
      return rows.filter(({ signedAt }) => signedAt <= at);
    },

    async concerned(activity) {
      const found = await book.activities.get(activity);
      if (found?.state !== 'cancelled') {
        return book.signups.find({ activity, status: { $in: ['confirmed', 'held', 'waitlisted'] } });
      }
      const ended = await book.signups.find({ activity, status: 'cancelled' });
      return ended.filter(({ why }) => why === 'activity cancelled');
    },
  };
}
