import { collections } from '../../src/compose.ts';
import { createFakeClock } from '../../src/platform/clock.ts';
import { createEmbeddedStore } from '../../src/platform/store/embedded.ts';
import type { Store } from '../../src/platform/store/port.ts';
import { systemActor } from '../../src/shared/access.ts';
import { mortal } from '../support/mortal.ts';
import { password } from '../support/staff.ts';
import { openTestVillage } from '../support/village.ts';

const hourMs = 3_600_000;

/** HH:MM in the village, so many hours from now: what must not lie in the quiet hours may be tested at any hour. */
const hourFrom = (hours: number, minutes = 0): string =>
  new Date(Date.now() + (8 + hours) * hourMs + minutes * 60_000).toISOString().slice(11, 16);

/** Staff who sign in, by member: 网格员, 村主任, 村支书. Names of their accounts are the members' in small letters. */
export const signingIn = ['M5', 'M6', 'M7'] as const;

/** 除草: a place for everybody. 理发: three places for whoever is first. */
export const plenty = { id: 'A9', name: '桂花园除草' };
export const scarce = { id: 'A1', name: '敬老理发' };

/** The village of nine people in the machine's own time, with two activities ahead and accounts for staff. */
export async function found(store: Store): Promise<void> {
  const clock = createFakeClock(new Date());
  const { village } = await openTestVillage({ store: mortal(store, null).store, clock, owner: 'founder' });
  const calendar = {
    timezone: 'Asia/Shanghai',
    marketDays: { calendar: 'lunar', dayEndsIn: [2, 5, 8] },
    farmingPeaks: [],
    quietHours: [hourFrom(12), hourFrom(12, 1)],
  };
  const files = { 'calendar.json': Buffer.from(JSON.stringify(calendar)) };
  const { ok } = await village.registry.importVillage(files, { actor: systemActor });
  if (!ok) throw new Error('the calendar could not be imported');
  for (const [n, { id, name }] of [plenty, scarce].entries()) {
    const startsAt = new Date(Date.now() + (5 + n) * 24 * hourMs);
    await village.activities.create(systemActor, {
      ...{ id, name, startsAt, endsAt: new Date(startsAt.getTime() + 2 * hourMs), capacity: n === 0 ? 100 : 3 },
    });
  }
  for (const member of signingIn) {
    const { token } = await village.staff.invite(systemActor, member);
    await village.staff.accept({ token, name: member.toLowerCase(), password });
  }
  await village.close();
}

/** The same in a data folder. */
export async function foundIn(folder: string): Promise<void> {
  const store = await openIn(folder);
  await found(store);
  await store.close();
}

/** The store of a data folder that no process has. */
export const openIn = (folder: string): Promise<Store> =>
  createEmbeddedStore({ folder: `${folder}/store`, declarations: collections });
