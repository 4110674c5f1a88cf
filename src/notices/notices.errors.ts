import { AppError } from '../shared/errors.ts';

/** What notices refuse. Facts hold ids and counts only; an edge that wants the words has them itself. */
export const faults = {
  notFound: () => new AppError('notices.not-found', 404),
  denied: () => new AppError('access.denied', 403, { action: 'notice.write' }),
  personUnknown: () => new AppError('notices.person-unknown', 404),
  /** Its author changed it since it was read. */
  changed: (number: number) => new AppError('notices.changed', 409, { number }),
  own: (number: number) => new AppError('notices.own', 403, { number }),
  /** Somebody else decided first, or it is no longer where it can be decided. */
  decided: (number: number, state: string) => new AppError('notices.decided', 409, { number, state }),
  over: (number: number, state: string) => new AppError('notices.over', 409, { number, state }),
  taken: () => new AppError('notices.key-taken', 409),
  nobody: () => new AppError('notices.nobody', 422),
  textMissing: () => new AppError('notices.text-missing', 422),
  textTooLong: (field: 'title' | 'text', limit: number) => new AppError('notices.text-too-long', 422, { field, limit }),
  variableUnknown: (count: number) => new AppError('notices.variable-unknown', 422, { count }),
  timePast: () => new AppError('notices.time-past', 422),
  neverAgain: () => new AppError('notices.never-again', 422),
  roomUnknown: (room: string) => new AppError('notices.room-unknown', 404, { room }),
  gridUnknown: (grid: string) => new AppError('notices.grid-unknown', 404, { grid }),
};
