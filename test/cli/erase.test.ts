import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { atRest } from '../../cli/at-rest.ts';
import { backupCommand } from '../../cli/backup.ts';
import { eraseCommand, parseEraseArgs } from '../../cli/erase.ts';
import { parseRestoreArgs, restoreCommand } from '../../cli/restore.ts';
import { startVillage } from '../../cli/start.ts';
import { readConfig, type Config } from '../../src/config.ts';
import { erasures } from '../../src/members/erasures.model.ts';
import { replayOf, type MembersService } from '../../src/members/index.ts';
import { openStore } from '../../src/ground.ts';
import { quietLog } from '../../src/platform/log.ts';
import { systemActor } from '../../src/shared/access.ts';
import { buildFolder } from '../support/folder.ts';
import { found } from '../support/traces.ts';

let folder: ReturnType<typeof buildFolder>;
let said: string[];
beforeEach(() => {
  folder = buildFolder({});
  said = [];
});
afterEach(() => folder.remove());

const place = (name: string): string => join(folder.path, name);
const configOf = (name: string): Config => readConfig({ CUNKOU_DATA: place(name) });
const print = (text: string): void => void said.push(text);
const erase = (name: string, ...args: string[]): Promise<number> => eraseCommand(args, configOf(name), print);
const backup = (name: string, ...args: string[]): Promise<number> => backupCommand(args, configOf(name), print);
const restore = (name: string, ...args: string[]): Promise<number> => restoreCommand(args, configOf(name), print);
const inVillage = <R>(name: string, work: (members: MembersService) => Promise<R>): Promise<R> =>
  atRest(configOf(name), ({ members }) => work(members));
const stateOf = (name: string): Promise<string | undefined> =>
  inVillage(name, async (members) => (await members.erasures.of('M1'))?.state);
const known = (name: string): Promise<boolean> =>
  inVillage(name, async (members) => (await members.get('M1')) !== null);
const listsIn = (name: string): string[] => readdirSync(place(name)).filter((file) => file.startsWith('erasures'));

/** Two people; what 王大明 said. */
async function settle(name: string): Promise<void> {
  await atRest(configOf(name), async ({ members, feedback }) => {
    const person = { sex: null, born: null, household: 'H1', relation: '户主', grid: '三组', nickname: null };
    const rows = { ...person, tags: [], grants: [] };
    await members.intake.take(
      [
        { ...rows, id: 'M1', name: '王大明', phone: members.intake.seal('M1', '19900000001') },
        { ...rows, id: 'M2', name: '李芳', phone: null },
      ],
      new Date(),
    );
    await members.bind(systemActor, 'wx-one', 'M1');
    const reading = { category: '水电通信', place: null, things: [], home: false, about: [] } as const;
    const filing = { from: 'in:1', person: 'M1', member: 'M1', room: null, grid: null, text: '秘密的灯不亮' };
    await feedback.file({ ...filing, reading });
  });
}
const traces = ['王大明', 'wx-one', '秘密的灯'];

describe('cunkou erase', () => {
  it('first says whom it means, then erases for good', async () => {
    await settle('a');
    expect(await erase('a', 'M1')).toBe(1);
    expect(said.join('\n')).toContain('M1 王大明(三组,H1户)');
    await expect(erase('a', 'M1', '--confirm', '李芳')).rejects.toMatchObject({ code: 'members.not-confirmed' });
    await expect(erase('a', 'M7')).rejects.toMatchObject({ code: 'members.not-found' });
    expect(await known('a')).toBe(true);
    expect(found(place('a'), traces)).toEqual(traces);
    expect(await erase('a', 'M1', '--confirm', '王大明')).toBe(0);
    expect(said.join('\n')).toContain('已经抹去');
    expect(found(place('a'), traces)).toEqual([]);
    expect(await erase('a', 'M1')).toBe(0);
    expect(await inVillage('a', async (members) => (await members.household('H1')).map(({ name }) => name))).toEqual([
      '李芳',
    ]);
  });

  it.each([[[]], [['M1', 'M2']], [['M1', '--confirm']], [['M1', '--force']]])(
    'shows how it is called: %j',
    async (args) => {
      expect(parseEraseArgs(args)).toBeNull();
      expect(await erase('a', ...args)).toBe(2);
    },
  );
});

describe('a restore of a backup that is older than an erasure', () => {
  it('into the same folder brings nobody back', async () => {
    await settle('a');
    await backup('a', place('one.backup'), '--with-keys');
    await erase('a', 'M1', '--confirm', '王大明');
    rmSync(place('a/store'), { recursive: true });
    expect(await restore('a', place('one.backup'))).toBe(0);
    expect(said.join('\n')).toContain('备份之后抹去过1人');
    expect(await stateOf('a')).toBe('done');
    expect(found(place('a'), traces)).toEqual([]);
  });

  it('into an empty folder finds the list beside the backups', async () => {
    await settle('a');
    mkdirSync(place('backups'));
    await backup('a', place('backups/one.backup'), '--with-keys');
    expect(listsIn('backups')).toEqual([]);
    await erase('a', 'M1', '--confirm', '王大明');
    await backup('a', place('backups/two.backup'));
    expect(listsIn('backups')).toHaveLength(1);
    expect(found(place('backups'), ['王大明'])).toEqual([]);
    await restore('b', place('backups/one.backup'));
    expect(await stateOf('b')).toBe('done');
    expect(found(place('b'), traces)).toEqual([]);
    said = [];
    // The younger one knows by itself.
    await restore('c', place('backups/two.backup'), '--without-keys');
    expect(said.join('\n')).not.toContain('抹去');
    expect(await stateOf('c')).toBe('done');
  });

  it('takes a list that is named, and refuses all when it is missing, damaged, newer or of another village', async () => {
    await settle('a');
    await backup('a', place('one.backup'), '--with-keys');
    await erase('a', 'M1', '--confirm', '王大明');
    const list = place('list.txt');
    cpSync(place('a/erasures.txt'), list);
    const good = readFileSync(list, 'utf8');
    await settle('b');
    await erase('b', 'M1', '--confirm', '王大明');
    const wrong: [string, string][] = [
      [place('nowhere.txt'), 'erasures.missing'],
      [place('b/erasures.txt'), 'erasures.other-village'],
      [place('short.txt'), 'erasures.damaged'],
      [place('line.txt'), 'erasures.damaged'],
      [place('new.txt'), 'erasures.newer'],
    ];
    cpSync(list, place('short.txt'));
    truncateSync(place('short.txt'), good.length - 3);
    const lines = good.split('\n');
    writeFileSync(place('line.txt'), [lines[0], ...lines.slice(2)].join('\n'));
    writeFileSync(place('new.txt'), good.replace('"version":1', '"version":2'));
    for (const [path, code] of wrong) {
      await expect(restore('c', place('one.backup'), '--erasures', path)).rejects.toMatchObject({ code });
      expect(readdirSync(place('c')).filter((name) => name !== 'store')).toEqual([]);
    }
    expect(await restore('c', place('one.backup'), '--erasures', list)).toBe(0);
    expect(await stateOf('c')).toBe('done');
    expect(parseRestoreArgs(['x', '--erasures'])).toBeNull();
  });

  it('of several villages in one folder keeps their people apart', async () => {
    mkdirSync(place('backups'));
    for (const name of ['a', 'b']) await settle(name);
    for (const name of ['a', 'b']) await backup(name, place(`backups/${name}.backup`), '--with-keys');
    await erase('a', 'M1', '--confirm', '王大明');
    await backup('a', place('backups/a2.backup'));
    await restore('c', place('backups/b.backup'));
    expect(await known('c')).toBe(true);
    await restore('d', place('backups/a.backup'));
    expect(await known('d')).toBe(false);
  });

  it('that was cut off before people were erased again does so at the start, and nothing listens before', async () => {
    await settle('a');
    const store = await openStore(configOf('a'), quietLog);
    await store.collection(erasures).insert(replayOf({ member: 'M1', at: new Date(), by: 'A1' }));
    await store.close();
    mkdirSync(place('a/erasures.txt'));
    const config = readConfig({ CUNKOU_DATA: place('a'), CUNKOU_HTTP_PORT: '0', CUNKOU_METRICS_PORT: 'off' });
    await expect(startVillage(config)).rejects.toThrow('EISDIR');
    rmSync(place('a/erasures.txt'), { recursive: true });
    const { village } = await startVillage(config);
    expect(await village.members.get('M1')).toBeNull();
    await village.close();
    expect(found(place('a'), traces)).toEqual([]);
  });
});
