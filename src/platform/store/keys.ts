import { AppError } from '../../shared/errors.ts';
import { at, type Doc } from './values.ts';

/**
 * Keys are strings whose characters are bytes (Latin-1): they compare in JavaScript as they do on disk.
 * A field is a tag and a value; an entry is its fields and then the document's id.
 */
export type Key = string;

/** An indexed string (and an _id) has at most this many bytes of UTF-8. */
export const longestString = 512;
/** lmdb's limit is 1,978 bytes a key. */
const longestKey = 1900;
/** No entry of a document is longer, without its id. */
export const longestEntry = longestKey - longestString;
/** Above everything that begins alike: UTF-8 has no such byte, and no tag is as large. */
export const above = '\xff';

export const tags = {
  empty: '\x08',
  null: '\x10',
  false: '\x20',
  true: '\x21',
  number: '\x30',
  date: '\x40',
  string: '\x50',
  other: '\x60',
};

const ascii = /^[\x00-\x7f]*$/;
const float = new DataView(new ArrayBuffer(8));

/** The bytes of a text. */
export function bytesOf(text: string): Key {
  return ascii.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

export function textOf(bytes: Key): string {
  return ascii.test(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8');
}

function ordered(value: number): Key {
  float.setFloat64(0, value === 0 ? 0 : value);
  let high = float.getUint32(0);
  let low = float.getUint32(4);
  if (high >>> 31 === 1) {
    high = ~high;
    low = ~low;
  } else {
    high ^= 0x80000000;
  }
  return String.fromCharCode(
    (high >>> 24) & 255,
    (high >>> 16) & 255,
    (high >>> 8) & 255,
    high & 255,
    (low >>> 24) & 255,
    (low >>> 16) & 255,
    (low >>> 8) & 255,
    low & 255,
  );
}

/** A value as it stands in a key; null when its text is too long for one. */
export function encode(value: unknown): Key | null {
  switch (typeof value) {
    case 'string': {
      const bytes = bytesOf(value);
      if (bytes.length > longestString) return null;
      return `${tags.string}${bytes.includes('\0') ? bytes.replaceAll('\0', '\0\xff') : bytes}\0`;
    }
    case 'number':
      return tags.number + ordered(value);
    case 'boolean':
      return value ? tags.true : tags.false;
    default:
      if (value === undefined || value === null) return tags.null;
      return value instanceof Date ? tags.date + ordered(value.getTime()) : tags.other;
  }
}

/** Where the field that begins there ends. */
export function skip(key: Key, from: number): number {
  const tag = key[from];
  if (tag === tags.number || tag === tags.date) return from + 9;
  if (tag !== tags.string) return from + 1;
  let end = key.indexOf('\0', from);
  while (key[end + 1] === '\xff') end = key.indexOf('\0', end + 1);
  return end + 1;
}

/** The scalar that stands there; only of what `encode` made. */
export function decode(key: Key, from: number): string | number | boolean | Date | null {
  const tag = key[from];
  if (tag === tags.false) return false;
  if (tag === tags.true) return true;
  if (tag === tags.string) {
    const bytes = key.slice(from + 1, skip(key, from) - 1);
    return textOf(bytes.includes('\0') ? bytes.replaceAll('\0\xff', '\0') : bytes);
  }
  if (tag !== tags.number && tag !== tags.date) return null;
  for (let i = 0; i < 8; i++) float.setUint8(i, key.charCodeAt(from + 1 + i));
  const negative = float.getUint8(0) < 128;
  for (let i = 0; i < (negative ? 8 : 1); i++) float.setUint8(i, float.getUint8(i) ^ (negative ? 255 : 128));
  const value = float.getFloat64(0);
  return tag === tags.date ? new Date(value) : value;
}

/** An id in a key; throws `store.key-too-long`. */
export function idKey(collection: string, id: string): Key {
  const bytes = bytesOf(id);
  if (bytes.length > longestString || bytes.length === 0) {
    throw new AppError('store.key-too-long', 422, { collection, path: '_id' });
  }
  return bytes;
}

/** The entries of a document in one index, without the id: one, or one for each element of an array. */
export function entries(collection: string, doc: Doc, fields: readonly string[]): Key[] {
  let keys: Key[] = [''];
  for (const field of fields) {
    const value = at(doc, field);
    const parts = Array.isArray(value) ? [...new Set(value.map(encode))] : [encode(value)];
    if (parts.length === 0) parts.push(tags.empty);
    const longer: Key[] = [];
    for (const key of keys) {
      for (const part of parts) {
        if (part === null || key.length + part.length > longestEntry) {
          throw new AppError('store.key-too-long', 422, { collection, path: field });
        }
        longer.push(key + part);
      }
    }
    keys = longer;
  }
  return keys;
}
