import type { Actor } from '../shared/access.ts';
import type { Erasure } from './erasures.model.ts';
import type { PersonKey } from './members.port.ts';

/** Stands where the name of an erased person stood. */
export const noName = '**';

/** A person whose traces are looked for. */
export interface Traced {
  readonly member: string;
  /** Everything that the person said or was told is kept under one of these: the member id, `wx:<contact>`. */
  readonly keys: readonly PersonKey[];
  readonly contacts: readonly string[];
  /** As registered; null when the registry no longer knows. */
  readonly name: string | null;
}

/** A capability that keeps something of people, as far as erasing and copying go. */
export interface Keeper {
  readonly name: string;
  /**
   * Removes what it keeps of the person, or leaves it without anything that tells who it was. Does so again
   * without harm, whatever a crash has left; a fault means: not through, later.
   */
  erase(who: Traced): Promise<void>;
  /** All that it keeps of the person, for the person (PIPL, article 45). Plain data; nothing of others' secrets. */
  copy(who: Traced): Promise<unknown>;
}

/** What an admin types once more before a person is erased. */
export interface Confirmed {
  readonly member: string;
  readonly name: string;
}

export interface Erasures {
  /** Once for each capability, when the village is put together. */
  keep(keeper: Keeper): void;
  /** Names of the keepers. */
  keepers(): readonly string[];
  /** Null: was never asked for. */
  of(member: string): Promise<Erasure | null>;
  /** Newest first. Errors: access.denied. */
  all(actor: Actor): Promise<Erasure[]>;
  /** Lets one keeper do its part. */
  part(member: string, keeper: string): Promise<void>;
  /**
   * Finishes what was begun. `settled`: what was asked for a minute ago, so that what was under way then has come
   * to rest; `replays`: what a restore brought back; `all`: everything, for when nothing else runs.
   */
  finish(which: 'settled' | 'replays' | 'all'): Promise<void>;
}

export interface Erasing {
  readonly erasures: Erasures;
  /**
   * Begins to erase a person (PIPL, article 47); cannot be undone. Asked for again, it tells how far it is.
   * Errors: access.denied, members.not-found 404, members.not-confirmed 422, members.last-admin 409.
   */
  erase(actor: Actor, member: string, confirmed: Confirmed): Promise<Erasure>;
  /** Everything kept of the person, by keeper. The look at the number is recorded. Errors: access.denied, members.not-found. */
  copyOf(actor: Actor, member: string): Promise<{ member: string; takenAt: Date; kept: Record<string, unknown> }>;
}
