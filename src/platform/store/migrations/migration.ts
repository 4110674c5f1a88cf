import type { Doc } from '../values.ts';

/** What a migration may do: whole documents, without checks, on either engine. */
export interface RawStore {
  /** Rewrites every document of a collection; `null` removes it, the same object leaves it. Ids stay. */
  each(collection: string, change: (doc: Doc) => Doc | null): Promise<void>;
}

/**
 * A step from one schema version to the next. It must bear being run again after a crash half way,
 * and is never changed once released.
 */
export interface Migration {
  readonly version: number;
  readonly what: string;
  run(store: RawStore): Promise<void>;
}
