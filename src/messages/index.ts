export type { Address, Messages, SaidEvent, SayKind, Saying, Verdict } from './messages.port.ts';
import { blocks } from './block.ts';
import { friendRequests } from './friends.ts';
import { handovers } from './handovers.ts';
import { dialogues, directChats, inbox, outbox } from './messages.model.ts';
import { lifeSigns, outages } from './outages.ts';
import { pictures } from './pictures.ts';

export type { Action, Dialogue, InboxRow, InboxTask, OutboxRow } from './messages.model.ts';
export type { BlockRow } from './block.ts';
export { deskStates, type Desk, type DeskPage, type DeskState } from './desk.ts';
export { afterRestore } from './restored.ts';
export { said } from './messages.events.ts';
export { createMessagesKeeper } from './erase.ts';
export { createMessages, type MessageService } from './messages.service.ts';
export { openQuestion, undoWithinMs, type DialoguePatch } from './dialogues.ts';
export { createSayer } from './sayer.ts';
export type { AtOnce, FaultKind, Mouth, Sayer } from './sayer.port.ts';
export type { FriendPace, Friends } from './friends.ts';
export { noticeMs, type LoginState, type Outage, type Outages } from './outages.ts';
export { createRates, defaultRates, noRates, type Rates } from './rates.ts';

/** Everything that messages keep, for opening the store. */
export const messageCollections = [
  inbox,
  outbox,
  dialogues,
  directChats,
  handovers,
  blocks,
  lifeSigns,
  outages,
  friendRequests,
  pictures,
];
