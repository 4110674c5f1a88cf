import type { Activity, Line, Signup } from './activities.model.ts';
import { tooMany } from './activities.errors.ts';
import { splitCompany } from './company.ts';
import { checkAges, type Goer } from './goers.ts';
import {
  guestKey,
  has,
  unbound,
  type LineOutcome,
  type LineRequest,
  type LineRows,
  type LineRowsDeps,
} from './line-rows.ts';
import { checkOpen } from './opening.ts';
import { ownPeople, sizeOf } from './resizing.ts';

const guestLines = (row: Signup): Line[] => (row.lines ?? []).filter(({ self }) => !self);

/** A line that comes onto the list: a row for who goes, or a guest in the signer's. */
export function createLineJoin(deps: LineRowsDeps, rows: LineRows): (request: LineRequest) => Promise<LineOutcome> {
  const { book, clock, members } = deps;
  const { open, liveRow, holder, elsewhere, mine, goerOf, begin, joined, change, retry } = rows;

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
    const alone = { person: guestKey(line.key), member: null, name };
    return joined(await begin(request, alone, { people, companions: [], guests: [] }, true));
  }

  return async function join(request) {
    const activity = await open(request.activity);
    return retry(async () => {
      const held = await holder(request);
      if (held !== null) return joined(held);
      checkOpen(activity, clock.now());
      const goer = await goerOf(request);
      return goer === null ? joinGuest(request, activity) : joinOwn(request, goer, activity);
    });
  };
}
