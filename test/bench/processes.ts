import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { collections } from '../../src/compose.ts';
import { inbox, outbox } from '../../src/messages/messages.model.ts';
import { createEmbeddedStore } from '../../src/platform/store/embedded.ts';
import { inFlight, median, rounds, type Figure } from './measure.ts';
import { sampleVillage } from './village.ts';

const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const usage = z.object({ user: z.number(), system: z.number(), peakMb: z.number() });
type Ended = z.infer<typeof usage> & { wall: number; output: string };

/** Starts `cunkou` in a process of its own. `ready` is asked again and again with what it printed; then it is ended. */
async function runCunkou(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  ready?: (output: string, pid: number) => Promise<boolean>,
): Promise<Ended> {
  const began = performance.now();
  const child = spawn(
    process.execPath,
    ['--import', pathOf('report-usage.mjs'), pathOf('../../bin/cunkou.mjs'), ...args],
    { stdio: ['ignore', 'pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } },
  );
  let output = '';
  let told = '';
  child.stdout?.on('data', (data) => (output += String(data)));
  child.stderr?.on('data', (data) => (output += String(data)));
  child.stdio[3]?.on('data', (data) => (told += String(data)));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let wall = 0;
  if (ready !== undefined) {
    while (child.exitCode === null && !(await ready(output, child.pid ?? 0))) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    wall = performance.now() - began;
    // It listens for signals last of all.
    await new Promise((resolve) => setTimeout(resolve, 500));
    child.kill('SIGTERM');
  }
  await ended;
  if (ready === undefined) wall = performance.now() - began;
  if (told === '') throw new Error(`cunkou ${args.join(' ')} failed:\n${output}`);
  return { ...usage.parse(JSON.parse(told)), wall, output };
}

const figure = (name: string, n: number, runs: readonly Ended[], extra: Record<string, number>): Figure => ({
  name,
  n,
  ours: {
    wall: median(runs.map(({ wall }) => wall)),
    cpu: median(runs.map(({ user, system }) => (user + system) * 1000)),
  },
  bare: null,
  extra,
});

/** A whole process for the sample week: what it uses of the CPU, most of it at the start. */
export async function replayFigures(): Promise<Figure[]> {
  const week = (name: string): string => pathOf(`../data/week/${name}`);
  const file = week('week-exact.jsonl');
  const runs: Ended[] = [];
  for (let round = 0; round <= rounds; round++) {
    const given = ['--given', week('week-exact.given.json')];
    const ended = await runCunkou(['replay', file, '--village', sampleVillage, ...given]);
    if (round > 0) runs.push(ended);
  }
  const lines = (await readFile(file, 'utf8')).trim().split('\n').length;
  return [figure('replay of the sample week', lines, runs, { 'user s': median(runs.map(({ user }) => user)) })];
}

const free = 46_271;

/** Half done messages and half sent rows, as a year leaves them. */
async function fill(folder: string, documents: number): Promise<void> {
  const store = await createEmbeddedStore({ folder: join(folder, 'store'), declarations: collections });
  const at = new Date('2026-03-18T09:30:00+08:00');
  const inboxRows = store.collection(inbox);
  const outboxRows = store.collection(outbox);
  await inFlight(documents, 1000, async (i) => {
    if (i % 2 === 0)
      await inboxRows.insert({ _id: `wechaty:${i}`, state: 'done', receivedAt: new Date(), attempts: 1 });
    else {
      await outboxRows.insert({
        _id: `reply:wechaty:${i}`,
        room: '三组',
        person: null,
        text: '已报:3月21日(周六,二月初三)8:30 敬老理发,2人。还剩3个名额。回“撤销”可取消。',
        mentions: [`M${i % 400}`],
        kind: 'reply',
        priority: 0,
        state: 'sent',
        notBefore: at,
        quiet: false,
        optional: false,
        inReplyTo: `wechaty:${i}`,
        subject: null,
        facts: {},
        createdAt: at,
        order: i,
        claimedBy: 'bench',
        claimedAt: at,
        sentAt: at,
        sentId: `sent-${i}`,
        attempts: 1,
        error: null,
      });
    }
  });
  await store.close();
}

async function healthy(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
  } catch {
    return false;
  }
}

/** Memory that the process holds; `private` leaves out the pages of the data file, which the system may take back. */
async function memoryOf(pid: number): Promise<{ rss: number; own: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const mb = (field: string): number => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
  return { rss: mb('VmRSS'), own: mb('RssAnon') };
}

/** `cunkou start` until /readyz says yes, on a folder with so many documents. */
export async function startFigures(documents: number): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cunkou-bench-'));
  try {
    if (documents > 0) await fill(folder, documents);
    const env = {
      CUNKOU_DATA: folder,
      CUNKOU_HTTP_PORT: String(free),
      CUNKOU_METRICS_PORT: 'off',
      LOG_LEVEL: 'error',
      WECHATY_PUPPET: 'none',
    };
    const runs: Ended[] = [];
    const memory: { rss: number; own: number }[] = [];
    for (let round = 0; round <= rounds; round++) {
      let seen = { rss: 0, own: 0 };
      const ended = await runCunkou(['start'], env, async (_, pid) => {
        const ready = await healthy(free);
        if (ready) seen = await memoryOf(pid);
        return ready;
      });
      if (round === 0) continue;
      runs.push(ended);
      memory.push(seen);
    }
    return [
      figure('start to ready', documents, runs, {
        'user s': median(runs.map(({ user }) => user)),
        'RSS MB': median(memory.map(({ rss }) => rss)),
        'of it not file MB': median(memory.map(({ own }) => own)),
        'peak MB': median(runs.map(({ peakMb }) => peakMb)),
      }),
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}
