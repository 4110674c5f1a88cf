import { demand, village } from '../shared/access.ts';
import { plainCalendar } from '../shared/calendar/index.ts';
import { AppError } from '../shared/errors.ts';
import type { Clock } from '../platform/clock.ts';
import { normalisePhone } from '../platform/crypto.ts';
import type { Store } from '../platform/store/port.ts';
import type { Members } from '../members/index.ts';
import { createRota } from './duty.ts';
import { gridSettings, grids, rooms } from './grid.model.ts';
import type { GridIntake, GridQueries, GridVerbs } from './grid.port.ts';
import { createIntake } from './intake.ts';
import { byNumber, namedIn } from './naming.ts';

export type GridService = GridQueries & GridVerbs & { readonly intake: GridIntake };

/** A group's name as it is compared: people add spaces, and phones compose characters differently. */
function plainTopic(topic: string): string {
  return topic.normalize('NFC').trim();
}

/** The village's parts: their tree, their groups, and who answers for them. */
export function createGrid(deps: { store: Store; members: Members; clock: Clock }): GridService {
  const { store } = deps;
  const tree = store.collection(grids);
  const groups = store.collection(rooms);
  const rota = createRota(deps);
  const all: GridQueries['all'] = async () => (await tree.find({})).toSorted((a, b) => byNumber(a._id, b._id));

  return {
    ...rota,
    intake: createIntake(store),
    all,
    get: (grid) => tree.get(grid),
    village: () => tree.findOne({ parent: null }),
    room: (room) => groups.get(room),
    rooms: () => groups.find({}, { sort: { _id: 1 } }),
    async roomOf(grid) {
      const own = (await groups.find({ grid }, { sort: { _id: 1 } })).filter(({ management }) => !management);
      return own.find(({ _id }) => _id === grid) ?? own[0] ?? null;
    },
    async roomOfChannel(channelRoom, topic) {
      for (;;) {
        const known = await groups.findOne({ channelRoom });
        if (known !== null) return known;
        const open = await groups.find({ topic: plainTopic(topic), channelRoom: null });
        const [only] = open;
        if (only === undefined || open.length > 1) return null;
        const linked = await groups.update({ _id: only._id, channelRoom: null }, { $set: { channelRoom } });
        if (linked !== null) return linked;
        // Another message linked it first: look again.
      }
    },
    async named(text) {
      const known = await all();
      const root = known.find(({ parent }) => parent === null)?._id ?? null;
      const name = namedIn(
        text,
        known.map(({ _id }) => _id),
        root,
      );
      return known.find(({ _id }) => _id === name) ?? null;
    },
    async calendar() {
      const kept = (await store.collection(gridSettings).get('calendar'))?.calendar;
      return kept ?? plainCalendar;
    },
    async publishDutyPhone(actor, grid, phone) {
      if ((await tree.get(grid)) === null) throw new AppError('grid.not-found', 404);
      demand(actor, 'feedback.handle', grid);
      const dutyPhone = phone === null ? null : normalisePhone(phone);
      if (phone !== null && dutyPhone === null) throw new AppError('grid.phone', 422);
      const changed = await tree.update({ _id: grid }, { $set: { dutyPhone } });
      if (changed === null) throw new AppError('grid.not-found', 404);
      return changed;
    },
    async linkRoom(actor, room, channelRoom) {
      demand(actor, 'admin', village);
      if ((await groups.get(room)) === null) throw new AppError('grid.room-not-found', 404);
      // A channel's group is one room only.
      if (channelRoom !== null) {
        await groups.updateMany({ channelRoom, _id: { $ne: room } }, { $set: { channelRoom: null } });
      }
      const changed = await groups.update({ _id: room }, { $set: { channelRoom } });
      if (changed === null) throw new AppError('grid.room-not-found', 404);
      return changed;
    },
  };
}
