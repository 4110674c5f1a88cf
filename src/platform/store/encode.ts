import { serialize } from 'bson';
import { isPlain } from './values.ts';

/**
 * Writes BSON as `bson` does, several times as fast, since it knows only what documents hold: text, numbers, dates,
 * true and false, null, objects and lists. Fields that are `undefined` are left out. Whatever else it meets it
 * leaves to `bson`.
 */
export function encodeDocument(doc: Readonly<Record<string, unknown>>): Uint8Array {
  at = 0;
  try {
    writeObject(doc);
  } catch (fault) {
    if (fault !== unknown) throw fault;
    return serialize(doc, { ignoreUndefined: true });
  }
  return Buffer.from(buffer.subarray(0, at));
}

/** Thrown where this writer knows no further; made once, since a stack costs more than a document. */
const unknown = new Error('left to bson');

// What is being written, and how far: kept from one document to the next.
let buffer: Buffer = Buffer.allocUnsafe(16_384);
let at = 0;

const float = new Float64Array(1);
const floatBytes = new Uint8Array(float.buffer);
const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function need(bytes: number): void {
  if (at + bytes <= buffer.length) return;
  const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, at + bytes));
  buffer.copy(larger, 0, 0, at);
  buffer = larger;
}

function int32(value: number, position: number): void {
  buffer[position] = value & 255;
  buffer[position + 1] = (value >> 8) & 255;
  buffer[position + 2] = (value >> 16) & 255;
  buffer[position + 3] = (value >> 24) & 255;
}

/** Longer texts are faster written by Node. */
const shortText = 32;

/** The bytes of a text; room for them is made here, and for eight more behind. */
function text(value: string): void {
  need(value.length * 3 + 8);
  if (value.length <= shortText) {
    const from = at;
    let i = 0;
    for (; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code >= 0x80) break;
      buffer[at++] = code;
    }
    if (i === value.length) return;
    at = from;
  }
  at += buffer.write(value, at, 'utf8');
}

function head(type: number, name: string): void {
  need(1);
  buffer[at++] = type;
  text(name);
  if (name.includes('\0')) throw unknown;
  buffer[at++] = 0;
}

function writeNumber(name: string, value: number): void {
  if (Number.isInteger(value) && value >= -0x8000_0000 && value <= 0x7fff_ffff && !Object.is(value, -0)) {
    head(0x10, name);
    int32(value, at);
    at += 4;
    return;
  }
  if (!littleEndian) throw unknown;
  head(0x01, name);
  float[0] = value;
  for (let i = 0; i < 8; i++) buffer[at + i] = floatBytes[i] ?? 0;
  at += 8;
}

function writeDate(name: string, value: Date): void {
  const ms = value.getTime();
  if (Number.isNaN(ms)) throw unknown;
  head(0x09, name);
  int32(ms | 0, at);
  int32(Math.floor(ms / 0x1_0000_0000), at + 4);
  at += 8;
}

function writeText(name: string, value: string): void {
  head(0x02, name);
  need(4);
  const length = at;
  at += 4;
  text(value);
  buffer[at++] = 0;
  int32(at - length - 4, length);
}

function writeValue(name: string, value: unknown): void {
  switch (typeof value) {
    case 'string':
      writeText(name, value);
      return;
    case 'number':
      writeNumber(name, value);
      return;
    case 'boolean':
      head(0x08, name);
      buffer[at++] = value ? 1 : 0;
      return;
    case 'object':
      if (value === null) head(0x0a, name);
      else if (value instanceof Date) writeDate(name, value);
      else if (Array.isArray(value)) {
        head(0x04, name);
        writeList(value);
      } else if (isPlain(value)) {
        head(0x03, name);
        writeObject(value);
      } else throw unknown;
      return;
    default:
      throw unknown;
  }
}

/** Leaves room for the length; where it stands. */
function begin(): number {
  need(5);
  at += 4;
  return at - 4;
}

function finish(from: number): void {
  need(1);
  buffer[at++] = 0;
  int32(at - from, from);
}

function writeObject(object: Readonly<Record<string, unknown>>): void {
  const from = begin();
  for (const name of Object.keys(object)) {
    const value = object[name];
    if (value === undefined) continue;
    // Names that tell bson to write something else.
    if (name === '_bsontype' || name === 'toBSON') throw unknown;
    writeValue(name, value);
  }
  finish(from);
}

function writeList(list: readonly unknown[]): void {
  const from = begin();
  for (let i = 0; i < list.length; i++) writeValue(places[i] ?? String(i), list[i] ?? null);
  finish(from);
}

const places = Array.from({ length: 100 }, (_, i) => String(i));
