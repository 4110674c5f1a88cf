import { demand, may, village, type Actor, type Role } from '../shared/access.ts';
import { AppError } from '../shared/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../platform/store/port.ts';
import type { Member, Members } from '../members/index.ts';
import { duties, grids, type Grid } from './grid.model.ts';
import type { GridQueries, GridVerbs, OnDuty } from './grid.port.ts';

const officers = ['网格员', '网格长'] as const;
const leaders = ['村主任', '村支书', '妇女主任'] as const;

export type Rota = Pick<GridQueries, 'onDuty' | 'dutyOf' | 'dutyPhone'> &
  Pick<GridVerbs, 'putOnDuty' | 'endDuty' | 'duties'>;

export function createRota(deps: { store: Store; members: Members; clock: Clock }): Rota {
  const { store, members, clock } = deps;
  const rows = store.collection(duties);
  const tree = store.collection(grids);

  /** The grid and those above it, up to the village. A grid nobody knows counts as the village. */
  const upwards = async (grid: string | null): Promise<Grid[]> => {
    const path: Grid[] = [];
    let next = grid === null ? null : await tree.get(grid);
    next ??= await tree.findOne({ parent: null });
    while (next !== null && !path.some(({ _id }) => _id === next?._id)) {
      path.push(next);
      next = next.parent === null ? null : await tree.get(next.parent);
    }
    return path;
  };

  const byRota = async (grid: string): Promise<Member | null> => {
    const now = clock.now();
    const current = (await rows.find({ grid, to: { $gt: now } })).filter(({ from }) => from <= now);
    // The latest hand-over counts.
    current.sort((a, b) => b.from.getTime() - a.from.getTime() || (a._id < b._id ? -1 : 1));
    for (const { member } of current) {
      const found = await members.get(member);
      // Who has lost the office meanwhile is not on duty.
      if (found !== null && may(await members.actor(member), 'feedback.handle', grid)) return found;
    }
    return null;
  };

  /** Who lives in the grid goes first, then who can be reached by WeChat, then the smallest number. */
  const first = async (role: Role, scope: string, home: string | null): Promise<Member | null> => {
    const held = await members.holders(role, scope);
    const ranked = await Promise.all(
      held.map(async (member) => ({
        member,
        rank: (member.grid === home ? 0 : 2) + ((await members.usesWechat(member._id)) ? 0 : 1),
      })),
    );
    ranked.sort((a, b) => a.rank - b.rank);
    return ranked[0]?.member ?? null;
  };

  const dutyOf = async (grid: string | null): Promise<OnDuty | null> => {
    for (const { _id, parent } of await upwards(grid)) {
      const rota = await byRota(_id);
      if (rota !== null) return { member: rota, as: '值班', grid: _id };
      for (const role of officers) {
        const scopes = parent === null ? [_id, village] : [_id];
        for (const scope of scopes) {
          const member = await first(role, scope, _id);
          if (member !== null) return { member, as: role, grid: _id };
        }
      }
    }
    for (const role of leaders) {
      const member = await first(role, village, null);
      if (member !== null) return { member, as: role, grid: null };
    }
    // A village without leaders: any officer rather than nobody.
    for (const { _id } of await tree.find({}, { sort: { _id: 1 } })) {
      for (const role of officers) {
        const member = await first(role, _id, _id);
        if (member !== null) return { member, as: role, grid: _id };
      }
    }
    return null;
  };

  return {
    dutyOf,
    async onDuty(grid) {
      return (await dutyOf(grid))?.member ?? null;
    },
    async dutyPhone(grid) {
      const found = (await upwards(grid)).find(({ dutyPhone }) => dutyPhone !== null);
      return found === undefined || found.dutyPhone === null ? null : { grid: found._id, phone: found.dutyPhone };
    },
    async putOnDuty(actor: Actor, { grid, member, from, to }) {
      if ((await tree.get(grid)) === null) throw new AppError('grid.not-found', 404);
      demand(actor, 'feedback.handle', grid);
      if (to <= from || to <= clock.now()) throw new AppError('grid.period', 422);
      if (!may(await members.actor(member), 'feedback.handle', grid)) throw new AppError('grid.not-an-officer', 422);
      const { doc } = await rows.upsert(`${grid}:${member}:${from.toISOString()}`, {
        $set: { to, by: actor.member ?? 'system' },
        $setOnInsert: { grid, member, from },
      });
      return doc;
    },
    async endDuty(actor, id) {
      const duty = await rows.get(id);
      if (duty === null) throw new AppError('grid.duty-not-found', 404);
      demand(actor, 'feedback.handle', duty.grid);
      const now = clock.now();
      if (duty.from >= now) await rows.remove({ _id: id });
      else if (duty.to > now) await rows.update({ _id: id }, { $set: { to: now } });
    },
    async duties(grid) {
      const open = await rows.find({ grid, to: { $gt: clock.now() } });
      return open.sort((a, b) => a.from.getTime() - b.from.getTime());
    },
  };
}
