import { readFile } from 'node:fs/promises';
import { collections, type Services } from '../../src/compose.ts';
import { noRates } from '../../src/messages/index.ts';
import type { Draft, Activity } from '../../src/activities/index.ts';
import { createFakeClock, type FakeClock } from '../../src/platform/clock.ts';
import { createSerialIds } from '../../src/platform/ids.ts';
import { createInProcessQueue } from '../../src/platform/queue/in-process.ts';
import { openMemoryStore } from '../../src/platform/store/embedded.ts';
import type { Store } from '../../src/platform/store/port.ts';
import { createMemoryUploads } from '../../src/platform/uploads.ts';
import { createWork, type Work } from '../../src/platform/work.ts';
import { systemActor, village as wholeVillage, type Role } from '../../src/shared/access.ts';
import { openVillage, type Village } from '../../main.ts';
import { createLoopChannel, type LoopChannel } from './loop-channel.ts';
import { sampleVillage, testKeys } from './members.ts';

/** The sample village with its bot on a channel of the test's own, at 2026-03-18 09:30. */
export interface ActivityBench extends Services {
  readonly village: Village;
  readonly store: Store;
  readonly clock: FakeClock;
  readonly work: Work;
  readonly channel: LoopChannel;
  readonly faults: unknown[];
  /** A member (M0180) writes in a room (三组), or in a direct chat (null); what the bot then said. */
  write(
    from: string,
    room: string | null,
    text: string,
    options?: { id?: string; mention?: boolean },
  ): Promise<string[]>;
  /** Moves the clock, everything that falls due on the way happens. */
  until(iso: string): Promise<void>;
  later(minutes: number): Promise<void>;
  /** Everything said since the last time this was asked. */
  said(): string[];
  make(draft: Partial<Draft> & { id: string }): Promise<Activity>;
  give(member: string, role: Role, scope?: string): Promise<void>;
  /** Throws when something failed in the background meanwhile. */
  close(): Promise<void>;
}

const opening = new Date('2026-03-18T09:30:00+08:00');
const channelRoom = (room: string): string => `r-${room}@chatroom`;

export async function buildActivities(
  options: {
    store?: Store;
    clock?: FakeClock;
    unbound?: readonly string[];
    activities?: boolean;
    fresh?: boolean;
  } = {},
): Promise<ActivityBench> {
  const clock = options.clock ?? createFakeClock(opening);
  const store = options.store ?? openMemoryStore(collections);
  const ids = createSerialIds();
  const faults: unknown[] = [];
  const onFault = (_name: string, fault: unknown): void => void faults.push(fault);
  const work = createWork(onFault);
  const queue = createInProcessQueue({ clock, work });
  const channel = createLoopChannel();
  const village = openVillage({
    ground: { store, queue, clock, ids, work, keys: testKeys, onFault },
    uploads: createMemoryUploads(),
    channel,
    botName: '小溪',
    rates: noRates,
    owner: 'test',
    onBlocked: () => undefined,
  });
  const { members, grid, registry, activities } = village;
  if (options.fresh !== false) {
    await registry.importVillage(await sampleVillage(), { actor: systemActor });
    for (const room of await grid.rooms()) await grid.linkRoom(systemActor, room._id, channelRoom(room._id));
    for (const { _id } of await grid.all()) {
      for (const member of await members.inGrid(_id)) {
        if (member.nickname === null || options.unbound?.includes(member._id) === true) continue;
        await members.bind(systemActor, `wx-${member._id}`, member._id);
      }
    }
    if (options.activities !== false) await activities.importActivities(await sampleActivities());
  }
  await village.start();
  await work.idle();

  let asked = 0;
  let sent = 0;
  const rooms = new Map((await grid.rooms()).map(({ _id, topic }) => [_id, topic]));
  return {
    ...village,
    village,
    store,
    clock,
    work,
    channel,
    faults,
    async write(from, room, text, { id, mention = false } = {}) {
      const before = channel.heard.length;
      channel.hear({
        id: id ?? `t${String(++sent).padStart(4, '0')}`,
        sender: { id: `wx-${from}`, name: (await members.get(from))?.nickname ?? from },
        room: room === null ? null : { id: channelRoom(room), topic: rooms.get(room) ?? room },
        mentionsBot: mention,
        text,
        sentAt: clock.now(),
      });
      await work.idle();
      return channel.heard.slice(before).map((heard) => heard.text);
    },
    until: (iso) => clock.advanceTo(new Date(iso), () => work.idle()),
    later: (minutes) => clock.advanceTo(new Date(clock.now().getTime() + minutes * 60_000), () => work.idle()),
    said() {
      const heard = channel.heard.slice(asked);
      asked = channel.heard.length;
      return heard.map(({ to, text, mentions }) =>
        'room' in to ? `${to.room} ${mentions.join(' ')}: ${text}` : `${to.contact}: ${text}`,
      );
    },
    async make(draft) {
      const startsAt = draft.startsAt ?? new Date('2026-03-20T15:00:00+08:00');
      const made = await activities.create(systemActor, {
        name: `活动${draft.id}`,
        startsAt,
        endsAt: new Date(startsAt.getTime() + 7_200_000),
        capacity: 6,
        ...draft,
      });
      await work.idle();
      return made;
    },
    give: async (member, role, scope = wholeVillage) => {
      await members.grants.grant(systemActor, { member, role, scope });
    },
    async close() {
      await village.close();
      if (faults.length > 0) throw new AggregateError(faults, 'faults in the background');
    },
  };
}

export async function sampleActivities(): Promise<unknown[]> {
  const text = await readFile(new URL('../data/village/activities.json', import.meta.url), 'utf8');
  const rows: unknown = JSON.parse(text);
  return Array.isArray(rows) ? (rows as unknown[]) : [];
}
