import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSimulator, type Simulator } from '../../bots/channels/simulator.ts';
import { openVillage, type Village } from '../../main.ts';
import { castOf, introduce, type Cast } from '../../cli/replay/cast.ts';
import { loadVillage } from '../../cli/replay/village.ts';
import { collections } from '../../src/compose.ts';
import { noRates } from '../../src/messages/index.ts';
import { createFakeClock } from '../../src/platform/clock.ts';
import { createSerialIds } from '../../src/platform/ids.ts';
import { createInProcessQueue } from '../../src/platform/queue/in-process.ts';
import { createEmbeddedStore } from '../../src/platform/store/embedded.ts';
import { createMemoryUploads } from '../../src/platform/uploads.ts';
import { createWork, type Work } from '../../src/platform/work.ts';
import { testKeys } from '../support/members.ts';

export const sampleVillage = fileURLToPath(new URL('../data/village', import.meta.url));

export interface BenchVillage {
  readonly village: Village;
  readonly simulator: Simulator;
  readonly cast: Cast;
  readonly work: Work;
  close(): Promise<void>;
}

/** The sample village on disk, everyone bound, its bot on the simulator; a fault in the background ends the bench. */
export async function openBenchVillage(): Promise<BenchVillage> {
  const folder = await mkdtemp(join(tmpdir(), 'cunkou-bench-'));
  const clock = createFakeClock(new Date('2026-03-18T09:30:00+08:00'));
  const onFault = (name: string, fault: unknown): void => {
    throw new Error(`fault in the background: ${name}`, { cause: fault });
  };
  const work = createWork(onFault);
  const store = await createEmbeddedStore({ folder, declarations: collections });
  const simulator = createSimulator({ clock, work, botName: '小溪' });
  const queue = createInProcessQueue({ clock, work });
  const village = openVillage({
    ground: { store, queue, clock, ids: createSerialIds(), work, keys: testKeys, onFault },
    uploads: createMemoryUploads(),
    channel: simulator.channel,
    botName: '小溪',
    rates: noRates,
    owner: 'bench',
    onBlocked: () => undefined,
  });
  await loadVillage(village, { folder: sampleVillage, policies: null, given: null });
  const cast = await castOf(village);
  await introduce(cast, { ...village, simulator }, []);
  await village.start();
  await work.idle();
  return {
    village,
    simulator,
    cast,
    work,
    async close() {
      await village.close();
      await rm(folder, { recursive: true });
    },
  };
}
