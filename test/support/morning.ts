import { expect } from 'vitest';
import { outbox } from '../../src/messages/messages.model.ts';
import { systemActor } from '../../src/shared/access.ts';
import { createFakeClock } from '../../src/platform/clock.ts';
import type { Store } from '../../src/platform/store/port.ts';
import type { Heard } from './loop-channel.ts';
import { morning } from './messages.ts';
import { mortal, type Death } from './mortal.ts';
import { contactOf, foundVillage, openTestVillage, type TestVillage } from './village.ts';

export type Step = (it: TestVillage) => Promise<unknown>;

/** A morning: an activity with two places, a queue, a report, a notice with its 收到, an undo, an offer that lapses. */
const morningSteps: readonly Step[] = [
  async ({ village }) =>
    village.activities.create(
      await village.members.actor('M5'),
      {
        id: 'A1',
        name: '桂花园除草',
        kind: '花园劳动',
        garden: null,
        startsAt: new Date('2026-03-21T08:30:00+08:00'),
        endsAt: new Date('2026-03-21T11:00:00+08:00'),
        capacity: 2,
        meet: '桂花园',
        bring: [],
        callRooms: ['三组'],
        jielong: false,
      },
      'step:create',
    ),
  (it) => it.write('1', 'M1', '三组', '报名桂花园除草'),
  (it) => it.write('2', 'M3', '三组', '报名 桂花园除草'),
  (it) => it.write('3', 'M4', '三组', '报名 桂花园除草'),
  (it) => it.write('4', 'M2', null, '反馈 三组坎下那盏路灯不亮了'),
  (it) => it.write('5', 'M3', '三组', '反馈 三组坎下路灯黑起的'),
  (it) => it.write('6', 'M3', '三组', '是'),
  async ({ village }) =>
    village.notices.send(await village.members.actor('M6'), {
      key: 'N1',
      kind: 'normal',
      title: '清洗水池',
      text: '3月20日清洗水池,看到请回“收到”。',
      rooms: ['三组', '四组'],
      direct: ['M2'],
      from: 'step:send',
    }),
  async ({ village }) => village.notices.approve(await village.members.actor('M7'), 'N1'),
  (it) => it.write('7', 'M1', '三组', '收到'),
  (it) => it.write('8', 'M2', null, '收到'),
  (it) => it.write('9', 'M3', '三组', '取消报名'),
  (it) => it.until('2026-03-18T11:45:00+08:00'),
  (it) => it.write('10', 'M9', '四组', '报名 桂花园除草'),
  (it) => it.write('11', 'M9', '四组', '撤销'),
  (it) => it.until('2026-03-18T12:00:00+08:00'),
];

/** What counts in the end, in terms that don't depend on when things were done. */
async function outcome(store: Store, it: TestVillage): Promise<unknown> {
  const { signups, seats } = await it.village.activities.state();
  const notices = await it.village.notices.state();
  const reports: { _id: string; status: string }[] = [];
  for await (const { _id, status } of it.village.feedback.all()) reports.push({ _id, status });
  const said: string[] = [];
  for await (const row of store.collection(outbox).stream({})) {
    expect(['sent', 'dropped']).toContain(row.state);
    if (row.state !== 'dropped') said.push(row._id);
  }
  return {
    signups,
    seats,
    acks: notices.acks,
    rooms: notices.notices,
    reports: reports.toSorted(byId),
    said: said.toSorted(),
  };
}

const byId = (a: { _id: string }, b: { _id: string }): number => (a._id < b._id ? -1 : 1);

/** What a person does about what nobody knows: looks into the group, and leaves it or has it said again. */
async function decide({ village, channel, work }: TestVillage): Promise<void> {
  const { desk } = village.messages;
  for (const { _id, text, room, person } of await desk.outbox(systemActor, 'unknown', { limit: 10 })) {
    const there = room === null ? contactOf(person ?? '') : `r-${room}@chatroom`;
    const seen = channel.heard.some((one) => one.text === text && Object.values(one.to).includes(there));
    await desk.decide(systemActor, _id, seen ? 'leave' : 'again');
  }
  await work.idle();
}

/** What came of a morning. */
export interface Told {
  readonly end: unknown;
  readonly heard: readonly Heard[];
  readonly writes: number;
  readonly unknown: number;
}

/** The morning with at most one death; a step that was cut off is done again, as its sender would. */
export async function live(death: Death | null, empty?: Store, steps: readonly Step[] = morningSteps): Promise<Told> {
  const clock = createFakeClock(morning);
  const base = await foundVillage(clock, empty);
  const heard: Heard[] = [];
  const first = mortal(base, death);
  let it = await openTestVillage({ store: first.store, clock, heard, owner: 'one', fresh: false });
  const alive = async (task: Promise<unknown>): Promise<boolean> =>
    Promise.race([task.then(() => true), first.died.then(() => false)]);
  let unknown = 0;
  let dead = !(await alive(it.village.start()));
  const revive = async (): Promise<void> => {
    it = await openTestVillage({ store: base, clock, heard, owner: 'two', fresh: false });
    await it.village.start();
    await it.work.idle();
    unknown = await base.collection(outbox).count({ state: 'unknown' });
    await decide(it);
  };
  if (dead) await revive();
  for (const step of steps) {
    const run = async (): Promise<void> => {
      await step(it);
      await it.work.idle();
    };
    if (dead) await run();
    else if (!(await alive(run()))) {
      dead = true;
      await revive();
      await run();
    }
  }
  return { end: await outcome(base, it), heard, writes: first.writes(), unknown };
}

// A running number that was taken and not used is lost; what is said is otherwise the same.
const keyOf = ({ to, text }: Heard): string => JSON.stringify([to, text.replaceAll(/(FK|TZ)\d+/g, '$1')]);

/** A morning with a death came to the same: nothing lost, nothing said twice. */
export function expectSame(cut: Told, whole: Told, where: string): void {
  expect(cut.end, where).toEqual(whole.end);
  const said = cut.heard.map(keyOf);
  expect(said.length, `${where}: said twice`).toBe(new Set(said).size);
  expect(cut.unknown, where).toBeLessThanOrEqual(1);
  const missing = whole.heard.map(keyOf).filter((text) => !said.includes(text));
  expect(missing, `${where}: unsaid`).toEqual([]);
}
