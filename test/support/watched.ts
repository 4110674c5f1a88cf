import { collections } from '../../src/compose.ts';
import { createFakeClock, type FakeClock } from '../../src/platform/clock.ts';
import { quietLog } from '../../src/platform/log.ts';
import { openMemoryStore } from '../../src/platform/store/embedded.ts';
import type { Store } from '../../src/platform/store/port.ts';
import type { Alarm } from '../../src/platform/webhook.ts';
import type { VillageOptions } from '../../main.ts';
import type { Heard } from './loop-channel.ts';
import { morning } from './messages.ts';
import { mortal, type Death } from './mortal.ts';
import { foundVillage, openTestVillage, type TestVillage } from './village.ts';

/** A village whose login is watched, over several starts on one store. */
export interface WatchedVillage {
  readonly store: Store;
  readonly clock: FakeClock;
  /** What was said in all rooms and chats: `三组 text`, `M6 text`. */
  said(): string[];
  readonly alarms: Alarm[];
  /** The next alarms are not taken. */
  refuse: number;
  /** Names of what was logged. */
  readonly logged: string[];
  /** Opens a process on it; one that is `away` finds no WeChat, one with a `death` is dead from then on. */
  open(part?: Pick<VillageOptions, 'roles' | 'shared'> & { away?: true; death?: Death }): Promise<TestVillage>;
  /** Everything that the process looks after once a minute, unless it dies of it. */
  look(process: TestVillage): Promise<void>;
  /** Time goes by, minute by minute, with what each process looks after. */
  until(iso: string, ...all: TestVillage[]): Promise<void>;
}

export async function watchedVillage(office = false): Promise<WatchedVillage> {
  const clock = createFakeClock(morning);
  const store = await foundVillage(clock, openMemoryStore(collections), office);
  const heard: Heard[] = [];
  const deaths = new WeakMap<TestVillage, Promise<void>>();
  let opened = 0;
  const it: WatchedVillage = {
    store,
    clock,
    alarms: [],
    refuse: 0,
    logged: [],
    said: () =>
      heard.map(({ to, text }) => {
        const address = 'room' in to ? to.room.replace(/^r-|@chatroom$/g, '') : to.contact.replace('wx-', '');
        return `${address} ${text}`;
      }),
    async open({ away, death, ...part } = {}) {
      const note = (event: string): void => void it.logged.push(event);
      const kept = mortal(store, death ?? null);
      const process = await openTestVillage({
        ...part,
        store: kept.store,
        clock,
        heard,
        owner: `p${++opened}`,
        fresh: false,
        watch: {
          log: { ...quietLog, warn: note, error: note, fault: note },
          missedAfterMs: 600_000,
          alarm(alarm) {
            if (it.refuse-- > 0) return Promise.reject(new Error('refused'));
            it.alarms.push(alarm);
            return Promise.resolve();
          },
        },
      });
      if (away === true) process.channel.setOnline(false);
      deaths.set(process, kept.died);
      const start = async (): Promise<void> => {
        await process.village.start();
        await process.work.idle();
      };
      await Promise.race([start(), kept.died]);
      return process;
    },
    async look(process) {
      const all = async (): Promise<void> => {
        for (const { name, run } of process.village.sweeps) if (name.startsWith('messages.')) await run();
        await process.work.idle();
      };
      await Promise.race([all(), deaths.get(process)]);
    },
    async until(iso, ...all) {
      const end = new Date(iso).getTime();
      const settle = async (): Promise<void> => {
        for (const one of all) await one.work.idle();
      };
      while (clock.now().getTime() < end) {
        await clock.advanceTo(new Date(Math.min(clock.now().getTime() + 60_000, end)), settle);
        for (const one of all) await it.look(one);
        await settle();
      }
    },
  };
  return it;
}
