import type { Context } from 'koa';
import { z } from 'zod';
import { AppError, isAppError } from '../shared/errors.ts';
import type { HttpWords } from './http.port.ts';

/** One thing that is wrong with a request, and where. */
export interface Wrong {
  /** JSON path, parameter, or place in a file. */
  readonly at: string;
  readonly reason: string;
  readonly [more: string]: unknown;
}

/** A request that is wrong in one or several places. */
export class WrongInput extends AppError {
  readonly wrong: readonly Wrong[];
  constructor(code: string, status: number, wrong: readonly Wrong[]) {
    super(code, status, { count: wrong.length });
    this.name = 'WrongInput';
    this.wrong = wrong;
  }
}

/** RFC 9457. `code` is stable; `facts` are ids, counts and times that belong to it. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    request: z.string(),
    errors: z.array(z.looseObject({ at: z.string(), reason: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });

/** Turns zod's issues into places and reasons; values never come back. */
export function wrongOf(part: string, error: z.ZodError): Wrong[] {
  return error.issues.flatMap((issue) => {
    const place = (...path: PropertyKey[]): string => [part, ...path.map(String)].join('.');
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ at: place(...issue.path, key.slice(0, 60)), reason: 'unknown' }));
    }
    return [{ at: place(...issue.path.slice(0, 8)), reason: issue.code }];
  });
}

/** Ours as they are; of all others nothing is told. */
export function asAppError(fault: unknown): AppError {
  return isAppError(fault) ? fault : new AppError('internal', 500, {}, { cause: fault });
}

/** Writes the problem document. What stands in a stack or a message never does. */
export function answerProblem(ctx: Context, fault: AppError, request: string, words: HttpWords): void {
  const hidden = fault.status >= 500 && fault.status !== 503;
  const code = hidden ? 'internal' : fault.code;
  const facts = hidden ? {} : fault.facts;
  ctx.status = hidden ? 500 : fault.status;
  if (typeof facts['seconds'] === 'number') ctx.set('Retry-After', String(facts['seconds']));
  ctx.type = 'application/problem+json';
  ctx.body = JSON.stringify({
    type: `urn:cunkou:problem:${code}`,
    title: words.sentence(code, facts),
    status: ctx.status,
    code,
    facts,
    request,
    ...(fault instanceof WrongInput ? { errors: fault.wrong } : {}),
  });
}
