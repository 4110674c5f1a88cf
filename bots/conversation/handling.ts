import type { GridQueries } from '../../src/grid/index.ts';
import type { Members } from '../../src/members/index.ts';
import type { AtOnce, Dialogue, InboxTask, MessageService, OutboxRow } from '../../src/messages/index.ts';
import { isAppError } from '../../src/shared/errors.ts';
import type { Answer, Skill, Turn } from '../skills/skill.ts';
import { patchOf } from './dialogue-patch.ts';
import { turnOf } from './turns.ts';

const triesBeforeParking = 3;

/** Says an answer as soon as it is written, where it may go at once; otherwise it waits in the outbox. */
export interface Voice {
  atOnce(row: OutboxRow): Promise<AtOnce | null>;
  kick(): void;
  /** Nobody is answered there any more: what waited for it may be said. */
  released(): void;
}

/** Whom and what the handling of a message goes by: as looked up when it came, or afresh. */
export interface Looked {
  readonly turn: Turn;
  readonly dialogue: Dialogue | null;
}

/** A message and what was understood of it. */
export interface Handled {
  readonly id: string;
  readonly at: Date;
  readonly task: InboxTask;
  /** Written into the inbox before; otherwise it is written together with its answer. */
  readonly received: boolean;
  readonly looked?: Looked;
}

export interface Handling {
  /** Does what was understood and answers; each step can be repeated. Rejects only if the message was not written. */
  handle(message: Handled): Promise<void>;
  /** The verb answers by reading alone. */
  reads(verb: string): boolean;
  /** Somebody is being answered in that chat: our room id, or `@` and the person. */
  busy(chat: string): boolean;
}

export interface HandlingDeps {
  members: Members;
  grid: GridQueries;
  messages: MessageService;
  verbs: ReadonlyMap<string, Skill>;
  /** The plain sentence for a fault's code, or the general one. */
  sentence: (code: string | null, facts: Readonly<Record<string, string | number | boolean | null>>) => string;
  onFault: (name: string, fault: unknown) => void;
  voice: Voice;
}

/** From what was understood to its effect and its answer. */
export function createHandling(deps: HandlingDeps): Handling {
  const { messages, verbs, voice } = deps;
  const answering = new Map<string, number>();

  async function look({ id, at, task }: Handled): Promise<Looked> {
    const dialogue = await messages.dialogues.of(task.room, task.person);
    return { turn: await turnOf(deps, id, at, task, dialogue), dialogue };
  }

  async function answerTo(turn: Turn, task: InboxTask): Promise<Answer> {
    const verb = verbs.get(task.action.verb)?.verbs[task.action.verb];
    if (verb === undefined) return { text: deps.sentence(null, {}) };
    try {
      return await verb(turn, task.action.slots);
    } catch (fault) {
      if (!isAppError(fault) || fault.code.startsWith('store.')) throw fault;
      return { text: deps.sentence(fault.code, fault.facts) };
    }
  }

  const rowOf = (turn: Turn, answer: Answer, text: string): OutboxRow =>
    messages.outbox.plan({
      key: `reply:${turn.message}`,
      to: turn.room === null ? { person: turn.person } : { room: turn.room },
      text,
      kind: answer.ask === undefined ? 'reply' : 'question',
      mentions: turn.room === null ? [] : [turn.person],
      inReplyTo: turn.message,
    });

  async function attempt(message: Handled): Promise<void> {
    const { id, task, received } = message;
    const { turn, dialogue } = message.looked ?? (await look(message));
    const answer = await answerTo(turn, task);
    const patch = patchOf(turn, task, answer, (dialogue?.question ?? null) !== null);
    const row = answer.text === null ? null : rowOf(turn, answer, answer.text);
    const now = row === null ? null : await voice.atOnce(row);
    let claimed: boolean;
    try {
      claimed = await messages.conclude({
        id,
        received,
        dialogue: patch === null ? null : messages.dialogues.patched(task.room, task.person, patch, dialogue),
        answer: row,
        claim: now?.claim ?? null,
      });
    } catch (fault) {
      now?.lost();
      throw fault;
    }
    if (now !== null && claimed) await now.say();
    else if (row !== null) voice.kick();
  }

  async function giveUp(message: Handled, fault: unknown): Promise<void> {
    const { id, at, task } = message;
    deps.onFault('pipeline', fault);
    // There already: it was written after all, together with its answer.
    if (!message.received && !(await messages.inbox.receive(id, task))) return;
    const again: Handled = { id, at, task, received: true };
    if ((await messages.inbox.failed(id)) < triesBeforeParking) {
      await tryOn(again);
      return;
    }
    const turn = await turnOf(deps, id, at, task, null);
    await messages.outbox.write(rowOf(turn, { text: null }, deps.sentence(null, {})));
    await messages.inbox.park(id);
  }

  const tryOn = (message: Handled): Promise<void> => attempt(message).catch((fault: unknown) => giveUp(message, fault));

  return {
    busy: (chat) => answering.has(chat),
    reads: (verb) => verbs.get(verb)?.reads?.includes(verb) === true,
    async handle(message) {
      const chat = message.task.room ?? `@${message.task.person}`;
      answering.set(chat, (answering.get(chat) ?? 0) + 1);
      try {
        await tryOn(message);
      } finally {
        const others = (answering.get(chat) ?? 1) - 1;
        if (others > 0) answering.set(chat, others);
        else answering.delete(chat);
        voice.released();
      }
    },
  };
}
