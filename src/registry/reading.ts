import { isAppError, type AppError } from '../shared/errors.ts';
import { readTable, type Table } from '../platform/tables.ts';
import { createFaults, type Faults } from './faults.ts';
import type { Fault } from './registry.port.ts';

const parts = ['members', 'grids', 'gardens'] as const;
type Part = (typeof parts)[number];

/** A file of the folder as a table, with the faults found in it. */
export interface ReadTable {
  readonly table: Table;
  readonly faults: Faults;
}

export interface ReadFolder {
  readonly tables: Readonly<Partial<Record<Part, ReadTable>>>;
  readonly calendar: { readonly bytes: Uint8Array; readonly faults: Faults } | null;
  /** Of files that couldn't be read at all. */
  readonly faults: readonly Fault[];
}

/** Finds the files by name (`members.csv`, `members.xlsx` …) and reads the tables. */
export async function readFolder(files: Readonly<Record<string, Uint8Array>>): Promise<ReadFolder> {
  const faults: Fault[] = [];
  const tables: Partial<Record<Part, ReadTable>> = {};
  const byName = (wanted: readonly string[]): [string, Uint8Array][] =>
    Object.entries(files).filter(([name]) => wanted.includes(name.toLowerCase()));

  for (const part of parts) {
    const [found, other] = byName([`${part}.csv`, `${part}.xlsx`]);
    if (found === undefined) continue;
    const [name, bytes] = found;
    const own = createFaults(name);
    if (other !== undefined) {
      own.add(null, null, 'two-files', { other: other[0] });
      faults.push(...own.list);
      continue;
    }
    const add = (fault: AppError): void => {
      const { line, column, limit } = fault.facts;
      const at = typeof column === 'number' ? String(column) : null;
      const most = typeof limit === 'number' ? { limit } : {};
      own.add(typeof line === 'number' ? line : null, at, 'unreadable', { table: fault.code, ...most });
    };
    try {
      tables[part] = { table: await readTable(bytes, { name, onRowFault: add }), faults: own };
    } catch (fault) {
      if (!isAppError(fault) || !fault.code.startsWith('table.')) throw fault;
      add(fault);
      faults.push(...own.list);
    }
  }
  const [calendar] = byName(['calendar.json']);
  if (Object.keys(tables).length === 0 && calendar === undefined && faults.length === 0) {
    faults.push({ file: 'members.csv', line: null, column: null, code: 'missing-files', facts: {} });
  }
  return {
    tables,
    calendar: calendar === undefined ? null : { bytes: calendar[1], faults: createFaults(calendar[0]) },
    faults,
  };
}
