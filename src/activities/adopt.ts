import type { Clock } from '../platform/clock.ts';
import type { Collection, Store } from '../platform/store/port.ts';
import { isAppError } from '../shared/errors.ts';
import type { Members, PersonKey } from '../members/index.ts';
import { signupOffered } from './activities.events.ts';
import * as model from './activities.model.ts';
import type { Attendance, Signup } from './activities.model.ts';
import { rowId, type Book } from './book.ts';
import type { Goer } from './goers.ts';
import { guestKey } from './line-rows.ts';
import { without, type Resizing } from './resizing.ts';

export interface Adoption {
  /**
   * Puts what was kept under `wx:<contact>` under the member that the contact was bound to. The seats stay
   * where they are: the member's row takes over the entry. Of a member who signed up besides one row stays, and
   * guests on a 接龙 go on in rows of their own. May be repeated.
   */
  adopt(unbound: PersonKey, member: string): Promise<void>;
  /** One row, to a member; `more` is what else changes. Null: look at it again. */
  move(row: Signup, member: string, name: string, more?: Partial<Signup>): Promise<Signup | null>;
}

export function createAdoption(deps: {
  store: Store;
  clock: Clock;
  book: Book;
  members: Members;
  resizing: Resizing;
}): Adoption {
  const { clock, book, members, resizing } = deps;
  const { signups } = book;
  const there: Collection<Attendance> = deps.store.collection(model.attendance);

  async function copy(row: Signup, goer: Goer, more: Partial<Signup>): Promise<Signup | null> {
    const { person } = goer;
    const _id = rowId(row.activity, person);
    const own = await signups.get(_id);
    const tookOver = `${row._id}#${row.seq}`;
    // Done before a crash: what became of the member's row since stands.
    if (own?.tookOver === tookOver) return own;
    if (own !== null && own.status !== 'cancelled') return null;
    const seq = (own?.seq ?? 0) + 1;
    const { _id: _, lines = [], ...fields } = { ...row, ...more };
    const offer = row.offer === null ? null : { ...row.offer, to: row.offer.to === row.person ? person : row.offer.to };
    const taken = {
      ...fields,
      ...goer,
      offer,
      lines,
      next: null,
      seq,
      tookOver,
      touchedAt: clock.now(),
    };
    const asked = offer !== null && offer.saidAt === null && row.status === 'held';
    const emit = asked ? [signupOffered(`${_id}#${seq}`, { signup: _id, activity: row.activity, seq })] : [];
    if (own !== null) return signups.update({ _id, seq: own.seq, status: own.status }, { $set: taken }, { emit });
    try {
      return await signups.insert({ _id, ...taken }, { emit });
    } catch (fault) {
      if (isAppError(fault, 'store.duplicate')) return null;
      throw fault;
    }
  }

  async function move(row: Signup, member: string, name: string, more: Partial<Signup> = {}): Promise<Signup | null> {
    if (row.status === 'pending') await book.settle(row);
    if (row.status === 'leaving') await book.finish(row);
    if (row.status === 'pending' || row.status === 'leaving') return null;
    const taken = await copy(row, { person: member, member, name }, more);
    if (taken === null) {
      // The member signed up besides: one person has one row.
      const own = await signups.get(rowId(row.activity, member));
      if (own === null || own.status === 'cancelled') return null;
      return (await book.leave(row, 'moved', row.did)) === null ? null : own;
    }
    return (await handOver(row)) ? taken : null;
  }

  /** The row's seats are another's now; false when it had changed before. */
  async function handOver(row: Signup): Promise<boolean> {
    const left = await signups.update(
      { _id: row._id, seq: row.seq, status: row.status },
      { $set: { status: 'cancelled', why: 'moved', entry: null, ticket: null, offer: null, touchedAt: clock.now() } },
    );
    return left !== null;
  }

  /**
   * The guests of a row that is about to be left, because the member signed up besides, get rows of their own,
   * with the seats they have. True: the row is another one now, look at it again.
   */
  async function setGuestsApart(row: Signup, member: string): Promise<boolean> {
    if (row.status !== 'confirmed' && row.status !== 'waitlisted' && row.status !== 'held') return false;
    const own = await signups.get(rowId(row.activity, member));
    if (own === null || own.status === 'cancelled' || own.tookOver === `${row._id}#${row.seq}`) return false;
    for (const line of (row.lines ?? []).filter(({ self }) => !self)) {
      const { activity, from, room, signedAt, did } = row;
      const goer = { person: guestKey(line.key), member: null, name: line.name };
      const alone = { lines: [{ ...line, self: true }], companions: [], guests: [], by: member, speaker: member };
      const left = without(row, line.key);
      if (left === null && row.status !== 'held') return (await copy(row, goer, alone)) !== null && handOver(row);
      const attempt = { ...goer, ...alone, activity, people: line.people, from, room, signedAt, did };
      const { row: guest } = await book.begin(attempt);
      if (row.status === 'held' || left === null) {
        await book.settle(guest);
        continue;
      }
      const beside = guest.status === 'pending' && row.status === 'confirmed' ? (guest.entry ?? undefined) : undefined;
      await resizing.change(row, left, did, beside);
      await book.settle(guest);
      return true;
    }
    return false;
  }

  async function adoptAttendance(unbound: PersonKey, member: string): Promise<void> {
    for (const row of await there.find({ person: unbound })) {
      const { _id, ...fields } = row;
      const by = row.by === unbound ? member : row.by;
      try {
        await there.insert({ ...fields, _id: rowId(row.activity, member), person: member, member, by });
      } catch (fault) {
        if (!isAppError(fault, 'store.duplicate')) throw fault;
      }
      await there.remove({ _id });
    }
  }

  async function adopt(unbound: PersonKey, member: string): Promise<void> {
    const name = (await members.nameOf(member)) ?? member;
    const live = { person: unbound, status: { $in: model.liveStatuses } } as const;
    for (let rows = await signups.find(live); rows.length > 0; rows = await signups.find(live)) {
      for (const row of rows) if (!(await setGuestsApart(row, member))) await move(row, member, name);
    }
    const touchedAt = clock.now();
    await signups.updateMany({ by: unbound, status: { $in: model.statuses } }, { $set: { by: member, touchedAt } });
    await signups.updateMany({ speaker: unbound, status: { $in: model.liveStatuses } }, { $set: { speaker: member } });
    await signups.updateMany({ 'offer.to': unbound, status: 'held' }, { $set: { 'offer.to': member } });
    await adoptAttendance(unbound, member);
  }

  return { adopt, move };
}
