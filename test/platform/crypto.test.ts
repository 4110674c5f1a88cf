import { expect, it } from 'vitest';
import { createCrypto, maskPhone, normalisePhone } from '../../src/platform/crypto.ts';

const bytes = (fill: number): string => Buffer.alloc(32, fill).toString('base64');
const keys = { current: 'k1', encryption: { k1: bytes(1) }, lookup: bytes(9) };
const place = 'members:M0001:phone';

it('opens what it sealed, at the place it was sealed for', () => {
  const crypto = createCrypto(keys);
  const sealed = crypto.seal('19900000001', place);
  expect(sealed.cipher).not.toContain('19900000001');
  expect(crypto.open(sealed, place)).toBe('19900000001');
  expect(() => crypto.open(sealed, 'members:M0002:phone')).toThrow('crypto.unreadable');
});

it('seals the same value differently each time, and digests it equally', () => {
  const crypto = createCrypto(keys);
  const [one, two] = [crypto.seal('19900000001', place), crypto.seal('19900000001', 'members:M0002:phone')];
  expect(one.cipher).not.toBe(two.cipher);
  expect(one.digest).toBe(two.digest);
  expect(one.digest).toBe(crypto.digest('19900000001', 'phone'));
  expect(one.digest).not.toBe(crypto.digest('19900000001', 'id'));
});

it('still opens what an older key sealed, and says that it is stale', () => {
  const old = createCrypto(keys).seal('19900000001', place);
  const crypto = createCrypto({ ...keys, current: 'k2', encryption: { ...keys.encryption, k2: bytes(2) } });
  expect(crypto.open(old, place)).toBe('19900000001');
  expect(crypto.stale(old)).toBe(true);
  const fresh = crypto.seal('19900000001', place);
  expect(crypto.stale(fresh)).toBe(false);
  expect(fresh.digest).toBe(old.digest);
});

it('refuses what was tampered with, cut short, or sealed with a key it does not have', () => {
  const crypto = createCrypto(keys);
  const sealed = crypto.seal('19900000001', place);
  const body = Buffer.from(sealed.cipher, 'base64');
  body[body.length - 1] = (body.at(-1) ?? 0) ^ 1;
  expect(() => crypto.open({ ...sealed, cipher: body.toString('base64') }, place)).toThrow('crypto.unreadable');
  expect(() => crypto.open({ ...sealed, cipher: sealed.cipher.slice(0, 20) }, place)).toThrow('crypto.unreadable');
  expect(() => crypto.open({ ...sealed, keyId: 'k0' }, place)).toThrow('crypto.unreadable');
});

it('does not start with a key of the wrong length or without the current one', () => {
  expect(() => createCrypto({ ...keys, lookup: 'c2hvcnQ=' })).toThrow('crypto.key');
  expect(() => createCrypto({ ...keys, current: 'k2' })).toThrow('crypto.key');
});

it.each([
  ['19900000001', '19900000001'],
  ['+86 199-0000-0001', '19900000001'],
  ['００８６１９９０００００００１', '19900000001'],
  ['023-12345678', '023-12345678'],
  ['(0830) 1234567', '0830-1234567'],
  ['010 12345678', '010-12345678'],
])('understands %s', (written, phone) => {
  expect(normalisePhone(written)).toBe(phone);
});

it.each(['', '1990000000', '199000000011', '29900000001', '12345678', '电话', '1990000000a'])(
  'takes %s for no phone number',
  (written) => {
    expect(normalisePhone(written)).toBeNull();
  },
);

it('shows three and four digits of a mobile, and two of anything else', () => {
  expect(maskPhone('19900000001')).toBe('199****0001');
  expect(maskPhone('023-12345678')).toBe('**********78');
});
