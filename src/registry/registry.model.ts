import { z } from 'zod';
import { declare } from '../platform/store/port.ts';

/**
 * An import of a village's folder. preparing → running → done. What is to be written is written down first
 * (importParts); it begins to count in one step, when `importSlots` names the import.
 */
export const imports = declare(
  'imports',
  z.object({
    _id: z.string(),
    state: z.enum(['preparing', 'running', 'done']),
    by: z.string(),
    /** When it was asked for: the instant at which its roles begin and end. */
    at: z.date(),
    doneAt: z.date().nullable(),
    parts: z.number().int(),
  }),
  { state: { fields: ['state', 'at'] } },
);
export type ImportRow = z.infer<typeof imports.schema>;

/** A portion of an import, checked and sealed. `_id` = `import:number`. Removed when the import is done. */
export const importParts = declare(
  'importParts',
  z.object({
    _id: z.string(),
    import: z.string(),
    kind: z.enum(['grid', 'members', 'gardens']),
    /** JSON. */
    rows: z.string(),
  }),
  { import: { fields: ['import'] } },
);

/** Which import is being taken in; one at a time. `_id` = `village`. */
export const importSlots = declare('importSlots', z.object({ _id: z.string(), import: z.string().nullable() }));

/** Every collection of this capability. */
export const registryCollections = [imports, importParts, importSlots] as const;
