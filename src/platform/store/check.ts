import type { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import { passesOn } from './fields.ts';
import { copyOf, type Doc } from './values.ts';

/**
 * Makes the check that every document passes before it is written. It gives back the document as the
 * schema puts it out, which has nothing in common with the one given but dates; a fault names the field
 * (`store.invalid`), never its value.
 */
export function createCheck(collection: string, schema: z.ZodType): (doc: object) => Doc {
  const shared = passesOn(schema);
  return (doc) => {
    const result = schema.safeParse(doc);
    if (!result.success) {
      const issue = result.error.issues[0];
      const path = issue === undefined ? '' : issue.path.join('.');
      throw new AppError('store.invalid', 500, { collection, path, reason: issue?.code ?? '' });
    }
    const out = result.data as Doc;
    for (const key of Object.keys(doc)) {
      if (!(key in out) && (doc as Record<string, unknown>)[key] !== undefined) {
        throw new AppError('store.invalid', 500, { collection, path: key, reason: 'unknown' });
      }
    }
    return shared ? copyOf(out) : out;
  };
}
