import { registerNoticesJobs } from '../../jobs/notices.ts';
import { createGrid, gridCollections, type GridService } from '../../src/grid/index.ts';
import { createMembers, membersCollections, type MembersService } from '../../src/members/index.ts';
import {
  createMessages,
  createSayer,
  messageCollections,
  noRates,
  type FaultKind,
  type MessageService,
  type OutboxRow,
  type Sayer,
} from '../../src/messages/index.ts';
import { createNotices, noticeCollections, type NoticeInput, type Notices } from '../../src/notices/index.ts';
import { createFakeClock, type FakeClock } from '../../src/platform/clock.ts';
import { createRelay } from '../../src/platform/events/relay.ts';
import { createSerialIds } from '../../src/platform/ids.ts';
import { createInProcessQueue } from '../../src/platform/queue/in-process.ts';
import type { Queue } from '../../src/platform/queue/port.ts';
import { openMemoryStore } from '../../src/platform/store/embedded.ts';
import type { Store } from '../../src/platform/store/port.ts';
import { createWork, type Work } from '../../src/platform/work.ts';
import type { Actor, Role } from '../../src/shared/access.ts';

/**
 * A small village: 一组 (甲 and 乙 of H1, 丙 of H2, 丁 of H3 without WeChat), 二组 (戊 of H4, 己 of H5, 低保),
 * and its staff, who live in 二组.
 */
const people: readonly (readonly [string, string, string, string, string | null, readonly string[]])[] = [
  ['M1', '甲', 'H1', '一组', '阿甲', []],
  ['M2', '乙', 'H1', '一组', '阿乙', []],
  ['M3', '丙', 'H2', '一组', '阿丙', []],
  ['M4', '丁', 'H3', '一组', null, []],
  ['M5', '戊', 'H4', '二组', '阿戊', []],
  ['M6', '己', 'H5', '二组', '阿己', ['低保']],
  ['S1', '书记', 'H9', '二组', '书记', []],
  ['S2', '主任', 'H9', '二组', '主任', []],
  ['W1', '网格员', 'H9', '二组', '网格员', []],
  ['W2', '社工', 'H9', '二组', '社工', []],
];
const staff: readonly (readonly [string, Role, string])[] = [
  ['S1', '村支书', 'village'],
  ['S2', '村主任', 'village'],
  ['W1', '网格员', '一组'],
  ['W2', '社工', 'village'],
];

export interface NoticeBench {
  readonly store: Store;
  readonly clock: FakeClock;
  readonly work: Work;
  readonly queue: Queue;
  readonly members: MembersService;
  readonly grid: GridService;
  readonly messages: MessageService;
  readonly notices: Notices;
  readonly sayer: Sayer;
  /** What reached the channel, in order. */
  readonly heard: OutboxRow[];
  readonly faults: unknown[];
  /** The next sayings end so; `die` hands over and never comes back. */
  readonly fate: (FaultKind | 'die')[];
  /** Resolves when a saying was handed over that never comes back. */
  readonly death: Promise<void>;
  online: boolean;
  actor(member: string): Promise<Actor>;
  settle(): Promise<void>;
  until(iso: string): Promise<void>;
  sweep(): Promise<void>;
  /** A new process on the same store: alarms are lost, sweeps run at boot. */
  restart(): Promise<NoticeBench>;
  stop(): Promise<void>;
}

let processes = 0;

export const morning = '2026-03-18T09:30:00+08:00';

/** A notice for both groups, unless told otherwise. */
export const buildNotice = (more: Partial<NoticeInput> = {}): NoticeInput => ({
  key: 'N1',
  kind: 'normal',
  title: '停水',
  text: '明天停水,请存水。',
  rooms: ['一组', '二组'],
  ...more,
});

export async function buildNotices(
  options: { at?: string; store?: Store; clock?: FakeClock } = {},
): Promise<NoticeBench> {
  const clock = options.clock ?? createFakeClock(new Date(options.at ?? morning));
  const store =
    options.store ??
    openMemoryStore([...membersCollections, ...gridCollections, ...messageCollections, ...noticeCollections]);
  const faults: unknown[] = [];
  const work = createWork((_name, fault) => faults.push(fault));
  const queue = createInProcessQueue({ clock, work });
  const members = createMembers({ store, clock, ids: createSerialIds('m') });
  const grid = createGrid({ store, members, clock });
  if (options.store === undefined) await settleVillage(grid, members, clock.now());
  let died = (): void => undefined;
  const death = new Promise<void>((resolve) => {
    died = resolve;
  });
  let kick = (): void => undefined;
  const wake = (): Promise<void> => {
    kick();
    return Promise.resolve();
  };
  const messages = createMessages({ store, clock, members, grid, wake });
  const relay = createRelay({ store, clock, work, onFault: (_name, fault) => faults.push(fault) });
  const notices = createNotices({ store, clock, ids: createSerialIds('n'), members, grid, messages });
  const { sweeps } = registerNoticesJobs({ relay, queue, clock, notices, messages, members, grid });
  const heard: OutboxRow[] = [];
  const fate: (FaultKind | 'die')[] = [];
  const sayer = createSayer({
    outbox: messages.outbox,
    clock,
    work,
    rates: noRates,
    owner: `process-${++processes}`,
    stopped: (person) => members.stopped(person),
    onBlocked: () => undefined,
    mouth: {
      online: () => bench.online,
      heard: () => Promise.resolve(null),
      say(row) {
        const end = fate.shift();
        if (end === 'die') {
          died();
          return new Promise(() => undefined);
        }
        if (end !== undefined) return Promise.reject(new Error(end));
        heard.push(row);
        return Promise.resolve(row._id);
      },
      faultKind: (fault) => (fault instanceof Error && fault.message === 'give-up' ? 'give-up' : 'retry'),
    },
  });
  kick = sayer.kick;
  const sweep = async (): Promise<void> => {
    for (const one of sweeps) await one.run();
    await work.idle();
  };
  const bench: NoticeBench = {
    store,
    clock,
    work,
    queue,
    members,
    grid,
    messages,
    notices,
    sayer,
    heard,
    faults,
    fate,
    death,
    online: true,
    actor: (member) => members.actor(member),
    settle: () => work.idle(),
    until: (iso) => clock.advanceTo(new Date(iso), () => work.idle()),
    sweep,
    async restart() {
      await bench.stop();
      const next = await buildNotices({ store, clock });
      await next.sayer.recover();
      await next.sweep();
      next.sayer.kick();
      await next.settle();
      return next;
    },
    async stop() {
      sayer.stop();
      await relay.stop();
      await queue.close();
    },
  };
  await relay.start();
  return bench;
}

async function settleVillage(grid: GridService, members: MembersService, at: Date): Promise<void> {
  const row = (id: string, parent: string | null) => ({ id, parent, households: null, dutyPhone: null });
  const room = (id: string, management = false) => ({
    id,
    grid: management ? '清溪村' : id,
    topic: `${id}群`,
    management,
  });
  await grid.intake.take({
    grids: [row('清溪村', null), row('一组', '清溪村'), row('二组', '清溪村')],
    rooms: [room('一组'), room('二组')],
    calendar: {
      marketDays: { calendar: 'lunar', dayEndsIn: [2, 5, 8] },
      farmingPeaks: [],
      quietHours: ['21:30', '07:00'],
    },
  });
  await members.intake.take(
    people.map(([id, name, household, home, nickname, tags]) => ({
      id,
      name,
      sex: null,
      born: null,
      household,
      relation: '户主',
      grid: home,
      tags: [...tags],
      nickname,
      phone: null,
      grants: staff.filter(([member]) => member === id).map(([, role, scope]) => ({ role, scope })),
    })),
    new Date(at.getTime() - 1000),
  );
}
