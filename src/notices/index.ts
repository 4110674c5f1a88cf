import { acks, counters, deliveries, notices } from './notices.model.ts';

export type { AckVerbs, Acknowledged, Acknowledging } from './acks.ts';
export { limits, type AudienceInput, type AuthoringVerbs, type NoticeInput } from './authoring.ts';
export { sayingKey, type BroadcastVerbs, type Outgoing } from './broadcast.ts';
export { createNoticesKeeper } from './erase.ts';
export type { DecidingVerbs } from './deciding.ts';
export type { Preview } from './notices.audience.ts';
export { noticeApproved, noticeCancelled, noticeRejected, noticeSubmitted } from './notices.events.ts';
export type { Audience, Delivery, Notice } from './notices.model.ts';
export type { NoticeFilter, NoticeList } from './notices.list.ts';
export type { NoticeQueries, NoticeState, Reach, RoomReach } from './notices.queries.ts';
export { recurrence, type Recurrence } from './notices.schedule.ts';
export type { NoticeDeps } from './notices.parts.ts';
export { createNotices, type Notices } from './notices.service.ts';
export { noticeCode, unknownVariables, variables } from './notices.text.ts';

/** Everything that notices keep, for opening the store. */
export const noticeCollections = [notices, deliveries, acks, counters];
