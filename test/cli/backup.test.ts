import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backupCommand, parseBackupArgs } from '../../cli/backup.ts';
import { faultLine } from '../../cli/faults.ts';
import { parseRestoreArgs, restoreCommand } from '../../cli/restore.ts';
import { compose, type Services } from '../../src/compose.ts';
import { readConfig, type Config } from '../../src/config.ts';
import { openGround } from '../../src/ground.ts';
import { quietLog } from '../../src/platform/log.ts';
import type { Uploads } from '../../src/platform/uploads.ts';
import { buildFolder } from '../support/folder.ts';
import { runNode } from '../support/run.ts';

const root = resolve(import.meta.dirname, '../..');
const picture = Buffer.from('\x89PNG\r\n\x1a\nvillage', 'latin1');
let folder: ReturnType<typeof buildFolder>;
let said: string[];

beforeEach(() => {
  folder = buildFolder({});
  said = [];
});
afterEach(() => folder.remove());

const place = (name: string): string => join(folder.path, name);
const configOf = (name: string, more: Record<string, string> = {}): Config =>
  readConfig({ CUNKOU_DATA: place(name), ...more });
const print = (text: string): void => void said.push(text);
const backup = (config: Config, ...args: string[]): Promise<number> => backupCommand(args, config, print);
const restore = (config: Config, ...args: string[]): Promise<number> => restoreCommand(args, config, print);

async function inVillage<R>(config: Config, work: (all: Services & { uploads: Uploads }) => Promise<R>): Promise<R> {
  const { ground, uploads } = await openGround(config, quietLog);
  try {
    return await work({ ...compose(ground, () => Promise.resolve()), uploads });
  } finally {
    await ground.queue.close();
    await ground.store.close();
  }
}

/** A village with a picture, one saying that is due and one that is not. */
const settle = (config: Config): Promise<string> =>
  inVillage(config, async ({ messages, uploads }) => {
    const about = { to: { person: 'p1' }, kind: 'news', text: '好' } as const;
    await messages.say({ ...about, key: 'now', urgent: true });
    await messages.say({ ...about, key: 'later', urgent: true, notBefore: new Date('2100-01-01T04:00:00Z') });
    return (await uploads.save(picture)).id;
  });
const states = (config: Config): Promise<(string | undefined)[]> =>
  inVillage(config, async ({ messages }) =>
    Promise.all(['now', 'later'].map(async (key) => (await messages.outbox.rows.get(key))?.state)),
  );

describe('backup and restore', () => {
  it('bring a village back with its pictures; what was due is left to a person, what is not waits', async () => {
    const id = await settle(configOf('a'));
    expect(await backup(configOf('a'), place('one.backup'), '--with-keys')).toBe(0);
    expect(said[0]).toContain('1张图片');
    expect(await restore(configOf('b'), place('one.backup'))).toBe(0);
    expect(said.join('\n')).toContain('1条消息在备份时还没有说');
    expect(await states(configOf('b'))).toEqual(['unknown', 'queued']);
    const back = await inVillage(configOf('b'), ({ uploads }) => uploads.read(id));
    expect(Buffer.from(back?.bytes ?? []).equals(picture)).toBe(true);
    expect(readFileSync(place('b/keys.json'))).toEqual(readFileSync(place('a/keys.json')));
  });

  it('of a village that moves: everything waits as before', async () => {
    await settle(configOf('a'));
    await backup(configOf('a'), place('one.backup'), '--with-keys');
    expect(await restore(configOf('b'), place('one.backup'), '--moved')).toBe(0);
    expect(await states(configOf('b'))).toEqual(['queued', 'queued']);
  });

  it('need the keys of that time, or the word that they are lost', async () => {
    await settle(configOf('a'));
    await backup(configOf('a'), place('one.backup'));
    expect(said.join('\n')).toContain('keys.json');
    await expect(restore(configOf('b'), place('one.backup'))).rejects.toMatchObject({ code: 'backup.no-keys' });
    const key = Buffer.alloc(32, 7).toString('base64');
    const other = configOf('b', { CUNKOU_KEYS: `k1:${key}`, CUNKOU_LOOKUP_KEY: key });
    await expect(restore(other, place('one.backup'))).rejects.toMatchObject({ code: 'backup.other-keys' });
    expect(readdirSync(place('b'))).not.toContain('uploads');
    expect(await restore(configOf('b'), place('one.backup'), '--without-keys')).toBe(0);
  });

  it('never write over a village or a file', async () => {
    await settle(configOf('a'));
    await settle(configOf('b'));
    await backup(configOf('a'), place('one.backup'), '--with-keys');
    await expect(backup(configOf('b'), place('one.backup'))).rejects.toMatchObject({ code: 'backup.exists' });
    rmSync(place('b/keys.json'));
    await expect(restore(configOf('b'), place('one.backup'))).rejects.toMatchObject({ code: 'backup.not-empty' });
  });

  it('keep the newest files of a folder and no others', async () => {
    await settle(configOf('a'));
    const into = buildFolder({});
    for (const day of ['01', '02', '03']) writeFileSync(join(into.path, `cunkou-2026-01-${day}-023000.backup`), '');
    writeFileSync(join(into.path, 'mine.backup'), '');
    expect(await backup(configOf('a'), into.path, '--keep', '2')).toBe(0);
    const names = readdirSync(into.path).sort();
    expect(names).toHaveLength(3);
    expect(names[0]).toBe('cunkou-2026-01-03-023000.backup');
    expect(names[2]).toBe('mine.backup');
    into.remove();
  });

  it.each([[[]], [['--force', 'x']], [['x', 'y']], [['x', '--keep']], [['x', '--keep', '0']]])(
    'show how they are called: %j',
    async (args) => {
      expect(parseBackupArgs(args)).toBeNull();
      expect(parseRestoreArgs(args)).toBeNull();
      expect(await backup(configOf('a'), ...args)).toBe(2);
      expect(await restore(configOf('a'), ...args)).toBe(2);
      expect(said[0]).toContain('用法');
    },
  );
});

describe('cunkou', () => {
  const env = (name: string): Record<string, string | undefined> => ({
    CUNKOU_DATA: place(name),
    CUNKOU_HTTP_PORT: '0',
    CUNKOU_METRICS_PORT: 'off',
    MONGODB_URI: undefined,
    REDIS_URL: undefined,
  });
  const cunkou = (name: string, ...args: string[]) =>
    runNode([join(root, 'bin/cunkou.mjs'), ...args], { env: env(name), cwd: folder.path });

  it('backs up a village that runs, and starts what was restored', { timeout: 60_000 }, async () => {
    let taken: ReturnType<typeof cunkou> | undefined;
    const ran = await runNode([join(root, 'bin/cunkou.mjs'), 'start'], {
      env: env('a'),
      cwd: folder.path,
      onOutput(output, child) {
        if (taken !== undefined || !output.includes('/setup#')) return;
        taken = cunkou('a', 'backup', place('one.backup'), '--with-keys').finally(() => child.kill('SIGTERM'));
      },
    });
    expect(ran.code).toBe(0);
    expect(await taken).toMatchObject({ code: 0, output: expect.stringContaining('备份好了') as string });
    expect(await cunkou('b', 'restore', place('one.backup'))).toMatchObject({ code: 0 });
    const doctor = await cunkou('b', 'doctor');
    expect(doctor.output).toContain('数据库:内置:打得开');
    const again = await cunkou('b', 'restore', place('one.backup'));
    expect(again).toMatchObject({ code: 1, output: expect.stringContaining('已经有村子的数据') as string });
  });

  it('names what is wrong in a line', async () => {
    expect(await cunkou('a', 'restore', place('nowhere'))).toMatchObject({
      code: 1,
      output: expect.stringContaining('没有这个文件或文件夹') as string,
    });
    expect(faultLine(new Error('x'))).toBeNull();
  });
});
