import type { Clock } from '../platform/clock.ts';
import type { PersonKey } from '../members/index.ts';
import { noLonger, notFound, notYours, started } from './activities.errors.ts';
import type { Activity, Signup } from './activities.model.ts';
import type { Book } from './book.ts';
import type { Guardians } from './guardians.ts';
import { drop, isLive } from './leaving.ts';
import { checkOpen } from './opening.ts';
import { resized, type Resizing } from './resizing.ts';

/** Names one state of one row: what an undo or an answer refers to. */
export interface RowRef {
  readonly row: string;
  readonly seq: number;
}

export interface Changed {
  readonly activity: Activity;
  readonly row: Signup;
}

export type Rejoined =
  | (Changed & { readonly kind: 'confirmed' })
  | (Changed & { readonly kind: 'waitlisted'; readonly position: number })
  /** No seat beyond the queue: nothing changed. */
  | (Changed & { readonly kind: 'taken' });

export type Resized =
  | (Changed & { readonly kind: 'resized'; readonly was: number })
  | (Changed & { readonly kind: 'few' });

export interface Cancelling {
  /** Gives up a sign-up: by the person, by who signed up for somebody, or by an adult of a child's household. */
  cancel(request: { from: string; person: PersonKey; row: string }): Promise<Changed>;
  /** Takes back what the message changed that left the row in that state. */
  undo(request: { from: string } & RowRef): Promise<Changed>;
  /** Takes back a cancellation when a seat is free beyond the queue; `queue`: else takes the last place in it. */
  rejoin(request: { from: string; queue: boolean } & RowRef): Promise<Rejoined>;
  /** Another number of people. */
  resize(request: { from: string; people: number } & RowRef): Promise<Resized>;
}

export function createCancelling(deps: {
  book: Book;
  clock: Clock;
  guardians: Guardians;
  resizing: Resizing;
}): Cancelling {
  const { book, clock, guardians, resizing } = deps;

  async function load(id: string): Promise<Changed> {
    const row = await book.signups.get(id);
    const activity = row === null ? null : await book.activities.get(row.activity);
    if (row === null || activity === null) throw notFound();
    return { row, activity };
  }

  async function refused(row: Signup, activity: Activity): Promise<Rejoined> {
    return { kind: 'taken', row, activity: (await book.activities.get(activity._id)) ?? activity };
  }

  return {
    async cancel({ from, person, row: id }) {
      const { row, activity } = await load(id);
      if (row.person !== person && row.by !== person && !(await guardians.guards(person, row))) throw notYours();
      if (row.did.from === from && row.did.what === 'cancel' && row.status === 'cancelled') return { row, activity };
      if (activity.startsAt <= clock.now()) throw started(activity);
      const after = await drop(book, row, 'cancelled', { from, what: 'cancel' });
      return { row: after, activity: (await book.activities.get(activity._id)) ?? activity };
    },

    async undo({ from, row: id, seq }) {
      const { row, activity } = await load(id);
      const again = row.did.from === from && row.did.what === 'undo';
      if (!again && (row.seq !== seq || !isLive(row))) throw noLonger();
      const after = await drop(book, row, 'undone', { from, what: 'undo' });
      return { row: after, activity: (await book.activities.get(activity._id)) ?? activity };
    },

    async rejoin({ from, row: id, seq, queue }) {
      const { row, activity } = await load(id);
      const what = queue ? 'rejoin' : 'undo';
      const again = row.did.from === from && row.did.what === what;
      if (!again) {
        if (row.seq !== seq || row.status !== 'cancelled') throw noLonger();
        checkOpen(activity, clock.now());
        if (!queue && (activity.seats.free < row.people || activity.seats.kept > 0)) {
          await book.seats.allocate(activity._id);
          const now = (await book.activities.get(activity._id)) ?? activity;
          if (now.seats.free < row.people) return refused(row, now);
        }
      }
      // Taken back, it is the old sign-up; a place in the queue is a new one.
      const made = queue ? { from, signedAt: clock.now() } : { from: row.from, signedAt: row.signedAt };
      const { activity: of, person, member, name, people, companions, guests, lines = [], by, room, speaker } = row;
      const kept = { activity: of, person, member, name, people, companions, guests, lines, by, room, speaker };
      const begun = await book.begin({ ...kept, ...made, did: { from, what } });
      const settled = await book.settle(begun.row, queue ? 'queue' : 'leave');
      const after = (await book.activities.get(activity._id)) ?? activity;
      switch (settled.kind) {
        case 'claimed':
          return { kind: 'confirmed', row: settled.row, activity: after };
        case 'queued':
          return {
            kind: 'waitlisted',
            row: settled.row,
            activity: after,
            position: await book.placeOf(settled.row, settled.activity?.seats),
          };
        case 'few':
          return refused(settled.row, after);
        case 'gone':
          checkOpen(after, clock.now());
          throw noLonger();
      }
    },

    async resize({ from, row: id, seq, people }) {
      const { row, activity } = await load(id);
      const did = { from, what: `resize ${String(row.people)}` };
      if (row.did.from === from && row.did.what.startsWith('resize')) {
        return { kind: 'resized', row, activity, was: Number(row.did.what.slice('resize '.length)) };
      }
      if (row.seq !== seq || (row.status !== 'confirmed' && row.status !== 'waitlisted')) throw noLonger();
      checkOpen(activity, clock.now());
      const done = await resizing.change(row, resized(row, people), did);
      if (done.kind === 'few') return { kind: 'few', row, activity };
      if (done.kind === 'overtaken') throw noLonger();
      const now = (await book.activities.get(activity._id)) ?? activity;
      return { kind: 'resized', row: done.row, activity: now, was: row.people };
    },
  };
}
