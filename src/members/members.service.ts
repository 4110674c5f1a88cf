import type { Clock } from '../platform/clock.ts';
import type { Crypto } from '../platform/crypto.ts';
import type { Ids } from '../platform/ids.ts';
import type { Store } from '../platform/store/port.ts';
import { createBindLists } from './bind-lists.ts';
import { createBinding } from './binding.ts';
import { createConsents } from './consents.ts';
import { createMembersKeeper } from './erase.ts';
import { createErasing, type NoteErasures } from './erasures.ts';
import type { Erasing } from './erasures.port.ts';
import { createGrants } from './grants.ts';
import { createIntake } from './intake.ts';
import { createQueries } from './members.queries.ts';
import type { Binding, BindLists, Consents, Grants, Members, MembersIntake, Phones } from './members.port.ts';
import { createMemberList, type MemberList } from './members.list.ts';
import { createOptOuts } from './opt-outs.ts';
import { createPhones } from './phones.ts';
import { createRights } from './rights.ts';

export interface MembersService extends Members, Binding, MemberList, Erasing {
  /** Proposals of who is who in a room. */
  readonly proposals: BindLists;
  readonly grants: Grants;
  readonly consents: Consents;
  readonly phones: Phones;
  readonly intake: MembersIntake;
}

export interface MembersDeps {
  store: Store;
  clock: Clock;
  ids: Ids;
  /** Without it no number is kept and none is known. */
  crypto?: Crypto;
  /** Keeps the list of erased people beside the store; without it a restore must be given another. */
  noteErasures?: NoteErasures;
}

/** The registry of people: who they are, what they may do, how they are reached. */
export function createMembers({ store, clock, ids, crypto, noteErasures }: MembersDeps): MembersService {
  const queries = createQueries(store, clock);
  const rights = createRights(store, clock);
  const binding = createBinding({ store, clock, ids, rights });
  const { bindByCode, addBindCode, bind, unbind, supersede, issueBindCode, forgetExpired } = binding;
  const own = createMembersKeeper({ store, clock, crypto: crypto ?? null });
  const note = noteErasures ?? (() => Promise.resolve());
  return {
    ...queries,
    ...createOptOuts(store, clock, queries),
    ...createMemberList(store),
    ...createErasing({ store, clock, ids, own, note }),
    bindByCode,
    addBindCode,
    bind,
    unbind,
    supersede,
    issueBindCode,
    forgetExpired,
    proposals: createBindLists({ store, clock, queries, rights, binding }),
    grants: createGrants(store, clock),
    consents: createConsents(store, clock),
    phones: createPhones({ store, clock, ids, crypto: crypto ?? null }),
    intake: createIntake(store, crypto ?? null),
  };
}
