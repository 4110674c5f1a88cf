import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 bits in base64url. Never from Ids: in a replay those can be foretold. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What the store keeps in place of a token. Parts can't run into each other. */
export function digestOf(...parts: readonly string[]): string {
  return hash('sha256', JSON.stringify(parts), 'base64url');
}

/** The token that a page shows beside the session's cookie, to prove that it isn't another site's. */
export function csrfOf(sessionToken: string): string {
  return createHmac('sha256', sessionToken).update('cunkou csrf').digest('base64url');
}

/** Compares without telling by its time how much was right. */
export function sameToken(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
