import type { VillageCalendar } from '../shared/calendar/index.ts';
import type { Store } from '../platform/store/port.ts';
import { gridSettings, grids, rooms, villageCalendar, type Grid, type Room } from './grid.model.ts';
import type { GridIntake, GridRow, RoomRow } from './grid.port.ts';

function gridChanges(row: GridRow, held: Grid): boolean {
  return (
    row.parent !== held.parent ||
    (row.households !== null && row.households !== held.households) ||
    (row.dutyPhone !== null && row.dutyPhone !== held.dutyPhone)
  );
}

function roomChanges(row: RoomRow, held: Room): boolean {
  return row.grid !== held.grid || row.topic !== held.topic || row.management !== held.management;
}

function sameCalendar(a: VillageCalendar, b: VillageCalendar): boolean {
  return JSON.stringify(villageCalendar.parse(a)) === JSON.stringify(villageCalendar.parse(b));
}

export function createIntake(store: Store): GridIntake {
  const tree = store.collection(grids);
  const groups = store.collection(rooms);
  const settings = store.collection(gridSettings);

  const count = async <R extends { id: string }, H>(
    rows: readonly R[],
    get: (id: string) => Promise<H | null>,
    differs: (row: R, held: H) => boolean,
  ): Promise<{ added: number; changed: number; same: number }> => {
    const counts = { added: 0, changed: 0, same: 0 };
    for (const row of rows) {
      const held = await get(row.id);
      if (held === null) counts.added++;
      else if (differs(row, held)) counts.changed++;
      else counts.same++;
    }
    return counts;
  };

  return {
    async preview({ grids: gridRows, rooms: roomRows, calendar }) {
      const kept = (await settings.get('calendar'))?.calendar ?? null;
      return {
        grids: await count(gridRows, (id) => tree.get(id), gridChanges),
        rooms: await count(roomRows, (id) => groups.get(id), roomChanges),
        calendar: calendar !== null && (kept === null || !sameCalendar(calendar, kept)),
      };
    },
    async take({ grids: gridRows, rooms: roomRows, calendar }) {
      for (const { id, parent, households, dutyPhone } of gridRows) {
        await tree.upsert(id, { $set: { parent }, $setOnInsert: { households, dutyPhone } });
        const told = { ...(households === null ? {} : { households }), ...(dutyPhone === null ? {} : { dutyPhone }) };
        if (Object.keys(told).length > 0) await tree.update({ _id: id }, { $set: told });
      }
      for (const { id, grid, topic, management } of roomRows) {
        await groups.upsert(id, { $set: { grid, topic, management }, $setOnInsert: { channelRoom: null } });
      }
      if (calendar !== null) {
        await settings.upsert('calendar', { $set: { calendar: villageCalendar.parse(calendar) } });
      }
    },
  };
}
