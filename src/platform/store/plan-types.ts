import type { Condition } from './match.ts';
import type { Key } from './keys.ts';

export interface Index {
  readonly name: string;
  readonly fields: readonly string[];
  readonly unique: boolean;
  /** Fields that may hold arrays: a document may stand in it several times. */
  readonly many: ReadonlySet<string>;
}

export interface Span {
  /** Without the space of the index; `end` is not in it. */
  readonly start: Key;
  readonly end: Key;
}

export type SortKey = readonly [path: string, direction: 1 | -1];

/** How a query is answered. */
export interface Plan {
  readonly how: 'ids' | 'spans' | 'union' | 'all';
  /** The index read; null for the documents themselves, by id. */
  readonly index: Index | null;
  readonly ids: readonly string[];
  readonly spans: readonly Span[];
  readonly parts: readonly Plan[];
  /** The documents come in the order asked for. */
  readonly ordered: boolean;
  readonly reverse: boolean;
  /** Every entry is an answer, each document once: no document need be looked at to count. */
  readonly exact: boolean;
}

/** A plan without anything. */
export const blank = {
  index: null,
  ids: [],
  spans: [],
  parts: [],
  ordered: false,
  reverse: false,
  exact: false,
} as const;
export type Conditions = readonly Condition[];

/** A plan that would do, and how much it narrows. */
export interface Candidate {
  readonly plan: Plan;
  readonly score: number;
}

/** Whether a condition says nothing else. */
export const isOnly = (condition: Condition, part: 'among' | 'bounds'): boolean =>
  condition.not.length === 0 &&
  condition.exists === null &&
  (part === 'among' ? condition.bounds.length === 0 && condition.among.length === 1 : condition.among.length === 0);
