import type { Actor } from '../shared/access.ts';

/** What is wrong with a file; templates say it in a sentence. */
export type FaultCode =
  | 'missing-files'
  | 'two-files'
  | 'unreadable'
  | 'missing-column'
  | 'required'
  | 'bad-id'
  | 'bad-name'
  | 'too-long'
  | 'duplicate'
  | 'bad-sex'
  | 'bad-month'
  | 'future-month'
  | 'unknown-grid'
  | 'unknown-role'
  | 'bad-phone'
  | 'no-keys'
  | 'two-heads'
  | 'household-grids'
  | 'bad-number'
  | 'no-root'
  | 'two-roots'
  | 'other-root'
  | 'grid-cycle'
  | 'topic-taken'
  | 'unknown-household'
  | 'bad-json'
  | 'bad-calendar'
  | 'calendar-timezone';

/** One fault and its place. `facts` never hold a person's name or number. */
export interface Fault {
  readonly file: string;
  /** As editors and Excel count; null when it is about the whole file. */
  readonly line: number | null;
  readonly column: string | null;
  readonly code: FaultCode;
  readonly facts: Readonly<Record<string, string | number>>;
}

export interface RowCounts {
  readonly added: number;
  readonly changed: number;
  readonly same: number;
}

export interface ImportCounts {
  readonly members: RowCounts;
  readonly households: number;
  readonly grids: RowCounts;
  readonly rooms: RowCounts;
  readonly gardens: RowCounts;
  readonly calendar: boolean;
  /** Roles given and ended; `refused` are listed in the file but were ended by hand, which stands. */
  readonly roles: { readonly granted: number; readonly ended: number; readonly refused: number };
  /** In the file, but erased at their wish: not taken in again. */
  readonly erased: number;
}

export interface ImportReport {
  /** Nothing was or would be wrong. With faults nothing was written. */
  readonly ok: boolean;
  readonly dryRun: boolean;
  readonly faults: readonly Fault[];
  /** What was done or, with `dryRun`, would be; null with faults. */
  readonly counts: ImportCounts | null;
  /** Worth a look, but no hindrance: households without a 户主. */
  readonly headless: readonly string[];
}

export interface Registry {
  /**
   * Takes in a village's folder: members, grids and gardens as `.csv` or `.xlsx`, calendar.json, by file
   * name. Other files are left alone. All or nothing, through a crash as well; twice is the same as once;
   * nobody is deleted or unbound. Errors: access.denied (for admins).
   */
  importVillage(
    files: Readonly<Record<string, Uint8Array>>,
    options: { actor: Actor; dryRun?: boolean },
  ): Promise<ImportReport>;
  /** Finishes an import that a crash cut, and forgets what was prepared and never begun. */
  resume(): Promise<void>;
}
