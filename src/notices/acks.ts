import type { Notice } from './notices.model.ts';
import type { Inside } from './notices.parts.ts';

/** Who said 收到, where and when. */
export interface Acknowledging {
  /** Person key of the chat's sender. */
  readonly person: string;
  /** Null while unbound: then it isn't counted. */
  readonly member: string | null;
  /** Null in a direct chat. */
  readonly room: string | null;
  readonly at: Date;
  /** The message. */
  readonly from: string;
}

export interface Acknowledged {
  /** The newest notice said in that chat by then; null: there is none. */
  readonly notice: Notice | null;
  /** new: counted by this message. again: had counted before. unbound, nothing: not counted. */
  readonly outcome: 'new' | 'again' | 'unbound' | 'nothing';
}

export interface AckVerbs {
  /** Counts 收到 for the newest notice that was already said in that room or direct chat. */
  acknowledge(by: Acknowledging): Promise<Acknowledged>;
  /** The newest notices said in that room or in that person's direct chat, newest first. */
  lastSaid(chat: { room: string } | { person: string }, limit: number, until?: Date): Promise<Notice[]>;
  /** The delivery by which that notice was said in that chat; null when it wasn't. */
  saidIn(notice: string, chat: { room: string } | { person: string }): Promise<string | null>;
}

export function createAcks(inside: Inside): AckVerbs {
  const { notices, deliveries, acks, members, clock } = inside;
  const verbs: AckVerbs = {
    async lastSaid(chat, limit, until = clock.now()) {
      const rows = await deliveries.find(
        { ...chat, saidAt: { $lte: until } },
        { sort: { saidAt: -1, number: -1 }, limit },
      );
      const found = await Promise.all(rows.map((row) => notices.get(row.notice)));
      return found.filter((one) => one !== null);
    },
    async saidIn(notice, chat) {
      const address = 'room' in chat ? `room/${chat.room}` : `direct/${chat.person}`;
      const row = await deliveries.get(`${notice}:${address}`);
      return row?.state === 'said' ? row._id : null;
    },
    async acknowledge({ person, member, room, at, from }) {
      const [notice] = await verbs.lastSaid(room === null ? { person } : { room }, 1, at);
      if (notice === undefined) return { notice: null, outcome: 'nothing' };
      const who = member === null ? null : await members.get(member);
      if (who === null) return { notice, outcome: 'unbound' };
      const { doc, inserted } = await acks.upsert(`${notice._id}:${who._id}`, {
        $setOnInsert: { notice: notice._id, member: who._id, household: who.household, room, from, at },
      });
      return { notice, outcome: inserted || doc.from === from ? 'new' : 'again' };
    },
  };
  return verbs;
}
