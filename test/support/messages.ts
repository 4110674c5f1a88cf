import { createFakeClock, type FakeClock } from '../../src/platform/clock.ts';
import { openMemoryStore } from '../../src/platform/store/embedded.ts';
import type { Store } from '../../src/platform/store/port.ts';
import { defaultQuietHours, type QuietHours } from '../../src/shared/calendar/index.ts';
import { createWork, type Work } from '../../src/platform/work.ts';
import {
  createSayer,
  messageCollections,
  noRates,
  type FaultKind,
  type Rates,
  type Sayer,
} from '../../src/messages/index.ts';
import type { OutboxRow } from '../../src/messages/messages.model.ts';
import { createOutbox, type Outbox } from '../../src/messages/outbox.ts';

export const morning = new Date('2026-03-18T09:30:00+08:00');

class MouthFault extends Error {
  readonly kind: FaultKind;
  constructor(kind: FaultKind) {
    super(kind);
    this.kind = kind;
  }
}

export interface MouthBench {
  readonly store: Store;
  readonly clock: FakeClock;
  readonly work: Work;
  readonly outbox: Outbox;
  readonly sayer: Sayer;
  /** What reached the channel: `<second of the day since the start> <text>`. */
  readonly heard: OutboxRow[];
  readonly faults: unknown[];
  online: boolean;
  /** The next sayings end so; `die` hands over and never comes back. */
  readonly fate: (FaultKind | 'die')[];
  /** Called as the mouth opens, which waits for it. */
  whileSaying: () => unknown;
  /** Stopped people. */
  readonly stopped: Set<string>;
  blockedCalls: number;
  /** Outbox keys that the account was seen saying, with the channel's ids. */
  readonly echoes: Map<string, string>;
  /** Moves the clock, letting all work settle. */
  until(iso: string): Promise<void>;
  /** A new process on the same store, whose sayer is another owner. */
  restart(): Promise<MouthBench>;
}

/** An outbox with a mouth that hears, refuses or dies as told. */
export function buildMouth(
  options: { rates?: Rates; store?: Store; clock?: FakeClock; owner?: string; quietHours?: QuietHours } = {},
): MouthBench {
  const clock = options.clock ?? createFakeClock(morning);
  const store = options.store ?? openMemoryStore(messageCollections);
  const faults: unknown[] = [];
  const work = createWork((_name, fault) => faults.push(fault));
  const heard: OutboxRow[] = [];
  const fate: (FaultKind | 'die')[] = [];
  const stopped = new Set<string>();
  let kick = (): void => undefined;
  const box = createOutbox({
    store,
    clock,
    quietHours: () => Promise.resolve(options.quietHours ?? defaultQuietHours),
    wake: () => {
      kick();
      return Promise.resolve();
    },
  });
  const bench: MouthBench = {
    store,
    clock,
    work,
    outbox: box,
    heard,
    faults,
    online: true,
    fate,
    stopped,
    blockedCalls: 0,
    whileSaying: () => undefined,
    echoes: new Map(),
    sayer: createSayer({
      outbox: box,
      clock,
      work,
      rates: options.rates ?? noRates,
      owner: options.owner ?? 'first',
      stopped: (person) => Promise.resolve(stopped.has(person)),
      onBlocked: () => bench.blockedCalls++,
      mouth: {
        online: () => bench.online,
        say: async (row) => {
          await bench.whileSaying();
          const end = fate.shift();
          if (end === 'die') return new Promise(() => undefined);
          if (end !== undefined) throw new MouthFault(end);
          heard.push(row);
          return `said-${heard.length}`;
        },
        heard: (row) => Promise.resolve(bench.echoes.get(row._id) ?? null),
        faultKind: (fault) => (fault instanceof MouthFault ? fault.kind : 'retry'),
      },
    }),
    until: (iso) => clock.advanceTo(new Date(iso), () => work.idle()),
    async restart() {
      bench.sayer.stop();
      const next = buildMouth({ ...options, store, clock, owner: `${options.owner ?? 'first'}+` });
      await next.sayer.recover();
      next.sayer.kick();
      return next;
    },
  };
  kick = bench.sayer.kick;
  return bench;
}
