export type { Address, Messages, SaidEvent, SayKind, Saying, Verdict } from './messages.port.ts';
export type { Action, Dialogue, InboxRow, InboxTask, OutboxRow } from './messages.model.ts';
export { said } from './messages.events.ts';
export { createMessages, type MessageService } from './messages.service.ts';
export { openQuestion, undoWithinMs, type DialoguePatch } from './dialogues.ts';
export { createSayer, type FaultKind, type Mouth, type Sayer } from './sayer.ts';
export { createRates, defaultRates, noRates, type Rates } from './rates.ts';
