import { randomBytes } from 'node:crypto';

/** The only source of random ids. */
export interface Ids {
  /** An unguessable id, 20 characters of [0-9a-z]. */
  next(): string;
  /** A code of `digits` digits for people to type. */
  code(digits: number): string;
}

const portion = 256;

export function createRandomIds(random: (bytes: number) => Uint8Array = randomBytes): Ids {
  // Drawn in portions: asking for each byte costs more than the rest.
  let drawn = random(portion);
  let used = 0;
  const byte = (): number => {
    if (used === drawn.length) {
      drawn = random(portion);
      used = 0;
    }
    return drawn[used++] ?? 0;
  };
  const below = (limit: number): number => {
    for (;;) {
      const value = byte();
      if (value < 256 - (256 % limit)) return value % limit;
    }
  };
  return {
    next: () => Array.from({ length: 20 }, () => below(36).toString(36)).join(''),
    code: (digits) => Array.from({ length: digits }, () => below(10)).join(''),
  };
}

/** Ids in a row, for tests and replays: the same run gives the same ids. */
export function createSerialIds(prefix = 'id'): Ids {
  let last = 0;
  return {
    next: () => `${prefix}${String(++last).padStart(6, '0')}`,
    code: (digits) => String(++last).padStart(digits, '0').slice(-digits),
  };
}
