import { connect } from 'node:net';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runNode } from '../support/run.ts';

const script = resolve(import.meta.dirname, '../../scripts/with-services.mjs');
const waitForever =
  'console.log(`${process.env.REDIS_URL} ${process.env.MONGODB_URI}\\nready`); setInterval(() => {}, 1000)';

describe('scripts/with-services.mjs', () => {
  it('hands on the exit code of its command', async () => {
    const { code, output } = await runNode([script, process.execPath, '--eval', 'process.exit(7)']);
    expect(output).toMatch(/^Services: redis-server at \S+ \(password\), .+ at \S+ \(SCRAM, .+\)$/m);
    expect(output).not.toContain('Not as in production');
    expect(code).toBe(7);
  });

  it('ends its command and its own servers when it is told to end', async () => {
    let told = false;
    const { code, output } = await runNode([script, process.execPath, '--eval', waitForever], {
      onOutput(said, child) {
        if (told || !/^ready$/m.test(said)) return;
        told = true;
        child.kill('SIGTERM');
      },
    });
    expect(code).toBe(143);
    const ports = [...output.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port));
    expect(ports).toHaveLength(4);
    expect(await Promise.all(ports.map(answers))).toEqual([false, false, false, false]);
  });

  it('says so when its command does not exist', async () => {
    const { code, output } = await runNode([script, 'no-such-command']);
    expect(output).toContain('no-such-command');
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
