import { demand, staffRoles, village, type Actor } from '../shared/access.ts';
import { AppError } from '../shared/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../platform/store/port.ts';
import { erasures } from './erasures.model.ts';
import { inForce } from './members.queries.ts';
import { grants, members, type Member } from './members.model.ts';

/** Who may say who somebody is. */
export interface Rights {
  /** The member, once the actor is seen to be entitled to bind it. */
  toBind(actor: Actor, member: string): Promise<Member>;
  isStaff(member: string): Promise<boolean>;
}

const staff: readonly string[] = staffRoles;

/**
 * Binding hands over all the rights of a member. So a grid's officer binds villagers of the grid; staff are
 * bound with a right for the whole village; an admin by an admin.
 */
export function createRights(store: Store, clock: Clock): Rights {
  const rolesOf = async (member: string): Promise<string[]> => {
    const now = clock.now();
    const rows = await store.collection(grants).find({ member });
    return rows.filter((grant) => inForce(grant, now)).map(({ role }) => role);
  };
  const gone = store.collection(erasures);
  return {
    async toBind(actor, id) {
      const member = await store.collection(members).get(id);
      if (member === null || (await gone.get(id)) !== null) throw new AppError('members.not-found', 404);
      const held = await rolesOf(id);
      if (held.includes('管理员')) demand(actor, 'admin', village);
      else demand(actor, 'members.bind', held.some((role) => staff.includes(role)) ? village : member.grid);
      return member;
    },
    async isStaff(member) {
      return (await rolesOf(member)).some((role) => staff.includes(role));
    },
  };
}
