import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Clock } from '../../src/platform/clock.ts';
import type { Order } from './puppet-gateway.ts';

export interface Said {
  readonly room: string | null;
  readonly contact: string | null;
  readonly text: string;
  readonly mentions: readonly string[];
}

/** A gateway in another process. */
export interface Gateway {
  readonly said: Said[];
  /** Requests to become a contact that the account accepted. */
  readonly accepted: string[];
  order(order: Order): void;
  signal(signal: NodeJS.Signals): void;
  kill(): Promise<void>;
}

export async function startGateway(port: number, token: string): Promise<Gateway> {
  const script = resolve(import.meta.dirname, 'puppet-gateway.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, String(port), token], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const said: Said[] = [];
  const accepted: string[] = [];
  let faults = '';
  child.stderr.on('data', (data: Buffer) => (faults = `${faults}${data.toString()}`.slice(-2000)));
  const ended = new Promise<void>((settle) => child.once('close', () => settle()));
  // Orders to one that was killed go nowhere.
  child.stdin.on('error', () => undefined);
  await new Promise<void>((ready, fail) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const told = JSON.parse(line) as { ready?: true; text?: string; accepted?: string } & Said;
      if (told.ready === true) ready();
      else if (told.accepted !== undefined) accepted.push(told.accepted);
      else if (told.text !== undefined) said.push(told);
    });
    void ended.then(() => fail(new Error(`the gateway ended: ${faults}`)));
  });
  return {
    said,
    accepted,
    order: (order) => void child.stdin.write(`${JSON.stringify(order)}\n`),
    signal: (signal) => void child.kill(signal),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

export function freePort(): Promise<number> {
  return new Promise((settle, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => settle(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** The machine's time, so many times as fast: an outage of minutes passes in seconds. */
export function createFastClock(rate: number): Clock {
  const start = Date.now();
  const now = (): number => start + (Date.now() - start) * rate;
  return {
    now: () => new Date(now()),
    elapsed: () => performance.now() * rate,
    at(when, run) {
      const timer = setTimeout(run, Math.max(0, (when.getTime() - now()) / rate));
      return () => clearTimeout(timer);
    },
  };
}
