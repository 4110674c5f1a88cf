import { describe, expect, it } from 'vitest';
import { createBlock } from '../../src/messages/block.ts';
import { createRates, messageCollections } from '../../src/messages/index.ts';
import { openMemoryStore } from '../../src/platform/store/embedded.ts';
import { buildMouth, type MouthBench } from '../support/messages.ts';
import { outOfReach } from '../support/out-of-reach.ts';

const texts = (bench: MouthBench): string[] => bench.heard.map(({ text }) => text);
const state = async (bench: MouthBench, key: string) => (await bench.outbox.rows.get(key))?.state;

describe('what must be said', () => {
  it('is said once, however often it is planned', async () => {
    const bench = buildMouth();
    await bench.outbox.say({ key: 'reply:1', to: { room: '三组' }, text: '好', kind: 'reply' });
    await bench.outbox.say({ key: 'reply:1', to: { room: '三组' }, text: '好', kind: 'reply' });
    await bench.work.idle();
    expect(texts(bench)).toEqual(['好']);
    expect(await bench.outbox.rows.get('reply:1')).toMatchObject({ state: 'sent', sentId: 'said-1', attempts: 1 });
  });

  it('goes out by priority: answers, then urgent, then the rest', async () => {
    const bench = buildMouth();
    bench.online = false;
    await bench.outbox.say({ key: 'n', to: { room: '三组' }, text: 'notice', kind: 'notice' });
    await bench.outbox.say({ key: 'u', to: { room: '三组' }, text: 'urgent', kind: 'notice', urgent: true });
    await bench.outbox.say({ key: 'r', to: { room: '三组' }, text: 'reply', kind: 'reply' });
    await bench.work.idle();
    expect(texts(bench)).toEqual([]);
    bench.online = true;
    bench.sayer.kick();
    await bench.work.idle();
    expect(texts(bench)).toEqual(['reply', 'urgent', 'notice']);
  });

  it('waits for 07:00 when it is not urgent and the village sleeps', async () => {
    const bench = buildMouth();
    await bench.until('2026-03-18T21:30:00+08:00');
    await bench.outbox.say({ key: 'n', to: { room: '三组' }, text: 'notice', kind: 'notice' });
    await bench.outbox.say({ key: 'r', to: { person: 'M1' }, text: 'reply', kind: 'reply' });
    await bench.outbox.say({ key: 'u', to: { room: '三组' }, text: 'urgent', kind: 'notice', urgent: true });
    await bench.until('2026-03-19T06:59:59+08:00');
    expect(texts(bench)).toEqual(['reply', 'urgent']);
    await bench.until('2026-03-19T07:00:00+08:00');
    expect(texts(bench)).toEqual(['reply', 'urgent', 'notice']);
  });

  it('keeps the quiet hours of this village, planned or held up', async () => {
    const bench = buildMouth({ quietHours: ['20:00', '08:00'] });
    bench.online = false;
    await bench.outbox.say({ key: 'held up', to: { room: '三组' }, text: 'a', kind: 'notice' });
    await bench.until('2026-03-18T20:30:00+08:00');
    await bench.outbox.say({ key: 'planned', to: { room: '三组' }, text: 'b', kind: 'notice' });
    bench.online = true;
    bench.sayer.kick();
    await bench.until('2026-03-19T07:59:00+08:00');
    expect(texts(bench)).toEqual([]);
    await bench.until('2026-03-19T08:00:00+08:00');
    expect(texts(bench).toSorted()).toEqual(['a', 'b']);
  });

  it('waits for the morning too when an outage kept it until after 21:30', async () => {
    const bench = buildMouth();
    bench.online = false;
    await bench.outbox.say({ key: 'n', to: { room: '三组' }, text: 'notice', kind: 'notice' });
    await bench.until('2026-03-18T23:00:00+08:00');
    bench.online = true;
    bench.sayer.kick();
    await bench.until('2026-03-19T06:59:00+08:00');
    expect(texts(bench)).toEqual([]);
    await bench.until('2026-03-19T07:00:00+08:00');
    expect(texts(bench)).toEqual(['notice']);
  });

  it('is dropped when the person has unsubscribed meanwhile or it is no longer true', async () => {
    const bench = buildMouth();
    bench.outbox.guard('reminder', (id) => Promise.resolve(id === 'stale' ? 'drop' : 'say'));
    bench.stopped.add('M2');
    const reminder = { kind: 'reminder', text: 'x' } as const;
    await bench.outbox.say({ ...reminder, key: 'a', to: { person: 'M2' }, optional: true });
    await bench.outbox.say({ ...reminder, key: 'b', to: { person: 'M1' }, subject: { kind: 'reminder', id: 'stale' } });
    await bench.outbox.say({ ...reminder, key: 'c', to: { person: 'M2' }, subject: { kind: 'reminder', id: 'true' } });
    await bench.work.idle();
    expect(bench.heard.map(({ _id }) => _id)).toEqual(['c']);
    expect([await state(bench, 'a'), await state(bench, 'b')]).toEqual(['dropped', 'dropped']);
  });

  it('can be cancelled while it waits, not once it was said', async () => {
    const bench = buildMouth();
    bench.online = false;
    const subject = { kind: 'notice', id: 'N1' };
    await bench.outbox.say({ key: 'a', to: { room: '三组' }, text: 'a', kind: 'notice', subject });
    expect(await bench.outbox.cancel(subject)).toBe(1);
    bench.online = true;
    bench.sayer.kick();
    await bench.work.idle();
    expect(texts(bench)).toEqual([]);
    expect(await state(bench, 'a')).toBe('cancelled');
  });
});

describe('a broadcast that is cancelled while it is being said', () => {
  it('says at most one more message in each room', async () => {
    const bench = buildMouth();
    const subject = { kind: 'notice', id: 'N1' };
    const rooms = ['一组', '二组', '三组'];
    bench.online = false;
    for (const part of [1, 2, 3]) {
      for (const room of rooms)
        await bench.outbox.say({ key: `${part} ${room}`, to: { room }, text: room, kind: 'notice', subject });
    }
    let cancelled: number | null = null;
    bench.whileSaying = async () => {
      if (bench.heard.length === 2 && cancelled === null) cancelled = await bench.outbox.cancel(subject);
    };
    bench.online = true;
    bench.sayer.kick();
    await bench.until('2026-03-18T12:00:00+08:00');
    // Two were said, one was being said.
    expect(cancelled).toBe(6);
    expect(texts(bench)).toHaveLength(3);
    for (const room of rooms) expect(texts(bench).filter((said) => said === room).length).toBeLessThanOrEqual(1);
    expect(await bench.outbox.rows.count({ state: 'cancelled' })).toBe(6);
  });
});

describe('faults of the channel', () => {
  it('are tried again with growing waits and given up after five times', async () => {
    const bench = buildMouth();
    bench.fate.push('retry', 'retry');
    await bench.outbox.say({ key: 'a', to: { room: '三组' }, text: 'a', kind: 'reply' });
    await bench.until('2026-03-18T09:30:14+08:00');
    expect(texts(bench)).toEqual([]);
    await bench.until('2026-03-18T09:30:15+08:00');
    expect(texts(bench)).toEqual(['a']);
    bench.fate.push('retry', 'retry', 'retry', 'retry', 'retry');
    await bench.outbox.say({ key: 'b', to: { room: '三组' }, text: 'b', kind: 'reply' });
    await bench.until('2026-03-18T10:30:00+08:00');
    expect(await bench.outbox.rows.get('b')).toMatchObject({ state: 'failed', attempts: 5 });
  });

  it('that never pass fail at once', async () => {
    const bench = buildMouth();
    bench.fate.push('give-up');
    await bench.outbox.say({ key: 'a', to: { person: 'M1' }, text: 'a', kind: 'reply' });
    await bench.work.idle();
    expect(await state(bench, 'a')).toBe('failed');
  });

  it('that block the account stop everything until a person has looked', async () => {
    const bench = buildMouth();
    bench.fate.push('blocked');
    await bench.outbox.say({ key: 'a', to: { room: '三组' }, text: 'a', kind: 'reply' });
    await bench.work.idle();
    await bench.outbox.say({ key: 'b', to: { room: '四组' }, text: 'b', kind: 'reply' });
    await bench.until('2026-03-18T12:00:00+08:00');
    expect([texts(bench), bench.blockedCalls, await bench.outbox.block.stands()]).toEqual([[], 1, true]);
    expect(await bench.outbox.block.lift('A1')).toBe(true);
    bench.sayer.kick();
    await bench.work.idle();
    expect(texts(bench).toSorted()).toEqual(['a', 'b']);
    expect(await bench.outbox.block.row()).toMatchObject({ state: 'lifted', liftedBy: 'A1' });
  });

  it('that block the account are remembered by the next process, which says nothing until somebody lifts it', async () => {
    const bench = buildMouth();
    bench.fate.push('blocked');
    await bench.outbox.say({ key: 'a', to: { room: '三组' }, text: 'a', kind: 'reply' });
    await bench.work.idle();
    const next = await bench.restart();
    await next.outbox.say({ key: 'b', to: { room: '四组' }, text: 'b', kind: 'reply' });
    await next.until('2026-03-18T12:00:00+08:00');
    expect(texts(next)).toEqual([]);
    // Lifted by a process that does not speak: it is noticed without being told.
    await createBlock(next).lift('A1');
    await next.until('2026-03-18T12:01:00+08:00');
    expect(texts(next).toSorted()).toEqual(['a', 'b']);
  });

  it('that block it again after it was lifted stop everything again', async () => {
    const bench = buildMouth();
    bench.fate.push('blocked', 'blocked');
    await bench.outbox.say({ key: 'a', to: { room: '三组' }, text: 'a', kind: 'reply' });
    await bench.work.idle();
    await bench.outbox.block.lift('A1');
    bench.sayer.kick();
    await bench.until('2026-03-18T12:00:00+08:00');
    expect([texts(bench), bench.blockedCalls, await bench.outbox.block.stands()]).toEqual([[], 2, true]);
    expect([await bench.outbox.block.lift('A1'), await bench.outbox.block.lift('A1')]).toEqual([true, false]);
  });

  it('that block the account silence this process even while the store can not keep it', async () => {
    const memory = openMemoryStore(messageCollections);
    let down = false;
    const bench = buildMouth({ store: outOfReach(memory, () => down) });
    bench.whileSaying = () => (down = true);
    bench.fate.push('blocked');
    await bench.outbox.say({ key: 'a', to: { room: '三组' }, text: 'a', kind: 'reply' });
    await bench.work.idle();
    down = false;
    await bench.outbox.say({ key: 'b', to: { room: '四组' }, text: 'b', kind: 'reply' });
    await bench.work.idle();
    expect([texts(bench), await bench.outbox.block.stands()]).toEqual([[], false]);
    await bench.sayer.reconcile();
    bench.sayer.kick();
    await bench.until('2026-03-18T12:00:00+08:00');
    expect([texts(bench), await bench.outbox.block.stands()]).toEqual([[], true]);
  });
});

describe('an answer of the channel that got lost', () => {
  it('leaves the row unknown until its echo is heard', async () => {
    const bench = buildMouth();
    bench.fate.push('unknown');
    await bench.outbox.say({ key: 'a', to: { room: '三组' }, text: 'a', kind: 'notice' });
    await bench.work.idle();
    expect(await bench.sayer.reconcile()).toBe(0);
    expect(await state(bench, 'a')).toBe('unknown');
    bench.echoes.set('a', 'wx-7');
    expect(await bench.sayer.reconcile()).toBe(1);
    expect(await bench.outbox.rows.get('a')).toMatchObject({ state: 'sent', sentId: 'wx-7' });
    expect(texts(bench)).toEqual([]);
  });
});

describe('a crash', () => {
  it('of the store alone is no end: what was said is marked once the store answers', async () => {
    const memory = openMemoryStore(messageCollections);
    let down = false;
    const bench = buildMouth({ store: outOfReach(memory, () => down) });
    bench.whileSaying = () => (down = true);
    await bench.outbox.say({ key: 'offer', to: { room: '三组' }, text: 'x', kind: 'reply' });
    await bench.work.idle();
    expect(bench.heard).toHaveLength(1);
    down = false;
    expect(await state(bench, 'offer')).toBe('sending');
    await bench.sayer.reconcile();
    bench.sayer.kick();
    await bench.work.idle();
    expect(await bench.outbox.rows.get('offer')).toMatchObject({ state: 'sent', sentId: 'said-1' });
    expect(bench.heard).toHaveLength(1);
  });

  it('of the store alone does not strand what could not be said', async () => {
    const memory = openMemoryStore(messageCollections);
    let down = false;
    const bench = buildMouth({ store: outOfReach(memory, () => down) });
    bench.whileSaying = () => (down = true);
    bench.fate.push('retry');
    await bench.outbox.say({ key: 'a', to: { room: '三组' }, text: 'x', kind: 'reply' });
    await bench.work.idle();
    down = false;
    bench.whileSaying = () => undefined;
    await bench.sayer.reconcile();
    bench.sayer.kick();
    await bench.until('2026-03-18T09:31:00+08:00');
    expect(await state(bench, 'a')).toBe('sent');
    expect(bench.heard).toHaveLength(1);
  });

  it('between saying and marking leaves the row unknown: neither said twice nor forgotten', async () => {
    const bench = buildMouth();
    bench.fate.push('die');
    await bench.outbox.say({ key: 'a', to: { room: '三组' }, text: 'a', kind: 'notice' });
    await bench.outbox.say({ key: 'b', to: { room: '四组' }, text: 'b', kind: 'notice' });
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    const next = await bench.restart();
    await next.work.idle();
    expect(texts(next)).toEqual(['b']);
    expect(await state(next, 'a')).toBe('unknown');
  });
});

describe('a process that stood still while another took the login over', () => {
  it('and wakes between claiming and saying takes nothing back from the other', async () => {
    const old = buildMouth();
    let wake = (): void => undefined;
    const asleep = new Promise<void>((resolve) => (wake = resolve));
    old.whileSaying = () => asleep;
    old.fate.push('retry');
    await old.outbox.say({ key: 'a', to: { room: '三组' }, text: 'a', kind: 'notice' });
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    const next = buildMouth({ store: old.store, clock: old.clock, owner: 'second' });
    expect(await next.sayer.recover()).toBe(1);
    // A person has it said again; the new owner is saying it when the old one wakes and finds that it may not.
    next.fate.push('die');
    await next.outbox.rows.update({ _id: 'a' }, { $set: { state: 'queued' } });
    next.sayer.kick();
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    wake();
    await old.work.idle();
    expect(await old.outbox.rows.get('a')).toMatchObject({ state: 'sending', claimedBy: 'second' });
  });
});

describe('a claim of a process that has lost the login without knowing it, and dies', () => {
  it('is noticed by the owner within two minutes, and left for a person', async () => {
    const bench = buildMouth();
    bench.online = false;
    await bench.outbox.say({ key: 'a', to: { room: '三组' }, text: 'a', kind: 'notice' });
    const claimedAt = bench.clock.now();
    await bench.outbox.rows.update({ _id: 'a' }, { $set: { state: 'sending', claimedBy: 'another', claimedAt } });
    bench.online = true;
    await bench.until('2026-03-18T09:30:50+08:00');
    await bench.sayer.reconcile();
    expect(await state(bench, 'a')).toBe('sending');
    await bench.until('2026-03-18T09:31:50+08:00');
    await bench.sayer.reconcile();
    expect(await state(bench, 'a')).toBe('unknown');
    expect(texts(bench)).toEqual([]);
  });
});

describe('the pace', () => {
  const limits = { sameChatMs: 1000, otherChatMs: 3000, jitterMs: 2000, perMinute: 4 };

  it('leaves a second within a chat and seconds between chats, answers first', async () => {
    const bench = buildMouth({ rates: createRates(limits, () => 0.5) });
    bench.online = false;
    for (const room of ['一组', '二组', '三组'])
      await bench.outbox.say({ key: room, to: { room }, text: room, kind: 'notice' });
    await bench.outbox.say({ key: 'r1', to: { room: '三组' }, text: 'r1', kind: 'reply' });
    await bench.outbox.say({ key: 'r2', to: { room: '三组' }, text: 'r2', kind: 'reply' });
    bench.online = true;
    bench.sayer.kick();
    await bench.until('2026-03-18T09:31:00+08:00');
    const seconds = bench.heard.map(({ text, claimedAt }) => [
      text,
      ((claimedAt?.getTime() ?? 0) - Date.parse('2026-03-18T09:30:00+08:00')) / 1000,
    ]);
    expect(seconds).toEqual([
      ['r1', 0],
      ['一组', 0],
      ['r2', 1],
      ['二组', 4],
      ['三组', 8],
    ]);
  });

  it('is never quite the same: a part of the wait between chats is chance', async () => {
    const chances = [0, 0.25, 0.999];
    const bench = buildMouth({ rates: createRates(limits, () => chances.shift() ?? 0) });
    for (const room of ['一组', '二组', '三组', '四组'])
      await bench.outbox.say({ key: room, to: { room }, text: room, kind: 'notice' });
    await bench.until('2026-03-18T09:31:00+08:00');
    const times = bench.heard.map(({ claimedAt }) => claimedAt?.getTime() ?? 0);
    expect(times.slice(1).map((time, n) => time - (times[n] ?? 0))).toEqual([3000, 3500, 4998]);
  });

  it('never says more than the minute allows', async () => {
    const bench = buildMouth({ rates: createRates({ ...limits, otherChatMs: 0, jitterMs: 0 }, () => 0) });
    for (let n = 0; n < 10; n++)
      await bench.outbox.say({ key: `k${n}`, to: { room: `r${n}` }, text: `${n}`, kind: 'notice' });
    await bench.until('2026-03-18T09:30:59+08:00');
    expect(bench.heard).toHaveLength(4);
    await bench.until('2026-03-18T09:32:30+08:00');
    expect(bench.heard).toHaveLength(10);
  });
});
