import { createSimulator } from '../../bots/channels/simulator.ts';
import type { Simulator } from '../../bots/channels/simulator.ts';
import { openVillage } from '../../main.ts';
import type { Village } from '../../main.ts';
import { noRates } from '../../src/messages/index.ts';
import type { FakeClock } from '../../src/platform/clock.ts';
import type { CryptoKeys } from '../../src/platform/crypto.ts';
import type { Ids } from '../../src/platform/ids.ts';
import { createInProcessQueue } from '../../src/platform/queue/in-process.ts';
import type { Queue } from '../../src/platform/queue/port.ts';
import type { Store } from '../../src/platform/store/port.ts';
import type { Uploads } from '../../src/platform/uploads.ts';
import { createWork } from '../../src/platform/work.ts';
import type { Work } from '../../src/platform/work.ts';

/** A whole village on a simulated WeChat, with a clock that is moved by hand and no rates. */
export interface Stage {
  readonly village: Village;
  readonly simulator: Simulator;
  readonly work: Work;
  /** What went wrong in the background; whoever looks takes it out. */
  readonly faults: { readonly name: string; readonly fault: unknown }[];
}

export const botName = '小溪';

export function openStage(deps: {
  clock: FakeClock;
  store: Store;
  uploads: Uploads;
  ids: Ids;
  keys: CryptoKeys;
  /** Names this start. */
  owner: string;
  /** Another queue than the one in this process; it must wait for that clock and be counted by `work`. */
  queue?: (deps: { clock: FakeClock; work: Work; onFault: (name: string, fault: unknown) => void }) => Queue;
}): Stage {
  const { clock, store, ids, keys } = deps;
  const faults: { name: string; fault: unknown }[] = [];
  const onFault = (name: string, fault: unknown): void => void faults.push({ name, fault });
  const work = createWork(onFault);
  const queue = deps.queue?.({ clock, work, onFault }) ?? createInProcessQueue({ clock, work });
  const simulator = createSimulator({ clock, work, botName });
  const village = openVillage({
    ground: { store, queue, clock, ids, work, keys, onFault },
    uploads: deps.uploads,
    channel: simulator.channel,
    botName,
    rates: noRates,
    owner: deps.owner,
    onBlocked: () => undefined,
  });
  return { village, simulator, work, faults };
}
