import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startRedis } from '../support/redis-server.ts';
import { runNode } from '../support/run.ts';

const root = resolve(import.meta.dirname, '../..');

describe('startRedis', () => {
  it('starts two servers apart and removes what it made', async () => {
    const servers = await Promise.all([startRedis(), startRedis()]);
    const [first, second] = servers;
    expect(first.url).not.toBe(second.url);
    expect(existsSync(first.folder)).toBe(true);
    await Promise.all(servers.map((server) => server.stop()));
    expect(servers.map(({ folder }) => existsSync(folder))).toEqual([false, false]);
    expect(await Promise.all(servers.map(({ port }) => answers(port)))).toEqual([false, false]);
  });

  it('ends with the process that started it', async () => {
    const { output } = await runNode([
      '--input-type=module',
      '--eval',
      `const { startRedis } = await import(${JSON.stringify(resolve(root, 'scripts/servers.mjs'))});
       const { port, folder } = await startRedis();
       console.log(JSON.stringify({ port, folder }));
       process.exit(0);`,
    ]);
    const { port, folder }: { port: number; folder: string } = JSON.parse(output);
    await expect.poll(() => answers(port)).toBe(false);
    expect(existsSync(folder)).toBe(false);
  });
});

describe('scripts/with-services.mjs', () => {
  it('says how it is used when no command is given', async () => {
    const { code, output } = await runNode([resolve(root, 'scripts/with-services.mjs')]);
    expect(output).toContain('usage:');
    expect(code).toBe(2);
  });

  it('says what is missing when there is no server', async () => {
    const { code, output } = await runNode([resolve(root, 'scripts/with-services.mjs'), 'true'], {
      env: { PATH: '/nowhere', XDG_CACHE_HOME: '/nowhere' },
    });
    expect(output).toContain('redis-server is not on PATH');
    expect(code).toBe(1);
  });
});

function answers(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      settle(true);
    });
    socket.once('error', () => settle(false));
  });
}
