import { expect, it } from 'vitest';
import { outbox } from '../../src/messages/messages.model.ts';
import { createFakeClock } from '../../src/platform/clock.ts';
import type { Heard } from './loop-channel.ts';
import type { Store } from '../../src/platform/store/port.ts';
import { morning } from './messages.ts';
import { mortal } from './mortal.ts';
import { foundVillage, openTestVillage, type TestVillage } from './village.ts';

/** A village in several processes: one store, one clock, each with a queue and a memory of its own. */
async function processes(
  open: () => Promise<Store | undefined>,
  ...roles: ('api' | 'bot' | 'worker' | 'clock')[][]
): Promise<{
  all: TestVillage[];
  heard: Heard[];
  until: (time: string) => Promise<void>;
}> {
  const clock = createFakeClock(morning);
  const store = await foundVillage(clock, await open());
  const heard: Heard[] = [];
  const all: TestVillage[] = [];
  for (const [n, own] of roles.entries()) {
    const one = await openTestVillage({
      store: mortal(store, null).store,
      clock,
      heard,
      owner: `p${n}`,
      fresh: false,
      roles: own,
      shared: true,
    });
    await one.village.start();
    all.push(one);
  }
  const quiet = async (): Promise<void> => {
    for (const one of all) await one.work.idle();
  };
  await quiet();
  return { all, heard, until: (time) => clock.advanceTo(new Date(`2026-03-18T${time}+08:00`), quiet) };
}

const notice = { kind: 'normal', title: '清洗水池', text: '明天清洗水池。', direct: [] } as const;

async function broadcast(it: TestVillage, key: string): Promise<void> {
  const { members, notices } = it.village;
  await notices.send(await members.actor('M6'), { ...notice, key, rooms: ['三组', '四组'] });
  await notices.approve(await members.actor('M7'), key);
}

/** The tests of several processes, each on an empty store that `open` gives; in memory where it gives none. */
export function severalProcesses(open: () => Promise<Store | undefined>): void {
  it('says what another process has planned', async () => {
    const { all, heard, until } = await processes(open, ['api'], ['bot'], ['worker'], ['clock']);
    const [api] = all;
    if (api !== undefined) await broadcast(api, 'N1');
    await until('09:30:05');
    expect(heard.map(({ text }) => text.includes('清洗水池'))).toEqual([true, true]);
  });

  it('has one process at the login; another takes over when it dies, and nothing is said twice', async () => {
    const { all, heard, until } = await processes(open, ['bot', 'worker'], ['bot', 'worker', 'api', 'clock']);
    const [first, second] = all;
    if (first === undefined || second === undefined) throw new Error('two processes');
    await broadcast(second, 'N1');
    await until('09:30:05');
    expect(heard).toHaveLength(2);
    // The first one stops like a process that was killed: it renews nothing and says nothing.
    first.village.sayer.stop();
    await first.village.close();
    await broadcast(second, 'N2');
    await until('09:31:00');
    expect(heard).toHaveLength(4);
  });

  it('does not say anything once its lease is over, however late it wakes', async () => {
    const { all, heard, until } = await processes(open, ['bot', 'worker', 'api', 'clock']);
    const [it] = all;
    if (it === undefined) throw new Error('one process');
    const { store } = it.village.ground;
    await until('09:30:10');
    // Stopped for two minutes: no timer fired, another process has the login meanwhile.
    it.clock.jumpTo(new Date('2026-03-18T09:32:30+08:00'));
    await it.village.messages.say({ key: 'x', to: { room: '三组' }, text: 'late', kind: 'reply' });
    await it.work.idle();
    expect(heard).toEqual([]);
    expect(await store.collection(outbox).get('x')).toMatchObject({ state: 'queued', attempts: 0 });
    await until('09:33:00');
    expect(heard.map(({ text }) => text)).toEqual(['late']);
  });
}
