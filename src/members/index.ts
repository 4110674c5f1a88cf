import type { Actor, Role, Scope } from '../shared/access.ts';
import type { Member } from './members.model.ts';

export type { Member } from './members.model.ts';

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
  /** Who acts, with the roles in force now. */
  actor(person: PersonKey): Promise<Actor>;
  /** Members who hold the role in that scope now. */
  holders(role: Role, scope: Scope): Promise<Member[]>;
  /** Name for addressing: the registered name, or null when unbound. */
  nameOf(person: PersonKey): Promise<string | null>;
  /** Years completed on that day, counted from the month of birth; null when unknown. */
  ageOn(member: Member, day: Date): number | null;

  /** Errors: members.code-unknown 404, members.code-expired 410, members.code-used 409. */
  bindByCode(contact: string, code: string, from: string): Promise<Member>;
  addBindCode(actor: Actor, code: { code: string; member: string; validUntil: Date; uses: number }): Promise<void>;
  bind(actor: Actor, contact: string, member: string): Promise<void>;

  stopped(person: PersonKey): Promise<boolean>;
  stop(person: PersonKey, from: string): Promise<void>;
  resume(person: PersonKey): Promise<void>;
}
