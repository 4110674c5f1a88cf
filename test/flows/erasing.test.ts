import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collections } from '../../src/compose.ts';
import { createFakeClock, type FakeClock } from '../../src/platform/clock.ts';
import { createEmbeddedStore, openMemoryStore } from '../../src/platform/store/embedded.ts';
import type { Declaration, Store } from '../../src/platform/store/port.ts';
import { systemActor } from '../../src/shared/access.ts';
import { buildFolder } from '../support/folder.ts';
import { morning } from '../support/messages.ts';
import { mortal, type Death } from '../support/mortal.ts';
import { found, leaveTraces, marks, picture, secrets } from '../support/traces.ts';
import { openTestVillage, type TestVillage } from '../support/village.ts';

let folder: ReturnType<typeof buildFolder>;
beforeEach(() => {
  folder = buildFolder({});
});
afterEach(() => folder.remove());

const openStore = () => createEmbeddedStore({ folder: join(folder.path, 'store'), declarations: collections });
const asked = { member: 'M1', name: '王大明' };

async function sweep({ village, work }: TestVillage): Promise<void> {
  for (const { name, run } of village.sweeps) if (name === 'members.erasures') await run();
  await work.idle();
}

/** Erased, a minute later once more, and done. */
async function erase(it: TestVillage): Promise<void> {
  await it.village.members.erase(systemActor, 'M1', asked);
  await it.work.idle();
  await it.until(new Date(it.clock.now().getTime() + 61_000).toISOString());
  await sweep(it);
}

describe('a person who is erased', () => {
  it('leaves no name, number, contact or word in the data folder', { timeout: 60_000 }, async () => {
    const it = await openTestVillage({ store: await openStore() });
    await leaveTraces(it);
    const digest = (await it.village.members.get('M1'))?.phone?.digest ?? '';
    const traces = [...marks, ...secrets, digest];
    expect(found(folder.path, traces)).toEqual(traces);
    await erase(it);
    expect(it.faults).toEqual([]);
    expect(await it.village.members.erasures.of('M1')).toMatchObject({ state: 'done', contacts: [], by: 'system' });
    expect(found(folder.path, traces)).toEqual([]);
    await it.village.close();
    expect(found(folder.path, traces)).toEqual([]);
  });

  it('is given a copy of all that is kept before', async () => {
    const it = await openTestVillage();
    await leaveTraces(it);
    const { kept } = await it.village.members.copyOf(systemActor, 'M1');
    const text = JSON.stringify(kept);
    for (const trace of [...marks, ...secrets, '19900000001', '照片']) expect(text).toContain(trace);
    expect(Object.keys(kept)).toEqual(['members', 'activities', 'feedback', 'notices', 'grid', 'staff', 'messages']);
    // Whoever complains of a cadre is not betrayed to that cadre.
    await it.write('d1', 'M4', null, '反馈 网格员吴玉收了钱不办事');
    const cadre = JSON.stringify(await it.village.members.copyOf(systemActor, 'M5'));
    expect(cadre).not.toContain('收了钱');
    expect(cadre).not.toContain('唐正');
  });

  it('gives the seat ahead to the next, and what is past stays in the counts', async () => {
    const it = await openTestVillage();
    await leaveTraces(it);
    const before = it.channel.heard.length;
    await erase(it);
    const { activities, feedback, members, notices, staff } = it.village;
    expect(it.channel.heard.slice(before).map(({ text }) => text)).toEqual([expect.stringContaining('给您留着')]);
    expect(await activities.signup('A2:M3')).toMatchObject({ status: 'held' });
    expect(await activities.signup('A2:M1')).toMatchObject({ status: 'cancelled', name: '**' });
    expect(await activities.signup('A1:M1')).toMatchObject({ status: 'confirmed', name: '**', people: 2 });
    expect((await activities.attended('A1')).map(({ person, people }) => [person, people])).toEqual([['M1', 2]]);
    expect((await activities.get('A1'))?.seats).toMatchObject({ free: 3, claims: ['M1#2#2'] });
    expect((await notices.state()).households).toMatchObject({ N1: 1 });
    const report = await feedback.get('loop:t3');
    expect(report).toMatchObject({ number: 2, status: 'resolved', grid: '三组', outcome: '灯泡换了', person: '' });
    expect(report).toMatchObject({ text: '', additions: [], images: [], place: null, member: null, household: null });
    expect(await members.get('M1')).toBeNull();
    expect(await members.household('H1')).toHaveLength(1);
    expect(await staff.account('王大明')).toBeNull();
    expect((await it.village.notices.get('N2'))?.state).toBe('cancelled');
  });

  it('stays away when a copy of a 接龙 still has the name', async () => {
    const it = await openTestVillage();
    await leaveTraces(it);
    expect(await it.village.activities.signup('A3:M1')).toMatchObject({ status: 'confirmed' });
    await erase(it);
    expect(await it.village.activities.signup('A3:M1')).toMatchObject({ status: 'cancelled' });
    await it.write('k1', 'M4', '三组', '#接龙\n清沟渠\n1. 王大爷\n2. 吕哥\n3. 王大明 2人\n4. 唐哥');
    const rows = await it.village.activities.rows('A3');
    const live = rows.filter(({ status }) => status !== 'cancelled').map(({ person, people }) => [person, people]);
    expect(live).toEqual([
      ['M3', 1],
      ['M4', 1],
    ]);
  });

  it('takes along the pictures that nobody else shows', async () => {
    const it = await openTestVillage();
    await leaveTraces(it);
    const [id = ''] = (await it.village.feedback.get('loop:t3'))?.images ?? [];
    const loose = Uint8Array.from([...picture, 9]);
    await it.until('2026-03-18T18:00:00+08:00');
    const photo = { kind: 'image' as const, name: 'y.jpg', read: () => Promise.resolve(loose) };
    await it.write('l1', 'M1', null, '', { attachments: [photo] });
    const { id: other } = await it.village.uploads.save(loose);
    await erase(it);
    expect(await it.village.uploads.read(id)).toBeNull();
    // It belonged to no report.
    expect(await it.village.uploads.read(other)).toBeNull();
    const twice = await openTestVillage();
    await leaveTraces(twice);
    const same = { attachments: [{ kind: 'image' as const, name: 'x.jpg', read: () => Promise.resolve(picture) }] };
    await twice.write('o1', 'M4', null, '反馈 水管漏水');
    await twice.write('o2', 'M4', null, '', same);
    await erase(twice);
    expect(await twice.village.uploads.read(id)).not.toBeNull();
  });

  it('is a stranger afterwards, whom neither a code nor a file brings back', async () => {
    const it = await openTestVillage();
    await leaveTraces(it);
    await erase(it);
    const { members } = it.village;
    const said = await it.write('a1', 'M1', null, '我的报名');
    expect(said).toHaveLength(1);
    expect(await members.personOfContact('wx-M1')).toBe('wx:wx-M1');
    await expect(members.bind(systemActor, 'wx-M1', 'M1')).rejects.toMatchObject({ code: 'members.not-found' });
    const csv =
      '编号,姓名,性别,出生年月,户号,与户主关系,网格,角色,标签,微信昵称,手机号\nM1,王大明,男,1955-03,H1,户主,三组,,,,\n';
    const taken = await it.village.registry.importVillage({ 'members.csv': Buffer.from(csv) }, { actor: systemActor });
    expect(taken.counts).toMatchObject({ erased: 1, members: { added: 0 } });
    expect(await members.get('M1')).toBeNull();
  });
});

/** All documents, as text. */
async function dump(store: Store): Promise<string> {
  const rows: string[] = [];
  const every: readonly Pick<Declaration, 'name'>[] = collections;
  for (const one of every) {
    const all = store.collection(one as Declaration).stream({});
    for await (const row of all) rows.push(JSON.stringify(row));
  }
  return rows.join('\n');
}

/** M1 is being erased when the process dies; the next one takes up what is there. */
async function erasedThough(death: Death | null): Promise<{ writes: number; left: string[]; state?: string }> {
  const store = openMemoryStore(collections);
  const clock: FakeClock = createFakeClock(morning);
  const founder = await openTestVillage({ store: mortal(store, null).store, clock, owner: 'founder' });
  await leaveTraces(founder);
  await founder.village.close();
  const { store: dying, died, writes } = mortal(store, death);
  const first = await openTestVillage({ store: dying, clock, owner: 'first', fresh: false });
  const life = first.village.start().then(() => erase(first));
  await Promise.race([life, died]);
  const second = await openTestVillage({ store: mortal(store, null).store, clock, owner: 'second', fresh: false });
  await second.village.start();
  await second.work.idle();
  // Whoever asked for it and got no answer asks again.
  if ((await second.village.members.get('M1')) !== null) await erase(second);
  await sweep(second);
  const text = await dump(store);
  const state = (await second.village.members.erasures.of('M1'))?.state;
  await second.village.close();
  return {
    writes: writes(),
    left: [...marks, ...secrets].filter((each) => text.includes(each)),
    ...(state && { state }),
  };
}

describe('an erasure that a crash cuts off', () => {
  it('at any step is finished by the next process', { timeout: 180_000 }, async () => {
    const whole = await erasedThough(null);
    expect(whole).toMatchObject({ left: [], state: 'done' });
    expect(whole.writes).toBeGreaterThan(40);
    for (let write = 1; write <= whole.writes; write += 5) {
      for (const applied of [false, true]) {
        const { left, state } = await erasedThough({ write: write + (applied ? 1 : 0), applied });
        expect({ left, state }, `killed at write ${write}`).toEqual({ left: [], state: 'done' });
      }
    }
  });
});
