import { describe, expect, it } from 'vitest';
import { outages } from '../../src/messages/outages.ts';
import { systemActor } from '../../src/shared/access.ts';
import type { TestVillage } from '../support/village.ts';
import { watchedVillage, type WatchedVillage } from '../support/watched.ts';

const at = (time: string, day = 18): string => `2026-03-${day}T${time}:00+08:00`;

const drop = (process: TestVillage): void => process.channel.setOnline(false);
const back = (process: TestVillage): void => process.channel.setOnline(true);

/** M6 is an admin, and has written to the bot or not. */
async function admin(process: TestVillage, wrote: boolean): Promise<void> {
  await process.village.members.grants.grant(systemActor, { member: 'M6', role: '管理员', scope: 'village' });
  if (wrote) await process.write('hello', 'M6', null, '菜单');
}

const missedIn = (village: WatchedVillage, room: string): string[] =>
  village.said().filter((line) => line.startsWith(`${room} 我掉过线`));

describe('after a long outage', () => {
  it('each group hears once, in one line, from when to when', async () => {
    const village = await watchedVillage();
    const process = await village.open();
    await village.until(at('10:00'), process);
    drop(process);
    await village.until(at('10:30'), process);
    back(process);
    await village.until(at('12:00'), process);
    const text = '我掉过线,10:00到10:30之间发的话可能没看到。要办的事请再说一次。';
    expect(village.said()).toEqual([`三组 ${text}`, `四组 ${text}`]);
    expect(process.faults).toEqual([]);
  });

  it('nothing is said when it was short', async () => {
    const village = await watchedVillage();
    const process = await village.open();
    await village.until(at('10:00'), process);
    drop(process);
    await village.until(at('10:08'), process);
    back(process);
    await village.until(at('11:00'), process);
    expect(missedIn(village, '三组')).toEqual([]);
  });

  it('a first start that has to wait for its login says nothing, and calls nobody', async () => {
    const village = await watchedVillage();
    const process = await village.open({ away: true });
    await village.until(at('11:00'), process);
    back(process);
    await village.until(at('12:00'), process);
    expect([village.said(), village.logged, village.alarms]).toEqual([[], [], []]);
  });

  it('a group in which nobody was ever heard is left out', async () => {
    const village = await watchedVillage();
    const process = await village.open();
    await process.village.grid.linkRoom(systemActor, '四组', null);
    drop(process);
    await village.until(at('09:45'), process);
    back(process);
    await village.until(at('10:00'), process);
    expect(village.said().map((line) => line.slice(0, 2))).toEqual(['三组']);
  });

  it('at night the groups sleep; in the morning they hear the dates', async () => {
    const village = await watchedVillage();
    const process = await village.open();
    await village.until(at('22:00'), process);
    drop(process);
    await village.until(at('23:10'), process);
    back(process);
    await village.until(at('06:59', 19), process);
    expect(village.said()).toEqual([]);
    await village.until(at('07:05', 19), process);
    expect(missedIn(village, '三组')).toEqual([
      '三组 我掉过线,3月18日(周三,正月三十)22:00到23:10之间发的话可能没看到。要办的事请再说一次。',
    ]);
  });

  it('is measured over restarts, from the last sign of life', async () => {
    const village = await watchedVillage();
    const first = await village.open();
    await village.until(at('10:00'), first);
    // Killed: it says no goodbye.
    first.village.sayer.stop();
    drop(first);
    await village.until(at('10:40'));
    const second = await village.open();
    await village.until(at('10:45'), second);
    expect(missedIn(village, '三组')).toEqual([expect.stringContaining('10:00到10:40')]);
    await second.village.close();
    const third = await village.open();
    await village.until(at('11:00'), third);
    expect(missedIn(village, '三组')).toHaveLength(1);
  });

  it.each(Array.from({ length: 14 }, (_, n) => [n + 1]))(
    'each group hears once, though the process dies at its %i. write after it',
    async (write) => {
      for (const applied of [false, true]) {
        const village = await watchedVillage();
        const first = await village.open();
        await village.until(at('10:00'), first);
        await first.village.close();
        await village.clock.advanceTo(new Date(at('10:30')));
        const dying = await village.open({ death: { write, applied } });
        for (let minute = 1; minute < 4; minute++) await village.look(dying);
        await village.clock.advanceTo(new Date(at('10:34')));
        const next = await village.open();
        await village.until(at('10:45'), next);
        // What was handed over when it died is for a person to decide.
        const { rows } = next.village.messages.outbox;
        const unknown = (await rows.find({ state: 'unknown' })).map(({ room }) => room ?? '');
        const said = village.said().map((line) => line.slice(0, 2));
        expect([...said, ...unknown].toSorted(), `${write} ${applied}`).toEqual(['三组', '四组']);
      }
    },
  );

  it('a second one within six hours is said with all that came since, once', async () => {
    const village = await watchedVillage();
    const process = await village.open();
    for (const [from, to] of [
      ['10:00', '10:20'],
      ['11:00', '11:20'],
      ['13:00', '13:30'],
    ] as const) {
      await village.until(at(from), process);
      drop(process);
      await village.until(at(to), process);
      back(process);
    }
    await village.until(at('16:19'), process);
    expect(missedIn(village, '三组')).toHaveLength(1);
    await village.until(at('20:00'), process);
    expect(missedIn(village, '三组').slice(1)).toEqual([expect.stringContaining('11:00到13:30')]);
  });

  it('what still waits when the login is lost again is told with the next, even a short one', async () => {
    const village = await watchedVillage();
    const process = await village.open();
    await village.until(at('22:00'), process);
    drop(process);
    await village.until(at('23:00'), process);
    back(process);
    await village.until(at('06:50', 19), process);
    drop(process);
    await village.until(at('07:04', 19), process);
    back(process);
    await village.until(at('08:00', 19), process);
    expect(missedIn(village, '三组')).toEqual([
      expect.stringContaining('3月18日(周三,正月三十)22:00到3月19日(周四,二月初一)7:04'),
    ]);
    await village.until(at('22:00', 19), process);
    drop(process);
    await village.until(at('22:30', 19), process);
    back(process);
    await village.until(at('06:58', 20), process);
    drop(process);
    await village.until(at('07:03', 20), process);
    back(process);
    await village.until(at('08:00', 20), process);
    expect(missedIn(village, '三组').slice(1)).toEqual([expect.stringContaining('3月19日(周四,二月初一)22:00到22:30')]);
  });

  it('a village that is not watched keeps quiet', async () => {
    const village = await watchedVillage();
    const process = await village.open();
    expect(process.village.sweeps.map(({ name }) => name)).toContain('messages.outages');
    const { openTestVillage } = await import('../support/village.ts');
    const plain = await openTestVillage();
    expect(plain.village.sweeps.map(({ name }) => name)).not.toContain('messages.outages');
    await plain.village.close();
  });
});

describe('the alarm', () => {
  it('goes out once an outage, after five minutes, however often the login is tried', async () => {
    const village = await watchedVillage();
    const process = await village.open();
    await village.until(at('10:00'), process);
    Object.assign(process.channel, { start: () => Promise.reject(new Error('no gateway')) });
    drop(process);
    await village.until(at('10:04'), process);
    expect(village.alarms).toEqual([]);
    await village.until(at('12:00'), process);
    expect(village.alarms).toEqual([
      {
        id: `wechat:${new Date(at('10:00')).toISOString()}`,
        event: 'wechat.outage',
        since: new Date(at('10:00')),
        text: '村口机器人的微信从10:00到10:05一直没有连上,收不到也发不出。请看登录微信的手机和网关。',
      },
    ]);
    expect(village.logged.filter((event) => event === 'wechat.outage')).toHaveLength(1);
  });

  it('is the same alarm after a restart, and with several processes', async () => {
    const village = await watchedVillage();
    const first = await village.open({ shared: true });
    await village.until(at('10:00'), first);
    drop(first);
    await village.until(at('10:04'), first);
    const second = await village.open({ shared: true, away: true });
    await village.until(at('10:30'), first, second);
    await first.village.close();
    const third = await village.open({ shared: true, away: true });
    await village.until(at('11:30'), second, third);
    expect(village.alarms).toHaveLength(1);
    expect(await village.store.collection(outages).count({ state: { $in: ['open', 'ended', 'over'] } })).toBe(1);
  });

  it('is for nobody when the village is back within two minutes of its start', async () => {
    const village = await watchedVillage();
    const first = await village.open();
    await village.until(at('10:00'), first);
    await first.village.close();
    await village.until(at('12:00'));
    const second = await village.open();
    await village.until(at('13:00'), second);
    expect(village.alarms).toEqual([]);
  });

  it('is tried again when it was not taken, and given up after eight times', async () => {
    const village = await watchedVillage();
    const process = await village.open();
    village.refuse = 2;
    drop(process);
    await village.until(at('10:00'), process);
    expect(village.alarms).toHaveLength(1);
    back(process);
    await village.until(at('10:10'), process);
    village.refuse = 100;
    drop(process);
    await village.until(at('23:00'), process);
    expect(village.alarms).toHaveLength(1);
    expect(100 - village.refuse).toBe(8);
    expect((await process.village.messages.outages.state()).outage?.alarm).toBe('failed');
  });

  it('of a process that died while sending it is sent again later', async () => {
    const village = await watchedVillage();
    const process = await village.open();
    drop(process);
    await village.until(at('09:34'), process);
    const { outages: kept } = process.village.messages;
    await village.clock.advanceTo(new Date(at('09:36')));
    expect(await kept.takeAlarm()).not.toBeNull();
    expect(await kept.takeAlarm()).toBeNull();
    await village.until(at('09:45'), process);
    expect(village.alarms).toEqual([]);
    await village.until(at('09:50'), process);
    expect(village.alarms).toHaveLength(1);
  });
});

describe('an admin', () => {
  it('hears one line in the direct chat once the login is back', async () => {
    const village = await watchedVillage();
    const process = await village.open();
    await admin(process, true);
    await village.until(at('10:00'), process);
    drop(process);
    await village.until(at('10:06'), process);
    back(process);
    await village.until(at('11:00'), process);
    expect(village.said().slice(1)).toEqual(['M6 微信10:00到10:06没有连上,现在好了。']);
  });

  it('who never wrote hears it in the management group, others nowhere', async () => {
    const village = await watchedVillage(true);
    const process = await village.open();
    await admin(process, false);
    await village.until(at('10:00'), process);
    drop(process);
    await village.until(at('10:20'), process);
    back(process);
    await village.until(at('11:00'), process);
    expect(village.said().filter((line) => line.includes('现在好了'))).toEqual([
      '三组管理群 微信10:00到10:20没有连上,现在好了。',
    ]);
  });
});
