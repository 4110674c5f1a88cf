import { get, request as ask } from 'node:http';
import { createChats, createLane, createSimulatorPages, type ChatMessage } from '../../bots/simulator/index.ts';
import { openWeb } from '../../cli/demo/web.ts';
import { castOf, introduce } from '../../cli/replay/cast.ts';
import { botName, openStage } from '../../cli/replay/stage.ts';
import type { Village } from '../../main.ts';
import { collections } from '../../src/compose.ts';
import { createFakeClock, createSystemClock, type FakeClock } from '../../src/platform/clock.ts';
import { createSerialIds } from '../../src/platform/ids.ts';
import { openMemoryStore } from '../../src/platform/store/embedded.ts';
import { createMemoryUploads } from '../../src/platform/uploads.ts';
import { systemActor } from '../../src/shared/access.ts';
import { testKeys } from './members.ts';

export const morning = new Date('2026-03-18T09:30:00+08:00');
const files = {
  'grids.csv': '网格,上级,微信群,户数\n三组,清溪村,三组村民群,2\n四组,清溪村,四组村民群,1\n',
  'members.csv': [
    '编号,姓名,性别,出生年月,户号,与户主关系,网格,角色,标签,微信昵称,手机号',
    'M1,王大明,男,1955-03,H1,户主,三组,,,王大爷,19900000001',
    'M2,李芳,女,1957-05,H1,配偶,三组,,,李嬢嬢,19900000002',
    'M3,吴玉,女,1970-02,H4,户主,三组,网格员,,吴玉,19900000005',
    'M4,许才,男,1960-03,H6,户主,四组,村支书,,许才,19900000007',
    '',
  ].join('\n'),
};
const activity = {
  id: 'A1',
  name: '桂花园除草',
  kind: '花园劳动',
  startsAt: '2026-03-21T08:30+08:00',
  endsAt: '2026-03-21T11:00+08:00',
  capacity: 15,
  meet: '桂花园大门口',
  bring: ['手套'],
};

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  readonly text: string;
}
/** What the answers hold, each its part. */
interface Body {
  readonly code: string;
  readonly title: string;
  readonly errors: readonly { readonly at: string }[];
  readonly id: string;
  readonly now: string;
  readonly replies: readonly ChatMessage[];
  readonly said: readonly ChatMessage[];
  readonly messages: readonly ChatMessage[];
  readonly people: readonly unknown[];
  readonly tickets: readonly unknown[];
  readonly signUps: readonly { readonly confirmed: number }[];
  readonly outbox: { readonly said: readonly unknown[] };
}

export interface SimulatorBench {
  /** Of the page. */
  readonly url: string;
  readonly village: Village;
  readonly clock: FakeClock;
  readonly faults: readonly unknown[];
  play(playing: boolean): void;
  get(path: string, headers?: Record<string, string>): Promise<Reply>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Reply>;
  close(): Promise<void>;
}

/** Four people of two groups on a simulated WeChat, served on a free port. */
export async function openSimulator(options: { most?: number } = {}): Promise<SimulatorBench> {
  const clock = createFakeClock(morning);
  const ids = createSerialIds('w');
  const uploads = createMemoryUploads();
  const store = openMemoryStore(collections);
  const { village, simulator, work, faults } = openStage({
    clock,
    store,
    uploads,
    ids,
    keys: testKeys,
    owner: 'first',
  });
  const bytes = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]));
  if (!(await village.registry.importVillage(bytes, { actor: systemActor })).ok) throw new Error('not imported');
  await village.activities.importActivities([activity]);
  const cast = await castOf(village);
  await introduce(cast, { ...village, simulator }, []);
  const chats = createChats({ cast, ...(options.most === undefined ? {} : { most: options.most }) });
  simulator.onSaid((said) => chats.said(said));
  await village.start();
  await work.idle();
  let playing = false;
  const pages = createSimulatorPages({
    simulator,
    village,
    cast,
    chats,
    clock,
    realClock: createSystemClock(),
    work,
    ids,
    uploads,
    lane: createLane(),
    sweeps: village.sweeps,
    playing: () => playing,
    first: { from: 'M1', room: '三组' },
    botName,
  });
  const web = await openWeb(village, pages, 0);
  const call = async (path: string, init: RequestInit): Promise<Reply> => {
    const answer = await fetch(new URL(path, web.url), init);
    const text = await answer.text();
    const json = answer.headers.get('content-type')?.includes('json') === true;
    return { status: answer.status, headers: answer.headers, body: (json ? JSON.parse(text) : {}) as Body, text };
  };
  return {
    url: web.url,
    village,
    clock,
    faults,
    play(now) {
      playing = now;
      pages.playingChanged();
    },
    get: (path, headers = {}) => call(path, { headers }),
    post: (path, body, headers = {}) =>
      call(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    async close() {
      await web.close();
      await work.idle();
      await village.close();
    },
  };
}

/** Asks under another name of the host than fetch would allow. */
export function getAs(url: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    }).on('error', reject);
  });
}

export interface Live {
  /** Resolves once so many events came; rejects when the stream ends before. */
  until(count: number): Promise<LiveEvent[]>;
  /** Resolves when the service ends the stream. */
  readonly ended: Promise<void>;
  close(): void;
}
export interface LiveEvent {
  readonly event: string;
  readonly id: number | null;
  readonly data: ChatMessage & Record<string, unknown>;
}

/** Reads server-sent events; resolves once the stream is open. */
export function listen(url: string, headers: Record<string, string> = {}): Promise<Live> {
  return new Promise((resolve, reject) => {
    const events: LiveEvent[] = [];
    const waiting = new Set<() => void>();
    const sent = ask(url, { headers }, (answer) => {
      let rest = '';
      answer.setEncoding('utf8');
      answer.on('data', (text: string) => {
        const blocks = (rest + text).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) {
          const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
          const event = field('event');
          if (event === undefined) continue;
          const id = field('id');
          events.push({ event, id: id === undefined ? null : Number(id), data: JSON.parse(field('data') ?? '') });
        }
        for (const wake of waiting) wake();
      });
      const ended = new Promise<void>((over) => answer.on('close', over));
      answer.on('error', () => undefined);
      resolve({
        ended,
        close: () => sent.destroy(),
        until: (count) =>
          new Promise((enough, tooFew) => {
            const look = (): void => {
              if (events.length < count) return;
              waiting.delete(look);
              enough([...events]);
            };
            waiting.add(look);
            void ended.then(() => tooFew(new Error(`the stream ended after ${events.length} events`)));
            look();
          }),
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}
