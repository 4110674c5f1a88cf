import { z } from 'zod';
import { village } from '../shared/access.ts';
import type { Book } from './book.ts';
import type { Draft, Publishing } from './publish.ts';

/** A fault of one row of an import: `row` counts from 1. */
export interface ImportFault {
  readonly row: number;
  readonly field: string;
  readonly reason: string;
}

export interface ImportReport {
  readonly added: readonly string[];
  /** Were there already and are left as they are. */
  readonly known: readonly string[];
  /** Nothing was added when there are any. */
  readonly faults: readonly ImportFault[];
}

export interface Importing {
  /** Takes in a list of activities: all or nothing, every fault named; twice is the same as once. */
  importActivities(rows: readonly unknown[], options?: { dryRun?: boolean }): Promise<ImportReport>;
}

const instant = z.string().transform((text, context) => {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) {
    context.addIssue({ code: 'custom', message: 'not a time' });
    return z.NEVER;
  }
  return at;
});

const importRow = z
  .object({
    id: z.string().regex(/^[\w-]{1,40}$/u),
    name: z.string().min(1).max(40),
    kind: z.string().min(1),
    garden: z.string().nullable().optional(),
    startsAt: instant,
    endsAt: instant,
    deadline: instant.nullable().optional(),
    capacity: z.number().int().min(1).max(100_000),
    minimum: z.number().int().min(1).nullable().optional(),
    minAge: z.number().int().min(0).max(120).nullable().optional(),
    meet: z.string().nullable().optional(),
    bring: z.array(z.string()).optional(),
    content: z.string().nullable().optional(),
    checkinCode: z
      .string()
      .regex(/^[0-9A-Z]{3,8}$/)
      .nullable()
      .optional(),
  })
  .refine(({ startsAt, endsAt }) => startsAt < endsAt, { path: ['endsAt'], message: 'ends before it starts' });

export function createImporting(deps: {
  book: Book;
  publishing: Publishing;
  gardenGrid: (garden: string) => Promise<string | null>;
}): Importing {
  const { activities } = deps.book;
  return {
    async importActivities(rows, { dryRun = false } = {}) {
      const faults: ImportFault[] = [];
      const drafts = rows.flatMap((row, at) => {
        const read = importRow.safeParse(row);
        if (read.success) return [{ ...read.data, row: at + 1 }];
        for (const { path, message } of read.error.issues) {
          faults.push({ row: at + 1, field: path.join('.'), reason: message });
        }
        return [];
      });
      const seen = new Set<string>();
      for (const { id, row } of drafts) {
        if (seen.has(id)) faults.push({ row, field: 'id', reason: 'twice' });
        seen.add(id);
      }
      if (faults.length > 0) return { added: [], known: [], faults };
      const added: string[] = [];
      const known: string[] = [];
      for (const row of drafts) {
        const there = (await activities.get(row.id)) !== null;
        (there ? known : added).push(row.id);
        if (there || dryRun) continue;
        const { row: _, garden, deadline, minimum, minAge, meet, bring, content, checkinCode, ...rest } = row;
        const draft: Draft = {
          ...rest,
          garden: garden ?? null,
          deadline: deadline ?? null,
          minimum: minimum ?? null,
          minAge: minAge ?? null,
          meet: meet ?? null,
          bring: bring ?? [],
          content: content ?? null,
          checkinCode: checkinCode ?? null,
        };
        const grid = draft.garden == null ? null : await deps.gardenGrid(draft.garden);
        await deps.publishing.publish(draft, { scope: grid ?? village, by: null, from: null });
      }
      return { added, known, faults };
    },
  };
}
