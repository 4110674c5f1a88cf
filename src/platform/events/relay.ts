import type { Cancel, Clock } from '../clock.ts';
import type { PendingEvent, Store } from '../store/port.ts';
import { describeFault } from '../log.ts';
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

/** Code and place: a message may hold a member's words. */
function noteOf(fault: unknown): string {
  const { code, at } = describeFault(fault);
  return [code, ...(at?.slice(0, 1) ?? [])].join(' ');
}

/**
 * Hands events to their handlers, one after the other for one document, documents side by side. A handler
 * that is through with an event is not called again while another one is retried. Several processes may
 * run it: an event may then be handled twice, which handlers must bear anyway.
 */
export function createRelay(deps: {
  store: Pick<Store, 'events'>;
  clock: Clock;
  work: Work;
  onFault: (name: string, fault: unknown) => void;
  /** Other processes emit too: looks this often without being told. */
  pollMs?: number;
}): Relay {
  const { clock, work, onFault, pollMs } = deps;
  const { events } = deps.store;
  const handlers = new Map<string, Handler[]>();
  let state: 'new' | 'running' | 'stopped' = 'new';
  let draining = false;
  let again = false;
  let alarm: Cancel | undefined;
  let whenDrained: (() => void)[] = [];

  async function deliver(pending: PendingEvent): Promise<void> {
    const { event } = pending;
    const through = new Set(pending.handled);
    const faults: unknown[] = [];
    for (const { name, handle } of handlers.get(event.type) ?? []) {
      if (through.has(name)) continue;
      try {
        await handle(event);
        through.add(name);
      } catch (fault) {
        faults.push(fault);
        onFault(`event ${event.type} ${name}`, fault);
      }
    }
    if (faults.length === 0) return events.done(pending);
    return events.retry(pending, retryAt(pending.attempts + 1, clock.now()), noteOf(faults[0]), [...through]);
  }

  /** One look at what is due; whether there was anything. */
  async function round(): Promise<boolean> {
    const due = await events.due(clock.now(), batch);
    const byDocument = new Map<string, PendingEvent[]>();
    for (const pending of due) {
      const key = JSON.stringify([pending.collection, pending.document]);
      const list = byDocument.get(key) ?? [];
      list.push(pending);
      byDocument.set(key, list);
    }
    const outcomes = await Promise.allSettled(
      [...byDocument.values()].map(async (list) => {
        for (const pending of list) if (state === 'running') await deliver(pending);
      }),
    );
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    return due.length > 0;
  }

  function nextLook(due: Date | null): Date | null {
    if (pollMs === undefined) return due;
    const poll = new Date(clock.now().getTime() + pollMs);
    return due !== null && due < poll ? due : poll;
  }

  function wakeAt(when: Date | null): void {
    alarm?.();
    alarm = when === null ? undefined : clock.at(when, kick);
  }

  async function drain(): Promise<void> {
    try {
      do {
        again = false;
        while (state === 'running' && (await round()));
      } while (again && state === 'running');
      if (state === 'running') wakeAt(nextLook(await events.nextDue()));
    } catch (fault) {
      // The store did not answer: nothing is lost, look again in a while.
      if (state === 'running') wakeAt(new Date(clock.now().getTime() + firstRetryMs));
      throw fault;
    } finally {
      draining = false;
      if (again && state === 'running') kick();
      for (const wake of whenDrained.splice(0)) wake();
    }
  }

  function kick(): void {
    again = true;
    if (draining || state !== 'running') return;
    draining = true;
    work.run('relay', drain);
  }

  events.onEmit(kick);

  return {
    on<D extends Readonly<Record<string, unknown>>>(
      kind: EventKind<D>,
      name: string,
      handle: (data: D, event: Event) => Promise<void>,
    ) {
      const known = handlers.get(kind.type) ?? [];
      if (known.some((handler) => handler.name === name)) throw new Error(`a second handler ${name} of ${kind.type}`);
      const checked = async (event: Event): Promise<void> => handle(kind.schema.parse(event.data), event);
      handlers.set(kind.type, [...known, { name, handle: checked }]);
    },
    async start() {
      state = 'running';
      kick();
      await Promise.resolve();
    },
    kick,
    async stop() {
      state = 'stopped';
      alarm?.();
      if (draining) await new Promise<void>((resolve) => whenDrained.push(resolve));
      whenDrained = [];
    },
  };
}
