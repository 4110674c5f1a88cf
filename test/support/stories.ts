import type { Draft } from '../../src/activities/index.ts';
import type { TestVillage } from './village.ts';

/** An activity of 三组 (by its grid worker M5) on Saturday the 21st at 8:30, with two places unless told otherwise. */
export async function openActivity(it: TestVillage, part: Partial<Draft> & { id: string }): Promise<void> {
  const actor = await it.village.members.actor('M5');
  await it.village.activities.create(
    actor,
    {
      name: '桂花园除草',
      kind: '花园劳动',
      garden: null,
      startsAt: new Date('2026-03-21T08:30:00+08:00'),
      endsAt: new Date('2026-03-21T11:00:00+08:00'),
      capacity: 2,
      meet: '桂花园',
      bring: [],
      callRooms: [],
      jielong: false,
      ...part,
    },
    `test:${part.id}`,
  );
  await it.work.idle();
}

/** Who goes: `M1 1 confirmed`, `王二 2 waitlisted` … of one activity, in the order of the state. */
export async function goers(it: TestVillage, activity: string): Promise<string[]> {
  const { signups } = await it.village.activities.state();
  return (signups[activity] ?? [])
    .filter(({ status }) => status !== 'cancelled')
    .map(({ member, people, status }) => `${member ?? 'guest'} ${people} ${status}`);
}

/** A notice to 三组 and 四组, written by M6 and approved by M7. */
export async function sendNotice(it: TestVillage, key: string, urgent = false, title = '停水'): Promise<void> {
  const { members, notices } = it.village;
  await notices.send(await members.actor('M6'), {
    key,
    kind: urgent ? 'urgent' : 'normal',
    title,
    text: '明天8:00到12:00停水。',
    rooms: ['三组', '四组'],
    direct: [],
    from: `test:${key}`,
  });
  if (!urgent) await notices.approve(await members.actor('M7'), key);
  await it.work.idle();
}

/** Everything that a command could change, to see that it did not. */
export async function everything({ village }: TestVillage): Promise<unknown> {
  const reports = [];
  for await (const { _id, status, handler, due, rating, mergedInto, images, text } of village.feedback.all())
    reports.push({ _id, status, handler, due, rating, mergedInto, images, text });
  const { signups, attendance } = await village.activities.state();
  const activities = [];
  for (const id of Object.keys(signups)) activities.push(await village.activities.get(id));
  const upcoming = (await village.activities.upcoming()).map(({ _id }) => _id);
  const notices = await village.notices.state();
  return structuredClone({ reports, signups, attendance, activities, upcoming, notices });
}
