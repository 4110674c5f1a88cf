import type { Role, Scope } from '../shared/access.ts';
import type { Category } from './feedback.model.ts';

/** Somebody with a staff role, by whose name or office a text may mean them. */
export interface Cadre {
  readonly member: string;
  readonly name: string;
  readonly role: Role;
  readonly scope: Scope;
}

/** What a report's text says. */
export interface Reading {
  readonly category: Category;
  /** The reporter's own words for where, or null. */
  readonly place: string | null;
  /** The things that it is about (路灯, 护栏). */
  readonly things: readonly string[];
  /** It is at the reporter's own house. */
  readonly home: boolean;
  /** Members whom it names: they may not handle it. */
  readonly about: readonly string[];
}

/** What is known to whoever reads a report's text; `grid` is the writer's. */
export interface Known {
  readonly cadres: readonly Cadre[];
  readonly grid: string | null;
}

/** Reads a report's text: pure. */
export type ReadReport = (text: string, known: Known) => Reading;
