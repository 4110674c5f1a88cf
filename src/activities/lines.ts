import type { Clock } from '../platform/clock.ts';
import type { Members, PersonKey } from '../members/index.ts';
import { noLonger, notFound, notYours, tooMany } from './activities.errors.ts';
import type { Activity, Line, Signup, Size } from './activities.model.ts';
import type { Adoption } from './adopt.ts';
import type { Book } from './book.ts';
import { splitCompany } from './company.ts';
import { checkAges, countedIn, type Goer } from './goers.ts';
import { drop } from './leaving.ts';
import { checkAhead, checkOpen } from './opening.ts';
import { ownPeople, sizeOf, type Resizing } from './resizing.ts';
import { entryOf } from './seats.ts';

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

/**
 * What the lines of a 接龙 do to the sign-ups. A row remembers which lines it counts, so each may be repeated.
 * Errors beside those of sign-ups: activities.not-yours (the row is another's), activities.no-longer.
 */
export interface ChainLines {
  /** Fills the seats or queues as a whole; a guest goes into the signer's row, or waits in one of their own. */
  join(request: LineRequest): Promise<LineOutcome>;
  setPeople(request: LineRequest & { readonly was: number }): Promise<LineOutcome>;
  leave(request: LineRequest, why?: string): Promise<LineOutcome>;
  /** The guest of the line is `line.member`: the seat goes with it. */
  identify(request: LineRequest): Promise<LineOutcome>;
}

const standing = ['pending', 'confirmed', 'waitlisted', 'held'] as const;
const stands = (row: Signup | null): row is Signup => row !== null && standing.some((one) => one === row.status);
const has = (row: Signup, key: string): boolean => (row.lines ?? []).some((one) => one.key === key);
const unbound = (person: PersonKey): boolean => person.startsWith('wx:');
/** A guest who waits alone. */
const guestKey = (line: ChainLine): PersonKey => `guest:${line.key}`;
const guestLines = (row: Signup): Line[] => (row.lines ?? []).filter(({ self }) => !self);
/** 我, +1: says nobody's name. */
const selfWord = /^(?:我们?|俺|咱|本人|自己|\+.*)$/u;

const rounds = 5;

export function createLines(deps: {
  book: Book;
  clock: Clock;
  members: Members;
  resizing: Resizing;
  adoption: Adoption;
}): ChainLines {
  const { book, clock, members, resizing } = deps;

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
    for (const person of [guest ? null : line.member, line.signedBy, guestKey(line)]) {
      const row = person === null ? null : await liveRow(activity, person);
      if (row !== null && has(row, line.key)) return row;
    }
    return null;
  }

  /** The row that this very message gave up before it was cut off. */
  async function endedBy({ activity, line, from }: LineRequest): Promise<Signup | null> {
    for (const person of [line.member, line.signedBy, guestKey(line)]) {
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

  /** Signed up besides: the line is noted in the row, so that the next one of the same person finds it. */
  async function already(request: LineRequest, row: Signup): Promise<LineOutcome> {
    const { key, name, people } = request.line;
    const own = ownPeople(row);
    if (mine(request, row) && !has(row, key)) {
      const lines = [...guestLines(row), { key, name, people: own, self: true }];
      await change(request, row, { ...sizeOf(row), lines });
    }
    return { kind: people > 1 && people !== own ? 'other-number' : 'already', row, people: row.people - own + people };
  }

  /** The line's people come into the row besides those who are there. */
  async function grow(request: LineRequest, row: Signup, self: boolean): Promise<LineOutcome | 'again'> {
    const { key, name, people } = request.line;
    const { companions, guests, lines, people: was } = sizeOf(row);
    const done = await change(request, row, {
      people: was + people,
      companions: self ? [...companions, ...request.line.companions] : companions,
      guests: self ? guests : [...guests, name],
      lines: [...lines, { key, name, people, self }],
    });
    if (typeof done === 'string') return done === 'few' ? { kind: 'few', row } : done;
    return { kind: 'joined', row: done, position: await book.placeOf(done) };
  }

  async function joinOwn(request: LineRequest, goer: Goer, activity: Activity): Promise<LineOutcome | 'again'> {
    const { line } = request;
    const row = await liveRow(activity._id, goer.person);
    if (row?.status === 'pending') {
      await book.settle(row);
      return 'again';
    }
    if (row !== null && ownPeople(row) > 0) return already(request, row);
    if (line.member !== null) {
      const counted = await elsewhere(request);
      if (counted !== null && counted._id !== row?._id) return { kind: 'counted', row: counted };
    }
    const { along, apart } = await splitCompany(book, activity._id, { companions: line.companions, guests: [] });
    await checkAges(deps, activity, [...(goer.member === null ? [] : [goer.member]), ...along], request.together);
    const people = Math.max(1, line.people - apart.length);
    const sized = { ...request, line: { ...line, people, companions: along } };
    if (row !== null) return grow(sized, row, true);
    if (people > activity.seats.capacity) throw tooMany(activity);
    return joined(await begin(sized, goer, { people, companions: along, guests: [] }, true));
  }

  async function joinGuest(request: LineRequest, activity: Activity): Promise<LineOutcome | 'again'> {
    const { line } = request;
    const { people, name, signedBy } = line;
    if (people > activity.seats.capacity) throw tooMany(activity);
    const row = await liveRow(activity._id, signedBy);
    if (row?.status === 'pending') {
      await book.settle(row);
      return 'again';
    }
    if (row === null) {
      const member = unbound(signedBy) ? null : signedBy;
      const signer = { person: signedBy, member, name: (await members.nameOf(signedBy)) ?? name };
      return joined(await begin(request, signer, { people, companions: [], guests: [name] }, false));
    }
    const done = row.status === 'held' ? null : await grow(request, row, false);
    if (done === 'again' || done?.kind === 'joined') return done;
    const alone = { person: guestKey(line), member: null, name };
    return joined(await begin(request, alone, { people, companions: [], guests: [] }, true));
  }

  /** The row without the line; null when nobody is left. */
  function without(row: Signup, key: string): Size | null {
    const { people, companions, guests, lines } = sizeOf(row);
    const line = lines.find((one) => one.key === key);
    const left = people - (line?.people ?? 0);
    if (line === undefined || left <= 0) return null;
    const at = line.self ? -1 : guests.indexOf(line.name);
    return {
      people: left,
      companions: line.self ? [] : companions,
      guests: guests.filter((_, index) => index !== at),
      lines: lines.filter((one) => one !== line),
    };
  }

  async function takeOut(request: LineRequest, row: Signup, why: string): Promise<LineOutcome | 'again'> {
    const left = without(row, request.line.key);
    if (left === null) return { kind: 'left', row: await drop(book, row, why, { from: request.from, what: 'cancel' }) };
    if (row.status === 'held') throw noLonger();
    const done = await change(request, row, left);
    return done === 'again' || done === 'few' ? 'again' : { kind: 'left', row: done };
  }

  async function split(request: LineRequest, row: Signup, member: string): Promise<LineOutcome | 'again'> {
    const { line, from } = request;
    const left = without(row, line.key);
    const name = (await members.nameOf(member)) ?? line.name;
    const people = (row.lines ?? []).find(({ key }) => key === line.key)?.people ?? line.people;
    if (left === null || row.person === guestKey(line)) {
      const own = [{ key: line.key, name: line.name, people, self: true }];
      const by = line.signedBy === member ? null : line.signedBy;
      const moved = await deps.adoption.move(row, member, name, { lines: own, guests: [], by });
      return moved === null ? 'again' : { kind: 'identified', row: moved };
    }
    if (row.status === 'held') throw noLonger();
    const goer = { person: member, member, name };
    const own = await begin(request, goer, { people, companions: [], guests: [] }, true);
    if (own === null) return 'again';
    const beside = own.entry ?? entryOf(member, own.seq, people);
    const done = await resizing.change(row, left, { from, what: `line ${line.key}` }, beside);
    return done.kind === 'changed' ? { kind: 'identified', row: (await book.settle(own)).row } : 'again';
  }

  return {
    async join(request) {
      const activity = await open(request.activity);
      return retry(async () => {
        const held = await holder(request);
        if (held !== null) return joined(held);
        checkOpen(activity, clock.now());
        const goer = await goerOf(request);
        return goer === null ? joinGuest(request, activity) : joinOwn(request, goer, activity);
      });
    },

    setPeople: (request) =>
      retry(async () => {
        const { line, was } = request;
        const row = await holder(request);
        if (row === null) throw (await elsewhere(request)) === null ? noLonger() : notYours();
        if (!mine(request, row)) throw notYours();
        const lines = row.lines ?? [];
        const before = lines.find(({ key }) => key === line.key);
        const more = line.people - (before?.people ?? line.people);
        if (before === undefined || more === 0) return { kind: 'resized', row, was };
        if (row.status === 'held' || row.status === 'pending') throw noLonger();
        const activity = await open(request.activity);
        if (more > 0) checkOpen(activity, clock.now());
        else checkAhead(activity, clock.now());
        const done = await change(request, row, {
          people: row.people + more,
          companions:
            !before.self || (more > 0 && line.companions.length === 0) ? row.companions : [...line.companions],
          guests: row.guests,
          lines: lines.map((one) => (one === before ? { ...one, people: line.people } : one)),
        });
        if (done === 'few') return { kind: 'few', row };
        return done === 'again' ? done : { kind: 'resized', row: done, was: before.people };
      }),

    leave: (request, why = 'cancelled') =>
      retry(async () => {
        const row = await holder(request);
        if (row === null) {
          if ((await elsewhere(request)) !== null) throw notYours();
          return { kind: 'left', row: await endedBy(request) };
        }
        if (!mine(request, row)) throw notYours();
        const activity = await open(request.activity);
        checkAhead(activity, clock.now());
        return takeOut(request, row, why);
      }),

    identify: (request) =>
      retry(async () => {
        const { member, key } = request.line;
        if (member === null) throw noLonger();
        const own = await liveRow(request.activity, member);
        const row = await holder(request, true);
        if (row === null) {
          if (own !== null && has(own, key)) return { kind: 'identified', row: own };
          throw noLonger();
        }
        const activity = await open(request.activity);
        checkOpen(activity, clock.now());
        const begun = own?.status === 'pending' && has(own, key);
        const other = begun ? null : await elsewhere(request);
        if (other !== null) {
          // Signed up besides: the guest is nobody else, and one person has one seat.
          const out = await takeOut(request, row, 'moved');
          return out === 'again' ? out : { kind: 'already', row: other, people: other.people };
        }
        await checkAges(deps, activity, [member], request.together);
        return split(request, row, member);
      }),
  };
}
