import { cpSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { buildFolder } from '../support/folder.ts';
import { runNode, type Outcome } from '../support/run.ts';

const root = resolve(import.meta.dirname, '../..');
const lock = (packages: Readonly<Record<string, object>>): string =>
  JSON.stringify({ packages: { '': {}, ...packages } });

describe('scripts/ready.mjs', () => {
  const folders: { remove: () => void }[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) folder.remove();
  });

  /** A clone with these locks and an npm that only writes down how it was called. */
  const ready = async (
    wanted: Readonly<Record<string, object>>,
    there: Readonly<Record<string, object>> | null,
    flags: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Outcome & { npm: string }> => {
    const folder = buildFolder({
      'package-lock.json': lock(wanted),
      'npm.js': "require('fs').writeFileSync('npm.log', process.argv.slice(2).join(' '));",
      'npm.log': '',
      ...(there && { 'node_modules/.package-lock.json': lock(there) }),
    });
    folders.push(folder);
    for (const name of ['ready.mjs', 'servers.mjs'])
      cpSync(join(root, 'scripts', name), join(folder.path, 'scripts', name));
    const outcome = await runNode([join(folder.path, 'scripts/ready.mjs'), ...flags], {
      cwd: '/',
      env: { npm_execpath: join(folder.path, 'npm.js'), ...env },
    });
    return { ...outcome, npm: readFileSync(join(folder.path, 'npm.log'), 'utf8') };
  };

  it('is silent when all is there', async () => {
    const all = { 'node_modules/koa': { version: '3.3.0' } };
    expect(await ready(all, all, ['--dev'])).toEqual({ code: 0, output: '', npm: '' });
  });

  it('installs in a clean clone, without install scripts', async () => {
    const { code, output, npm } = await ready({ 'node_modules/koa': { version: '3.3.0' } }, null);
    expect(code).toBe(0);
    expect(output).toContain('Installing dependencies');
    expect(npm).toMatch(/^ci --ignore-scripts/);
  });

  it('installs again when the lock has another version, or what is there is not in it', async () => {
    const koa = (version: string) => ({ 'node_modules/koa': { version } });
    expect((await ready(koa('3.3.0'), koa('3.2.0'))).npm).toMatch(/^ci/);
    expect((await ready({}, koa('3.2.0'))).npm).toMatch(/^ci/);
  });

  it('bears that packages for other platforms are not there', async () => {
    const foreign = { 'node_modules/@lmdb/lmdb-win32-x64': { version: '3.5.6', optional: true } };
    expect(await ready(foreign, {}, ['--dev'])).toMatchObject({ output: '', npm: '' });
  });

  it('needs development packages only for tests and checks', async () => {
    const vitest = { 'node_modules/vitest': { version: '4.1.12', dev: true } };
    expect(await ready(vitest, {})).toMatchObject({ output: '', npm: '' });
    expect((await ready(vitest, {}, ['--dev'])).npm).toContain('--include=dev');
  });

  it('fails with one line when the installation fails', async () => {
    const { code, output } = await ready({ 'node_modules/koa': { version: '3.3.0' } }, null, [], {
      npm_execpath: '/nowhere/npm.js',
    });
    expect(code).toBe(1);
    expect(output).toContain('The dependencies could not be installed');
  });

  it('says what to install when there is no redis-server and it cannot be had', async () => {
    const { code, output } = await ready({}, {}, ['--redis'], { PATH: '/nowhere' });
    expect(code).toBe(1);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(output).toContain('apt-get install redis-server');
  });

  it('says what to install when no MongoDB-compatible server can be had', async () => {
    const { code, output } = await ready({}, {}, ['--mongo'], { PATH: '/nowhere', XDG_CACHE_HOME: '/nowhere' });
    expect(code).toBe(1);
    expect(output).toContain('mongod on PATH');
  });
});
