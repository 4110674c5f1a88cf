import { expect, it } from 'vitest';
import { createFakeClock } from '../../src/platform/clock.ts';
import type { Collection, Keyed, Store } from '../../src/platform/store/port.ts';
import { buildNotice, buildNotices, morning, type NoticeBench } from '../support/notices.ts';

/** A store whose process dies at the n-th write, before or after it is kept; dead, it answers nothing more. */
function mortal(store: Store, writes: number, when: 'before' | 'after'): { store: Store; dead: () => boolean } {
  let left = writes;
  const gone = (): Promise<never> => Promise.reject(new Error('died'));
  const write = async <R>(run: () => Promise<R>): Promise<R> => {
    left--;
    if (left < 0 || (left === 0 && when === 'before')) return gone();
    const result = await run();
    return left === 0 ? gone() : result;
  };
  const alive = <R>(run: () => Promise<R>): Promise<R> => (left > 0 ? run() : gone());
  const collection = <T extends Keyed>(of: Collection<T>): Collection<T> => ({
    name: of.name,
    insert: (doc, options) => write(() => of.insert(doc, options)),
    update: (where, change, options) => write(() => of.update(where, change, options)),
    upsert: (id, change) => write(() => of.upsert(id, change)),
    updateMany: (where, change) => write(() => of.updateMany(where, change)),
    remove: (where) => write(() => of.remove(where)),
    get: (id) => alive(() => of.get(id)),
    findOne: (where) => alive(() => of.findOne(where)),
    find: (where, options) => alive(() => of.find(where, options)),
    count: (where) => alive(() => of.count(where)),
    countBy: (where, field) => alive(() => of.countBy(where, field)),
    stream: (where) => of.stream(where),
  });
  const { events } = store;
  return {
    dead: () => left <= 0,
    store: {
      ...store,
      collection: (declaration) => collection(store.collection(declaration)),
      events: {
        ...events,
        due: (now, limit) => alive(() => events.due(now, limit)),
        nextDue: () => alive(() => events.nextDue()),
        done: (...args) => write(() => events.done(...args)),
        retry: (...args) => write(() => events.retry(...args)),
        parked: (limit) => alive(() => events.parked(limit)),
      },
    },
  };
}

const addresses = ['M1', 'M3', '一组', '二组'];
const said = (bench: NoticeBench) =>
  bench.heard.filter((row) => row.kind === 'notice').map((row) => row.room ?? row.person ?? '');

/** Sends, approves and says a notice in a process that dies at that write; then another goes on. */
async function live(writes: number, when: 'before' | 'after') {
  const clock = createFakeClock(new Date(morning));
  const ground = await buildNotices({ clock });
  await ground.stop();
  const mortality = mortal(ground.store, writes, when);
  const first = await buildNotices({ store: mortality.store, clock });
  const input = buildNotice({ direct: ['M1', 'M3'] });
  const [author, second] = [await ground.actor('S1'), await ground.actor('S2')];
  const steps = async (bench: NoticeBench): Promise<void> => {
    await bench.notices.send(author, input);
    await bench.notices.approve(second, 'N1');
  };
  await steps(first).catch(() => undefined);
  await first.settle();
  const { dead } = mortality;
  const died = dead();
  await first.stop();

  const next = await buildNotices({ store: ground.store, clock });
  await next.sayer.recover();
  await steps(next);
  next.sayer.kick();
  await next.settle();
  await next.sweep();
  await next.until('2026-03-18T10:30:00+08:00');
  return { died, first, next };
}

it.each(['before', 'after'] as const)('killed %s any write, loses nothing and says nothing twice', async (when) => {
  let writes = 1;
  for (; writes < 200; writes++) {
    const { died, first, next } = await live(writes, when);
    const heard = [...said(first), ...said(next)];
    const state = async (address: string) =>
      (await next.messages.row(`notice:N1:${address.startsWith('M') ? 'direct' : 'room'}/${address}`))?.state ?? 'lost';
    const states = await Promise.all(addresses.map(state));
    expect(
      states.every((one) => ['sent', 'unknown'].includes(one)),
      `${states.join()} after ${writes} writes`,
    ).toBe(true);
    const unknown = addresses.filter((_, at) => states[at] === 'unknown');
    const certain = addresses.filter((one) => !unknown.includes(one));
    expect(heard.filter((one) => !unknown.includes(one)).toSorted((a, b) => a.localeCompare(b))).toEqual(
      certain.toSorted((a, b) => a.localeCompare(b)),
    );
    expect(new Set(heard).size).toBe(heard.length);
    expect(unknown.length).toBeLessThanOrEqual(1);
    const { notices } = await next.notices.state();
    expect(Object.keys(notices)).toEqual(['N1']);
    expect(notices['N1'], `after ${writes} writes`).toMatchObject({ state: 'sent', approvedBy: 'S2' });
    expect([...(notices['N1']?.rooms ?? []), ...(notices['N1']?.directTo ?? [])]).toHaveLength(certain.length);
    await next.stop();
    if (!died) break;
  }
  expect(writes).toBeGreaterThan(20);
  expect(writes).toBeLessThan(200);
});
