import { describe, expect, it } from 'vitest';
import { demand, may, village, type Action, type Actor, type Role } from '../../src/shared/access.ts';
import { isAppError } from '../../src/shared/errors.ts';

const columns = ['村民', '网格员', '网格长', '妇女主任', '村主任', '村支书', '社工', '监督委员', '管理员'] as const;
type Cell = '–' | 'own' | '✓';

/** The default table, as a village would print it: rows are actions, columns roles. */
const rows: Readonly<Record<Action, readonly Cell[]>> = {
  'notice.write': ['–', 'own', 'own', '✓', '✓', '✓', '✓', '–', '–'],
  'notice.approve': ['–', '–', '–', '✓', '✓', '✓', '–', '–', '–'],
  'notice.urgent': ['–', 'own', 'own', '✓', '✓', '✓', '–', '–', '–'],
  'feedback.handle': ['–', 'own', 'own', '✓', '✓', '✓', '–', '–', '–'],
  'feedback.conduct': ['–', '–', '–', '–', '–', '–', '–', '✓', '–'],
  'activity.manage': ['–', 'own', 'own', '✓', '✓', '✓', '✓', '–', '–'],
  'credits.record': ['–', 'own', 'own', '✓', '✓', '✓', '✓', '–', '–'],
  'credits.confirm': ['–', '–', '–', '✓', '✓', '✓', '–', '–', '–'],
  'ledger.read': ['–', '–', '–', '–', '–', '✓', '–', '✓', '✓'],
  casenotes: ['–', '–', '–', '–', '–', '–', '✓', '–', '–'],
  'phone.reveal': ['–', 'own', 'own', '✓', '✓', '✓', '✓', '–', '–'],
  'members.bind': ['–', 'own', 'own', '✓', '✓', '✓', '–', '–', '✓'],
  admin: ['–', '–', '–', '–', '–', '–', '–', '–', '✓'],
};

const actor = (role: (typeof columns)[number], scope: string): Actor => ({
  member: 'M1',
  household: 'H1',
  grants: role === '村民' ? [] : [{ role, scope }],
});
const cells = Object.entries(rows).flatMap(([action, row]) =>
  row.map((cell, at) => ({ action: action as Action, role: columns[at] ?? '村民', cell })),
);

describe('roles × actions', () => {
  it.each(cells)('$role, $action: $cell', ({ action, role, cell }) => {
    const grid = role === '网格员' || role === '网格长';
    const holder = actor(role, grid ? '三组' : village);
    expect(may(holder, action, '三组')).toBe(cell !== '–');
    expect(may(holder, action, '四组')).toBe(cell === '✓');
    expect(may(holder, action, village)).toBe(cell === '✓');
  });

  it.each(cells)('$role of 三组 alone, $action: nothing in 四组 or for the village', ({ action, role }) => {
    const holder = actor(role, '三组');
    expect(may(holder, action, '四组')).toBe(false);
    expect(may(holder, action, village)).toBe(false);
  });

  it('村民代表 and 党员 are no staff', () => {
    for (const role of ['村民代表', '党员'] satisfies Role[])
      for (const { action } of cells)
        expect(may({ member: 'M1', household: null, grants: [{ role, scope: village }] }, action, '三组')).toBe(false);
  });

  it('a refusal names the action and nobody', () => {
    try {
      demand(actor('村民', village), 'notice.write', '三组');
      expect.unreachable();
    } catch (fault) {
      expect(isAppError(fault, 'access.denied') && fault.facts).toEqual({ action: 'notice.write' });
    }
  });
});
