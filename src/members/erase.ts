import type { Clock } from '../platform/clock.ts';
import type { Crypto } from '../platform/crypto.ts';
import type { Store } from '../platform/store/port.ts';
import type { Keeper, Traced } from './erasures.port.ts';
import {
  bindCodes,
  bindLists,
  bindTries,
  consents,
  grants,
  identities,
  members,
  optOuts,
  phoneReveals,
  type BindList,
} from './members.model.ts';
import { inForce } from './members.queries.ts';
import { phonePlace } from './phones.ts';

type Item = BindList['items'][number];
const nobody: Item = { contact: '', shown: '', member: null, hints: [] };

/**
 * What the registry keeps of a person beside the record itself, which goes last. Grants and consents stay as
 * evidence: they hold numbers and dates, and end.
 */
export function createMembersKeeper(deps: { store: Store; clock: Clock; crypto: Crypto | null }): Keeper {
  const { store, clock, crypto } = deps;
  const people = store.collection(members);
  const known = store.collection(identities);
  const codes = store.collection(bindCodes);
  const tries = store.collection(bindTries);
  const lists = store.collection(bindLists);
  const held = store.collection(grants);
  const agreed = store.collection(consents);
  const stops = store.collection(optOuts);
  const looks = store.collection(phoneReveals);

  const concerns = ({ contact, member, hints }: Item, who: Traced): boolean =>
    who.contacts.includes(contact) || member === who.member || hints.includes(who.member);

  /** Numbers of a list stay what they are: a line is emptied, not taken out. */
  async function emptyLines(who: Traced): Promise<void> {
    for await (const { _id, items } of lists.stream({})) {
      if (!items.some((item) => concerns(item, who))) continue;
      const left = items.map((item) => {
        if (!concerns(item, who)) return item;
        const hints = item.hints.filter((hint) => hint !== who.member);
        const own = who.contacts.includes(item.contact) || item.member === who.member;
        return own || hints.length === 0 ? nobody : { ...item, hints };
      });
      await lists.update({ _id }, { $set: { items: left } });
    }
  }

  return {
    name: 'members',
    async erase(who) {
      const now = clock.now();
      await known.remove({ member: who.member });
      await codes.remove({ member: who.member });
      for (const contact of who.contacts) await tries.remove({ contact });
      await emptyLines(who);
      for (const key of who.keys) await stops.remove({ _id: key });
      for (const grant of await held.find({ member: who.member })) {
        if (inForce(grant, now)) await held.update({ _id: grant._id }, { $set: { to: now, endedBy: 'erasure' } });
      }
      await agreed.updateMany({ member: who.member, withdrawnAt: null }, { $set: { withdrawnAt: now } });
    },
    async copy(who) {
      const { member } = who;
      const record = await people.get(member);
      const phone = record?.phone ?? null;
      const items: Item[] = [];
      for await (const list of lists.stream({})) items.push(...list.items.filter((item) => concerns(item, who)));
      return {
        record:
          record === null ? null : { ...record, phone: phone && (crypto?.open(phone, phonePlace(member)) ?? null) },
        wechat: await known.find({ member }),
        codes: (await codes.find({ member })).map(({ validUntil, usesLeft, by }) => ({ validUntil, usesLeft, by })),
        proposals: items.map(({ contact, shown }) => ({ contact, shown })),
        roles: await held.find({ member }),
        consents: await agreed.find({ member }),
        optedOut: (await Promise.all(who.keys.map((key) => stops.get(key)))).filter((row) => row !== null),
        numberShownTo: await looks.find({ member }),
      };
    },
  };
}
