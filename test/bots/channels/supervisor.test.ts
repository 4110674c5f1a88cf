import { types } from 'wechaty-puppet';
import { PuppetMock, mock } from 'wechaty-puppet-mock';
import { describe, expect, it } from 'vitest';
import { createWechatyChannel } from '../../../bots/channels/wechaty.ts';
import { createFakeClock } from '../../../src/platform/clock.ts';
import { quietLog } from '../../../src/platform/log.ts';
import { createWork } from '../../../src/platform/work.ts';
import { aGroup, morning, simulatedVillage } from '../../support/channel.ts';

const after = (seconds: number): Date => new Date(morning.getTime() + seconds * 1000);

/** A puppet that shows codes and beats as it is told; every one that was made. */
function byHand(onScan: (code: string) => unknown = () => undefined) {
  const clock = createFakeClock(morning);
  const faults: unknown[] = [];
  const work = createWork((_name, fault) => faults.push(fault));
  const made: PuppetMock[] = [];
  const codes: string[] = [];
  const channel = createWechatyChannel({
    puppet() {
      const mocker = new mock.Mocker();
      const puppet = new PuppetMock({ mocker });
      const self = { id: 'wx-bot', name: '小溪', avatar: '', gender: types.ContactGender.Unknown, phone: [] };
      mocker.ContactMock.create({ ...self, type: types.Contact.Individual });
      made.push(puppet);
      return puppet;
    },
    clock,
    work,
    log: quietLog,
    loginDeadlineMs: 60_000,
    onScan(code) {
      codes.push(code);
      return onScan(code);
    },
  });
  // Work that waits for the clock is never idle, so the loop just turns for a while.
  const turns = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  const until = async (seconds: number): Promise<void> => {
    await clock.advanceTo(after(seconds), turns);
    await turns();
  };
  return { channel, made, codes, faults, work, until };
}

describe('a login that needs a person', () => {
  it('waits for the scan longer than for a gateway, counted from the last code', async () => {
    const it = byHand();
    const starting = it.channel.start().catch((fault: unknown) => fault);
    await it.work.idle();
    it.made[0]?.emit('scan', { qrcode: 'first', status: 2 });
    await it.until(500);
    it.made[0]?.emit('scan', { qrcode: 'second', status: 2 });
    await it.until(1_000);
    it.made[0]?.login('wx-bot');
    expect(await starting).toBeUndefined();
    expect(it.codes).toEqual(['first', 'second']);
    expect(it.made).toHaveLength(1);
    await it.channel.stop();
  });

  it('is not waited for on a connection that died meanwhile', async () => {
    const it = byHand();
    const starting = it.channel.start();
    await it.work.idle();
    it.made[0]?.login('wx-bot');
    await starting;
    it.made[0]?.emit('heartbeat', { data: 'x' });
    it.made[0]?.emit('scan', { qrcode: 'again', status: 2 });
    await it.until(200);
    expect(it.made.length).toBeGreaterThan(1);
    await it.channel.stop();
    expect(it.faults).toEqual([]);
  });
});

describe('the last sign of life', () => {
  it('is the login, a beat, a message; not the time since they stopped', async () => {
    const it = byHand();
    expect(it.channel.aliveAt?.()).toBeNull();
    const starting = it.channel.start();
    await it.work.idle();
    it.made[0]?.login('wx-bot');
    await starting;
    it.made[0]?.emit('heartbeat', { data: 'x' });
    await it.until(60);
    expect(it.channel.aliveAt?.()).toEqual(morning);
    it.made[0]?.emit('heartbeat', { data: 'x' });
    await it.until(100);
    expect(it.channel.aliveAt?.()).toEqual(after(60));
    await it.channel.stop();
    expect(it.channel.aliveAt?.()).toEqual(after(60));
  });

  it('of an account that never beats is now, while it is logged in', async () => {
    const village = await simulatedVillage();
    await village.clock.advanceTo(after(600), () => village.work.idle());
    expect(village.simulator.channel.aliveAt?.()).toEqual(after(600));
    await village.simulator.goOffline();
    await village.work.idle();
    expect(village.simulator.channel.aliveAt?.()).toEqual(morning);
    await village.simulator.channel.stop();
  });
});

describe('a listener that fails later', () => {
  it('neither ends the process nor holds up what comes behind', async () => {
    const village = await simulatedVillage();
    const { channel } = village.simulator;
    const later = (why: string): unknown => Promise.resolve().then(() => Promise.reject(new Error(why)));
    const heard: string[] = [];
    channel.onMessage(({ id }) => (id === 'e1' ? later('message') : heard.push(id)));
    channel.onOnline(() => later('online'));
    await village.write({ id: 'e1', text: 'a' });
    await village.write({ id: 'e2', text: 'b' });
    await village.simulator.goOffline();
    village.simulator.goOnline();
    await village.work.idle();
    expect(village.faults.map(String).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'Error: message',
      'Error: online',
    ]);
    await village.write({ id: 'e3', text: 'c' });
    expect(heard).toEqual(['e2', 'e3']);
    await channel.stop();
  });

  it.each([
    ['throws', () => JSON.parse('no JSON') as unknown],
    ['rejects', () => Promise.reject(new Error('no printer'))],
  ])('of the code to scan that %s keeps nobody from scanning', async (_how, show) => {
    const it = byHand(show);
    const starting = it.channel.start();
    await it.work.idle();
    it.made[0]?.emit('scan', { qrcode: 'first', status: 2 });
    await it.until(1);
    it.made[0]?.login('wx-bot');
    await starting;
    expect([it.codes, it.faults]).toEqual([['first'], []]);
    await it.channel.stop();
  });

  it('of the puppet is told as its fault', async () => {
    const it = byHand();
    const starting = it.channel.start();
    await it.work.idle();
    it.made[0]?.login('wx-bot');
    await starting;
    it.made[0]?.emit('error', { data: 'odd' });
    // Nobody of that id: the puppet's own look-ups reject.
    it.made[0]?.emit('message', { messageId: 'nobody' });
    await it.until(60);
    expect(it.channel.online()).toBe(true);
    expect(it.faults).toEqual([]);
    await it.channel.stop();
  });
});

describe('a burst of 20,000 messages', () => {
  it('is fetched a few at a time, each once and in order, and costs no memory', { timeout: 60_000 }, async () => {
    const village = await simulatedVillage();
    const { simulator } = village;
    let handed = 0;
    let inOrder = true;
    simulator.channel.onMessage(({ id }) => {
      inOrder &&= id === `e${handed}`;
      handed++;
    });
    const before = process.memoryUsage().rss;
    const all = Array.from({ length: 20_000 }, (_, n) =>
      simulator.deliver({
        ...{ id: `e${n}`, from: 'wx-M0001', room: n % 2 === 0 ? aGroup : null, text: `第${n}条`, mention: false },
        sentAt: morning,
      }),
    );
    await Promise.all(all);
    expect([handed, inOrder]).toEqual([20_000, true]);
    expect((process.memoryUsage().rss - before) / 1e6).toBeLessThan(400);
    expect(village.faults).toEqual([]);
    await simulator.channel.stop();
  });
});
