import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { atRest } from '../../cli/at-rest.ts';
import { backupCommand } from '../../cli/backup.ts';
import { eraseCommand } from '../../cli/erase.ts';
import { restoreCommand } from '../../cli/restore.ts';
import { collections } from '../../src/compose.ts';
import { readConfig, type Config } from '../../src/config.ts';
import { openBackupSource } from '../../src/ground.ts';
import { systemActor } from '../../src/shared/access.ts';
import { buildFolder } from '../support/folder.ts';
import { databasesOf, mongoUri } from './servers.ts';

const name = databasesOf('erase');
const folder = buildFolder({});
afterAll(() => folder.remove());

const secrets = ['王大明', 'wx-one', '秘密的灯'];
const print = (): void => undefined;

/** A village on a database of its own. */
function configOf(data: string, database: string): Config {
  const uri = new URL(mongoUri);
  if (!uri.searchParams.has('authSource')) uri.searchParams.set('authSource', uri.pathname.slice(1));
  uri.pathname = `/${database}`;
  return readConfig({ CUNKOU_DATA: join(folder.path, data), MONGODB_URI: uri.toString() });
}

async function settle(config: Config): Promise<void> {
  await atRest(config, async ({ members, feedback }) => {
    const person = { sex: null, born: null, household: 'H1', relation: '户主', grid: '三组', nickname: null };
    const phone = members.intake.seal('M1', '19900000001');
    await members.intake.take([{ ...person, id: 'M1', name: '王大明', tags: [], grants: [], phone }], new Date());
    await members.bind(systemActor, 'wx-one', 'M1');
    const reading = { category: '水电通信', place: null, things: [], home: false, about: [] } as const;
    const filing = { from: 'in:1', person: 'M1', member: 'M1', room: null, grid: null, text: '秘密的灯不亮' };
    await feedback.file({ ...filing, reading });
  });
}

/** Which of the secrets stand in any document, and how far the erasure is. */
async function look(config: Config): Promise<{ left: string[]; state: unknown }> {
  const source = await openBackupSource(config);
  const rows: object[] = [];
  for (const one of collections) for await (const row of source.rows(one.name)) rows.push(row);
  await source.close();
  const text = JSON.stringify(rows);
  const state = await atRest(config, async ({ members }) => (await members.erasures.of('M1'))?.state);
  return { left: secrets.filter((secret) => text.includes(secret)), state };
}

it('an erasure on MongoDB is begun by the command, and finished a minute later or at once', async () => {
  const config = configOf('a', name());
  await settle(config);
  expect((await look(config)).left).toEqual(secrets);
  await eraseCommand(['M1', '--confirm', '王大明'], config, print);
  expect((await look(config)).state).toBe('running');
  await eraseCommand(['M1', '--now'], config, print);
  expect(await look(config)).toEqual({ left: [], state: 'done' });
});

it('a restore into MongoDB brings nobody back who was erased since', async () => {
  const config = configOf('b', name());
  await settle(config);
  mkdirSync(join(folder.path, 'backups'));
  const path = join(folder.path, 'backups', 'one.backup');
  await backupCommand([path, '--with-keys'], config, print);
  await eraseCommand(['M1', '--confirm', '王大明', '--now'], config, print);
  // The same village in another database; its data folder has kept the list.
  const again = { ...configOf('b', name()), keys: config.keys };
  expect(await restoreCommand([path], again, print)).toBe(0);
  expect(await look(again)).toEqual({ left: [], state: 'done' });
  // Another machine: the list lies beside the backups.
  await backupCommand([join(folder.path, 'backups', 'two.backup')], config, print);
  const elsewhere = configOf('c', name());
  expect(await restoreCommand([path], elsewhere, print)).toBe(0);
  expect(await look(elsewhere)).toEqual({ left: [], state: 'done' });
  // And from MongoDB back into a folder.
  rmSync(join(folder.path, 'b', 'erasures.txt'));
  const embedded = readConfig({ CUNKOU_DATA: join(folder.path, 'd') });
  expect(await restoreCommand([path], embedded, print)).toBe(0);
  expect(await look(embedded)).toEqual({ left: [], state: 'done' });
});
