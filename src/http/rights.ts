import { may, staffRoles, village, type Action, type Actor } from '../shared/access.ts';
import { AppError } from '../shared/errors.ts';
import type { Member } from '../members/index.ts';

/** What lets somebody look people up: binding them, or being shown their numbers. */
const lookingUp: readonly Action[] = ['members.bind', 'phone.reveal'];
const staff: readonly string[] = staffRoles;

/** Errors of all that begin with `demand`: access.denied 403. */
function denied(action: Action): AppError {
  return new AppError('access.denied', 403, { action });
}

/** Holds any staff role: may see what is no secret among the staff (grids, rota, policies in preparation). */
export function demandStaff(actor: Actor): void {
  if (!actor.grants.some(({ role }) => staff.includes(role))) throw denied('admin');
}

/** May do it somewhere. */
export function demandAnywhere(actor: Actor, ...actions: readonly Action[]): void {
  const scopes = [village, ...actor.grants.map(({ scope }) => scope)];
  if (!actions.some((action) => scopes.some((scope) => may(actor, action, scope)))) {
    throw denied(actions[0] ?? 'admin');
  }
}

/** The grids whose people the actor may look up; null: all. */
export function gridsOfPeople(actor: Actor): readonly string[] | null {
  if (lookingUp.some((action) => may(actor, action, village))) return null;
  const scopes = actor.grants.map(({ scope }) => scope);
  return [...new Set(scopes.filter((scope) => lookingUp.some((action) => may(actor, action, scope))))];
}

export function demandLookUp(actor: Actor, member: Pick<Member, 'grid'>): void {
  const grids = gridsOfPeople(actor);
  if (grids !== null && !grids.includes(member.grid)) throw denied('members.bind');
}
