import type { Clock } from '../platform/clock.ts';
import type { PersonKey } from '../members/index.ts';
import { signupConfirmed } from './activities.events.ts';
import type { Signup } from './activities.model.ts';
import type { Book } from './book.ts';
import type { Changed } from './cancel.ts';

/** An offer holds this long from being said. */
export const offerHoldsMs = 2 * 60 * 60_000;
/** A late 要 is answered this long after the lapse. */
const lateWithinMs = 24 * 60 * 60_000;

/** Names one offer: `<row>#<seq>`. */
export const offerId = (row: Signup): string => `${row._id}#${row.seq}`;
const partsOf = (offer: string): { row: string; seq: number } => {
  const at = offer.lastIndexOf('#');
  return { row: offer.slice(0, at), seq: Number(offer.slice(at + 1)) };
};

interface Chat {
  readonly person: PersonKey;
  readonly room: string | null;
}

export interface Offers {
  /** The held row and its activity, while the offer stands. */
  get(offer: string): Promise<Changed | null>;
  /** Held seats that were put to this person in this chat and may still be answered. */
  open(chat: Chat): Promise<Changed[]>;
  /** Held, but not marked as said yet: ids of offers to this person in this chat. */
  unsaid(chat: Chat): Promise<string[]>;
  /** The offer in this chat that this very message answered before it was cut off, or null. */
  answered(chat: Chat & { from: string }): Promise<string | null>;
  /** The newest offer to this person in this chat that lapsed within a day, or null. */
  lapsed(chat: Chat): Promise<Changed | null>;
  /** It was said then: holds two hours from it, at most to the start. The row, while held. */
  said(offer: string, at: Date): Promise<Signup | null>;
  /** Null: it no longer stands. */
  accept(request: { from: string; offer: string }): Promise<Changed | null>;
  refuse(request: { from: string; offer: string }): Promise<Changed | null>;
  /** Ends it when its time is over; `unreachable`: it could not be said. */
  lapse(offer: string, unreachable?: boolean): Promise<void>;
}

export function createOffers(deps: { book: Book; clock: Clock }): Offers {
  const { book, clock } = deps;
  const { signups, activities } = book;

  async function withActivity(row: Signup | null): Promise<Changed | null> {
    const activity = row === null ? null : await activities.get(row.activity);
    return row === null || activity === null ? null : { row, activity };
  }

  async function held(chat: Chat): Promise<Signup[]> {
    const rows = await signups.find({ 'offer.to': chat.person, status: 'held' });
    return rows.filter(({ offer }) => offer !== null && offer.room === chat.room);
  }

  const stands = (row: Signup): boolean => {
    const until = row.offer?.holdsUntil ?? null;
    return until !== null && until > clock.now();
  };

  return {
    async get(offer) {
      const { row: id, seq } = partsOf(offer);
      const row = await signups.get(id);
      return row !== null && row.seq === seq && row.status === 'held' ? withActivity(row) : null;
    },
    async open(chat) {
      const rows = (await held(chat)).filter(stands);
      return (await Promise.all(rows.map(withActivity))).filter((changed) => changed !== null);
    },
    async unsaid(chat) {
      return (await held(chat)).filter(({ offer }) => offer?.saidAt === null).map(offerId);
    },
    async answered(chat) {
      const rows = await signups.find({
        'offer.to': chat.person,
        status: { $in: ['confirmed', 'cancelled', 'leaving'] },
      });
      const row = rows.find(({ did }) => did.from === chat.from && (did.what === 'accept' || did.what === 'refuse'));
      return row === undefined ? null : offerId(row);
    },
    async lapsed(chat) {
      const rows = await signups.find({ 'offer.to': chat.person, status: { $in: ['cancelled', 'leaving', 'held'] } });
      const since = clock.now().getTime() - lateWithinMs;
      const late = rows.filter(({ offer, status, why }) => {
        const until = offer?.holdsUntil ?? null;
        if (offer === null || until === null || offer.room !== chat.room || until.getTime() < since) return false;
        return status === 'held' ? until <= clock.now() : why === 'offer lapsed';
      });
      late.sort((a, b) => (b.offer?.holdsUntil?.getTime() ?? 0) - (a.offer?.holdsUntil?.getTime() ?? 0));
      return withActivity(late[0] ?? null);
    },
    async said(offer, at) {
      const { row: id, seq } = partsOf(offer);
      const row = await signups.get(id);
      if (row === null || row.seq !== seq || row.status !== 'held' || row.offer === null) return null;
      if (row.offer.saidAt !== null) return row;
      const activity = await activities.get(row.activity);
      if (activity === null) return null;
      const until = new Date(Math.min(at.getTime() + offerHoldsMs, activity.startsAt.getTime()));
      return (
        (await signups.update(
          { _id: id, seq, status: 'held', 'offer.saidAt': null },
          { $set: { 'offer.saidAt': at, 'offer.holdsUntil': until, touchedAt: clock.now() } },
        )) ?? signups.get(id)
      );
    },
    async accept({ from, offer }) {
      const { row: id, seq } = partsOf(offer);
      const now = clock.now();
      const accepted = await signups.update(
        { _id: id, seq, status: 'held', 'offer.holdsUntil': { $gt: now } },
        { $set: { status: 'confirmed', signedAt: now, from, did: { from, what: 'accept' }, touchedAt: now } },
        { emit: [signupConfirmed(offer, { signup: id, activity: id.slice(0, id.indexOf(':')), seq })] },
      );
      if (accepted !== null) return withActivity(accepted);
      const row = await signups.get(id);
      const again = row !== null && row.seq === seq && row.did.from === from && row.did.what === 'accept';
      return again ? withActivity(row) : null;
    },
    async refuse({ from, offer }) {
      const { row: id, seq } = partsOf(offer);
      const row = await signups.get(id);
      if (row === null || row.seq !== seq) return null;
      const did = { from, what: 'refuse' };
      if (row.did.from === from && row.did.what === 'refuse') {
        return withActivity(row.status === 'leaving' ? await book.finish(row) : row);
      }
      if (row.status !== 'held' || !stands(row)) return null;
      return withActivity(await book.leave(row, 'offer refused', did));
    },
    async lapse(offer, unreachable = false) {
      const { row: id, seq } = partsOf(offer);
      const row = await signups.get(id);
      if (row === null || row.seq !== seq || row.status !== 'held' || row.offer === null) return;
      const until = row.offer.holdsUntil;
      const activity = await activities.get(row.activity);
      const over = until !== null ? until <= clock.now() : (activity?.startsAt ?? clock.now()) <= clock.now();
      if (over || unreachable) await book.leave(row, 'offer lapsed', { from: offer, what: 'lapse' });
    },
  };
}
