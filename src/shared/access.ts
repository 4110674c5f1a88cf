import { AppError } from './errors.ts';

/** Staff roles that carry rights (docs/BOT.zh-CN.md, 十). */
export const staffRoles = ['网格员', '网格长', '妇女主任', '村主任', '村支书', '社工', '监督委员', '管理员'] as const;
/** Capacities for deliberation; they carry no staff rights. */
export const capacities = ['村民代表', '党员'] as const;
export const roles = [...staffRoles, ...capacities] as const;
export type Role = (typeof roles)[number];

/** Where a role or an action holds: the whole village, or one grid. */
export const village = 'village';
export type Scope = string;

/** A role that a member holds now. The edge has already checked the period. */
export interface Grant {
  readonly role: Role;
  /** `village` or a grid id. */
  readonly scope: Scope;
}

/** Who acts: resolved by the edge (chat, HTTP, job) and handed to every service. */
export interface Actor {
  readonly member: string | null;
  readonly household: string | null;
  readonly grants: readonly Grant[];
  /** Set when the service itself acts (sweepers, jobs); may do what its capability allows. */
  readonly system?: true;
}

export const systemActor: Actor = { member: null, household: null, grants: [], system: true };

export type Action =
  | 'notice.write'
  | 'notice.approve'
  | 'notice.urgent'
  | 'feedback.handle'
  | 'feedback.conduct'
  | 'activity.manage'
  | 'credits.record'
  | 'credits.confirm'
  | 'ledger.read'
  | 'casenotes'
  | 'phone.reveal'
  | 'members.bind'
  | 'admin';

type Reach = 'own grid' | 'village';

const leaders: Partial<Record<Role, Reach>> = { 妇女主任: 'village', 村主任: 'village', 村支书: 'village' };
const gridStaff: Partial<Record<Role, Reach>> = { 网格员: 'own grid', 网格长: 'own grid' };

/** docs/BOT.zh-CN.md, 十: who may do what. A role that is not named may not: default deny. */
export const table: Readonly<Record<Action, Partial<Record<Role, Reach>>>> = {
  'notice.write': { ...gridStaff, ...leaders, 社工: 'village' },
  'notice.approve': { ...leaders },
  'notice.urgent': { ...gridStaff, ...leaders },
  'feedback.handle': { ...gridStaff, ...leaders },
  'feedback.conduct': { 监督委员: 'village' },
  'activity.manage': { ...gridStaff, ...leaders, 社工: 'village' },
  'credits.record': { ...gridStaff, ...leaders, 社工: 'village' },
  'credits.confirm': { ...leaders },
  'ledger.read': { 村支书: 'village', 监督委员: 'village', 管理员: 'village' },
  casenotes: { 社工: 'village' },
  'phone.reveal': { ...gridStaff, ...leaders, 社工: 'village' },
  /** Binding codes, and confirming who is who in a group. */
  'members.bind': { ...gridStaff, ...leaders, 管理员: 'village' },
  admin: { 管理员: 'village' },
};

/** Everybody whose role lets them, somewhere. */
export const rolesFor = (action: Action): Role[] => roles.filter((role) => table[action][role] !== undefined);

/** Whether the actor may do this within the scope (`village` or a grid id). */
export function may(actor: Actor, action: Action, scope: Scope): boolean {
  if (actor.system) return true;
  return actor.grants.some(({ role, scope: held }) => {
    const reach = table[action][role];
    if (reach === undefined) return false;
    return held === village ? true : held === scope;
  });
}

/** Throws `access.denied` (403) unless the actor may. */
export function demand(actor: Actor, action: Action, scope: Scope): void {
  if (!may(actor, action, scope)) throw new AppError('access.denied', 403, { action });
}
