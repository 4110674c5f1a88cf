import { describe, expect, test } from 'vitest';
import { statuses } from '../../src/feedback/feedback.model.ts';
import type { Status } from '../../src/feedback/feedback.model.ts';
import { after, allows, isOpen, transitions } from '../../src/feedback/feedback.transitions.ts';
import type { Transition } from '../../src/feedback/feedback.transitions.ts';

const open: Status[] = ['submitted', 'accepted', 'assigned', 'in progress', 'reopened'];

/** The whole of what may happen, written out once more. */
const allowed: Record<Transition, { from: Status[]; to: Status }> = {
  assign: { from: open, to: 'assigned' },
  accept: { from: ['submitted', 'assigned', 'reopened'], to: 'accepted' },
  progress: { from: open, to: 'in progress' },
  resolve: { from: [...open, 'transferred'], to: 'resolved' },
  reject: { from: open, to: 'rejected' },
  transfer: { from: open, to: 'transferred' },
  confirm: { from: ['resolved'], to: 'confirmed' },
  reopen: { from: ['resolved'], to: 'reopened' },
  unrate: { from: ['confirmed', 'reopened'], to: 'resolved' },
  merge: { from: open, to: 'merged' },
  separate: { from: ['merged'], to: 'assigned' },
  withdraw: { from: open, to: 'withdrawn' },
  close: { from: ['resolved', 'confirmed'], to: 'closed' },
};

describe('the table of transitions', () => {
  for (const transition of Object.keys(transitions) as Transition[]) {
    const { from, to } = allowed[transition];
    for (const status of from) {
      test(`${status} becomes ${to} by ${transition}`, () => {
        expect(allows(transition, status)).toBe(true);
        expect(after(transition, { number: 7, status })).toBe(to);
      });
    }
    for (const status of statuses.filter((one) => !from.includes(one))) {
      test(`${status} refuses to ${transition}`, () => {
        expect(allows(transition, status)).toBe(false);
        expect(() => after(transition, { number: 7, status })).toThrow(
          expect.objectContaining({
            code: 'feedback.wrong-state',
            status: 409,
            facts: { number: 7, status, transition },
          }),
        );
      });
    }
  }

  test('leaves no way out of closed, rejected and withdrawn', () => {
    for (const status of ['closed', 'rejected', 'withdrawn'] as const)
      expect((Object.keys(transitions) as Transition[]).filter((one) => allows(one, status))).toEqual([]);
  });

  test('knows what is still open', () => {
    expect(statuses.filter(isOpen)).toEqual(statuses.filter((status) => open.includes(status)));
  });
});
