import { describe, expect, it } from 'vitest';
import { createSimulator, type SaidMessage, type Simulator } from '../../bots/channels/simulator.ts';
import { openVillage, type Village } from '../../main.ts';
import { collections } from '../../src/compose.ts';
import { noRates } from '../../src/messages/index.ts';
import { createFakeClock, type FakeClock } from '../../src/platform/clock.ts';
import { createSerialIds } from '../../src/platform/ids.ts';
import { createInProcessQueue } from '../../src/platform/queue/in-process.ts';
import { openMemoryStore } from '../../src/platform/store/embedded.ts';
import { createMemoryUploads } from '../../src/platform/uploads.ts';
import { createWork } from '../../src/platform/work.ts';
import { testKeys } from '../support/members.ts';
import { morning } from '../support/messages.ts';
import { mortal } from '../support/mortal.ts';

interface Account {
  readonly simulator: Simulator;
  readonly village: Village;
  readonly clock: FakeClock;
  readonly said: SaidMessage[];
  readonly faults: unknown[];
  /** When each request was accepted, `HH:mm` in the village. */
  readonly accepted: string[];
  ask(...contacts: string[]): Promise<void>;
  until(iso: string): Promise<void>;
}

const people = Array.from({ length: 60 }, (_, n) => ({ id: `wx-${n}`, name: `村民${n}` }));

async function account(
  perDay: number,
  { store = openMemoryStore(collections), clock = createFakeClock(morning) } = {},
): Promise<Account> {
  const faults: unknown[] = [];
  const said: SaidMessage[] = [];
  const accepted: string[] = [];
  const onFault = (_name: string, fault: unknown): void => void faults.push(fault);
  const work = createWork(onFault);
  const simulator = createSimulator({ clock, work, botName: '小溪', people });
  simulator.onSaid((one) => said.push(one));
  let seed = 1;
  const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  const village = openVillage({
    ground: {
      ...{ store: mortal(store, null).store, queue: createInProcessQueue({ clock, work }), clock, work, onFault },
      ...{ ids: createSerialIds(), keys: testKeys },
    },
    ...{ uploads: createMemoryUploads(), channel: simulator.channel, botName: '小溪', rates: noRates },
    ...{ owner: 'first', onBlocked: () => undefined, friends: { perDay, random } },
  });
  await village.start();
  await work.idle();
  const time = (): string => clock.now().toLocaleTimeString('en-GB', { timeZone: 'Asia/Shanghai' }).slice(0, 5);
  return {
    ...{ simulator, village, clock, said, faults, accepted },
    async ask(...contacts) {
      for (const contact of contacts) simulator.befriend({ id: `ask-${contact}`, contact, word: '绑定 123456' });
      await work.idle();
    },
    async until(iso) {
      const end = new Date(iso).getTime();
      while (clock.now().getTime() < end) {
        await clock.advanceTo(new Date(Math.min(clock.now().getTime() + 60_000, end)), () => work.idle());
        for (const { name, run } of village.sweeps) if (name === 'messages.friends') await run();
        await work.idle();
        while (accepted.length < simulator.accepted().length) accepted.push(time());
      }
    },
  };
}

const at = (time: string, day = 18): string => `2026-03-${day}T${time}:00+08:00`;

describe('a request to become a contact', () => {
  it('is accepted after a while and greeted with one line; it binds nobody', async () => {
    const it = await account(20);
    await it.village.members
      .addBindCode(
        { member: null, household: null, grants: [], system: true },
        { code: '123456', member: 'M1', validUntil: new Date(at('12:00', 20)), uses: 1 },
      )
      .catch(() => undefined);
    await it.ask('wx-1');
    expect(it.simulator.accepted()).toEqual([]);
    await it.until(at('09:45'));
    expect(it.simulator.accepted()).toEqual(['ask-wx-1']);
    expect(it.said.map(({ contact, text }) => [contact, text.split('\n').length])).toEqual([['wx-1', 1]]);
    expect(await it.village.members.ofContact('wx-1')).toBeNull();
    expect(it.faults).toEqual([]);
  });

  it('waits at uneven intervals of one minute at least, twenty a day, and sleeps at night', async () => {
    const it = await account(20);
    await it.ask(...people.slice(0, 30).map(({ id }) => id));
    await it.until(at('23:59'));
    expect(it.accepted).toHaveLength(20);
    const minutes = it.accepted.map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)));
    const gaps = minutes.slice(1).map((minute, n) => minute - (minutes[n] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1);
    expect(new Set(gaps).size).toBeGreaterThan(4);
    await it.until(at('08:59', 19));
    expect(it.accepted).toHaveLength(20);
    await it.until(at('14:00', 19));
    expect(it.accepted).toHaveLength(30);
    expect(it.said).toHaveLength(30);
  });

  it('is accepted once, though asked twice and over a restart', async () => {
    const store = openMemoryStore(collections);
    const clock = createFakeClock(morning);
    const first = await account(20, { store, clock });
    await first.ask('wx-1', 'wx-1', 'wx-2');
    await first.village.close();
    const second = await account(20, { store, clock });
    // The puppet still has the requests of before.
    await second.ask('wx-1', 'wx-2');
    await second.until(at('11:00'));
    expect(second.simulator.accepted()).toEqual(['ask-wx-1', 'ask-wx-2']);
    await second.ask('wx-1');
    await second.until(at('12:00'));
    expect(second.said).toHaveLength(2);
  });

  it('that is gone is given up, and holds up no other', async () => {
    const it = await account(20);
    await it.village.messages.friends.asked('wx-9', 'gone', { perDay: 20, random: () => 0 });
    await it.ask('wx-1');
    await it.until(at('10:30'));
    expect(it.simulator.accepted()).toEqual(['ask-wx-1']);
    expect(it.faults).toHaveLength(1);
    expect(await it.village.messages.friends.due()).toEqual([]);
  });

  it('is left to the phone where none is wanted a day', async () => {
    const it = await account(0);
    await it.ask('wx-1');
    await it.until(at('11:00'));
    expect(it.simulator.accepted()).toEqual([]);
    expect(await it.village.messages.friends.purge()).toBe(0);
  });

  it('is forgotten two days after it was accepted', async () => {
    const it = await account(20);
    await it.ask('wx-1');
    await it.until(at('10:00'));
    await it.clock.advanceTo(new Date(at('10:00', 20)));
    expect(await it.village.messages.friends.purge()).toBe(1);
  });
});
