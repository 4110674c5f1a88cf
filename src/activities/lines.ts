import { noLonger, notYours } from './activities.errors.ts';
import type { Signup } from './activities.model.ts';
import type { Adoption } from './adopt.ts';
import { checkAges } from './goers.ts';
import { drop } from './leaving.ts';
import { createLineJoin } from './line-join.ts';
import { createLineRows, guestKey, has, type LineOutcome, type LineRequest, type LineRowsDeps } from './line-rows.ts';
import { checkAhead, checkOpen } from './opening.ts';
import { without } from './resizing.ts';
import { entryOf } from './entries.ts';

export type { ChainLine, LineOutcome, LineRequest } from './line-rows.ts';

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

export function createLines(deps: LineRowsDeps & { readonly adoption: Adoption }): ChainLines {
  const { book, clock, members, resizing } = deps;
  const rows = createLineRows(deps);
  const { open, liveRow, holder, endedBy, elsewhere, mine, begin, change, retry } = rows;

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
    if (left === null || row.person === guestKey(line.key)) {
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
    join: createLineJoin(deps, rows),

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
