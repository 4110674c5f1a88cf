import { deserialize } from 'bson';

/**
 * Reads BSON as `bson` does, several times as fast, since it knows only what documents hold: text, numbers, dates,
 * true and false, null, objects and lists. Whatever else it meets, damage included, it leaves to `bson`.
 */
export function decodeDocument(bytes: Uint8Array): Record<string, unknown> {
  buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  at = 0;
  try {
    return readObject(buffer.length);
  } catch (fault) {
    if (fault !== unknown) throw fault;
    return deserialize(bytes, { allowObjectSmallerThanBufferSize: true, validation: { utf8: false } });
  }
}

/** Thrown where this reader knows no further; made once, since a stack costs more than a document. */
const unknown = new Error('left to bson');

// What is being read, and where: a reader object for each document would cost as much as its fields.
let buffer: Buffer = Buffer.alloc(0);
let at = 0;

const float = new Float64Array(1);
const floatBytes = new Uint8Array(float.buffer);
const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function int32(): number {
  const value =
    (buffer[at] ?? 0) | ((buffer[at + 1] ?? 0) << 8) | ((buffer[at + 2] ?? 0) << 16) | ((buffer[at + 3] ?? 0) << 24);
  at += 4;
  return value;
}

function double(): number {
  if (!littleEndian) throw unknown;
  for (let i = 0; i < 8; i++) floatBytes[i] = buffer[at + i] ?? 0;
  at += 8;
  return float[0] ?? 0;
}

function int64(): number {
  const low = int32() >>> 0;
  const value = int32() * 0x1_0000_0000 + low;
  if (!Number.isSafeInteger(value)) throw unknown;
  return value;
}

/** Longer texts are faster read by Node. */
const shortText = 24;

function text(end: number): string {
  const from = at;
  let read = '';
  if (end - from <= shortText) {
    while (at < end) {
      const byte = buffer[at] ?? 0;
      if (byte >= 0x80) break;
      read += String.fromCharCode(byte);
      at++;
    }
  }
  if (at < end) read = buffer.toString('utf8', from, end);
  at = end;
  return read;
}

/** Names of fields, by a hash of their bytes: there are few, and each is read again and again. */
const names: string[] = Array.from({ length: 4096 }, () => '');

function name(limit: number): string {
  const from = at;
  let hash = 0;
  for (let byte = buffer[at] ?? 0; byte !== 0; byte = buffer[++at] ?? 0) hash = (hash * 31 + byte) | 0;
  if (at >= limit) throw unknown;
  const length = at - from;
  const slot = hash & 4095;
  const known = names[slot] ?? '';
  if (known.length === length && length > 0) {
    let same = 0;
    while (same < length && known.charCodeAt(same) === buffer[from + same]) same++;
    if (same === length) {
      at++;
      return known;
    }
  }
  const read = buffer.toString('utf8', from, at);
  // A name that bson reads with care, and names that are not one byte a character, which would not be found again.
  if (read === '__proto__') throw unknown;
  if (read.length === length) names[slot] = read;
  at++;
  return read;
}

/** From the length that stands first to the zero behind it; returns where it ends. */
function begin(limit: number): number {
  const end = at + int32();
  if (end > limit || end < at + 1) throw unknown;
  return end - 1;
}

function finish(end: number): void {
  if (at !== end || buffer[at] !== 0) throw unknown;
  at++;
}

function readObject(limit: number): Record<string, unknown> {
  const end = begin(limit);
  const object: Record<string, unknown> = {};
  while (at < end) {
    const type = buffer[at++];
    const field = name(end);
    object[field] = readValue(type, end);
  }
  finish(end);
  return object;
}

function readList(limit: number): unknown[] {
  const end = begin(limit);
  const list: unknown[] = [];
  while (at < end) {
    const type = buffer[at++];
    // Its place, in digits.
    while (at < end && buffer[at] !== 0) at++;
    at++;
    list.push(readValue(type, end));
  }
  finish(end);
  return list;
}

function readValue(type: number | undefined, limit: number): unknown {
  switch (type) {
    case 0x01:
      return double();
    case 0x02: {
      const end = int32() + at - 1;
      if (end < at || end >= limit || buffer[end] !== 0) throw unknown;
      const value = text(end);
      at++;
      return value;
    }
    case 0x03:
      return readObject(limit);
    case 0x04:
      return readList(limit);
    case 0x08: {
      const byte = buffer[at++];
      if (byte !== 0 && byte !== 1) throw unknown;
      return byte === 1;
    }
    case 0x09:
      return new Date(int64());
    case 0x0a:
      return null;
    case 0x10:
      return int32();
    case 0x12:
      return int64();
    default:
      throw unknown;
  }
}
