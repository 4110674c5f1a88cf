import { localDate } from '../shared/calendar/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../platform/store/port.ts';
import { grants, identities, members, type GrantRow, type Identity, type Member } from './members.model.ts';
import type { Members } from './members.port.ts';
import { contactIn, identityId, unboundKey } from './persons.ts';

/** In force at that instant: begun, and not ended. */
export function inForce(grant: GrantRow, at: Date): boolean {
  return grant.from <= at && (grant.to === null || grant.to > at);
}

/** Not superseded by a newer contact of the same member. */
export function stands(identity: Identity): boolean {
  return identity.supersededBy === undefined;
}

/** Years completed: the birthday counts from the first of its month. */
export function ageOn(member: Pick<Member, 'born'>, day: Date): number | null {
  const born = /^(\d{4})-(\d{2})$/.exec(member.born ?? '');
  if (born === null) return null;
  const [year = 0, month = 0] = localDate(day).split('-').map(Number);
  return year - Number(born[1]) - (month < Number(born[2]) ? 1 : 0);
}

export type MembersQueries = Pick<
  Members,
  | 'get'
  | 'household'
  | 'inGrid'
  | 'withTag'
  | 'named'
  | 'ofContact'
  | 'personOfContact'
  | 'contactOf'
  | 'usesWechat'
  | 'actor'
  | 'holders'
  | 'nameOf'
  | 'ageOn'
> & {
  /** The member's identities, the newest binding first; the superseded ones only where they are asked for. */
  identitiesOf(member: string, superseded?: 'superseded too'): Promise<Identity[]>;
  /** Whom the contact is bound to, unless that was superseded. */
  identityOf(contact: string): Promise<Identity | null>;
  /** The member behind a person key, a `wx:…` key that was bound meanwhile included. */
  memberOf(person: string): Promise<Member | null>;
};

export function createQueries(store: Store, clock: Clock): MembersQueries {
  const people = store.collection(members);
  const held = store.collection(grants);
  const known = store.collection(identities);

  const byId = { sort: { _id: 1 } } as const;
  const identityOf = async (contact: string): Promise<Identity | null> => {
    const row = await known.get(identityId(contact));
    return row !== null && stands(row) ? row : null;
  };
  const ofContact = async (contact: string): Promise<Member | null> => {
    const identity = await identityOf(contact);
    return identity === null ? null : people.get(identity.member);
  };
  const identitiesOf: MembersQueries['identitiesOf'] = async (member, superseded) => {
    const rows = await known.find({ member }, { sort: { boundAt: -1 } });
    return superseded === undefined ? rows.filter(stands) : rows;
  };
  const memberOf = (person: string): Promise<Member | null> => {
    const contact = contactIn(person);
    return contact === null ? people.get(person) : ofContact(contact);
  };

  return {
    identitiesOf,
    identityOf,
    memberOf,
    ofContact,
    ageOn,
    get: (member) => people.get(member),
    household: (household) => people.find({ household }, byId),
    inGrid: (grid) => people.find({ grid }, byId),
    withTag: (tag) => people.find({ tags: tag }, byId),
    named: (name) => people.find({ name }, byId),
    async personOfContact(contact) {
      return (await identityOf(contact))?.member ?? unboundKey(contact);
    },
    async contactOf(person) {
      return contactIn(person) ?? (await identitiesOf(person))[0]?.contact ?? null;
    },
    async usesWechat(person) {
      if (contactIn(person) !== null) return true;
      const member = await people.get(person);
      if (member === null) return false;
      return member.nickname !== null || (await identitiesOf(person)).length > 0;
    },
    async actor(person, looked) {
      const member = looked ?? (await memberOf(person));
      if (member === null) return { member: null, household: null, grants: [] };
      const now = clock.now();
      const rows = await held.find({ member: member._id }, byId);
      const inForceNow = rows.filter((grant) => inForce(grant, now)).map(({ role, scope }) => ({ role, scope }));
      return { member: member._id, household: member.household, grants: inForceNow };
    },
    async holders(role, scope) {
      const now = clock.now();
      const rows = (await held.find({ role, scope })).filter((grant) => inForce(grant, now));
      const found = await Promise.all(rows.map(({ member }) => people.get(member)));
      return found.filter((member) => member !== null).sort((a, b) => (a._id < b._id ? -1 : 1));
    },
    async nameOf(person) {
      return (await memberOf(person))?.name ?? null;
    },
  };
}
