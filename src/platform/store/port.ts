import type { z } from 'zod';
import type { Event } from '../events/event.ts';

export type Scalar = string | number | boolean | Date | null;

/**
 * The store speaks a small subset of MongoDB's language and means by it what MongoDB means, on every engine:
 * - Equality with `null` (alone, in `$in`, under `$ne`) holds for `null` and for a field that is not there,
 *   also because its outer object is `null`; `$exists` tells the two apart. Ranges hold only between values of
 *   one kind, so never for `null`.
 * - Equality, `$in` and ranges on an array hold when they hold for one of its elements.
 * - Strings compare by the bytes of their UTF-8; nothing and `null` sort before everything else.
 * - `$max` over `null` sets the value, `$min` leaves the `null`; `$inc` and nested `$set` on `null` are faults.
 * - `undefined` as a value is a fault of the caller, never "any".
 *
 * Errors, beside those named below: `store.invalid` (facts.path: the schema refuses the document, which stays
 * as it was), `store.query`, `store.change` (facts.path), `store.key-too-long` (an _id or indexed string of
 * more than 512 bytes), `store.scan` (tests: more than 1,000 documents looked at in vain), `store.unwritable`.
 */

/** Every document has a string key; natural keys (`activity:member`) make uniqueness hold everywhere. */
export interface Keyed {
  _id: string;
}

/** A collection, declared once: gives the type, the checker and the indexes of every engine. */
export interface Declaration<T extends Keyed = Keyed> {
  readonly name: string;
  readonly schema: z.ZodType<T>;
  readonly indexes: Readonly<Record<string, { readonly fields: readonly string[]; readonly unique?: boolean }>>;
}

/** A declaration of any type, where only its name, checker and indexes are needed. */
export type AnyDeclaration = Pick<Declaration, 'name' | 'indexes'> & { readonly schema: z.ZodType };

/** Field paths: top level, and one level down into plain objects (`offer.saidAt`). */
export type Path<T> = {
  [K in keyof T & string]: NonNullable<T[K]> extends Scalar | readonly unknown[]
    ? K
    : NonNullable<T[K]> extends object
      ? K | `${K}.${keyof NonNullable<T[K]> & string}`
      : K;
}[keyof T & string];

export type ValueAt<T, P extends string> = P extends keyof T
  ? Exclude<T[P], undefined>
  : P extends `${infer K}.${infer R}`
    ? K extends keyof T
      ? R extends keyof NonNullable<T[K]>
        ? Exclude<NonNullable<T[K]>[R], undefined>
        : never
      : never
    : never;

/** Equality on an array of scalars means: contains. */
type Comparable<V> = V extends readonly (infer E)[] ? E : V;

export interface Operators<V> {
  $in?: readonly Comparable<V>[];
  $ne?: Comparable<V> | null;
  $gt?: Comparable<V>;
  $gte?: Comparable<V>;
  $lt?: Comparable<V>;
  $lte?: Comparable<V>;
  $exists?: boolean;
}

export type Where<T> = { [P in Path<T>]?: Comparable<ValueAt<T, P>> | Operators<ValueAt<T, P>> } & {
  $or?: readonly Where<T>[];
};

type Numbers<T> = { [P in Path<T> as NonNullable<ValueAt<T, P>> extends number ? P : never]?: number };
type Elements<T> = {
  [P in Path<T> as NonNullable<ValueAt<T, P>> extends readonly unknown[] ? P : never]?: NonNullable<
    ValueAt<T, P>
  > extends readonly (infer E)[]
    ? E
    : never;
};
type Values<T> = { [P in Exclude<Path<T>, '_id'>]?: ValueAt<T, P> };

export interface Change<T> {
  $set?: Values<T>;
  $unset?: { [P in Exclude<Path<T>, '_id'>]?: true };
  $inc?: Numbers<T>;
  $push?: Elements<T>;
  $addToSet?: Elements<T>;
  $pull?: Elements<T>;
  $min?: Values<T>;
  $max?: Values<T>;
  /** With `upsert` only. */
  $setOnInsert?: Values<T>;
}

export interface FindOptions<T> {
  /** 1 ascending, -1 descending; ties are broken by _id in the direction of the last field. By _id if absent. */
  sort?: { [P in Path<T>]?: 1 | -1 };
  limit?: number;
  /** Cursor of the page before: the last document seen; needs the same sort, over fields that are no arrays. */
  after?: T;
}

export interface Emitting {
  /** Written into the same document, handed to the handlers afterwards, at least once. */
  emit?: readonly Event[];
}

export interface Collection<T extends Keyed> {
  readonly name: string;
  /** AppError `store.duplicate` (409, facts.index = `_id` or the index's name) when a unique key is taken. */
  insert(doc: T, options?: Emitting): Promise<T>;
  get(id: string): Promise<T | null>;
  /** Any one of those that answer. */
  findOne(where: Where<T>): Promise<T | null>;
  find(where: Where<T>, options?: FindOptions<T>): Promise<T[]>;
  /** In no promised order; what others write meanwhile may be missing or be there. */
  stream(where: Where<T>): AsyncIterable<T>;
  count(where: Where<T>): Promise<number>;
  /** `null` stands for what is not there, too. Not for arrays. */
  countBy(where: Where<T>, field: Path<T>): Promise<Map<Scalar, number>>;
  /** Any one of those that answer, atomic, returned as it is after; null when none does. */
  update(where: Where<T>, change: Change<T>, options?: Emitting): Promise<T | null>;
  /** Creates the document from `$setOnInsert` and the other operators when the id is new. */
  upsert(id: string, change: Change<T>): Promise<{ doc: T; inserted: boolean }>;
  /** How many were changed. Not atomic as a whole. */
  updateMany(where: Where<T>, change: Change<T>): Promise<number>;
  /** How many were removed. Events that still wait in them go with them. */
  remove(where: Where<T>): Promise<number>;
}

/** One of several writes that follow each other: `inserting`, `updating`, `upserting` make them. */
export type Write =
  | { readonly verb: 'insert'; readonly to: AnyDeclaration; readonly doc: object; readonly unlessThere: boolean }
  | { readonly verb: 'update'; readonly to: AnyDeclaration; readonly where: object; readonly change: object }
  | { readonly verb: 'upsert'; readonly to: AnyDeclaration; readonly id: string; readonly change: object };

/** `unlessThere`: a document with that `_id` stays as it is, without a fault. */
export function inserting<T extends Keyed>(to: Declaration<T>, doc: T, options: { unlessThere?: boolean } = {}): Write {
  return { verb: 'insert', to, doc, unlessThere: options.unlessThere ?? false };
}

export function updating<T extends Keyed>(to: Declaration<T>, where: Where<T>, change: Change<T>): Write {
  return { verb: 'update', to, where, change };
}

export function upserting<T extends Keyed>(to: Declaration<T>, id: string, change: Change<T>): Write {
  return { verb: 'upsert', to, id, change };
}

/** An event that waits in a document until all its handlers are through. */
export interface PendingEvent {
  collection: string;
  document: string;
  event: Event;
  /** Times it was tried and failed so far. */
  attempts: number;
  /** Names of the handlers that are through with it already. */
  handled: readonly string[];
}

export interface Store {
  collection<T extends Keyed>(declaration: Declaration<T>): Collection<T>;
  /**
   * Writes in this order, each only once the one before it stands; a fault keeps back what comes behind it. After a
   * crash or a fault any number of the first may stand, the others don't. An engine that can makes one commit of all.
   * For each: whether it changed something (an update that nothing answered did not, nor an insert of what was there).
   */
  inOrder(writes: readonly Write[]): Promise<boolean[]>;
  /** For the relay alone. */
  readonly events: {
    /** Due by then, oldest due first. */
    due(now: Date, limit: number): Promise<PendingEvent[]>;
    /** When the next one falls due; null if none waits. */
    nextDue(): Promise<Date | null>;
    done(pending: PendingEvent): Promise<void>;
    /** Try again then; `null` parks it with its error for a person to look at. */
    retry(pending: PendingEvent, at: Date | null, error: string, handled?: readonly string[]): Promise<void>;
    parked(limit: number): Promise<(PendingEvent & { error: string })[]>;
    /** Called in the writing process after a write that emitted. */
    onEmit(listener: () => void): void;
  };
  /**
   * Leaves nothing of what was removed in the files of the embedded engine: they are written anew, and writes
   * wait so long. A server looks after its own files: there it does nothing. Errors: `store.unwritable`.
   */
  compact(): Promise<void>;
  close(): Promise<void>;
}

/** Declares a collection. Index names are for errors and migrations; fields are top-level or dotted paths. */
export function declare<S extends z.ZodType<Keyed>>(
  name: string,
  schema: S,
  indexes: Declaration['indexes'] = {},
): Declaration<z.output<S>> {
  return { name, schema: schema as unknown as z.ZodType<z.output<S>>, indexes };
}
