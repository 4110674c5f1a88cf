/**
 * The one error class that rules throw. `code` is stable and namespaced by its capability
 * (`activities.not-found`); edges map it once to problem+json and once to a plain Chinese sentence.
 * `facts` may hold ids, counts and dates for that sentence, never a member's text, name or number.
 */
export class AppError extends Error {
  readonly code: string;
  /** HTTP status that fits the fault: 400, 403, 404, 409, 410, 422 … */
  readonly status: number;
  readonly facts: Readonly<Record<string, string | number | boolean | null>>;

  constructor(
    code: string,
    status: number,
    facts: Readonly<Record<string, string | number | boolean | null>> = {},
    options?: ErrorOptions,
  ) {
    super(code, options);
    this.name = 'AppError';
    this.code = code;
    this.status = status;
    this.facts = facts;
  }
}

/** Narrows an unknown fault to an AppError, optionally of one code. */
export function isAppError(fault: unknown, code?: string): fault is AppError {
  return fault instanceof AppError && (code === undefined || fault.code === code);
}
