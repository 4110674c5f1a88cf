import type { Keeper, Members, MembersService } from '../members/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../platform/store/port.ts';
import { duties, grids } from './grid.model.ts';

/** Duties end, those ahead are struck, past ones stay as numbers; a published duty phone that is the person's goes. */
export function createGridKeeper(deps: {
  store: Store;
  clock: Clock;
  members: Pick<Members, 'get'> & Pick<MembersService, 'phones'>;
}): Keeper {
  const { clock, members } = deps;
  const rota = deps.store.collection(duties);
  const tree = deps.store.collection(grids);

  const duty = async (member: string) => {
    const found = [];
    for await (const row of rota.stream({})) if (row.member === member) found.push(row);
    return found;
  };

  return {
    name: 'grid',
    async erase({ member }) {
      const now = clock.now();
      for (const { _id, from, to } of await duty(member)) {
        if (from >= now) await rota.remove({ _id });
        else if (to > now) await rota.update({ _id }, { $set: { to: now } });
      }
      for (const { _id, dutyPhone } of await tree.find({})) {
        if (dutyPhone === null) continue;
        const owners = await members.phones.holders(dutyPhone);
        if (owners.length > 0 && owners.every((owner) => owner._id === member)) {
          await tree.update({ _id, dutyPhone }, { $set: { dutyPhone: null } });
        }
      }
    },
    copy: async ({ member }) => (await duty(member)).map(({ grid, from, to }) => ({ grid, from, to })),
  };
}
