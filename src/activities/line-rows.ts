import type { Clock } from '../platform/clock.ts';
import type { Members, PersonKey } from '../members/index.ts';
import { noLonger, notFound } from './activities.errors.ts';
import type { Activity, Line, Signup, Size } from './activities.model.ts';
import type { Book } from './book.ts';
import { countedIn, type Goer } from './goers.ts';
import { ownPeople, type Resizing } from './resizing.ts';

/** A line of a 接龙 as it was read; plain data. */
export interface ChainLine {
  /** Unique among the rooms. */
  readonly key: string;
  /** Null: a guest of who signed it. */
  readonly member: string | null;
  readonly name: string;
  readonly people: number;
  readonly signedBy: PersonKey;
  /** Registered relatives who are counted in `people`. */
  readonly companions: readonly string[];
}

export interface LineRequest {
  /** The message. */
  readonly from: string;
  readonly activity: string;
  readonly room: string;
  /** Who wrote it, as registered or as WeChat calls them. */
  readonly person: PersonKey;
  readonly name: string;
  readonly line: ChainLine;
  /** Asked and confirmed: they speak for somebody of their household. */
  readonly agreed?: boolean;
  /** Members who join by the same message: an adult among them may bring a child. */
  readonly together?: readonly string[];
}

export type LineOutcome =
  /** Has its seats or its place in the queue, as the row's status says. */
  | { readonly kind: 'joined'; readonly row: Signup; readonly position: number }
  /** Signed up before; with another number than the line's it must be asked. */
  | { readonly kind: 'already' | 'other-number'; readonly row: Signup; readonly people: number }
  /** Counted in somebody else's row: nothing changed. */
  | { readonly kind: 'counted'; readonly row: Signup }
  | { readonly kind: 'resized'; readonly row: Signup; readonly was: number }
  /** Null: the row that counted the line was left before. */
  | { readonly kind: 'left'; readonly row: Signup | null }
  /** A guest turned out to be that member, who now has the seat. */
  | { readonly kind: 'identified'; readonly row: Signup }
  /** Too few seats for more people: nothing changed. */
  | { readonly kind: 'few'; readonly row: Signup };

const standing = ['pending', 'confirmed', 'waitlisted', 'held'] as const;
const stands = (row: Signup | null): row is Signup => row !== null && standing.some((one) => one === row.status);
export const has = (row: Signup, key: string): boolean => (row.lines ?? []).some((one) => one.key === key);
export const unbound = (person: PersonKey): boolean => person.startsWith('wx:');
/** A guest who waits alone. */
export const guestKey = (line: string): PersonKey => `guest:${line}`;
/** 我, +1: says nobody's name. */
const selfWord = /^(?:我们?|俺|咱|本人|自己|\+.*)$/u;

const rounds = 5;

export interface LineRowsDeps {
  readonly book: Book;
  readonly clock: Clock;
  readonly members: Members;
  readonly resizing: Resizing;
}

export type LineRows = ReturnType<typeof createLineRows>;

/** The sign-up rows that lines of a 接龙 are counted in, and the steps that change them. */
export function createLineRows({ book, clock, members, resizing }: LineRowsDeps) {
  async function open(id: string): Promise<Activity> {
    const activity = await book.activities.get(id);
    if (activity === null) throw notFound();
    return activity;
  }

  const liveRow = async (activity: string, person: PersonKey): Promise<Signup | null> => {
    const row = await book.rowOf(activity, person);
    return stands(row) ? row : null;
  };

  /** The live row that counts the line; of a guest: that of the signer, or the guest's own. */
  async function holder({ activity, line }: LineRequest, guest = false): Promise<Signup | null> {
    for (const person of [guest ? null : line.member, line.signedBy, guestKey(line.key)]) {
      const row = person === null ? null : await liveRow(activity, person);
      if (row !== null && has(row, line.key)) return row;
    }
    return null;
  }

  /** The row that this very message gave up before it was cut off. */
  async function endedBy({ activity, line, from }: LineRequest): Promise<Signup | null> {
    for (const person of [line.member, line.signedBy, guestKey(line.key)]) {
      const row = person === null ? null : await book.rowOf(activity, person);
      if (row?.status === 'cancelled' && row.did.from === from && has(row, line.key)) return row;
    }
    return null;
  }

  /** The row in which that member goes without this line: an own one, or as somebody's companion. */
  async function elsewhere({ activity, line }: LineRequest): Promise<Signup | null> {
    if (line.member === null) return null;
    return (await liveRow(activity, line.member)) ?? countedIn(book, activity, line.member);
  }

  const mine = ({ person, agreed }: LineRequest, row: Signup): boolean =>
    agreed === true || row.person === person || row.by === person;

  /** Whose row the line is about; null: a guest. An unbound person can only speak for themselves. */
  async function goerOf({ activity, line, name: called }: LineRequest): Promise<Goer | null> {
    const { member, signedBy } = line;
    const name = selfWord.test(line.name) ? called : line.name;
    if (unbound(signedBy)) {
      const row = await liveRow(activity, signedBy);
      return row !== null && ownPeople(row) > 0 ? null : { person: signedBy, member: null, name };
    }
    if (member === null) return null;
    return { person: member, member, name: (await members.nameOf(member)) ?? name };
  }

  /** Null: another message of the same person came first. */
  async function begin(
    request: LineRequest,
    goer: Goer,
    size: Omit<Size, 'lines'>,
    self: boolean,
  ): Promise<Signup | null> {
    const { from, activity, room, line } = request;
    const own: Line = { key: line.key, name: line.name, people: size.people, self };
    const { row } = await book.begin({
      ...goer,
      ...size,
      activity,
      lines: [own],
      by: goer.person === line.signedBy ? null : line.signedBy,
      from,
      room,
      speaker: line.signedBy,
      signedAt: clock.now(),
      did: { from, what: 'line' },
    });
    return has(row, line.key) ? row : null;
  }

  async function joined(row: Signup | null): Promise<LineOutcome | 'again'> {
    if (row === null) return 'again';
    const settled = await book.settle(row);
    if (settled.row.status === 'cancelled') throw noLonger();
    return { kind: 'joined', row: settled.row, position: await book.placeOf(settled.row, settled.activity?.seats) };
  }

  async function change(request: LineRequest, row: Signup, size: Size): Promise<Signup | 'few' | 'again'> {
    const done = await resizing.change(row, size, { from: request.from, what: `line ${request.line.key}` });
    return done.kind === 'changed' ? done.row : done.kind === 'few' ? 'few' : 'again';
  }

  /** Does it on the row as it stands, again when that changed meanwhile. */
  async function retry(attempt: () => Promise<LineOutcome | 'again'>): Promise<LineOutcome> {
    for (let round = 0; round < rounds; round++) {
      const outcome = await attempt();
      if (outcome !== 'again') return outcome;
    }
    throw noLonger();
  }

  return { open, liveRow, holder, endedBy, elsewhere, mine, goerOf, begin, joined, change, retry };
}
