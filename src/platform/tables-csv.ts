import { CsvError, parse } from 'csv-parse/sync';
import iconv from 'iconv-lite';
import { AppError } from '../shared/errors.ts';

/** A row as it stands in the file. `line` counts from 1, where the row begins. */
export interface RawRow {
  readonly line: number;
  readonly cells: readonly string[];
}

const unreadable = '\ufffd';

function placeOf(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: before.at(-1)?.split(/[,;\t]/).length ?? 1 };
}

function badBytes(text: string): AppError {
  return new AppError('table.bad-bytes', 400, placeOf(text, text.indexOf(unreadable)));
}

/**
 * UTF-8 if the bytes are that without fault, else GB18030. A UTF-8 file with a few broken bytes would also
 * pass as GB18030, with every name in it garbled: when the text is mostly readable as UTF-8, it is a fault.
 */
function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return iconv.decode(bytes, 'utf16-le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return iconv.decode(bytes, 'utf16-be');
  const utf8 = new TextDecoder('utf-8').decode(bytes);
  if (isUtf8(bytes)) return utf8;
  const readable = utf8.match(/[\u3000-\u9fff]/g)?.length ?? 0;
  const broken = utf8.split(unreadable).length - 1;
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  if (marked || readable > 3 * broken) throw badBytes(utf8);
  return iconv.decode(bytes, 'gb18030');
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** The separator that stands most often in the first line, outside quotes. */
function separatorOf(text: string): string {
  const first = (text.split('\n', 1)[0] ?? '').replace(/"[^"]*"/g, '');
  const count = (sign: string): number => first.split(sign).length;
  return [',', ';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

/** Rows of a text file with separators; faults as in `readTable`. */
export function readDelimited(bytes: Uint8Array): RawRow[] {
  if (bytes[0] === 0xd0 && bytes[1] === 0xcf && bytes[2] === 0x11 && bytes[3] === 0xe0) {
    throw new AppError('table.old-excel', 400);
  }
  const text = decode(bytes)
    .replace(/^\ufeff/, '')
    .replace(/\r\n?/g, '\n');
  const zero = text.indexOf('\0');
  if (zero >= 0) throw new AppError('table.not-text', 400, { line: placeOf(text, zero).line });
  if (text.includes(unreadable)) throw badBytes(text);
  // Excel's own hint: a first line `sep=;`.
  const hint = /^sep=([,;\t])\n/i.exec(text);
  const rows: RawRow[] = [];
  let line = hint === null ? 1 : 2;
  const take = (cells: string[]): null => {
    rows.push({ line, cells });
    line += cells.reduce((breaks, cell) => breaks + cell.split('\n').length - 1, 1);
    return null;
  };
  try {
    parse(hint === null ? text : text.slice(hint[0].length), {
      delimiter: hint?.[1] ?? separatorOf(text),
      record_delimiter: '\n',
      relax_column_count: true,
      on_record: take,
    });
  } catch (fault) {
    if (!(fault instanceof CsvError)) throw fault;
    const column = typeof fault['column'] === 'number' ? fault['column'] + 1 : 1;
    throw new AppError('table.bad-quote', 400, { line, column }, { cause: fault });
  }
  return rows;
}
