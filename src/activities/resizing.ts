import type { Clock } from '../platform/clock.ts';
import type { Signup, Size } from './activities.model.ts';
import type { Book } from './book.ts';
import { entryOf } from './entries.ts';

export type Sized =
  | { readonly kind: 'changed'; readonly row: Signup }
  /** Fewer seats than it takes, or, in the queue, more people than there will ever be seats for: nothing changed. */
  | { readonly kind: 'few' }
  /** It is neither confirmed nor waiting, or changed at the same time: nothing changed by this. */
  | { readonly kind: 'overtaken' };

/**
 * Changes of number. What the row will be is written into it first, then the activity gets the new entry, then the
 * row becomes it: whoever finds the entry finishes the rest.
 */
export interface Resizing {
  /** `beside`: an entry of another row that takes seats of this one in the same step. */
  change(row: Signup, size: Size, did: Signup['did'], beside?: string): Promise<Sized>;
  /** The row as it is once what was begun is done; null when that no longer applies. */
  finish(row: Signup): Promise<Signup | null>;
}

export const sizeOf = ({ people, companions, guests, lines = [] }: Signup): Size => ({
  people,
  companions,
  guests,
  lines,
});

/** Seats of the row's person and those who come with them; 0: only guests on a 接龙 go. */
export const ownPeople = ({ people, lines = [] }: Signup): number =>
  lines.reduce((left, line) => (line.self ? left : left - line.people), people);

/** The row without that line; null when nobody is left. */
export function without(row: Signup, key: string): Size | null {
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

/** With so many people instead: fewer leave it open who comes along, more come with the person. */
export function resized(row: Signup, people: number): Size {
  const { people: was, companions, guests, lines } = sizeOf(row);
  if (people < was) {
    return { people, companions: [], guests: [], lines: lines.flatMap((one) => (one.self ? { ...one, people } : [])) };
  }
  const grown = lines.map((one) => (one.self ? { ...one, people: one.people + people - was } : one));
  return { people, companions, guests, lines: grown };
}

export function createResizing({ book, clock }: { book: Book; clock: Clock }): Resizing {
  const { signups, seats } = book;

  async function finish(row: Signup): Promise<Signup | null> {
    const { _id, seq, next } = row;
    if (next == null) return null;
    const { entry, ...size } = next;
    return signups.update(
      { _id, seq, status: 'confirmed', 'next.entry': entry },
      { $set: { ...size, entry, seq: seq + 1, next: null, touchedAt: clock.now() } },
    );
  }

  async function forget({ _id, seq }: Signup, entry: string): Promise<void> {
    await signups.update({ _id, seq, 'next.entry': entry }, { $set: { next: null } });
  }

  async function confirmed(row: Signup, size: Size, did: Signup['did'], beside?: string): Promise<Sized> {
    const { _id, activity, seq, entry, next: begun } = row;
    if (entry === null) return { kind: 'overtaken' };
    if (begun != null) {
      // Left by another message that was cut off.
      if (await seats.resize(activity, entry, begun.entry)) await finish(row);
      else await forget(row, begun.entry);
      await seats.allocate(activity);
      return { kind: 'overtaken' };
    }
    const next = entryOf(row.person, seq + 1, size.people);
    const planned = await signups.update(
      { _id, seq, status: 'confirmed', next: null },
      { $set: { next: { ...size, entry: next, did } } },
    );
    if (planned === null) return { kind: 'overtaken' };
    if (!(await seats.resize(activity, entry, next, beside))) {
      await forget(row, next);
      return { kind: 'few' };
    }
    const after = await finish(planned);
    if (after !== null) return { kind: 'changed', row: after };
    const current = await signups.get(_id);
    if (current?.entry === next) return { kind: 'changed', row: current };
    await seats.release(activity, next);
    return { kind: 'overtaken' };
  }

  return {
    finish,
    async change(row, size, did, beside) {
      const { _id, activity, seq, status } = row;
      const touchedAt = clock.now();
      if (size.people === row.people) {
        const after = await signups.update({ _id, seq, status }, { $set: { ...size, did, touchedAt } });
        return after === null ? { kind: 'overtaken' } : { kind: 'changed', row: after };
      }
      if (status === 'confirmed') {
        const done = await confirmed(row, size, did, beside);
        if (done.kind === 'changed') await seats.allocate(activity);
        return done;
      }
      if (status !== 'waitlisted') return { kind: 'overtaken' };
      const capacity = (await book.activities.get(activity))?.seats.capacity ?? 0;
      if (size.people > row.people && size.people > capacity) return { kind: 'few' };
      // A larger party in the queue goes to its end, a smaller one keeps its place.
      const ticket = size.people < row.people ? row.ticket : await seats.ticket(activity);
      const entry = entryOf(row.person, seq + 1, size.people);
      const after = await signups.update(
        { _id, seq, status },
        { $set: { ...size, seq: seq + 1, entry, ticket, did, touchedAt } },
      );
      if (after === null) return { kind: 'overtaken' };
      await seats.allocate(activity);
      return { kind: 'changed', row: after };
    },
  };
}
