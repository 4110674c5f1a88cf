import type { Write } from '../platform/store/port.ts';
import type { OutboxRow } from './messages.model.ts';

/**
 * What the mouth tells of a fault: it was not said and later may help, it never will, the account must stop,
 * or nobody knows whether it was said.
 */
export type FaultKind = 'retry' | 'give-up' | 'blocked' | 'unknown';

/** The channel as the sayer needs it: addresses are ours, the mouth knows the channel's. */
export interface Mouth {
  /** Something can be said now. */
  online(): boolean;
  /** Resolves with the channel's id of what was said, or null where it gives none. */
  say(row: OutboxRow): Promise<string | null>;
  /** The channel's id of the row if the account was seen saying it (its echo), else null. */
  heard(row: OutboxRow): Promise<string | null>;
  faultKind(fault: unknown): FaultKind;
}

/** An answer that is written and claimed in one go, to be said at once. */
export interface AtOnce {
  /** What follows the writing of its row: the claim. */
  readonly claim: Write;
  /** Says it once it is claimed; resolves when it is out. */
  say(): Promise<void>;
  /** Nobody knows whether it was claimed. */
  lost(): void;
}

export interface Sayer {
  /** Null: an answer in that chat has to queue, so `kick` once it is written. `row` is not written yet. */
  atOnce(row: OutboxRow): Promise<AtOnce | null>;
  /** Looks for rows that are due, now; while the account is blocked, whether a person has lifted it. */
  kick(): void;
  /** Nobody is answered in some chat any more: what waited for that may be said. */
  released(): void;
  /** Rows that an earlier owner had handed over when it died: nobody knows whether they were said. */
  recover(): Promise<number>;
  /**
   * Marks unknown rows as sent whose echo was heard since; how many. What the store could not be told
   * of a claim of this process is written first.
   */
  reconcile(): Promise<number>;
  /** What the store could not be told of this process' claims; also for one that no longer has the login. */
  settle(): Promise<void>;
  stop(): void;
}
