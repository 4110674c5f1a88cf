import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmbeddedStore } from '../../src/platform/store/embedded.ts';
import { openLmdbSnapshot } from '../../src/platform/store/lmdb.ts';
import { verify } from '../../src/platform/store/verify.ts';
import { cleanFolders, freshFolder } from '../platform/store/folder.ts';
import { things, buildThing } from '../platform/store/things.ts';
import { audit, auditEnd } from './audit.ts';
import { foundIn, openIn } from './founding.ts';
import { createLedger } from './ledger.ts';
import { createLoad } from './load.ts';
import { createPhone } from './phone.ts';
import { createRandom, pause, until } from './random.ts';

cleanFolders();
const folder = freshFolder();
const mount = (...args: string[]): boolean => spawnSync('mount', args, { stdio: 'ignore' }).status === 0;
// A disk of 80 MB in memory; only root may make one.
const small = process.getuid?.() === 0 && mount('-t', 'tmpfs', '-o', 'size=80m', 'tmpfs', folder);
afterAll(() => {
  if (small) spawnSync('umount', ['--lazy', folder], { stdio: 'ignore' });
});

const ballast = join(folder, 'ballast');
/** Leaves not a byte; slowly enough to be seen coming, as disks fill up. */
async function fill(): Promise<void> {
  const file = openSync(ballast, 'a');
  for (const size of [2 ** 20, 4096, 1]) {
    try {
      for (;;) {
        writeSync(file, Buffer.alloc(size));
        if (size > 4096) await pause(2);
      }
    } catch {
      // full
    }
  }
  closeSync(file);
}
const empty = (): void => rmSync(ballast, { force: true });

describe.skipIf(!small)('a small disk (needs root and mount)', () => {
  const faults: string[] = [];
  const ledger = createLedger();
  const phone = createPhone(() => 5);
  const load = createLoad({ phone, ledger, faults, random: createRandom(7) });
  const env = { CUNKOU_DATA: folder, CUNKOU_MESSAGES_PER_MINUTE: '1000' };
  const pace = { sameChatMs: 0, otherChatMs: 20, jitterMs: 0, perMinute: 60_000 };
  beforeAll(() => foundIn(folder));

  /** Another process answers what waits; people write again what was never written. */
  async function finish(): Promise<void> {
    const store = await openIn(folder);
    const { settled, unwritten } = await audit(store, ledger, phone.heard);
    await store.close();
    for (const id of settled) load.settle(id);
    for (const id of unwritten) load.again(id);
    const life = phone.start('afterwards', env, { pace });
    await load.run(life, { asked: true });
    for (let said = -1; said !== phone.heard.length;) {
      said = phone.heard.length;
      await pause(1_000);
    }
    life.kill('SIGTERM');
    expect(await life.ended).toEqual({ code: 0, signal: null });
  }

  it('that is full stops neither the process nor what it knows; when there is room it goes on by itself', async () => {
    const life = phone.start('on a small disk', env, { pace });
    const stop = { asked: false };
    const busy = load.run(life, stop);
    await until('much was said', () => phone.heard.length > 20);
    await fill();
    await until('nothing can be written', () => life.lines.some((line) => line.includes('store.unwritable')), 60_000);
    await pause(2_000);
    expect(life.alive() ? [] : life.lines.slice(-25)).toEqual([]);
    const { status, body } = await fetch(`${await life.url}/healthz`);
    expect([status, body === null]).toEqual([200, false]);
    const refused = life.lines.filter((line) => /"route":"\/api.*"status":5/.test(line));
    expect(refused.filter((line) => !line.includes('"status":503'))).toEqual([]);

    empty();
    const before = phone.heard.length;
    await until('it goes on', () => phone.heard.length > before + 10, 60_000);
    life.kill('SIGTERM');
    expect(await life.ended).toEqual({ code: 0, signal: null });
    await busy;
    await finish();
    const reader = openLmdbSnapshot(join(folder, 'store'));
    expect(verify(reader).faults).toEqual([]);
    await reader.close();
    const store = await openIn(folder);
    const seen = await audit(store, ledger, phone.heard);
    const end = await auditEnd(store, ledger);
    await store.close();
    expect([...faults, ...seen.faults, ...end]).toEqual([]);
  }, 120_000);

  it('that is full at the start is named, and nothing is harmed', async () => {
    await fill();
    const life = phone.start('without room', env, { pace });
    expect((await life.ended).code).not.toBe(0);
    expect(life.lines.join('\n')).toContain('store.unwritable');
    empty();
    const store = await openIn(folder);
    await store.close();
  }, 60_000);

  it('that may not be written is named, and nothing is harmed', async () => {
    expect(mount('-o', 'remount,ro', folder)).toBe(true);
    try {
      await expect(openIn(folder)).rejects.toMatchObject({ code: 'store.unwritable', status: 503 });
    } finally {
      mount('-o', 'remount,rw', folder);
    }
    await (await openIn(folder)).close();
  });

  it('refuses a write as a whole, and takes it when there is room', async () => {
    const inside = join(folder, 'other');
    const store = await createEmbeddedStore({ folder: inside, declarations: [things] });
    const rows = store.collection(things);
    const many = (from: number) =>
      Array.from({ length: 50 }, (_, n) =>
        rows.insert(buildThing({ _id: `t${from + n}`, n: from + n, log: [{ what: 'x'.repeat(2000), n }] })),
      );
    await Promise.all(many(0));
    await fill();
    const outcomes = await Promise.allSettled(many(1000));
    expect(outcomes.map(({ status }) => status)).toEqual(outcomes.map(() => 'rejected'));
    expect(await rows.get('t1000')).toBeNull();
    expect(await rows.count({})).toBe(50);
    empty();
    await Promise.all(many(1000));
    expect(await rows.count({})).toBe(100);
    await store.close();
    const reader = openLmdbSnapshot(inside);
    expect(verify(reader)).toMatchObject({ documents: 100, faults: [] });
    await reader.close();
  }, 60_000);
});
