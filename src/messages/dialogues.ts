import type { Clock } from '../platform/clock.ts';
import { upserting } from '../platform/store/port.ts';
import type { Change, Store, Write } from '../platform/store/port.ts';
import { dialogues as declaration, type Dialogue } from './messages.model.ts';

/** A question is open this long. */
export const answerWithinMs = 15 * 60_000;
const dayMs = 86_400_000;
/** A change can be undone this long. */
export const undoWithinMs = 10 * 60_000;

export type OpenQuestion = NonNullable<Dialogue['question']>;
export type LastChange = NonNullable<Dialogue['change']>;

export interface DialoguePatch {
  /** A new question, or null to close the open one; absent leaves it. */
  readonly question?: Omit<OpenQuestion, 'askedAt' | 'expiresAt'> | null;
  readonly shown?: { readonly kind: string; readonly ids: readonly string[] };
  readonly change?: Omit<LastChange, 'at'> | null;
}

/** What the bot and one sender have open in one chat. */
export interface Dialogues {
  of(room: string | null, person: string): Promise<Dialogue | null>;
  /**
   * The write of a change; null when nothing changes that is worth one. `known` is the dialogue as it stands: a chat's
   * messages come one after the other, so nobody else changes it.
   */
  patched(room: string | null, person: string, patch: DialoguePatch, known: Dialogue | null): Write | null;
  /** Forgets what was not touched since; how many. */
  purge(before: Date): Promise<number>;
}

const idOf = (room: string | null, person: string): string => `${room ?? 'direct'}|${person}`;

/** The open question while it may still be answered. */
export function openQuestion(dialogue: Dialogue | null, now: Date): OpenQuestion | null {
  const question = dialogue?.question ?? null;
  if (question === null) return null;
  // A clock that was set back must not keep it open.
  return Math.abs(now.getTime() - question.askedAt.getTime()) <= answerWithinMs ? question : null;
}

/** The list that was shown before, and nothing else: not worth a write more than once a day. */
function showsTheSame({ question, shown, change }: DialoguePatch, known: Dialogue, now: Date): boolean {
  if (question !== undefined || change !== undefined) return false;
  if (now.getTime() - known.touchedAt.getTime() > dayMs) return false;
  const before = shown === undefined ? [] : known.shown[shown.kind];
  return shown === undefined || (before?.length === shown.ids.length && shown.ids.every((id, at) => id === before[at]));
}

export function createDialogues(deps: { store: Store; clock: Clock }): Dialogues {
  const rows = deps.store.collection(declaration);
  return {
    of: (room, person) => rows.get(idOf(room, person)),
    patched(room, person, patch, known) {
      const now = deps.clock.now();
      if (known !== null && showsTheSame(patch, known, now)) return null;
      const change: Change<Dialogue> = { $set: { touchedAt: now }, $setOnInsert: {} };
      const { $set = {}, $setOnInsert = {} } = change;
      if (patch.question === undefined) $setOnInsert.question = null;
      else if (patch.question === null) $set.question = null;
      else
        $set.question = {
          ...patch.question,
          askedAt: now,
          expiresAt: new Date(now.getTime() + answerWithinMs),
        };
      if (patch.change === undefined) $setOnInsert.change = null;
      else $set.change = patch.change === null ? null : { ...patch.change, at: now };
      $set.shown = {
        ...known?.shown,
        ...(patch.shown === undefined ? {} : { [patch.shown.kind]: [...patch.shown.ids] }),
      };
      return upserting(declaration, idOf(room, person), change);
    },
    purge: (before) => rows.remove({ touchedAt: { $lt: before } }),
  };
}
