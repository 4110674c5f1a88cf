import { expect, it } from 'vitest';
import { atLocal, officeHoursFrom } from '../../../src/shared/calendar/index.ts';

it.each([
  ['in the morning, before it opens', '2026-03-18 07:00', '2026-03-18 08:30'],
  ['when it opens', '2026-03-18 08:30', '2026-03-18 08:30'],
  ['while it is open', '2026-03-18 15:10', '2026-03-18 15:10'],
  ['when it closes', '2026-03-18 17:30', '2026-03-19 08:30'],
  ['on a Friday evening', '2026-03-20 20:00', '2026-03-23 08:30'],
  ['on a Saturday that is worked', '2026-02-14 09:00', '2026-02-14 09:00'],
  ['before a holiday', '2026-09-30 18:00', '2026-10-08 08:30'],
])('the office answers %s', (_, asked, answered) => {
  const [day = '', time = ''] = asked.split(' ');
  const [then = '', at = ''] = answered.split(' ');
  expect(officeHoursFrom(atLocal(day, time))).toEqual(atLocal(then, at));
});
