import { roles, village, type Role } from '../shared/access.ts';
import { localDate } from '../shared/calendar/index.ts';
import { toHalfWidth } from '../shared/numerals.ts';
import { textLength } from '../shared/text.ts';
import { normalisePhone } from '../platform/crypto.ts';
import type { Table, TableRow } from '../platform/tables.ts';
import type { MembersIntake, PersonRow } from '../members/index.ts';
import { cell, createSeen, hasColumns, key, listOf, optional, required, type Faults } from './faults.ts';
import { below } from './grids.check.ts';

export const memberColumns = [
  '编号',
  '姓名',
  '性别',
  '出生年月',
  '户号',
  '与户主关系',
  '网格',
  '角色',
  '标签',
  '微信昵称',
  '手机号',
] as const;

const nameShape = /^[\p{L}·•. ]+$/u;
const head = '户主';

/** `YYYY-MM` of 1968-09, 1968.9, 1968/09/15, 1968年9月, 196809; null for anything else. The day is not kept. */
export function monthOf(text: string): string | null {
  const given = toHalfWidth(text).replace(/\s/g, '');
  const parts =
    /^(\d{4})[-./](\d{1,2})(?:[-./]\d{1,2})?$/.exec(given) ??
    /^(\d{4})年(\d{1,2})月(?:\d{1,2}日)?$/.exec(given) ??
    /^(\d{4})(\d{2})$/.exec(given);
  const [year, month] = [Number(parts?.[1]), Number(parts?.[2])];
  if (parts === null || year < 1900 || month < 1 || month > 12) return null;
  return `${year}-${String(month).padStart(2, '0')}`;
}

function born(row: TableRow, today: string, faults: Faults): string | null {
  const text = cell(row, '出生年月');
  if (text === '') return null;
  const month = monthOf(text);
  if (month === null) faults.add(row.line, '出生年月', 'bad-month');
  else if (month > today.slice(0, 7)) faults.add(row.line, '出生年月', 'future-month');
  return month;
}

function rolesOf(row: TableRow, faults: Faults): Role[] {
  const known: Role[] = [];
  for (const said of listOf(row, '角色')) {
    const role = roles.find((one) => one === said);
    if (role === undefined) faults.add(row.line, '角色', 'unknown-role', { role: said.slice(0, 20) });
    else known.push(role);
  }
  return known;
}

export interface CheckedMembers {
  readonly people: readonly PersonRow[];
  /** Households without a 户主. */
  readonly headless: readonly string[];
}

/** Checks members.csv. `grids` are all that will be known, with the tree. */
export function checkMembers(
  table: Table,
  context: { grids: readonly { id: string; parent: string | null }[]; intake: MembersIntake; now: Date },
  faults: Faults,
): CheckedMembers {
  if (!hasColumns(table, memberColumns, faults)) return { people: [], headless: [] };
  const { grids, intake } = context;
  const known = new Set(grids.map(({ id }) => id));
  const today = localDate(context.now);
  const unseen = createSeen('编号', faults);
  const homes = new Map<string, { grid: string | null; line: number; head: number | null }>();
  const people: PersonRow[] = [];
  const scopes = new Map<string, string[]>();
  const scopesOf = (grid: string): string[] => {
    const found = scopes.get(grid) ?? [grid, ...below(grid, grids)];
    scopes.set(grid, found);
    return found;
  };
  let missesKeys = false;

  for (const row of table.rows) {
    const { line } = row;
    const id = key(row, '编号', faults);
    const fresh = id !== null && unseen(id, line);
    const name = required(row, '姓名', 30, faults);
    if (name !== null && !nameShape.test(name)) faults.add(line, '姓名', 'bad-name');
    const sex = cell(row, '性别');
    if (sex !== '' && sex !== '男' && sex !== '女') faults.add(line, '性别', 'bad-sex');
    const month = born(row, today, faults);
    const household = key(row, '户号', faults);
    const relation = required(row, '与户主关系', 10, faults);
    const grid = required(row, '网格', 20, faults);
    if (grid !== null && !known.has(grid)) faults.add(line, '网格', 'unknown-grid', { grid });
    const held = rolesOf(row, faults);
    const tags = listOf(row, '标签');
    if (tags.some((tag) => textLength(tag) > 20)) faults.add(line, '标签', 'too-long', { most: 20 });
    const nickname = optional(row, '微信昵称', 64, faults);
    const number = cell(row, '手机号');
    const phone = number === '' ? null : normalisePhone(number);
    if (number !== '' && phone === null) faults.add(line, '手机号', 'bad-phone');
    missesKeys ||= phone !== null && !intake.seals;

    if (household !== null) checkHome(homes, { household, grid, relation, line }, faults);
    if (!fresh || id === null || name === null || household === null || relation === null || grid === null) continue;
    // An officer answers for the whole of the own grid, the smaller grids in it included.
    const grants = held.flatMap((role) => {
      const reach = role === '网格员' || role === '网格长' ? scopesOf(grid) : [village];
      return reach.map((scope) => ({ role, scope }));
    });
    people.push({
      id,
      name,
      sex: sex === '男' || sex === '女' ? sex : null,
      born: month,
      household,
      relation,
      grid,
      tags,
      nickname,
      grants,
      phone: phone === null ? null : intake.seal(id, phone),
    });
  }
  if (missesKeys) faults.add(null, '手机号', 'no-keys');
  const headless = [...homes].filter(([, home]) => home.head === null).map(([id]) => id);
  return { people, headless };
}

/** A household lies in one grid and has at most one head. */
function checkHome(
  homes: Map<string, { grid: string | null; line: number; head: number | null }>,
  person: { household: string; grid: string | null; relation: string | null; line: number },
  faults: Faults,
): void {
  const { household, grid, relation, line } = person;
  const home = homes.get(household) ?? { grid, line, head: null };
  homes.set(household, home);
  if (grid !== null && home.grid !== null && grid !== home.grid) {
    faults.add(line, '网格', 'household-grids', { household, first: home.line });
  }
  if (relation !== head) return;
  if (home.head === null) home.head = line;
  else faults.add(line, '与户主关系', 'two-heads', { household, first: home.head });
}
