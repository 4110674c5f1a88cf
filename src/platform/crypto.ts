import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { AppError } from '../shared/errors.ts';
import { toHalfWidth } from '../shared/numerals.ts';

/** Keys as 32 bytes in base64. Old encryption keys stay as long as anything is sealed with them. */
export interface CryptoKeys {
  /** Id of the key that seals from now on. */
  readonly current: string;
  readonly encryption: Readonly<Record<string, string>>;
  /** For the digests. It never rotates: with another one nothing is found again. */
  readonly lookup: string;
}

/** A private value at rest: the cipher text beside a keyed digest by which it can be looked up. */
export interface Sealed {
  keyId: string;
  /** base64 of nonce (12 bytes), tag (16 bytes), cipher text. */
  cipher: string;
  digest: string;
}

/** Seals private values: AES-256-GCM, and HMAC-SHA-256 for look-up. */
export interface Crypto {
  /** `place` says where it is kept (`members:M0001:phone`); it opens nowhere else. */
  seal(value: string, place: string): Sealed;
  /** AppError `crypto.unreadable` (500): unknown key, another place, or tampered with. */
  open(sealed: Sealed, place: string): string;
  /** Base64url, 43 characters: the same for the same value and kind (`phone`). */
  digest(value: string, kind: string): string;
  /** Sealed with an older key. */
  stale(sealed: Sealed): boolean;
}

const nonceBytes = 12;
const tagBytes = 16;

function key(name: string, base64: string): Buffer {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length !== 32) throw new AppError('crypto.key', 500, { key: name });
  return bytes;
}

/**
 * AppError `crypto.key` (500, facts.key) for a key that isn't 32 bytes or is missing. The kind of a sealed
 * value is the last part of its place.
 */
export function createCrypto(keys: CryptoKeys, random: (bytes: number) => Uint8Array = randomBytes): Crypto {
  const encryption = new Map(Object.entries(keys.encryption).map(([id, base64]) => [id, key(id, base64)]));
  const lookup = key('lookup', keys.lookup);
  const current = encryption.get(keys.current);
  if (current === undefined) throw new AppError('crypto.key', 500, { key: keys.current });

  const digest = (value: string, kind: string): string =>
    createHmac('sha256', lookup).update(`${kind}\0${value}`).digest('base64url');

  return {
    digest,
    seal(value, place) {
      const nonce = random(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', current, nonce).setAAD(Buffer.from(place));
      const body = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
      return {
        keyId: keys.current,
        cipher: Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64'),
        digest: digest(value, place.slice(place.lastIndexOf(':') + 1)),
      };
    },
    open(sealed, place) {
      const held = encryption.get(sealed.keyId);
      if (held === undefined) throw new AppError('crypto.unreadable', 500, { key: sealed.keyId });
      const bytes = Buffer.from(sealed.cipher, 'base64');
      try {
        const decipher = createDecipheriv('aes-256-gcm', held, bytes.subarray(0, nonceBytes), {
          authTagLength: tagBytes,
        })
          .setAAD(Buffer.from(place))
          .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
        return decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
      } catch (cause) {
        throw new AppError('crypto.unreadable', 500, { key: sealed.keyId }, { cause });
      }
    },
    stale: (sealed) => sealed.keyId !== keys.current,
  };
}

/**
 * A Chinese phone number in one form: 11 digits of a mobile, or a landline with its area code and `-`
 * (`023-12345678`). +86, spaces, hyphens and full-width digits are understood; null for anything else.
 */
export function normalisePhone(text: string): string | null {
  const digits = toHalfWidth(text)
    .replace(/[\s()\-‐–—.]/g, '')
    .replace(/^(?:\+|00)86/, '');
  if (/^1\d{10}$/.test(digits)) return digits;
  const landline = /^(0(?:10|2\d|[3-9]\d{2}))(\d{7,8})$/.exec(digits);
  return landline === null ? null : `${landline[1]}-${landline[2]}`;
}

/** For screens: `19900000001` → `199****0001`; other numbers show their last two digits only. */
export function maskPhone(phone: string): string {
  return /^1\d{10}$/.test(phone)
    ? `${phone.slice(0, 3)}****${phone.slice(-4)}`
    : `${'*'.repeat(Math.max(phone.length - 2, 4))}${phone.slice(-2)}`;
}
