/** Person keys: the member id once bound, `wx:<contact id>` before. */
const prefix = 'wx:';

/** The key of a contact nobody is known to be behind. */
export function unboundKey(contact: string): string {
  return `${prefix}${contact}`;
}

/** The contact in a `wx:…` key; null for a member id. */
export function contactIn(person: string): string | null {
  return person.startsWith(prefix) ? person.slice(prefix.length) : null;
}

/** Key of the identity row of a WeChat contact. */
export function identityId(contact: string): string {
  return `wechat:${contact}`;
}
