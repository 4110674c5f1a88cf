import { AppError } from '../shared/errors.ts';
import type { Status } from './feedback.model.ts';

/** Still to be dealt with in the village. */
export const openStatuses = [
  'submitted',
  'accepted',
  'assigned',
  'in progress',
  'reopened',
] as const satisfies Status[];
/** May take in a near-duplicate: open, or waiting for the township. */
export const mergeableStatuses = [...openStatuses, 'transferred'] as const satisfies Status[];

/** What may happen to a report, from where and to where. Anything that is not in this table is refused. */
export const transitions = {
  assign: { from: openStatuses, to: 'assigned' },
  accept: { from: ['submitted', 'assigned', 'reopened'], to: 'accepted' },
  progress: { from: openStatuses, to: 'in progress' },
  resolve: { from: [...openStatuses, 'transferred'], to: 'resolved' },
  reject: { from: openStatuses, to: 'rejected' },
  transfer: { from: openStatuses, to: 'transferred' },
  confirm: { from: ['resolved'], to: 'confirmed' },
  reopen: { from: ['resolved'], to: 'reopened' },
  unrate: { from: ['confirmed', 'reopened'], to: 'resolved' },
  merge: { from: openStatuses, to: 'merged' },
  separate: { from: ['merged'], to: 'assigned' },
  withdraw: { from: openStatuses, to: 'withdrawn' },
  close: { from: ['resolved', 'confirmed'], to: 'closed' },
} as const satisfies Record<string, { from: readonly Status[]; to: Status }>;
export type Transition = keyof typeof transitions;

export function allows(transition: Transition, status: Status): boolean {
  return (transitions[transition].from as readonly Status[]).includes(status);
}

/** The status after it. Throws `feedback.wrong-state` (409; facts: number, status, transition). */
export function after(transition: Transition, report: { number: number; status: Status }): Status {
  if (!allows(transition, report.status))
    throw new AppError('feedback.wrong-state', 409, { number: report.number, status: report.status, transition });
  return transitions[transition].to;
}

export function isOpen(status: Status): boolean {
  return (openStatuses as readonly Status[]).includes(status);
}
