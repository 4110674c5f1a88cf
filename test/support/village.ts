import { openVillage, type Village } from '../../main.ts';
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
import { createLoopChannel, type Heard, type LoopChannel } from './loop-channel.ts';
import { testKeys } from './members.ts';
import { morning } from './messages.ts';

const files = {
  'grids.csv': '网格,上级,微信群,户数\n三组,清溪村,三组村民群,3\n四组,清溪村,四组村民群,3\n',
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

export interface TestVillage {
  readonly village: Village;
  readonly channel: LoopChannel;
  readonly clock: FakeClock;
  readonly work: Work;
  readonly faults: unknown[];
  /** A message of a member, in 三组's or 四组's group or (null) in the direct chat; what the bot then said. */
  write(id: string, from: string, room: '三组' | '四组' | null, text: string): Promise<string[]>;
  until(iso: string): Promise<void>;
}

export const contactOf = (member: string): string => `wx-${member}`;

/**
 * A village of nine people in this process: the whole bot on a channel without WeChat. `heard` collects what is
 * said over several starts on the same store.
 */
export async function openTestVillage(
  options: { store?: Store; clock?: FakeClock; heard?: Heard[]; owner?: string; fresh?: boolean } = {},
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
  });
  if (options.fresh !== false) await settle(village);
  return {
    village,
    channel,
    clock,
    work,
    faults,
    async write(id, from, room, text) {
      const before = channel.heard.length;
      channel.hear({
        id,
        sender: { id: contactOf(from), name: from },
        room: room === null ? null : { id: `r-${room}@chatroom`, topic: `${room}村民群` },
        text,
        mentionsBot: text.includes('@小溪'),
      });
      await work.idle();
      return channel.heard.slice(before).map((said) => said.text);
    },
    until: (iso) => clock.advanceTo(new Date(iso), () => work.idle()),
  };
}

/** The registry, everybody bound, the groups linked. */
async function settle(village: Village): Promise<void> {
  const bytes = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]));
  const { ok } = await village.registry.importVillage(bytes, { actor: systemActor });
  if (!ok) throw new Error('the test village could not be imported');
  for (let n = 1; n <= 9; n++) await village.members.bind(systemActor, contactOf(`M${n}`), `M${n}`);
  for (const room of ['三组', '四组']) await village.grid.linkRoom(systemActor, room, `r-${room}@chatroom`);
  await village.start();
}
