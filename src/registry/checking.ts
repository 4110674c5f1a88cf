import type { Clock } from '../platform/clock.ts';
import type { GridQueries, GridRows } from '../grid/index.ts';
import type { Garden } from '../gardens/index.ts';
import type { MembersIntake, PersonRow } from '../members/index.ts';
import { checkCalendar } from './calendar.check.ts';
import { checkGardens } from './gardens.check.ts';
import { checkGrids } from './grids.check.ts';
import { checkMembers } from './members.check.ts';
import { readFolder } from './reading.ts';
import type { Fault } from './registry.port.ts';

/** A village's folder, read and checked as a whole. With faults the rest is not to be used. */
export interface CheckedFolder {
  readonly faults: readonly Fault[];
  readonly grid: GridRows;
  readonly people: readonly PersonRow[];
  readonly gardens: readonly Garden[];
  readonly households: number;
  readonly headless: readonly string[];
}

/** Finds every fault of every file, not the first only. Writes nothing. */
export async function checkFolder(
  files: Readonly<Record<string, Uint8Array>>,
  context: { grid: GridQueries; intake: MembersIntake; clock: Clock },
): Promise<CheckedFolder> {
  const { grid, intake, clock } = context;
  const folder = await readFolder(files);
  const faults: Fault[] = [...folder.faults];
  const known = { grids: await grid.all(), rooms: await grid.rooms() };

  const gridFile = folder.tables.grids;
  const checked = gridFile === undefined ? null : checkGrids(gridFile.table, known, gridFile.faults);
  faults.push(...(gridFile?.faults.list ?? []));
  const tree = new Map(known.grids.map(({ _id, parent }) => [_id, { id: _id, parent }]));
  for (const { id, parent } of checked?.grids ?? []) tree.set(id, { id, parent });

  const memberFile = folder.tables.members;
  const members =
    memberFile === undefined
      ? { people: [], headless: [] }
      : checkMembers(memberFile.table, { grids: [...tree.values()], intake, now: clock.now() }, memberFile.faults);
  faults.push(...(memberFile?.faults.list ?? []));
  const households = new Set(members.people.map(({ household }) => household));

  const gardenFile = folder.tables.gardens;
  const gardens =
    gardenFile === undefined
      ? { gardens: [], keepers: [] }
      : checkGardens(gardenFile.table, new Set(tree.keys()), gardenFile.faults);
  if (gardenFile !== undefined) {
    const asked = gardens.keepers.map(({ household }) => household).filter((id) => !households.has(id));
    const kept = await intake.households(asked);
    for (const { household, line } of gardens.keepers) {
      if (households.has(household) || kept.has(household)) continue;
      gardenFile.faults.add(line, '认领户', 'unknown-household', { household });
    }
    faults.push(...gardenFile.faults.list);
  }

  const calendar = folder.calendar === null ? null : checkCalendar(folder.calendar.bytes, folder.calendar.faults);
  faults.push(...(folder.calendar?.faults.list ?? []));
  return {
    faults: inOrder(faults),
    grid: { grids: checked?.grids ?? [], rooms: checked?.rooms ?? [], calendar },
    people: members.people,
    gardens: gardens.gardens,
    households: households.size,
    headless: members.headless,
  };
}

/** By file in the order in which they were read, then by line; what is about the whole file first. */
function inOrder(faults: readonly Fault[]): Fault[] {
  const files = [...new Set(faults.map(({ file }) => file))];
  return faults.toSorted((a, b) => files.indexOf(a.file) - files.indexOf(b.file) || (a.line ?? 0) - (b.line ?? 0));
}
