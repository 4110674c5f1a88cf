export type {
  Binding,
  BindLists,
  Confirmation,
  Consents,
  Grants,
  IntakeCounts,
  IssuedCode,
  Members,
  MembersIntake,
  PersonKey,
  PersonRow,
  Phones,
  Purpose,
  RoomMember,
} from './members.port.ts';
export type { MemberFilter, MemberList } from './members.list.ts';
export type { BindList, Consent, GrantRow, Member } from './members.model.ts';
export { membersCollections, purposes } from './members.model.ts';
export { erasuresName, erasuresOf, replayOf, type Erasure } from './erasures.model.ts';
export { noName, type Erasing, type Erasures, type Keeper, type Traced } from './erasures.port.ts';
export type { NoteErasures } from './erasures.ts';
export { memberBound, memberErasing } from './members.events.ts';
export { contactIn, unboundKey } from './persons.ts';
export { createMembers, type MembersService } from './members.service.ts';
