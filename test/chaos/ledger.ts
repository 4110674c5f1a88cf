import type { Written } from './phone.ts';

export type Kind = 'sign-up' | 'cancel' | 'report' | 'scarce';

/** A message of a villager, and what is known of it outside. */
export interface Sent extends Written {
  readonly kind: Kind;
  /** A bot was there to take it. */
  given: boolean;
  /** What was said to its sender afterwards that fits it. */
  answer: string | null;
  /** Nobody waits for it any more. */
  closed: boolean;
}

/** What was answered with 2xx. */
export interface Kept {
  readonly what: 'activity' | 'notice' | 'approval';
  readonly id: string;
  readonly title: string;
}

/** All that the outside was promised: what the store must hold in the end. */
export interface Ledger {
  readonly sent: Map<string, Sent>;
  readonly kept: Kept[];
  /** By contact: what the last command about 除草 that is through has made of it. */
  readonly place: Map<string, 'in' | 'out'>;
}

/** The message is through: what it did stands. */
export function close(ledger: Ledger, message: Sent): void {
  message.closed = true;
  if (message.kind === 'sign-up') ledger.place.set(message.from, 'in');
  if (message.kind === 'cancel') ledger.place.set(message.from, 'out');
}

export const createLedger = (): Ledger => ({ sent: new Map(), kept: [], place: new Map() });
