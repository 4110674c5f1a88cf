import { cpSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { buildFolder } from '../support/folder.ts';
import { runNode } from '../support/run.ts';

const root = resolve(import.meta.dirname, '../..');

describe('bin/cunkou.mjs', () => {
  const folders: { remove: () => void }[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) folder.remove();
  });

  const install = (cli: string, dependencies: boolean): string => {
    const folder = buildFolder({ 'cli/cunkou.ts': cli, 'package.json': '{ "type": "module" }' });
    folders.push(folder);
    cpSync(join(root, 'bin'), join(folder.path, 'bin'), { recursive: true });
    if (dependencies) symlinkSync(join(root, 'node_modules'), join(folder.path, 'node_modules'), 'junction');
    return folder.path;
  };

  it('runs the TypeScript of the command from any folder, through a link, with its arguments', async () => {
    const path = install('const args: string[] = process.argv.slice(2);\nconsole.log(args.join());', true);
    const link = join(path, 'cunkou');
    symlinkSync(join(path, 'bin/cunkou.mjs'), link);
    expect(await runNode([link, 'import', '--dry-run'], { cwd: '/' })).toEqual({
      code: 0,
      output: 'import,--dry-run\n',
    });
  });

  it('says what to do when the dependencies are not installed', async () => {
    const path = install('', false);
    const { code, output } = await runNode([join(path, 'bin/cunkou.mjs')], { cwd: '/' });
    expect(output).toContain('npm ci');
    expect(code).toBe(1);
  });
});
