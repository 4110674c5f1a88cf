import type { Actor, Role, Scope } from '../shared/access.ts';
import type { Sealed } from '../platform/crypto.ts';
import type { BindList, Consent, GrantRow, Member, purposes } from './members.model.ts';

/**
 * A person who talks with the bot: the member id once bound, `wx:<contact id>` before.
 * Everything said or signed up by somebody is kept under this key.
 */
export type PersonKey = string;

/** What other capabilities and the edges may ask of the registry. */
export interface Members {
  get(member: string): Promise<Member | null>;
  household(household: string): Promise<Member[]>;
  inGrid(grid: string): Promise<Member[]>;
  withTag(tag: string): Promise<Member[]>;
  /** By exact full name; several people may bear it. */
  named(name: string): Promise<Member[]>;
  /** The member whom this WeChat contact is bound to, or null. */
  ofContact(contact: string): Promise<Member | null>;
  personOfContact(contact: string): Promise<PersonKey>;
  /** The newest contact bound to that member or, for `wx:…`, that contact itself; null without WeChat. */
  contactOf(person: PersonKey): Promise<string | null>;
  /** Uses WeChat: the registry gives a nickname, or a contact is bound. */
  usesWechat(person: PersonKey): Promise<boolean>;
  /** Who acts, with the roles in force now; `member` saves looking up again who that is. */
  actor(person: PersonKey, member?: Member): Promise<Actor>;
  /** Members who hold the role in that scope now. */
  holders(role: Role, scope: Scope): Promise<Member[]>;
  /** Name for addressing: the registered name, or null when unbound. */
  nameOf(person: PersonKey): Promise<string | null>;
  /** Years completed on that day, counted from the month of birth; null when unknown. */
  ageOn(member: Member, day: Date): number | null;

  /**
   * Errors: members.code-unknown 404, members.code-expired 410, members.code-used 409,
   * members.contact-bound 409 (the contact is another member already), members.code-tries 429 (facts.minutes).
   */
  bindByCode(contact: string, code: string, from: string): Promise<Member>;
  /** `uses` is how many contacts may use it. Errors: members.not-found 404, members.code-taken 409, access.denied. */
  addBindCode(actor: Actor, code: { code: string; member: string; validUntil: Date; uses: number }): Promise<void>;
  /** Binds on a cadre's word, away from whomever the contact was before. Errors: members.not-found 404, access.denied. */
  bind(actor: Actor, contact: string, member: string): Promise<void>;

  stopped(person: PersonKey): Promise<boolean>;
  stop(person: PersonKey, from: string): Promise<void>;
  resume(person: PersonKey): Promise<void>;
}

/** A code for one member, to be handed over by a cadre. */
export interface IssuedCode {
  readonly code: string;
  readonly validUntil: Date;
}

export interface Binding {
  /** A six-digit code, once for each `from`; valid for seven days. Errors: members.not-found 404, access.denied. */
  issueBindCode(actor: Actor, member: string, from: string): Promise<IssuedCode>;
  /**
   * Forgets whom the contact is; harmless when nobody. The contact whose place it took has it again.
   * Errors: access.denied.
   */
  unbind(actor: Actor, contact: string): Promise<void>;
  /**
   * The contact's binding supersedes the member's older ones: a member has one contact, the newest. May be repeated.
   */
  supersede(contact: string, member: string): Promise<void>;
  /** Removes codes thirty days after they expired (until then they are told apart from unknown ones) and old tries. */
  forgetExpired(): Promise<void>;
}

/** Someone seen in a room, as the channel tells it. */
export interface RoomMember {
  readonly contact: string;
  /** The name shown in the room. */
  readonly name: string;
}

/** What came of each number that a cadre confirmed. */
export interface Confirmation {
  readonly bound: readonly { readonly number: number; readonly member: Member }[];
  /** Not bound: somebody was bound meanwhile, or nobody was proposed. */
  readonly left: readonly { readonly number: number; readonly why: 'bound meanwhile' | 'nobody proposed' }[];
}

export interface BindLists {
  get(list: string): Promise<BindList | null>;
  /**
   * Who in the room seems to be whom: unbound contacts whose shown name is the exact full name of one
   * member of the grid without staff roles, who is unbound or whose contacts are no longer in the room; at most 40, once for each `from`. Nicknames only hint.
   */
  propose(actor: Actor, grid: string, seen: readonly RoomMember[], from: string): Promise<BindList>;
  /**
   * Binds the chosen numbers, 1–40 at once. Errors: members.list-not-found 404, members.list-lapsed 410,
   * members.list-done 409, members.list-number 422 (facts.number; nothing is bound then), access.denied.
   */
  confirm(actor: Actor, list: string, numbers: readonly number[], from: string): Promise<Confirmation>;
  /**
   * Forgets again what that list has bound; what was put under the members meanwhile stays there. Those who are
   * not bound so (any more). Errors: members.list-not-found 404, access.denied.
   */
  undo(actor: Actor, list: string): Promise<readonly Member[]>;
  /** Finishes confirmations that a crash cut. */
  finish(): Promise<void>;
}

export interface Grants {
  /** All ever granted to the member, ended ones included. */
  of(member: string): Promise<GrantRow[]>;
  /** Errors: members.not-found 404, access.denied. */
  grant(actor: Actor, grant: { member: string; role: Role; scope: Scope; to?: Date }): Promise<GrantRow>;
  /** Ends it now. Errors: members.grant-not-found 404, members.last-admin 409, access.denied. */
  revoke(actor: Actor, grant: { member: string; role: Role; scope: Scope }): Promise<GrantRow>;
}

export type Purpose = (typeof purposes)[number];

/** Consents can be given and withdrawn as easily (PIPL, articles 14 and 15); both are kept as evidence. */
export interface Consents {
  of(member: string): Promise<Consent[]>;
  given(member: string, purpose: Purpose): Promise<boolean>;
  give(member: string, purpose: Purpose, version: string, from: string): Promise<void>;
  withdraw(member: string, purpose: Purpose): Promise<void>;
}

export interface Phones {
  /** `199****0001`; null when unknown. */
  masked(member: Member): string | null;
  /** Members with that number, however it is written. */
  holders(phone: string): Promise<Member[]>;
  /** The number itself; every look is recorded. Errors: members.not-found 404, members.no-phone 404, access.denied. */
  reveal(actor: Actor, member: string): Promise<string>;
  /** Seals with the current key what an older one sealed; how many. */
  reseal(): Promise<number>;
}

/** A person as the registry file says, checked. */
export interface PersonRow extends Pick<
  Member,
  'name' | 'sex' | 'born' | 'household' | 'relation' | 'grid' | 'nickname'
> {
  readonly id: string;
  readonly tags: readonly string[];
  readonly grants: readonly { readonly role: Role; readonly scope: Scope }[];
  /** Null leaves the number that is known. */
  readonly phone: Sealed | null;
}

export interface IntakeCounts {
  added: number;
  changed: number;
  same: number;
  /** Roles given and ended. */
  granted: number;
  ended: number;
  /** Roles that the file lists and somebody has ended by hand: they stay ended. */
  refused: number;
  /** People whom the file lists and who were erased: they stay away. */
  erased: number;
}

/** Takes in the registry file. Nobody is deleted or unbound; every call can be repeated. */
export interface MembersIntake {
  /** Whether numbers can be kept. */
  readonly seals: boolean;
  /** Null when numbers can't be kept. */
  seal(member: string, phone: string): Sealed | null;
  /** Which of these households are known. */
  households(ids: readonly string[]): Promise<Set<string>>;
  /** What `take` would change. */
  preview(people: readonly PersonRow[], at: Date): Promise<IntakeCounts>;
  /** `at`: when roles begin and end; the same again after a crash. */
  take(people: readonly PersonRow[], at: Date): Promise<void>;
}
