import type { z } from 'zod';

/** Something that happened, in the words of its capability (`signup.confirmed`). Plain JSON data. */
export interface Event {
  /** Names this happening for ever: handlers are idempotent by it. */
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface EventKind<D extends Readonly<Record<string, unknown>>> {
  (id: string, data: D): Event;
  readonly type: string;
  readonly schema: z.ZodType<D>;
}

/** Declares a kind of event once; the kind is both its maker and its checker. */
export function defineEvent<D extends Readonly<Record<string, unknown>>>(
  type: string,
  schema: z.ZodType<D>,
): EventKind<D> {
  const make = (id: string, data: D): Event => ({ id: `${type}:${id}`, type, data });
  return Object.assign(make, { type, schema });
}

/** Hands events to their handlers: at least once, in no promised order, retried with backoff, then parked. */
export interface Relay {
  /** `name` tells handlers of one kind apart; each must bear being called again with the same id. */
  on<D extends Readonly<Record<string, unknown>>>(
    kind: EventKind<D>,
    name: string,
    handle: (data: D, event: Event) => Promise<void>,
  ): void;
  /** Begins to deliver what waits and what comes. */
  start(): Promise<void>;
  /** Looks now. */
  kick(): void;
  stop(): Promise<void>;
}
