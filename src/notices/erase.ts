import type { Keeper, Traced } from '../members/index.ts';
import type { Store } from '../platform/store/port.ts';
import { noticeCancelled } from './notices.events.ts';
import { acks, deliveries, notices, type Audience, type Notice } from './notices.model.ts';

const empty = ({ rooms, members, grids, households, roles, tags }: Audience): boolean =>
  [rooms, members, grids, households, roles, tags].every((list) => list.length === 0);
const open: readonly Notice['state'][] = ['draft', 'in-review', 'approved'];

/**
 * Nobody who was erased is an addressee any more. 收到 and what was delivered hold numbers only and stay for the
 * counts; a notice's own words are the village's.
 */
export function createNoticesKeeper({ store }: { store: Store }): Keeper {
  const rows = store.collection(notices);
  const sent = store.collection(deliveries);
  const answered = store.collection(acks);

  async function letGoOfAudiences({ member, keys }: Traced): Promise<void> {
    for await (const notice of rows.stream({})) {
      const { _id, audience } = notice;
      if (!audience.members.some((one) => keys.includes(one))) continue;
      const left = { ...audience, members: audience.members.filter((one) => !keys.includes(one)) };
      await rows.update({ _id }, { $set: { audience: left } });
      if (!empty(left)) continue;
      await rows.update(
        { _id, state: { $in: open } },
        { $set: { state: 'cancelled', cancelledBy: 'erasure' }, $inc: { version: 1 } },
        { emit: [noticeCancelled(`${_id}:erasure:${member}`, { notice: _id })] },
      );
    }
  }

  return {
    name: 'notices',
    async erase(who) {
      await letGoOfAudiences(who);
      for (const person of who.keys) {
        await sent.updateMany({ person, state: { $in: ['planned', 'queued'] } }, { $set: { state: 'cancelled' } });
        // Its key is made of the contact.
        if (person !== who.member) await sent.remove({ person });
      }
    },
    async copy(who) {
      const own: object[] = [];
      for await (const { notice, at, room, member } of answered.stream({})) {
        if (member === who.member) own.push({ notice, at, room });
      }
      const got = (await Promise.all(who.keys.map((person) => sent.find({ person })))).flat();
      return { received: got.map(({ notice, state, saidAt }) => ({ notice, state, saidAt })), acknowledged: own };
    },
  };
}
