import type { Cancel, Clock } from '../clock.ts';
import type { PendingEvent, Store } from '../store/port.ts';
import type { Work } from '../work.ts';
import type { Event, EventKind, Relay } from './event.ts';

const batch = 200;
const firstRetryMs = 1_000;
const longestRetryMs = 5 * 60_000;
/** After so many tries an event is parked with its error for a person. */
const tries = 12;

interface Handler {
  readonly name: string;
  readonly handle: (event: Event) => Promise<void>;
}

/** When a failed event is tried again; null: parked. `failed` counts the failures, this one included. */
function retryAt(failed: number, now: Date): Date | null {
  if (failed >= tries) return null;
  return new Date(now.getTime() + Math.min(firstRetryMs * 2 ** (failed - 1), longestRetryMs));
}

/**
 * Hands events to their handlers, one after the other for one document, documents side by side. Several
 * processes may run it: an event may then be handled twice, which handlers must bear anyway.
 */
export function createRelay(deps: {
  store: Store;
  clock: Clock;
  work: Work;
  onFault: (name: string, fault: unknown) => void;
}): Relay {
  const { store, clock, work } = deps;
  const handlers = new Map<string, Handler[]>();
  let state: 'new' | 'running' | 'stopped' = 'new';
  let draining = false;
  let again = false;
  let alarm: Cancel | undefined;

  async function deliver(pending: PendingEvent): Promise<void> {
    const { event } = pending;
    try {
      for (const { handle } of handlers.get(event.type) ?? []) await handle(event);
    } catch (fault) {
      deps.onFault(`event ${event.type}`, fault);
      const error = fault instanceof Error ? `${fault.name}: ${fault.message}` : String(fault);
      await store.events.retry(pending, retryAt(pending.attempts + 1, clock.now()), error.slice(0, 500));
      return;
    }
    await store.events.done(pending);
  }

  async function round(): Promise<boolean> {
    const due = await store.events.due(clock.now(), batch);
    const byDocument = new Map<string, PendingEvent[]>();
    for (const pending of due) {
      const key = `${pending.collection} ${pending.document}`;
      byDocument.set(key, [...(byDocument.get(key) ?? []), pending]);
    }
    await Promise.all(
      [...byDocument.values()].map(async (events) => {
        for (const pending of events) await deliver(pending);
      }),
    );
    return due.length > 0;
  }

  async function drain(): Promise<void> {
    try {
      do {
        again = false;
        while (state === 'running' && (await round()));
      } while (again && state === 'running');
      const next = state === 'running' ? await store.events.nextDue() : null;
      alarm?.();
      alarm = next === null ? undefined : clock.at(next, kick);
    } finally {
      draining = false;
      if (again && state === 'running') kick();
    }
  }

  function kick(): void {
    again = true;
    if (draining || state !== 'running') return;
    draining = true;
    work.run('relay', drain);
  }

  return {
    on<D extends Readonly<Record<string, unknown>>>(
      kind: EventKind<D>,
      name: string,
      handle: (data: D, event: Event) => Promise<void>,
    ) {
      const known = handlers.get(kind.type) ?? [];
      if (known.some((handler) => handler.name === name)) throw new Error(`a second handler ${name} of ${kind.type}`);
      handlers.set(kind.type, [
        ...known,
        { name, handle: async (event) => handle(kind.schema.parse(event.data), event) },
      ]);
    },
    async start() {
      state = 'running';
      store.events.onEmit(kick);
      kick();
    },
    kick,
    async stop() {
      state = 'stopped';
      alarm?.();
      await Promise.resolve();
    },
  };
}
