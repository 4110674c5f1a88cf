import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import type { FromBot, FromPhone } from './pipe-channel.ts';
import type { Told } from './process.ts';

/** What WeChat was handed, as it came. */
export interface Heard {
  /** The channel's room or contact. */
  readonly to: string;
  readonly text: string;
  /** Contacts who are meant, in a room. */
  readonly mentions: readonly string[];
  /** The name of the process that said it. */
  readonly by: string;
}

export interface Written {
  readonly id: string;
  readonly from: string;
  readonly room: string | null;
  readonly text: string;
}

/** A running `cunkou start`. */
export interface Life {
  readonly name: string;
  readonly pid: number;
  /** The address of its service, once it listens; rejects when it ended before. */
  readonly url: Promise<string>;
  /** Its log, line by line. */
  readonly lines: string[];
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  alive(): boolean;
  kill(signal: NodeJS.Signals): void;
}

/** WeChat as the tests see it: outlives the processes, knows what each was handed and what each handed over. */
export interface Phone {
  readonly heard: Heard[];
  start(name: string, env: Readonly<Record<string, string>>, told: Told): Life;
  /** Whether a bot is logged in. */
  online(): boolean;
  /** Hands the message to the bot that logged in last; false when there is none. */
  write(message: Written): boolean;
  onHeard(listener: (heard: Heard) => void): void;
  onOnline(listener: () => void): void;
  /** Decides about the next sayings. */
  refuse(test: (text: string) => 'retry' | 'give-up' | 'blocked' | null): void;
}

/** `delay`: until a saying is answered, in milliseconds; null: never. */
export function createPhone(delay: () => number | null): Phone {
  const heard: Heard[] = [];
  const listeners: ((one: Heard) => void)[] = [];
  const onlines: (() => void)[] = [];
  let loggedIn: { life: Life; send: (line: FromPhone) => void }[] = [];
  let refusal: (text: string) => 'retry' | 'give-up' | 'blocked' | null = () => null;
  let count = 0;

  function take(life: Life, send: (line: FromPhone) => void, line: FromBot): void {
    if ('on' in line) {
      loggedIn = loggedIn.filter((one) => one.life !== life);
      if (!line.on) return;
      loggedIn.push({ life, send });
      for (const tell of onlines) tell();
      return;
    }
    const kind = refusal(line.text);
    const id = `said-${++count}`;
    if (kind === null) {
      const one = { to: line.to, text: line.text, mentions: line.mentions, by: life.name };
      heard.push(one);
      for (const tell of listeners) tell(one);
    }
    const answer: FromPhone = kind === null ? { said: line.say, id } : { refused: line.say, kind };
    const ms = delay();
    if (ms !== null) setTimeout(() => send(answer), ms).unref();
  }

  function start(name: string, env: Readonly<Record<string, string>>, told: Told): Life {
    const child: ChildProcess = spawn(
      process.execPath,
      ['--import', 'tsx', join(import.meta.dirname, 'process.ts'), JSON.stringify(told)],
      {
        env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...quiet, ...env },
        stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      },
    );
    let living = true;
    const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
      child.on('close', (code, signal) => {
        living = false;
        loggedIn = loggedIn.filter((one) => one.life !== life);
        resolve({ code, signal });
      });
    });
    const lines: string[] = [];
    const url = new Promise<string>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        if (stream === null) continue;
        createInterface({ input: stream }).on('line', (line) => {
          lines.push(line);
          const [, found] = /"url":"(http[^"]+)".*"event":"http.listening"/.exec(line) ?? [];
          if (found !== undefined) resolve(found);
        });
      }
      void ended.then(() => reject(new Error(`${name} ended before it listened:\n${lines.slice(-20).join('\n')}`)));
    });
    url.catch(() => undefined);
    const life: Life = {
      ...{ name, url, lines, ended, pid: child.pid ?? 0 },
      alive: () => living,
      kill: (signal) => void child.kill(signal),
    };
    const pipe = child.stdio[3] as Duplex;
    pipe.on('error', () => undefined);
    const send = (line: FromPhone): void => {
      if (living) pipe.write(`${JSON.stringify(line)}\n`);
    };
    createInterface({ input: pipe })
      .on('line', (line) => take(life, send, JSON.parse(line) as FromBot))
      // A killed process resets it.
      .on('error', () => undefined);
    return life;
  }

  return {
    heard,
    start,
    online: () => loggedIn.length > 0,
    write({ id, from, room, text }) {
      const bot = loggedIn.at(-1);
      bot?.send({
        hear: {
          id,
          text,
          sender: { id: from, name: from },
          room: room === null ? null : { id: room, topic: room },
        },
      });
      return bot !== undefined;
    },
    onHeard: (listener) => listeners.push(listener),
    onOnline: (listener) => onlines.push(listener),
    refuse: (test) => (refusal = test),
  };
}

const quiet = { CUNKOU_HTTP_PORT: '0', CUNKOU_METRICS_PORT: 'off', LOG_LEVEL: 'info', CUNKOU_HTTP_HOST: '127.0.0.1' };
