import { demand } from '../shared/access.ts';
import { AppError } from '../shared/errors.ts';
import type { Clock } from '../platform/clock.ts';
import { maskPhone, normalisePhone, type Crypto } from '../platform/crypto.ts';
import type { Ids } from '../platform/ids.ts';
import type { Store } from '../platform/store/port.ts';
import { members, phoneReveals, type Member } from './members.model.ts';
import type { Phones } from './members.port.ts';

/** Where a member's number is sealed for; it opens nowhere else. */
export function phonePlace(member: string): string {
  return `members:${member}:phone`;
}

/** Without keys nothing can be sealed or opened: every number is then unknown. */
export function createPhones(deps: { store: Store; clock: Clock; ids: Ids; crypto: Crypto | null }): Phones {
  const { store, clock, ids, crypto } = deps;
  const people = store.collection(members);
  const open = ({ _id, phone }: Member): string | null =>
    phone === null || crypto === null ? null : crypto.open(phone, phonePlace(_id));
  return {
    masked(member) {
      const phone = open(member);
      return phone === null ? null : maskPhone(phone);
    },
    async holders(text) {
      const phone = normalisePhone(text);
      if (phone === null || crypto === null) return [];
      return people.find({ 'phone.digest': crypto.digest(phone, 'phone') }, { sort: { _id: 1 } });
    },
    async reveal(actor, id) {
      const member = await people.get(id);
      if (member === null) throw new AppError('members.not-found', 404);
      demand(actor, 'phone.reveal', member.grid);
      const phone = open(member);
      if (phone === null) throw new AppError('members.no-phone', 404);
      // First written down, then shown.
      await store
        .collection(phoneReveals)
        .insert({ _id: ids.next(), member: id, by: actor.member ?? 'system', at: clock.now() });
      return phone;
    },
    async reseal() {
      if (crypto === null) return 0;
      let changed = 0;
      for await (const member of people.stream({})) {
        const { _id, phone } = member;
        if (phone === null || !crypto.stale(phone)) continue;
        const sealed = crypto.seal(crypto.open(phone, phonePlace(_id)), phonePlace(_id));
        // A number that was changed meanwhile has been sealed with the current key already.
        const same = { _id, 'phone.digest': phone.digest };
        if ((await people.update(same, { $set: { phone: sealed } })) !== null) changed++;
      }
      return changed;
    },
  };
}
