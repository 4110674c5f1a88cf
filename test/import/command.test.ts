import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, it } from 'vitest';
import { importCommand, parseImportArgs } from '../../cli/import.ts';
import { members } from '../../src/members/members.model.ts';
import { buildRegistry, type RegistryRig } from '../support/members.ts';

const sample = fileURLToPath(new URL('../data/village/', import.meta.url));
let rig: RegistryRig;
let said: string[];
const run = (...args: string[]): Promise<number> => importCommand(args, rig, (line) => void said.push(line));

beforeEach(() => {
  rig = buildRegistry();
  said = [];
});

it('takes in a folder and says what it did', async () => {
  expect(await run('--village', sample)).toBe(0);
  expect(said.join('\n')).toContain('村民:新增313,更新0,没变0(共120户)');
  expect(await rig.store.collection(members).count({})).toBe(313);
});

it('only looks with --dry-run', async () => {
  expect(await run('--dry-run', `--village=${sample}`)).toBe(0);
  expect(said[0]).toContain('试运行');
  expect(await rig.store.collection(members).count({})).toBe(0);
});

it('says every fault with its place, and that nothing was done', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cunkou-import-'));
  try {
    await writeFile(join(folder, 'grids.csv'), '网格,上级,微信群,户数\n一组,清溪村,,多\n,清溪村,,\n');
    expect(await run('--village', folder)).toBe(1);
    expect(said.join('\n').split('\n')).toEqual([
      '有2处不对,什么都没有导入:',
      'grids.csv 第2行「户数」:要写数字',
      'grids.csv 第3行「网格」:不能空着',
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('says when the folder is not there', async () => {
  expect(await run('--village', join(sample, 'nowhere'))).toBe(2);
  expect(said[0]).toContain('读不了文件夹');
});

it.each([
  [[]],
  [['--village']],
  [['--village', '--dry-run']],
  [['--village', 'a', 'b']],
  [['--dryrun', '--village', 'a']],
])('shows how it is called: %j', async (args) => {
  expect(await run(...args)).toBe(2);
  expect(said[0]).toContain('用法');
  expect(parseImportArgs(args)).toBeNull();
});
