import type { Clock } from '../platform/clock.ts';
import type { VillageCalendar } from '../shared/calendar/index.ts';
import type { Member, Members, PersonKey } from '../members/index.ts';
import { bindFirst, noLonger, notFound, tooMany } from './activities.errors.ts';
import type { Activity, Signup } from './activities.model.ts';
import type { Book, Settled } from './book.ts';
import { companyOf, sharesOf, splitCompany } from './company.ts';
import { checkAges, countedIn, whoIs, type Goer } from './goers.ts';
import { checkOpen } from './opening.ts';
import { ownPeople } from './resizing.ts';
import { warningsFor, type Warnings } from './warnings.ts';

/** Plain data, so that it can wait in an open question. */
export interface SignUpWish {
  readonly activity: string;
  /** Everyone who comes, the sender included when the sender comes. */
  readonly people?: number;
  /** Somebody else goes: names or kinship words as said. */
  readonly forWhom?: readonly string[];
  /** Members chosen for words that fitted several. */
  readonly chosen?: Readonly<Record<string, string>>;
  /** Who comes along, as said (我跟老婆子). */
  readonly companions?: string;
  /** Wait when there are too few seats, instead of being asked. */
  readonly queue?: boolean;
}

export interface SignUpRequest extends SignUpWish {
  /** The message. */
  readonly from: string;
  readonly person: PersonKey;
  readonly member: string | null;
  /** As registered, or as WeChat calls an unbound person. */
  readonly name: string;
  readonly room: string | null;
}

export interface Choice {
  readonly member: string;
  readonly name: string;
  readonly grid: string;
  /** Name of the head of the household. */
  readonly head: string | null;
}

export type SignUpOutcome =
  | {
      readonly kind: 'confirmed' | 'waitlisted';
      readonly activity: Activity;
      readonly rows: readonly Signup[];
      /** Place in the queue of each row, 1 for the next; 0 for one that isn't in it. */
      readonly positions: readonly number[];
      readonly warnings: Warnings;
      /** Registered names of the companions that are counted with them. */
      readonly along: readonly string[];
      /** Companions who had signed up themselves and are not counted again. */
      readonly apart: readonly string[];
    }
  /** Something left, but less than the party: nothing was written. */
  | { readonly kind: 'few'; readonly activity: Activity; readonly free: number; readonly people: number }
  | { readonly kind: 'already'; readonly activity: Activity; readonly row: Signup; readonly position: number }
  /** Signed up with another number of people: to be asked. */
  | { readonly kind: 'other-number'; readonly activity: Activity; readonly row: Signup; readonly people: number }
  /** Counted as a companion in that row. */
  | { readonly kind: 'counted'; readonly activity: Activity; readonly row: Signup }
  /** Several people fit the word. */
  | { readonly kind: 'which'; readonly activity: Activity; readonly word: string; readonly choices: readonly Choice[] };

export function createSignUp(deps: {
  book: Book;
  clock: Clock;
  members: Members;
  calendar: () => Promise<VillageCalendar>;
}): (request: SignUpRequest) => Promise<SignUpOutcome> {
  const { book, clock, members } = deps;

  async function goersOf(
    request: SignUpRequest,
    speaker: Member | null,
  ): Promise<readonly Goer[] | { word: string; found: readonly Member[] }> {
    if (request.forWhom === undefined || request.forWhom.length === 0) {
      return [{ person: request.person, member: request.member, name: request.name }];
    }
    if (speaker === null) throw bindFirst();
    const goers = new Map<string, Goer>();
    for (const word of request.forWhom) {
      const chosen = request.chosen?.[word];
      const known = chosen === undefined ? null : await members.get(chosen);
      const found = known === null ? await whoIs(members, speaker, word) : [known];
      const [only, ...more] = found;
      if (only === undefined || more.length > 0) return { word, found };
      goers.set(only._id, { person: only._id, member: only._id, name: only.name });
    }
    return [...goers.values()];
  }

  async function choiceOf(member: Member): Promise<Choice> {
    const household = await members.household(member.household);
    const head = household.find(({ relation }) => relation === '户主') ?? null;
    return { member: member._id, name: member.name, grid: member.grid, head: head?.name ?? null };
  }

  const namesOf = async (ids: readonly string[]): Promise<string[]> =>
    (await Promise.all(ids.map((id) => members.nameOf(id)))).filter((name) => name !== null);

  async function outcome(
    activity: Activity,
    settled: readonly Settled[],
    apart: readonly string[],
  ): Promise<SignUpOutcome> {
    const rows = settled.map(({ row }) => row);
    const [first] = rows;
    const waits = rows.some((row) => row.status === 'waitlisted' || row.status === 'held');
    return {
      kind: waits ? 'waitlisted' : 'confirmed',
      activity,
      rows,
      positions: await Promise.all(settled.map((one) => book.placeOf(one.row, one.activity?.seats))),
      warnings: await warningsFor(deps, first?.person ?? '', activity),
      along: await namesOf(rows.flatMap(({ companions }) => companions)),
      apart: await namesOf(apart),
    };
  }

  async function standing(
    activity: Activity,
    goer: Goer,
    request: SignUpRequest,
    share: number,
  ): Promise<SignUpOutcome | null> {
    const counted = goer.member === null ? null : await countedIn(book, activity._id, goer.member);
    if (counted !== null) return { kind: 'counted', activity, row: counted };
    const known = await book.rowOf(activity._id, goer.person);
    if (known === null || known.status === 'cancelled' || known.status === 'leaving') return null;
    // Left by another message that was cut off: it gets its seat first.
    const row = known.status === 'pending' ? (await book.settle(known)).row : known;
    if (row.status === 'cancelled') return null;
    // Only guests on a 接龙 go so far.
    if (ownPeople(row) === 0) return { kind: 'other-number', activity, row, people: row.people + share };
    if (request.people !== undefined && share !== row.people) {
      return { kind: 'other-number', activity, row, people: share };
    }
    return { kind: 'already', activity, row, position: await book.placeOf(row) };
  }

  async function take(
    request: SignUpRequest,
    goers: readonly Goer[],
    shares: readonly number[],
    company: { along: readonly string[]; guests: readonly string[] },
  ): Promise<Settled[]> {
    const settled: Settled[] = [];
    for (const [at, goer] of goers.entries()) {
      const { row } = await book.begin({
        activity: request.activity,
        ...goer,
        people: shares[at] ?? 1,
        companions: goers.length === 1 ? [...company.along] : [],
        guests: goers.length === 1 ? [...company.guests] : [],
        by: goer.person === request.person ? null : request.person,
        from: request.from,
        room: request.room,
        speaker: request.person,
        signedAt: clock.now(),
        did: { from: request.from, what: 'signup' },
      });
      settled.push(await book.settle(row, request.queue === true ? 'queue' : 'ask'));
    }
    return settled;
  }

  return async function signUp(request) {
    const activity = await book.activities.get(request.activity);
    if (activity === null) throw notFound();
    const speaker = request.member === null ? null : await members.get(request.member);
    let goers = await goersOf(request, speaker);
    if ('word' in goers) {
      checkOpen(activity, clock.now());
      return { kind: 'which', activity, word: goers.word, choices: await Promise.all(goers.found.map(choiceOf)) };
    }
    const company = await companyOf(members, speaker, request.companions ?? '');
    const known = await Promise.all(goers.map(({ person }) => book.rowOf(activity._id, person)));
    /** Rows that this very message made before it was cut off. */
    const made = known.map((row) => (row?.did.from === request.from && row.did.what === 'signup' ? row : null));
    if (made.some((row) => row?.status === 'cancelled' && row.why !== 'asked')) throw noLonger();
    const own = made.map((row) => (row === null || row.status === 'cancelled' ? null : row));
    const begun = own.find((row) => row !== null);
    if (begun === undefined) checkOpen(activity, clock.now());

    const { along, apart } =
      begun === undefined || goers.length > 1
        ? await splitCompany(book, activity._id, company)
        : { along: begun.companions, apart: company.companions.filter((one) => !begun.companions.includes(one)) };
    const wanted =
      begun !== undefined && goers.length === 1
        ? [begun.people]
        : sharesOf(request.people, goers.length, company, apart.length);
    const stands = await Promise.all(
      goers.map(async (goer, at) => (own[at] == null ? standing(activity, goer, request, wanted[at] ?? 1) : null)),
    );
    const first = stands.find((one) => one !== null);
    if (first !== undefined && !stands.includes(null)) return first;
    goers = goers.filter((_, at) => stands[at] === null);
    const shares = wanted.filter((_, at) => stands[at] === null);
    const total = shares.reduce((sum, share) => sum + share, 0);
    if (begun === undefined) {
      if (total > activity.seats.capacity) throw tooMany(activity);
      await checkAges(deps, activity, [...goers.flatMap(({ member }) => member ?? []), ...along]);
      const { free, kept } = activity.seats;
      if (request.queue !== true && kept === 0 && free > 0 && free < total) {
        return { kind: 'few', activity, free, people: total };
      }
    }

    const settled = await take(request, goers, shares, { along, guests: company.guests });
    const after = (await book.activities.get(activity._id)) ?? activity;
    const [only] = settled;
    if (goers.length === 1 && only !== undefined && only.row.did.from !== request.from) {
      // Another message of the same person came first.
      return { kind: 'already', activity: after, row: only.row, position: await book.placeOf(only.row) };
    }
    if (settled.some(({ kind }) => kind === 'gone')) {
      checkOpen(after, clock.now());
      throw noLonger();
    }
    if (settled.some(({ kind }) => kind === 'few')) {
      // Never split: what the others of the party got goes back.
      for (const { row } of settled) {
        if (row.status !== 'cancelled' && row.did.from === request.from)
          await book.leave(row, 'asked', { from: request.from, what: 'signup' });
      }
      return { kind: 'few', activity: after, free: after.seats.free, people: total };
    }
    return outcome(after, settled, apart);
  };
}
