import { expect, test } from 'vitest';
import { inbox } from '../../src/messages/messages.model.ts';
import { openActivity } from '../support/stories.ts';
import { contactOf, openTestVillage } from '../support/village.ts';

test('a sign-up by number that a crash cut off is for what the number meant then', async () => {
  const it = await openTestVillage();
  await openActivity(it, { id: 'A1', name: '桂花园除草', startsAt: new Date('2026-03-21T08:30:00+08:00') });
  await it.write('1', 'M1', '三组', '报名1');
  // An earlier activity comes in: 1 would be another one now. The message is handled once more, as after a crash.
  await openActivity(it, { id: 'A2', name: '清洗水池', startsAt: new Date('2026-03-20T08:30:00+08:00') });
  const task = {
    room: '三组',
    contact: contactOf('M1'),
    called: '王大爷',
    person: 'M1',
    mention: false,
    text: '报名1',
    images: [],
    action: { verb: 'activity.signup', slots: { ordinal: 1 } },
    answers: false,
  };
  await it.village.ground.store.collection(inbox).update({ _id: 'loop:1' }, { $set: { state: 'received', task } });
  await it.village.pipeline.resume();
  await it.work.idle();
  const { signups } = await it.village.activities.state();
  expect(signups['A1']?.map(({ member }) => member)).toEqual(['M1']);
  expect(signups['A2'] ?? []).toEqual([]);
});
