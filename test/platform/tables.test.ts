import { deflateRawSync } from 'node:zlib';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { readTable, writeSheet } from '../../src/platform/tables.ts';
import { isAppError } from '../../src/shared/errors.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (content: Uint8Array | string, limits = {}) =>
  readTable(typeof content === 'string' ? bytes(content) : content, { name: '名册.csv', limits });

async function faultOf(content: Uint8Array | string, limits = {}) {
  const fault: unknown = await read(content, limits).catch((error: unknown) => error);
  if (!isAppError(fault)) throw new Error('read without a fault');
  expect(fault.status).toBe(400);
  return { code: fault.code, ...fault.facts };
}

/** A zip of one deflated file; `says` is the size that it claims to unpack to. */
function zipOf(name: string, content: Uint8Array, says = content.byteLength): Uint8Array {
  const packed = deflateRawSync(content);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(packed.length, 18);
  local.writeUInt32LE(says, 22);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(packed.length, 20);
  central.writeUInt32LE(says, 24);
  central.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(30 + name.length + packed.length, 16);
  return Buffer.concat([local, Buffer.from(name), packed, central, Buffer.from(name), end]);
}

describe('a table in CSV', () => {
  const expected = [
    { line: 2, cells: { 编号: 'M1', 姓名: '胡学文' } },
    { line: 3, cells: { 编号: 'M2', 姓名: '𠮷娃' } },
  ];
  const text = '编号,姓名\nM1,胡学文\nM2,𠮷娃\n';

  it.each([
    ['UTF-8', bytes(text)],
    ['UTF-8 with a BOM and Windows line ends', bytes(`\ufeff${text.replaceAll('\n', '\r\n')}`)],
    ['GB18030, as Excel saves it', iconv.encode(text, 'gb18030')],
    [
      'UTF-16 with tabs, Excel\'s "Unicode text"',
      iconv.encode(text.replaceAll(',', '\t'), 'utf16-le', { addBOM: true }),
    ],
    ['semicolons', bytes(text.replaceAll(',', ';'))],
    ['an empty column after the last', bytes(text.replaceAll('\n', ',\n'))],
  ])('is read from %s', async (_, content) => {
    const table = await read(content);
    expect(table).toMatchObject({ name: '名册.csv', format: 'csv', columns: ['编号', '姓名'] });
    expect(table.rows).toEqual(expected);
  });

  it('tells the line on which each row begins, past empty lines and line breaks in cells', async () => {
    const { rows } = await read('\na,b\n\n"one\n\ntwo",1\n,\nthree,2\n');
    expect(rows).toEqual([
      { line: 4, cells: { a: 'one\n\ntwo', b: '1' } },
      { line: 8, cells: { a: 'three', b: '2' } },
    ]);
  });

  it("skips Excel's separator hint and still counts its line", async () => {
    const { rows } = await read('sep=;\na;b\n1;2\n');
    expect(rows).toEqual([{ line: 3, cells: { a: '1', b: '2' } }]);
  });

  it('fills the cells that Excel left out at the end of a row', async () => {
    const { rows } = await read('a,b,c\n1\n');
    expect(rows[0]?.cells).toEqual({ a: '1', b: '', c: '' });
  });

  it('cleans cells of what nobody can see', async () => {
    const { rows } = await read('姓名\n 胡\u200b学\u202e文  老\u00a0师 \n');
    expect(rows[0]?.cells).toEqual({ 姓名: '胡学文 老 师' });
  });

  it.each([
    [
      'an unclosed quote, with the line where it began',
      'a,b\n1,2\n3,"4\n5,6\n',
      { code: 'table.bad-quote', line: 3, column: 2 },
    ],
    ['a quote in the middle of a cell', 'a,b\n1,2"3\n', { code: 'table.bad-quote', line: 2, column: 2 }],
    ['text after a closing quote', 'a,b\n"1"2,3\n', { code: 'table.bad-quote', line: 2, column: 1 }],
    ['more cells than columns', 'a,b\n1,2\n1,2,3\n', { code: 'table.too-many-cells', line: 3, column: 3 }],
    [
      'a cell below a column without a name',
      'a,,c\n1,,3\n1,2,3\n',
      { code: 'table.unnamed-column', line: 3, column: 2 },
    ],
    ['two columns of one name', 'a, a \n1,2\n', { code: 'table.duplicate-column', line: 1, column: 2 }],
    ['nothing', '', { code: 'table.empty' }],
    ['nothing but separators', ',,\n,,\n', { code: 'table.empty' }],
    ['a zero byte', 'a,b\n1,\0\n', { code: 'table.not-text', line: 2 }],
  ])('refuses %s', async (_, content, fault) => {
    expect(await faultOf(content)).toEqual(fault);
  });

  it('refuses broken UTF-8 instead of reading it as garbled GB18030', async () => {
    const broken = Buffer.concat([bytes('姓名,组\n胡学文,三组\n李四,'), Buffer.from([0xe4, 0xb8]), bytes('\n')]);
    expect(await faultOf(broken)).toEqual({ code: 'table.bad-bytes', line: 3, column: 2 });
  });

  it('refuses bytes that are no text in any encoding', async () => {
    const junk = Buffer.concat([iconv.encode('姓名,组\n胡学文,', 'gb18030'), Buffer.from([0xff, 0xff, 0x0a])]);
    expect(await faultOf(junk)).toEqual({ code: 'table.bad-bytes', line: 2, column: 2 });
  });

  it('refuses what is too large, and too many rows', async () => {
    expect(await faultOf('a\n1\n2\n', { bytes: 5 })).toEqual({ code: 'table.too-large', limit: 5 });
    expect(await faultOf('a\n1\n2\n', { rows: 1 })).toEqual({ code: 'table.too-many-rows', limit: 1 });
  });

  it('keeps a column called __proto__ a column', async () => {
    const { rows } = await read('__proto__\n1\n');
    expect(Object.entries(rows[0]?.cells ?? {})).toEqual([['__proto__', '1']]);
  });
});

describe('a table in .xlsx', () => {
  interface Row {
    name: string;
    phone: number | null;
    at: Date | null;
  }
  const columns = [
    { header: '姓名', value: (row: Row) => row.name },
    { header: '手机号', value: (row: Row) => row.phone },
    { header: '时间', value: (row: Row) => row.at },
  ];

  it('comes back as it was written, times as village time', async () => {
    const sheet = await writeSheet(
      [
        { name: '𠮷娃😀', phone: 19900000001, at: new Date('2026-03-21T00:30:00Z') },
        { name: '', phone: null, at: null },
        { name: '胡学文', phone: 0.3, at: null },
      ],
      columns,
    );
    const table = await read(sheet);
    expect(table).toMatchObject({ format: 'xlsx', columns: ['姓名', '手机号', '时间'] });
    expect(table.rows).toEqual([
      { line: 2, cells: { 姓名: '𠮷娃😀', 手机号: '19900000001', 时间: '2026-03-21 08:30' } },
      { line: 4, cells: { 姓名: '胡学文', 手机号: '0.3', 时间: '' } },
    ]);
  });

  it.each(['=1+1', '+86 199', '-1', '@SUM(A1)', '=HYPERLINK("http://x")'])('writes %s as text', async (name) => {
    const sheet = await writeSheet([{ name, phone: null, at: null }], columns, { sheet: '名单/一组' });
    expect(Buffer.from(sheet).includes('<f>')).toBe(false);
    expect((await read(sheet)).rows[0]?.cells['姓名']).toBe(name);
  });

  it('takes characters out that a sheet cannot hold', async () => {
    const sheet = await writeSheet([{ name: '胡\u0001学\ud800文', phone: null, at: null }], columns);
    expect((await read(sheet)).rows[0]?.cells['姓名']).toBe('胡学文');
  });

  it('refuses a number that Excel has already cut', async () => {
    const sheet = await writeSheet([{ name: '胡学文', phone: 5.1e17, at: null }], columns);
    expect(await faultOf(sheet)).toEqual({ code: 'table.number-too-long', line: 2, column: 2 });
  });

  it('refuses a sheet that was cut off', async () => {
    const sheet = await writeSheet([{ name: '胡学文', phone: 1, at: null }], columns);
    expect(await faultOf(sheet.slice(0, sheet.length - 40))).toEqual({ code: 'table.not-xlsx' });
    expect(await faultOf(sheet.slice(0, 4))).toEqual({ code: 'table.not-xlsx' });
  });

  it('refuses a zip that is something else', async () => {
    expect(await faultOf(zipOf('word/document.xml', bytes('<w/>')))).toEqual({ code: 'table.not-xlsx' });
    expect(await faultOf(zipOf('xl/workbook.xml', bytes('<workbook')))).toEqual({ code: 'table.not-xlsx' });
  });

  it('refuses a small file that unpacks to gigabytes, whatever it says of itself', async () => {
    const bomb = Buffer.alloc(210_000_000);
    expect(await faultOf(zipOf('xl/workbook.xml', bomb))).toMatchObject({ code: 'table.too-large' });
    expect(await faultOf(zipOf('xl/workbook.xml', bytes('<x/>'), 4_000_000_000))).toEqual({ code: 'table.not-xlsx' });
  });

  it('says so when it is the old Excel format', async () => {
    expect(await faultOf(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]))).toEqual({ code: 'table.old-excel' });
  });
});
