import { openVillage, type Village, type VillageOptions } from '../../main.ts';
import { collections } from '../../src/compose.ts';
import { noRates } from '../../src/messages/index.ts';
import { createFakeClock, type FakeClock } from '../../src/platform/clock.ts';
import { createSerialIds } from '../../src/platform/ids.ts';
import { createInProcessQueue } from '../../src/platform/queue/in-process.ts';
import { openMemoryStore } from '../../src/platform/store/embedded.ts';
import type { Store } from '../../src/platform/store/port.ts';
import { createMemoryUploads } from '../../src/platform/uploads.ts';
import { createWork, type Work } from '../../src/platform/work.ts';
import { systemActor } from '../../src/shared/access.ts';
import type { InboundMessage } from '../../bots/channels/channel.ts';
import { createLoopChannel, type Heard, type LoopChannel } from './loop-channel.ts';
import { testKeys } from './members.ts';
import { morning } from './messages.ts';
import { mortal } from './mortal.ts';

const files = {
  'gardens.csv': '名称,网格,面积平方米,认领户,主要植物\n桂花园,三组,420,,桂花\n',
  'members.csv': [
    '编号,姓名,性别,出生年月,户号,与户主关系,网格,角色,标签,微信昵称,手机号',
    'M1,王大明,男,1955-03,H1,户主,三组,,,王大爷,19900000001',
    'M2,李芳,女,1957-05,H1,配偶,三组,,,李嬢嬢,19900000002',
    'M3,吕勇,男,1980-01,H2,户主,三组,,,吕哥,19900000003',
    'M4,唐正,男,1968-12,H3,户主,三组,,,唐哥,19900000004',
    'M5,吴玉,女,1970-02,H4,户主,三组,网格员,,吴玉,19900000005',
    'M6,萧才,男,1976-07,H5,户主,四组,村主任,,萧才,19900000006',
    'M7,许才,男,1960-03,H6,户主,四组,村支书,,许才,19900000007',
    'M8,梁富,男,1964-06,H7,户主,四组,监督委员,,梁哥,19900000008',
    'M9,何群,女,1981-08,H8,户主,四组,社工,,何群,19900000009',
    '',
  ].join('\n'),
  'calendar.json': JSON.stringify({
    timezone: 'Asia/Shanghai',
    marketDays: { calendar: 'lunar', dayEndsIn: [2, 5, 8] },
    farmingPeaks: [],
    quietHours: ['21:30', '07:00'],
  }),
};

const gridsWith = (office: boolean): string =>
  `网格,上级,微信群,户数,管理群\n三组,清溪村,三组村民群,3,${office ? '三组干部群' : ''}\n四组,清溪村,四组村民群,3,\n`;

/** Rooms that there may be: a management group only where `office` is asked for. */
export type TestRoom = '三组' | '四组' | '三组管理群';

export interface TestVillage {
  readonly village: Village;
  readonly channel: LoopChannel;
  readonly clock: FakeClock;
  readonly work: Work;
  readonly faults: unknown[];
  /** A message of a member, in a group or (null) in the direct chat; what the bot then said. */
  write(
    id: string,
    from: string,
    room: TestRoom | null,
    text: string,
    more?: Partial<InboundMessage>,
  ): Promise<string[]>;
  until(iso: string): Promise<void>;
}

const topicOf = (room: TestRoom): string => (room === '三组管理群' ? '三组干部群' : `${room}村民群`);
export const contactOf = (member: string): string => `wx-${member}`;

/**
 * A village of nine people in this process: the whole bot on a channel without WeChat. `heard` collects what is
 * said over several starts on the same store.
 */
export async function openTestVillage(
  options: {
    store?: Store;
    clock?: FakeClock;
    heard?: Heard[];
    owner?: string;
    fresh?: boolean;
    office?: boolean;
  } & Pick<VillageOptions, 'roles' | 'shared' | 'watch'> = {},
): Promise<TestVillage> {
  const clock = options.clock ?? createFakeClock(morning);
  const store = options.store ?? openMemoryStore(collections);
  const faults: unknown[] = [];
  const onFault = (_name: string, fault: unknown): void => void faults.push(fault);
  const work = createWork(onFault);
  const channel = createLoopChannel('小溪', options.heard);
  const village = openVillage({
    ground: {
      store,
      queue: createInProcessQueue({ clock, work }),
      clock,
      ids: createSerialIds(options.owner ?? 'id'),
      work,
      keys: testKeys,
      onFault,
    },
    uploads: createMemoryUploads(),
    channel,
    botName: '小溪',
    rates: noRates,
    owner: options.owner ?? 'first',
    onBlocked: () => undefined,
    ...(options.roles === undefined ? {} : { roles: options.roles }),
    ...(options.shared === undefined ? {} : { shared: options.shared }),
    ...(options.watch === undefined ? {} : { watch: options.watch }),
  });
  if (options.fresh !== false) await settle(village, options.office ?? false);
  return {
    village,
    channel,
    clock,
    work,
    faults,
    async write(id, from, room, text, more = {}) {
      const before = channel.heard.length;
      channel.hear({
        id,
        sender: { id: contactOf(from), name: from },
        room: room === null ? null : { id: `r-${room}@chatroom`, topic: topicOf(room) },
        text,
        mentionsBot: text.includes('@小溪'),
        ...more,
      });
      await work.idle();
      return channel.heard.slice(before).map((said) => said.text);
    },
    until: (iso) => clock.advanceTo(new Date(iso), () => work.idle()),
  };
}

/** A store on which the village of nine people stands; the process that founded it is gone. */
export async function foundVillage(
  clock: FakeClock,
  store: Store = openMemoryStore(collections),
  office = false,
): Promise<Store> {
  const founder = await openTestVillage({ store: mortal(store, null).store, clock, owner: 'founder', office });
  await founder.village.close();
  return store;
}

/** The registry, everybody bound, the groups linked. */
async function settle(village: Village, office: boolean): Promise<void> {
  const all = { ...files, 'grids.csv': gridsWith(office) };
  const bytes = Object.fromEntries(Object.entries(all).map(([name, text]) => [name, Buffer.from(text)]));
  const { ok } = await village.registry.importVillage(bytes, { actor: systemActor });
  if (!ok) throw new Error('the test village could not be imported');
  for (let n = 1; n <= 9; n++) await village.members.bind(systemActor, contactOf(`M${n}`), `M${n}`);
  for (const room of office ? ['三组', '四组', '三组管理群'] : ['三组', '四组'])
    await village.grid.linkRoom(systemActor, room, `r-${room}@chatroom`);
  await village.start();
}
