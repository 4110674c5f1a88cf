import { village } from '../shared/access.ts';
import { normalisePhone } from '../platform/crypto.ts';
import type { Table } from '../platform/tables.ts';
import type { Grid, GridRow, Room, RoomRow } from '../grid/index.ts';
import { amount, cell, createSeen, hasColumns, key, optional, type Faults } from './faults.ts';

/** 网格,上级,微信群,户数; and if the village likes 值班电话, 管理群 (the group where cadres' commands are taken). */
export interface CheckedGrids {
  readonly grids: readonly GridRow[];
  readonly rooms: readonly RoomRow[];
}

const topicMost = 60;

/** Checks grids.csv against itself and what is known. The root need not have a line: it is whom the others name. */
export function checkGrids(
  table: Table,
  known: { grids: readonly Grid[]; rooms: readonly Room[] },
  faults: Faults,
): CheckedGrids {
  if (!hasColumns(table, ['网格', '上级', '微信群', '户数'], faults)) return { grids: [], rooms: [] };
  const grids: GridRow[] = [];
  const rooms: RoomRow[] = [];
  const lines = new Map<string, number>();
  const unseen = createSeen('网格', faults);
  const topics = new Map<string, number>();

  for (const row of table.rows) {
    const id = key(row, '网格', faults, 20);
    const above = optional(row, '上级', 20, faults);
    const households = amount(row, '户数', faults, true);
    const phone = cell(row, '值班电话');
    const dutyPhone = phone === '' ? null : normalisePhone(phone);
    if (phone !== '' && dutyPhone === null) faults.add(row.line, '值班电话', 'bad-phone');
    const groups = [
      { column: '微信群', room: id, management: false },
      { column: '管理群', room: `${id}管理群`, management: true },
    ];
    for (const { column, room, management } of groups) {
      const topic = optional(row, column, topicMost, faults);
      if (topic === null || id === null || room === null) continue;
      const before = topics.get(topic);
      if (before !== undefined) faults.add(row.line, column, 'duplicate', { first: before });
      topics.set(topic, row.line);
      rooms.push({ id: room, grid: id, topic, management });
    }
    if (id === null) continue;
    // `village` is the scope of the whole village.
    if (id === village || id === above) faults.add(row.line, id === above ? '上级' : '网格', 'bad-id');
    else if (unseen(id, row.line)) {
      lines.set(id, row.line);
      grids.push({ id, parent: above, households, dutyPhone });
    }
  }
  const rooted = checkTree(grids, lines, known.grids, faults);
  checkTopics(rooms, lines, known.rooms, faults);
  return { grids: rooted, rooms };
}

function checkTopics(
  rooms: readonly RoomRow[],
  lines: ReadonlyMap<string, number>,
  known: readonly Room[],
  faults: Faults,
): void {
  for (const room of rooms) {
    const other = known.find(({ _id, topic }) => topic === room.topic && _id !== room.id);
    if (other === undefined || rooms.some(({ id }) => id === other._id)) continue;
    const column = room.management ? '管理群' : '微信群';
    faults.add(lines.get(room.grid) ?? null, column, 'topic-taken', { room: other._id });
  }
}

/** One root, and no grid above itself. Returns the rows, the root's included when only others name it. */
function checkTree(
  rows: readonly GridRow[],
  lines: ReadonlyMap<string, number>,
  known: readonly Grid[],
  faults: Faults,
): GridRow[] {
  const parents = new Map<string, string | null>(known.map(({ _id, parent }) => [_id, parent]));
  for (const { id, parent } of rows) parents.set(id, parent);
  const named = rows.map(({ parent }) => parent).filter((parent) => parent !== null);
  const implied = [...new Set(named)].filter((id) => !parents.has(id));
  for (const id of implied) parents.set(id, null);

  const old = known.find(({ parent }) => parent === null)?._id;
  const roots = [...parents].filter(([, parent]) => parent === null).map(([id]) => id);
  const [root] = roots;
  if (root === undefined) {
    if (rows.length > 0) faults.add(null, '上级', 'no-root');
  } else if (old !== undefined && roots.some((id) => id !== old)) {
    const stray = rows.find(({ id, parent }) => (parent === null && id !== old) || implied.includes(parent ?? ''));
    faults.add(lines.get(stray?.id ?? '') ?? null, '上级', 'other-root', { root: old });
  } else if (roots.length > 1) {
    const stray = rows.find(({ id, parent }) => (parent ?? id) !== root && roots.includes(parent ?? id));
    faults.add(lines.get(stray?.id ?? '') ?? null, '上级', 'two-roots', { roots: roots.join('、') });
  }
  for (const { id } of rows) {
    const path = new Set<string>();
    for (let at: string | null = id; at !== null && !path.has(at); at = parents.get(at) ?? null) path.add(at);
    const last: string | null = [...path].at(-1) ?? null;
    if (last !== null && parents.get(last) !== null) faults.add(lines.get(id) ?? null, '上级', 'grid-cycle');
  }
  const added = implied.map((id) => ({ id, parent: null, households: null, dutyPhone: null }));
  return [...added, ...rows];
}

/** The grids below this one, itself not included. */
export function below(grid: string, all: readonly { id: string; parent: string | null }[]): string[] {
  const found: string[] = [];
  const open = [grid];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const { id, parent } of all) {
      if (parent !== at || found.includes(id)) continue;
      found.push(id);
      open.push(id);
    }
  }
  return found;
}
