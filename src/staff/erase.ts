import type { Keeper } from '../members/index.ts';
import type { Store } from '../platform/store/port.ts';
import { accounts, devices, sessions, setUpTokens, signInTries } from './staff.model.ts';
import { digestOf } from './tokens.ts';

/** The account with all that hangs on it; what the person did as staff stays with the member's number. */
export function createStaffKeeper({ store }: { store: Store }): Keeper {
  const known = store.collection(accounts);
  const tokens = store.collection(setUpTokens);
  return {
    name: 'staff',
    async erase({ member }) {
      for (const { _id } of await known.find({ member })) {
        await known.update({ _id, member }, { $set: { state: 'closed' } });
        await store.collection(sessions).remove({ account: _id });
        await store.collection(devices).remove({ account: _id });
        await store.collection(signInTries).remove({ _id: digestOf('account', _id) });
        await tokens.remove({ kind: { $in: ['first-admin', 'invitation'] }, usedBy: _id });
        await known.remove({ _id, member });
      }
      await tokens.remove({ kind: 'invitation', member });
    },
    async copy({ member }) {
      const own = await known.find({ member });
      const open = await Promise.all(own.map(({ _id }) => store.collection(sessions).find({ account: _id })));
      return {
        accounts: own.map(({ name, state, createdAt, signedInAt }) => ({ name, state, createdAt, signedInAt })),
        sessions: open.flat().map(({ createdAt, seenAt, endsAt }) => ({ createdAt, seenAt, endsAt })),
      };
    },
  };
}
