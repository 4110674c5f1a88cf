import { beforeEach, expect, it } from 'vitest';
import { buildNotice, buildNotices, type NoticeBench } from '../support/notices.ts';

let bench: NoticeBench;
beforeEach(async () => {
  bench = await buildNotices();
});

async function say(key: string, more: Parameters<typeof buildNotice>[0] = {}): Promise<void> {
  await bench.notices.send(await bench.actor('S1'), buildNotice({ key, ...more }));
  await bench.notices.approve(await bench.actor('S2'), key);
  await bench.settle();
}

let last = 0;
const ack = (member: string, room: string | null, more: { at?: string; from?: string; bound?: boolean } = {}) =>
  bench.notices.acknowledge({
    person: member,
    member: more.bound === false ? null : member,
    room,
    at: more.at === undefined ? bench.clock.now() : new Date(more.at),
    from: more.from ?? `x:${++last}`,
  });
const acks = async () => (await bench.notices.state()).acks;

it('counts for the newest notice that was said there, not for one that still waits', async () => {
  await say('N1');
  await bench.until('2026-03-18T10:00:00+08:00');
  await say('N2', { rooms: ['二组'] });
  await bench.notices.send(await bench.actor('S1'), buildNotice({ key: 'N3' }));
  await ack('M1', '一组');
  await ack('M5', '二组');
  expect(await acks()).toEqual({ N1: ['M1'], N2: ['M5'], N3: [] });
});

it('of two said at the same instant counts for the later one', async () => {
  await say('N10');
  await say('N9');
  await ack('M1', '一组');
  expect(await acks()).toMatchObject({ N10: [], N9: ['M1'] });
});

it('in a direct chat counts for what was said there', async () => {
  await say('N1', { direct: ['M1'] });
  await bench.until('2026-03-18T10:00:00+08:00');
  await say('N2', { rooms: ['一组'] });
  expect(await ack('M1', null)).toMatchObject({ notice: { _id: 'N1' }, outcome: 'new' });
  expect(await ack('M3', null)).toEqual({ notice: null, outcome: 'nothing' });
});

it('counts each member once and each household once', async () => {
  await say('N1');
  expect((await ack('M1', '一组')).outcome).toBe('new');
  expect((await ack('M1', '一组')).outcome).toBe('again');
  await ack('M2', '一组');
  await ack('M3', '一组');
  expect(await bench.notices.state()).toMatchObject({ acks: { N1: ['M1', 'M2', 'M3'] }, households: { N1: 2 } });
});

it('answers the same for a message that comes again', async () => {
  await say('N1');
  await ack('M1', '一组', { from: 'x:a' });
  expect((await ack('M1', '一组', { from: 'x:a' })).outcome).toBe('new');
});

it('that was written before a notice was said does not count for it', async () => {
  await say('N1');
  await bench.until('2026-03-18T10:00:00+08:00');
  await say('N2');
  await ack('M1', '一组', { at: '2026-03-18T09:59:00+08:00' });
  expect(await acks()).toMatchObject({ N1: ['M1'], N2: [] });
});

it('of somebody unbound counts for nothing', async () => {
  await say('N1');
  expect((await ack('wx:stranger', '一组', { bound: false })).outcome).toBe('unbound');
  expect(await acks()).toEqual({ N1: [] });
});

it('shows a cadre per household and room who has not answered', async () => {
  await say('N1', { rooms: ['一组'], direct: ['M5'] });
  await ack('M2', '一组');
  const found = await bench.notices.reach(await bench.actor('W2'), 'N1');
  expect(found).toMatchObject({
    people: 4,
    peopleAnswered: 1,
    households: 3,
    householdsAnswered: 1,
    rooms: [{ room: '一组', households: 2, answered: 1 }],
    directs: { said: 1, leftOut: 0 },
    notSaid: { rooms: [], directs: 0 },
  });
  expect(found.silent.map((one) => one.name)).toEqual(['丙', '戊']);
  expect(found.unreached.map((one) => one.name)).toEqual(['丁']);
});

it('shows nobody else', async () => {
  await say('N1');
  for (const by of ['M1', 'W1']) {
    await expect(bench.notices.reach(await bench.actor(by), 'N1')).rejects.toThrow('access.denied');
  }
});
