import { Binary, serialize } from 'bson';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeDocument } from '../../../src/platform/store/decode.ts';
import { encodeDocument } from '../../../src/platform/store/encode.ts';

const scalar = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.integer(),
  fc.double({ noNaN: false }),
  fc.maxSafeInteger(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.date({ noInvalidDate: true }),
);
const field = fc.string({ maxLength: 12 }).map((text) => text.replaceAll('\0', ''));
const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 3 }, scalar, fc.array(tie('any'), { maxLength: 4 }), fc.dictionary(field, tie('any'))),
})).any;
const documents = fc.dictionary(field, value);
const bson = (doc: Record<string, unknown>): string =>
  Buffer.from(serialize(doc, { ignoreUndefined: true })).toString('hex');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('writing documents', () => {
  it('writes what bson writes, byte for byte', () => {
    fc.assert(
      fc.property(documents, (doc) => {
        expect(hex(encodeDocument(doc))).toBe(bson(doc));
      }),
      { numRuns: 500 },
    );
  });

  it('leaves to bson what it does not know', () => {
    for (const doc of [{ picture: new Binary(Buffer.from('x')) }, { large: 2n ** 40n }, { of: [{ deep: /x/ }] }]) {
      expect(hex(encodeDocument(doc))).toBe(bson(doc));
    }
    expect(() => encodeDocument({ 'a\0b': 1 })).toThrow(/null/i);
  });

  it('writes long documents, and short ones after them', () => {
    const long = { texts: Array.from({ length: 300 }, (_, n) => '村口'.repeat(n)) };
    expect(hex(encodeDocument(long))).toBe(bson(long));
    const bytes = encodeDocument({ a: 1 });
    encodeDocument({ b: 2 });
    expect(decodeDocument(bytes)).toEqual({ a: 1 });
  });
});
