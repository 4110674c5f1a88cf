import { AppError } from '../shared/errors.ts';
import { cleanLine, cleanText } from '../shared/text.ts';
import { readDelimited } from './tables-csv.ts';
import type { RawRow } from './tables-csv.ts';
import { isZip, readSpreadsheet } from './tables-xlsx.ts';

export { writeSheet } from './tables-xlsx.ts';
export type { SheetColumn, SheetValue } from './tables-xlsx.ts';

/** What a village hands in as a list: CSV as Excel or WPS saves it, or `.xlsx` (its first sheet). */
export interface Table {
  /** The file's name as given, for messages to the person who handed it in. */
  readonly name: string;
  readonly format: 'csv' | 'xlsx';
  /** Names of the columns in their order, cleaned; columns without a name are left out when they are empty. */
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

export interface TableRow {
  /** Where the row begins, counted as Excel and editors do: the header is usually line 1. */
  readonly line: number;
  /** Cleaned text by column name; an empty cell is ''. Dates are `YYYY-MM-DD` or `YYYY-MM-DD HH:mm`. */
  readonly cells: Readonly<Record<string, string>>;
}

export interface TableLimits {
  /** Bytes of the file; 20 MB. */
  readonly bytes?: number;
  /** Rows below the header; 200,000. */
  readonly rows?: number;
}

const plain = /^[\u0020-\u007e\u3001-\u303f\u4e00-\u9fff\uff01-\uff5e]*$/u;

/** Most cells need no cleaning; asking first is ten times as fast. */
function clean(cell: string): string {
  return plain.test(cell) ? cell.trim().replace(/ {2,}/g, ' ') : cleanText(cell);
}

export interface ReadOptions {
  readonly name: string;
  readonly limits?: TableLimits;
  /** Is told what is wrong with a single row, which then keeps its good cells; without it the first one is thrown. */
  readonly onRowFault?: (fault: AppError) => void;
}

/**
 * Reads a table. The kind of file is told by its bytes, not by its name. CSV may be UTF-8 (with or without
 * BOM), UTF-16 with BOM or GB18030, separated by comma, semicolon or tab.
 *
 * AppError, all 400, with `line` and `column` (both from 1; never a cell's text) where there is such a place:
 * `table.too-large` {limit}, `table.too-many-rows` {limit}, `table.empty`, `table.old-excel`, `table.not-xlsx`,
 * `table.not-text` {line}, `table.bad-bytes` {line, column}, `table.bad-quote` {line, column},
 * `table.too-many-cells` {line, column}, `table.duplicate-column` {line, column},
 * `table.unnamed-column` {line, column}, `table.number-too-long` {line, column}.
 */
export async function readTable(bytes: Uint8Array, { name, limits = {}, onRowFault }: ReadOptions): Promise<Table> {
  const most = limits.bytes ?? 20_000_000;
  if (bytes.byteLength > most) throw new AppError('table.too-large', 400, { limit: most });
  if (bytes.byteLength === 0) throw new AppError('table.empty', 400);
  const format = isZip(bytes) ? 'xlsx' : 'csv';
  const raw = format === 'xlsx' ? await readSpreadsheet(bytes) : readDelimited(bytes);
  const filled = raw.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  const [head, ...body] = filled;
  if (head === undefined) throw new AppError('table.empty', 400);
  const rows = limits.rows ?? 200_000;
  if (body.length > rows) throw new AppError('table.too-many-rows', 400, { limit: rows });
  const names = readHeader(head);
  return {
    name,
    format,
    columns: names.filter((column) => column !== ''),
    rows: body.map((row) => readRow(row, names, onRowFault)),
  };
}

function readHeader({ line, cells }: RawRow): string[] {
  const names = cells.map(cleanLine);
  for (const [at, column] of names.entries()) {
    if (column !== '' && names.indexOf(column) < at) {
      throw new AppError('table.duplicate-column', 400, { line, column: at + 1 });
    }
  }
  return names;
}

function readRow({ line, cells }: RawRow, names: readonly string[], onRowFault: ReadOptions['onRowFault']): TableRow {
  const entries: [string, string][] = [];
  for (let at = 0; at < Math.max(cells.length, names.length); at++) {
    const column = names[at];
    const cell = clean(cells[at] ?? '');
    if (column !== undefined && column !== '') entries.push([column, cell]);
    else if (cell !== '') {
      const code = column === undefined ? 'table.too-many-cells' : 'table.unnamed-column';
      const fault = new AppError(code, 400, { line, column: at + 1 });
      if (onRowFault === undefined) throw fault;
      onRowFault(fault);
    }
  }
  return { line, cells: Object.fromEntries(entries) };
}
