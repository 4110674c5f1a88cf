import { readSheet } from 'read-excel-file/universal';
import writeExcelFile from 'write-excel-file/node';
import type { Cell } from 'write-excel-file/node';
import { AppError } from '../shared/errors.ts';
import { localDate, localTime } from '../shared/calendar/day.ts';
import { cleanText } from '../shared/text.ts';
import type { RawRow } from './tables-csv.ts';
import { unzip } from './tables-zip.ts';

/** Unpacked size up to which an .xlsx is read; a small file can unpack to gigabytes. */
const unpackedLimit = 200_000_000;
/** Excel keeps 15 digits of a number; of a longer one it has already lost the end. */
const digitsKept = 15;

/** Whether the bytes begin as every .xlsx, .docx and .zip does. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

/** Rows of the first sheet of an .xlsx, cells as text; faults as in `readTable`. */
export async function readSpreadsheet(bytes: Uint8Array): Promise<RawRow[]> {
  const content = await unzip(bytes, unpackedLimit);
  if ('fault' in content) {
    throw content.fault === 'broken'
      ? new AppError('table.not-xlsx', 400)
      : new AppError('table.too-large', 400, { limit: unpackedLimit });
  }
  if (!content.files.has('xl/workbook.xml')) throw new AppError('table.not-xlsx', 400);
  const data = await readCells(bytes);
  return data.map((cells, row) => ({
    line: row + 1,
    cells: cells.map((cell, column) => textOf(cell, { line: row + 1, column: column + 1 })),
  }));
}

/** Numbers are kept as written, so that none is rounded on its way. */
interface Digits {
  readonly digits: string;
}

async function readCells(bytes: Uint8Array): Promise<unknown[][]> {
  try {
    const copy = new Uint8Array(bytes).buffer;
    return await readSheet<Digits>(copy, { parseNumber: (digits) => ({ digits }) });
  } catch (fault) {
    throw new AppError('table.not-xlsx', 400, {}, { cause: fault });
  }
}

function textOf(cell: unknown, place: { line: number; column: number }): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'boolean') return cell ? 'TRUE' : 'FALSE';
  if (cell instanceof Date) {
    // Excel knows no time zone; the reader gives what the sheet shows as if it were UTC.
    const [date, time] = cell.toISOString().split('T');
    return time?.startsWith('00:00') ? `${date}` : `${date} ${time?.slice(0, 5)}`;
  }
  if (typeof cell === 'object' && 'digits' in cell && typeof cell.digits === 'string') {
    const number = Number(cell.digits);
    if (Number.isInteger(number) && Math.abs(number) >= 10 ** digitsKept) {
      throw new AppError('table.number-too-long', 400, place);
    }
    return String(Number(number.toPrecision(digitsKept)));
  }
  throw new AppError('table.not-xlsx', 400, place);
}

export type SheetValue = string | number | boolean | Date | null;

export interface SheetColumn<Row> {
  readonly header: string;
  readonly value: (row: Row) => SheetValue;
  /** Characters; twelve. A Chinese character takes two. */
  readonly width?: number;
}

/**
 * Rows as an .xlsx with a bold, sticky header. Text is always written as text, so nothing that a villager
 * typed (=HYPERLINK(…), +86…) is ever run as a formula; times are written as village time.
 */
export function writeSheet<Row>(
  rows: readonly Row[],
  columns: readonly SheetColumn<Row>[],
  { sheet = '名单' }: { sheet?: string } = {},
): Promise<Uint8Array> {
  const head: Cell[] = columns.map(({ header }) => ({ ...cellOf(header), fontWeight: 'bold' }));
  const body = rows.map((row) => columns.map(({ value }) => cellOf(value(row))));
  return writeExcelFile([head, ...body], {
    sheet:
      sheet
        .replace(/[[\]:*?/\\']/g, ' ')
        .slice(0, 31)
        .trim() || '名单',
    columns: columns.map(({ width = 12 }) => ({ width })),
    stickyRowsCount: 1,
  }).toBuffer();
}

function cellOf(value: SheetValue) {
  if (value === null) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? { value, type: Number } : null;
  if (typeof value === 'boolean') return { value: value ? '是' : '否', type: String };
  const text = value instanceof Date ? `${localDate(value)} ${localTime(value)}` : cleanText(value);
  // A cell holds at most 32,767 characters.
  return { value: text.slice(0, 32_767), type: String };
}
