import { deserialize, serialize, Binary, Long } from 'bson';
import fc from 'fast-check';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { decodeDocument } from '../../../src/platform/store/decode.ts';

const bson = (bytes: Uint8Array): unknown =>
  deserialize(bytes, { allowObjectSmallerThanBufferSize: true, validation: { utf8: false } });

/** Damage can make dates that are none, which are not equal to themselves. */
const shown = (value: unknown): string => inspect(value, { depth: null, maxArrayLength: null, maxStringLength: null });

const scalar = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.integer(),
  fc.double({ noNaN: false }),
  fc.maxSafeInteger(),
  fc.boolean(),
  fc.constant(null),
  fc.date({ noInvalidDate: true }),
);
const field = fc.string({ maxLength: 12 }).map((text) => text.replaceAll('\0', ''));
const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 3 }, scalar, fc.array(tie('any'), { maxLength: 4 }), fc.dictionary(field, tie('any'))),
})).any;
const documents = fc.dictionary(field, value);

describe('reading documents', () => {
  it('reads what bson reads, whatever is in it', () => {
    fc.assert(
      fc.property(documents, (doc) => {
        const bytes = serialize(doc);
        expect(decodeDocument(bytes)).toStrictEqual(bson(bytes));
        expect(decodeDocument(Buffer.from(bytes))).toStrictEqual(bson(bytes));
      }),
      { numRuns: 500 },
    );
  });

  it('leaves to bson what it does not know', () => {
    for (const doc of [
      { picture: new Binary(Buffer.from('x')) },
      { large: Long.fromString('9223372036854775807') },
      JSON.parse('{ "__proto__": { "a": 1 }, "b": [1] }') as object,
      { expression: /x/ },
    ]) {
      const bytes = serialize(doc);
      expect(decodeDocument(bytes)).toStrictEqual(bson(bytes));
    }
  });

  it('takes names that meet in one place of the memory for what they are', () => {
    const names = Array.from({ length: 20_000 }, (_, n) => `field${n}`);
    for (const name of [...names, ...names.toReversed()]) {
      expect(Object.keys(decodeDocument(serialize({ [name]: 1 })))).toEqual([name]);
    }
  });

  it('never takes damaged bytes for a document that bson refuses', () => {
    fc.assert(
      fc.property(documents, fc.nat(), fc.nat(255), fc.nat(), (doc, place, byte, cut) => {
        const bytes = Buffer.from(serialize(doc));
        bytes[place % bytes.length] = byte;
        const damaged = cut % 3 === 0 ? bytes.subarray(0, cut % (bytes.length + 1)) : bytes;
        let wanted: string;
        try {
          wanted = shown(bson(damaged));
        } catch {
          expect(() => decodeDocument(damaged)).toThrow(Error);
          return;
        }
        expect(shown(decodeDocument(damaged))).toBe(wanted);
      }),
      { numRuns: 1500 },
    );
  });
});
