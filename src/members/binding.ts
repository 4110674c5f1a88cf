import { toHalfWidth } from '../shared/numerals.ts';
import { AppError, isAppError } from '../shared/errors.ts';
import type { Actor } from '../shared/access.ts';
import type { Clock } from '../platform/clock.ts';
import type { Ids } from '../platform/ids.ts';
import type { Store } from '../platform/store/port.ts';
import { bindCodes, identities, members, type BindCode, type Identity, type Member } from './members.model.ts';
import { memberBound } from './members.events.ts';
import type { Binding, Members } from './members.port.ts';
import { identityId } from './persons.ts';
import { stands } from './members.queries.ts';
import type { Rights } from './rights.ts';
import { createTries } from './tries.ts';

const day = 24 * 60 * 60 * 1000;
/** How long an issued code can be used. */
export const codeValidMs = 7 * day;
const keepExpiredMs = 30 * day;

/** Codes are compared without spaces, in half-width capitals. */
export function normaliseCode(code: string): string {
  return toHalfWidth(code).replace(/\s/g, '').toUpperCase();
}

export type BindingVerbs = Binding &
  Pick<Members, 'bindByCode' | 'addBindCode' | 'bind'> & {
    /** Writes the identity, tells, and supersedes the member's older ones. The caller has checked the right. */
    write(identity: Pick<Identity, 'contact' | 'member' | 'how' | 'by' | 'from'>): Promise<void>;
  };

export function createBinding(deps: { store: Store; clock: Clock; ids: Ids; rights: Rights }): BindingVerbs {
  const { store, clock, ids, rights } = deps;
  const people = store.collection(members);
  const codes = store.collection(bindCodes);
  const known = store.collection(identities);
  const tries = createTries(store, clock);

  const write: BindingVerbs['write'] = async (wanted) => {
    await enter(wanted);
    await supersede(wanted.contact, wanted.member);
  };

  /** The newest binding wins; of two at one instant the one whose contact comes last. */
  const supersede: Binding['supersede'] = async (contact, member) => {
    const newest = await known.get(identityId(contact));
    if (newest === null || newest.member !== member || !stands(newest)) return;
    for (const older of await known.find({ member })) {
      const before = older.boundAt.getTime() - newest.boundAt.getTime();
      if (!stands(older) || before > 0 || (before === 0 && older._id >= newest._id)) continue;
      const { _id, boundAt } = older;
      await known.update({ _id, member, boundAt }, { $set: { supersededBy: contact } });
    }
  };

  const enter: BindingVerbs['write'] = async (wanted) => {
    const id = identityId(wanted.contact);
    for (;;) {
      const held = await known.get(id);
      if (held?.member === wanted.member && stands(held)) return;
      const boundAt = clock.now();
      const event = memberBound(`${wanted.contact}:${wanted.member}:${boundAt.getTime()}`, {
        contact: wanted.contact,
        member: wanted.member,
      });
      if (held !== null) {
        const change = { $set: { ...wanted, boundAt }, $unset: { supersededBy: true as const } };
        const same = { _id: id, member: held.member, boundAt: held.boundAt };
        if ((await known.update(same, change, { emit: [event] })) !== null) return;
        continue;
      }
      try {
        await known.insert({ _id: id, ...wanted, boundAt }, { emit: [event] });
        return;
      } catch (fault) {
        // Somebody was faster: look again.
        if (!isAppError(fault, 'store.duplicate')) throw fault;
      }
    }
  };

  const memberOf = async (code: BindCode): Promise<Member> => {
    const member = await people.get(code.member);
    if (member === null) throw new AppError('members.code-unknown', 404);
    return member;
  };

  /** Why a code can't be used, as far as the row tells. */
  const refusal = (code: BindCode | null): AppError =>
    code === null
      ? new AppError('members.code-unknown', 404)
      : code.usesLeft <= 0
        ? new AppError('members.code-used', 409)
        : new AppError('members.code-expired', 410);

  const use = async (contact: string, typed: string, from: string): Promise<Member> => {
    const id = normaliseCode(typed);
    const code = await codes.get(id);
    const row = await known.get(identityId(contact));
    const identity = row !== null && stands(row) ? row : null;
    const own = code?.usedBy.includes(contact) === true;
    if (code !== null && own && identity?.member === code.member) return memberOf(code);
    // A crash after the claim left no identity: the claim is still this contact's. What it was bound by before it
    // was superseded binds it no more.
    if (code !== null && own && (row === null || (code.usedFrom.includes(from) && row.from !== from))) {
      const member = await memberOf(code);
      await write({ contact, member: member._id, how: 'code', by: member._id, from });
      return member;
    }
    if (own) throw new AppError('members.code-used', 409);
    if (code === null || code.usesLeft <= 0 || code.validUntil <= clock.now()) throw refusal(code);
    if (identity !== null && identity.member !== code.member) throw new AppError('members.contact-bound', 409);
    const member = await memberOf(code);
    const claimed = await codes.update(
      { _id: id, usesLeft: { $gt: 0 }, validUntil: { $gt: clock.now() }, usedBy: { $ne: contact } },
      { $inc: { usesLeft: -1 }, $addToSet: { usedBy: contact, usedFrom: from } },
    );
    if (claimed === null) {
      const now = await codes.get(id);
      // The same contact twice at once: the other one holds the claim, and both may finish it.
      if (now?.usedBy.includes(contact) !== true) throw refusal(now);
    }
    await write({ contact, member: member._id, how: 'code', by: member._id, from });
    return member;
  };

  const add: Members['addBindCode'] = async (actor, { code, member, validUntil, uses }) => {
    await rights.toBind(actor, member);
    await insertCode(actor, { _id: normaliseCode(code), member, validUntil, usesLeft: uses, from: null });
  };

  const insertCode = async (
    actor: Actor,
    row: Pick<BindCode, '_id' | 'member' | 'validUntil' | 'usesLeft' | 'from'>,
  ): Promise<void> => {
    try {
      await codes.insert({ ...row, usedBy: [], usedFrom: [], by: actor.member ?? 'system' });
    } catch (fault) {
      if (!isAppError(fault, 'store.duplicate')) throw fault;
      const held = await codes.get(row._id);
      if (held?.member !== row.member || held.from !== row.from) throw new AppError('members.code-taken', 409);
    }
  };

  return {
    write,
    supersede,
    addBindCode: add,
    bindByCode: (contact, code, from) => tries.guard(contact, from, () => use(contact, code, from)),
    async bind(actor, contact, id) {
      const member = await rights.toBind(actor, id);
      const held = await known.get(identityId(contact));
      if (held !== null && stands(held) && held.member !== id) await rights.toBind(actor, held.member);
      await write({ contact, member: member._id, how: 'cadre', by: actor.member ?? 'system', from: null });
    },
    async unbind(actor, contact) {
      const held = await known.get(identityId(contact));
      if (held === null) return;
      await rights.toBind(actor, held.member);
      // The code that bound it must not bind it again.
      const { member } = held;
      await codes.updateMany({ member, usedBy: contact }, { $set: { usesLeft: 0 }, $pull: { usedBy: contact } });
      for (const older of await known.find({ member }))
        if (older.supersededBy === contact) await known.update({ _id: older._id }, { $unset: { supersededBy: true } });
      await known.remove({ _id: held._id, member: held.member });
    },
    async forgetExpired() {
      const now = clock.now().getTime();
      await codes.remove({ validUntil: { $lt: new Date(now - keepExpiredMs) } });
      await tries.forget(new Date(now - day));
    },
    async issueBindCode(actor, id, from) {
      const member = await rights.toBind(actor, id);
      const issued = await codes.findOne({ from, member: member._id });
      if (issued !== null) return { code: issued._id, validUntil: issued.validUntil };
      const validUntil = new Date(clock.now().getTime() + codeValidMs);
      for (;;) {
        const code = ids.code(6);
        try {
          await insertCode(actor, { _id: code, member: member._id, validUntil, usesLeft: 1, from });
          return { code, validUntil };
        } catch (fault) {
          // That code is somebody else's: another one.
          if (!isAppError(fault, 'members.code-taken')) throw fault;
        }
      }
    },
  };
}
