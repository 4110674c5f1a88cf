import type { Table } from '../platform/tables.ts';
import type { Garden } from '../gardens/index.ts';
import { amount, createSeen, hasColumns, key, listOf, optional, required, type Faults } from './faults.ts';

/** Where a garden's keeper stands, to be checked against the households. */
export interface Keeper {
  readonly household: string;
  readonly line: number;
}

/** Checks gardens.csv: 名称,网格,面积平方米,认领户(|),主要植物(|). */
export function checkGardens(
  table: Table,
  grids: ReadonlySet<string>,
  faults: Faults,
): { gardens: Garden[]; keepers: Keeper[] } {
  const gardens: Garden[] = [];
  const keepers: Keeper[] = [];
  if (!hasColumns(table, ['名称', '网格', '面积平方米', '认领户', '主要植物'], faults)) return { gardens, keepers };
  const unseen = createSeen('名称', faults);
  for (const row of table.rows) {
    const name = key(row, '名称', faults, 30);
    const grid = required(row, '网格', 20, faults);
    if (grid !== null && !grids.has(grid)) faults.add(row.line, '网格', 'unknown-grid', { grid });
    const area = amount(row, '面积平方米', faults, false);
    const keeper = optional(row, '认领户', 40, faults);
    if (keeper !== null) keepers.push({ household: keeper, line: row.line });
    const plants = listOf(row, '主要植物');
    if (name === null || grid === null || !unseen(name, row.line)) continue;
    gardens.push({ _id: name, grid, area, keeper, plants });
  }
  return { gardens, keepers };
}
