import type { Clock } from '../platform/clock.ts';
import type { Store } from '../platform/store/port.ts';
import { consents } from './members.model.ts';
import type { Consents } from './members.port.ts';

export function createConsents(store: Store, clock: Clock): Consents {
  const rows = store.collection(consents);
  return {
    of: (member) => rows.find({ member }, { sort: { purpose: 1 } }),
    async given(member, purpose) {
      return (await rows.find({ member, purpose })).some(({ withdrawnAt }) => withdrawnAt === null);
    },
    async give(member, purpose, version, from) {
      await rows.upsert(`${member}:${purpose}:${from}`, {
        $setOnInsert: { member, purpose, version, givenAt: clock.now(), withdrawnAt: null },
      });
    },
    async withdraw(member, purpose) {
      await rows.updateMany({ member, purpose, withdrawnAt: null }, { $set: { withdrawnAt: clock.now() } });
    },
  };
}
