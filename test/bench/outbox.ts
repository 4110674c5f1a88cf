import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collections } from '../../src/compose.ts';
import { createGrid } from '../../src/grid/index.ts';
import { createMembers } from '../../src/members/index.ts';
import { createMessages, type MessageService } from '../../src/messages/index.ts';
import { createFakeClock } from '../../src/platform/clock.ts';
import { createSerialIds } from '../../src/platform/ids.ts';
import { createEmbeddedStore } from '../../src/platform/store/embedded.ts';
import type { Store } from '../../src/platform/store/port.ts';
import { compare, inFlight, type Figure, type Run } from './measure.ts';

function run(n: number): Run {
  let folder = '';
  let store: Store;
  let messages: MessageService;
  return {
    async prepare() {
      folder = await mkdtemp(join(tmpdir(), 'cunkou-bench-'));
      store = await createEmbeddedStore({ folder, declarations: collections });
      const clock = createFakeClock(new Date('2026-03-18T09:30:00+08:00'));
      const members = createMembers({ store, clock, ids: createSerialIds() });
      const grid = createGrid({ store, members, clock });
      messages = createMessages({ store, clock, members, grid, wake: () => Promise.resolve() });
    },
    work: () =>
      inFlight(n, 200, (i) =>
        messages.say({
          key: `notice:N1:direct/M${i}`,
          to: { person: `M${i}` },
          text: '停水通知:3月20日(周五,二月初二)8:00到12:00,三组、四组停水,请提前备水。回“收到”。',
          kind: 'notice',
          subject: { kind: 'notice', id: `N1:direct/M${i}` },
          facts: { notice: 'N1' },
        }),
      ),
    async finish() {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Planning what a notice to everybody says: one row for each address, 200 at a time, on disk. */
export async function outboxFigures(n: number): Promise<Figure[]> {
  return [await compare('plan outbox rows', n, () => run(n), null, n > 20_000 ? 1 : undefined)];
}
