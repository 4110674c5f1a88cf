import { cleanLine, textLength } from '../shared/text.ts';
import type { Table, TableRow } from '../platform/tables.ts';
import type { Fault, FaultCode } from './registry.port.ts';

/** Collects what is wrong with one file. */
export interface Faults {
  readonly list: Fault[];
  add(line: number | null, column: string | null, code: FaultCode, facts?: Fault['facts']): void;
}

export function createFaults(file: string): Faults {
  const list: Fault[] = [];
  return {
    list,
    add: (line, column, code, facts = {}) => void list.push({ file, line, column, code, facts }),
  };
}

/** Names each missing column; true when none is. */
export function hasColumns(table: Table, columns: readonly string[], faults: Faults): boolean {
  const missing = columns.filter((column) => !table.columns.includes(column));
  for (const column of missing) faults.add(null, column, 'missing-column');
  return missing.length === 0;
}

export function cell(row: TableRow, column: string): string {
  return cleanLine(row.cells[column] ?? '');
}

/** The cell, or null and a fault when it is empty or too long. */
export function required(row: TableRow, column: string, most: number, faults: Faults): string | null {
  const text = cell(row, column);
  if (text === '') faults.add(row.line, column, 'required');
  else if (textLength(text) > most) faults.add(row.line, column, 'too-long', { most });
  else return text;
  return null;
}

/** The cell, null when it is empty; a fault when it is too long. */
export function optional(row: TableRow, column: string, most: number, faults: Faults): string | null {
  const text = cell(row, column);
  if (textLength(text) > most) faults.add(row.line, column, 'too-long', { most });
  return text === '' ? null : text;
}

const idShape = /^[\p{L}\p{N}_-]+$/u;

/** A number or name that serves as a key: letters, digits, `_` and `-`. */
export function key(row: TableRow, column: string, faults: Faults, most = 40): string | null {
  const text = required(row, column, most, faults);
  if (text === null || idShape.test(text)) return text;
  faults.add(row.line, column, 'bad-id');
  return null;
}

/** `a|b` as a list without doubles. */
export function listOf(row: TableRow, column: string): string[] {
  const parts = cell(row, column)
    .split(/[|｜]/)
    .map((part) => part.trim());
  return [...new Set(parts.filter((part) => part !== ''))];
}

/** A number of at least 0, null when empty; a fault for anything else. */
export function amount(row: TableRow, column: string, faults: Faults, whole: boolean): number | null {
  const text = cell(row, column);
  if (text === '') return null;
  if ((whole ? /^\d{1,7}$/ : /^\d{1,9}(?:\.\d{1,4})?$/).test(text)) return Number(text);
  faults.add(row.line, column, 'bad-number');
  return null;
}

/** Remembers where each value first stood; a fault for every later one. */
export function createSeen(column: string, faults: Faults): (value: string, line: number) => boolean {
  const first = new Map<string, number>();
  return (value, line) => {
    const before = first.get(value);
    if (before === undefined) {
      first.set(value, line);
      return true;
    }
    faults.add(line, column, 'duplicate', { first: before });
    return false;
  };
}
