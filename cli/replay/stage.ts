import { randomBytes } from 'node:crypto';
import { createSimulator } from '../../bots/channels/simulator.ts';
import type { Simulator } from '../../bots/channels/simulator.ts';
import { openVillage } from '../../main.ts';
import type { Village } from '../../main.ts';
import { collections } from '../../src/compose.ts';
import { noRates } from '../../src/messages/index.ts';
import type { FakeClock } from '../../src/platform/clock.ts';
import type { CryptoKeys } from '../../src/platform/crypto.ts';
import { createSerialIds } from '../../src/platform/ids.ts';
import { createInProcessQueue } from '../../src/platform/queue/in-process.ts';
import { openMemoryStore } from '../../src/platform/store/embedded.ts';
import type { Store } from '../../src/platform/store/port.ts';
import { createMemoryUploads } from '../../src/platform/uploads.ts';
import { createWork } from '../../src/platform/work.ts';
import type { Work } from '../../src/platform/work.ts';

export type Engine = 'embedded' | 'mongo';

/** A village with nobody in it yet, on a simulated WeChat. */
export interface Stage {
  readonly village: Village;
  readonly simulator: Simulator;
  readonly work: Work;
  /** What went wrong in the background. */
  readonly faults: readonly { readonly name: string; readonly fault: unknown }[];
  close(): Promise<void>;
}

const botName = '小溪';

/** Phone numbers of a replay are sealed with keys that nobody keeps. */
function passingKeys(): CryptoKeys {
  const key = (): string => randomBytes(32).toString('base64');
  return { current: 'replay', encryption: { replay: key() }, lookup: key() };
}

async function openStore(engine: Engine): Promise<Store> {
  if (engine === 'mongo') throw new Error('not yet');
  return openMemoryStore(collections);
}

/** Everything as in a real start but the store, the rates and the time: empty, none, and moved by hand. */
export async function openStage({ clock, engine }: { clock: FakeClock; engine: Engine }): Promise<Stage> {
  const faults: { name: string; fault: unknown }[] = [];
  const onFault = (name: string, fault: unknown): void => void faults.push({ name, fault });
  const work = createWork(onFault);
  const store = await openStore(engine);
  const simulator = createSimulator({ clock, work, botName });
  const village = openVillage({
    ground: {
      store,
      queue: createInProcessQueue({ clock, work }),
      clock,
      ids: createSerialIds(),
      work,
      keys: passingKeys(),
      onFault,
    },
    uploads: createMemoryUploads(),
    channel: simulator.channel,
    botName,
    rates: noRates,
    owner: 'replay',
    onBlocked: () => undefined,
  });
  return { village, simulator, work, faults, close: () => village.close() };
}
