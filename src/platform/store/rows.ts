import { AppError } from '../../shared/errors.ts';
import type { Event } from '../events/event.ts';
import { decodeDocument } from './decode.ts';
import { encodeDocument } from './encode.ts';
import type { Key } from './keys.ts';
import type { Doc } from './values.ts';

/** An event on its way, as it stands in its document. */
export interface Waiting {
  readonly event: Event;
  /** Null when parked. A time long past: at once, in the order of emission. */
  readonly due: Date | null;
  readonly attempts: number;
  readonly handled: readonly string[];
  readonly error: string;
}

/** A document as it is kept: what callers see, and the events that wait in it. */
export interface Row {
  readonly doc: Doc;
  readonly waiting: readonly Waiting[];
  /** Its entries in each index of its collection, once somebody has worked them out. */
  entries?: readonly (readonly Key[])[];
  /** It is kept for others, who must find it as it is. */
  kept?: boolean;
}

/** Hidden fields; no declaration may use these names. */
export const hidden = ['emits', 'emitDue', 'emitParked', 'emitSeq'] as const;

/** When the earliest event falls due. */
export function dueOf(waiting: readonly Waiting[]): Date | null {
  let first: Date | null = null;
  for (const { due } of waiting) if (due !== null && (first === null || due < first)) first = due;
  return first;
}

export const parkedIn = (waiting: readonly Waiting[]): boolean => waiting.some(({ due }) => due === null);

/** Adds events, each id once. */
export function withEvents(waiting: readonly Waiting[], events: readonly Event[], nextDue: () => Date): Waiting[] {
  const all = [...waiting];
  for (const event of events) {
    if (all.some((held) => held.event.id === event.id)) continue;
    all.push({ event, due: nextDue(), attempts: 0, handled: [], error: '' });
  }
  return all;
}

export function encodeRow({ doc, waiting }: Row): Uint8Array {
  return encodeDocument(waiting.length === 0 ? doc : { ...doc, emits: waiting });
}

/** Throws `store.damaged` when the bytes are no document. */
export function decodeRow(collection: string, bytes: Uint8Array): Row {
  let doc: Doc;
  try {
    doc = decodeDocument(bytes) as Doc;
  } catch (cause) {
    throw new AppError('store.damaged', 500, { collection }, { cause });
  }
  if (doc['emits'] === undefined) return { doc, waiting: [] };
  const { emits, ...rest } = doc;
  return { doc: rest, waiting: emits as Waiting[] };
}
