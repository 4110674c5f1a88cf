import { demand, village } from '../shared/access.ts';
import { AppError } from '../shared/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../platform/store/port.ts';
import { erasures } from './erasures.model.ts';
import { grants, members } from './members.model.ts';
import { inForce } from './members.queries.ts';
import type { Grants } from './members.port.ts';

/** Key of the row of a role granted in a scope. */
export function grantId(member: string, role: string, scope: string): string {
  return `${member}:${role}:${scope}`;
}

export function createGrants(store: Store, clock: Clock): Grants {
  const rows = store.collection(grants);
  const people = store.collection(members);
  const gone = store.collection(erasures);
  return {
    of: (member) => rows.find({ member }, { sort: { _id: 1 } }),
    async grant(actor, { member, role, scope, to }) {
      demand(actor, 'admin', village);
      if ((await people.get(member)) === null || (await gone.get(member)) !== null)
        throw new AppError('members.not-found', 404);
      const now = clock.now();
      const id = grantId(member, role, scope);
      const { doc, inserted } = await rows.upsert(id, {
        $setOnInsert: {
          member,
          role,
          scope,
          grantedBy: actor.member ?? 'system',
          from: now,
          to: to ?? null,
          endedBy: null,
        },
      });
      const same = doc.to === null ? to === undefined : doc.to.getTime() === to?.getTime();
      if (inserted || (inForce(doc, now) && same)) return doc;
      const from = inForce(doc, now) ? doc.from : now;
      const grantedBy = actor.member ?? 'system';
      const renewed = await rows.update({ _id: id }, { $set: { from, to: to ?? null, grantedBy, endedBy: null } });
      return renewed ?? doc;
    },
    async revoke(actor, { member, role, scope }) {
      demand(actor, 'admin', village);
      const id = grantId(member, role, scope);
      const held = await rows.get(id);
      if (held === null) throw new AppError('members.grant-not-found', 404);
      const now = clock.now();
      if (!inForce(held, now)) return held;
      if (role === '管理员') {
        const admins = (await rows.find({ role, scope })).filter((grant) => inForce(grant, now));
        if (admins.length === 1) throw new AppError('members.last-admin', 409);
      }
      const endedBy = actor.member ?? 'system';
      return (await rows.update({ _id: id }, { $set: { to: now, endedBy } })) ?? held;
    },
  };
}
