import { join } from 'node:path';
import { openLmdbSnapshot } from '../../src/platform/store/lmdb.ts';
import { verify } from '../../src/platform/store/verify.ts';
import { createClient, type Client } from '../support/http.ts';
import { password } from '../support/staff.ts';
import { audit, auditEnd } from './audit.ts';
import { foundIn, openIn } from './founding.ts';
import { createLedger } from './ledger.ts';
import { createLoad } from './load.ts';
import { createPhone, type Life, type Phone } from './phone.ts';
import { createRandom, pause, until } from './random.ts';

/** What came of a village that was killed again and again. */
export interface Lived {
  readonly faults: readonly string[];
  readonly messages: number;
  readonly requests: number;
  readonly said: number;
  readonly unknown: number;
  /** Kills that found something being handled or said. */
  readonly caught: number;
  /** The longest time that the store took to open after a kill, in milliseconds. */
  readonly slowestOpenMs: number;
  readonly documents: number;
  /** What the last process needed for SIGTERM, in milliseconds, and its exit code. */
  readonly stopping: { readonly ms: number; readonly code: number | null };
}

/** Five to ten times the usual pace, so that a kill finds much under way. */
const pace = { sameChatMs: 0, otherChatMs: 5, jitterMs: 10, perMinute: 60_000 };

export function createFlakyPhone(random: () => number): Phone {
  const phone = createPhone(() => Math.floor(random() * 25));
  phone.refuse(() => (random() < 0.02 ? 'retry' : null));
  return phone;
}

async function asSecretary(life: Life): Promise<Client> {
  const client = createClient(await life.url);
  await client.signIn('m7', password);
  return client;
}

const listed = async (client: Client, state: string): Promise<number> =>
  (await client.get(`/api/v1/messages/outbox?limit=100&state=${state}`)).body.items.length;

/** The real process on the embedded store: so many lives, each killed at a random instant, and one that may end. */
export async function live(folder: string, { runs, seed }: { runs: number; seed: number }): Promise<Lived> {
  const random = createRandom(seed);
  const phone = createFlakyPhone(random);
  const ledger = createLedger();
  const faults: string[] = [];
  const load = createLoad({ phone, ledger, random, faults });
  const env = { CUNKOU_DATA: folder, CUNKOU_MESSAGES_PER_MINUTE: '1000' };
  let caught = 0;
  let slowestOpenMs = 0;
  let documents = 0;
  await foundIn(folder);

  async function inspect(where: string, last: boolean): Promise<number> {
    const reader = openLmdbSnapshot(join(folder, 'store'));
    const seen = verify(reader);
    documents = seen.documents;
    await reader.close();
    const began = performance.now();
    const store = await openIn(folder);
    slowestOpenMs = Math.max(slowestOpenMs, performance.now() - began);
    const found = await audit(store, ledger, phone.heard);
    if (last) found.faults.push(...(await auditEnd(store, ledger)));
    await store.close();
    for (const id of found.settled) load.settle(id);
    for (const id of found.unwritten) load.again(id);
    if (found.settled.length + found.unwritten.length > 0) caught++;
    for (const fault of [...seen.faults, ...found.faults]) faults.push(`${where}: ${fault}`);
    return found.unknown;
  }

  /** In the middle of things, however slow the machine is. */
  async function midway(life: Life, sayings: number, ms: number): Promise<void> {
    await until('it listens', () => phone.online() || !life.alive());
    const enough = phone.heard.length + sayings;
    await until('much was said', () => phone.heard.length >= enough || !life.alive());
    await pause(ms);
  }

  for (let run = 1; run <= runs; run++) {
    const life = phone.start(`life ${run}`, env, { pace });
    const stop = { asked: false };
    const busy = load.run(life, stop);
    // One in ten is killed while it starts.
    if (random() < 0.1) await pause(300 + random() * 1500);
    else await midway(life, Math.floor(random() * 40), random() * 60);
    if (!life.alive()) throw new Error(`${life.name} ended by itself:\n${life.lines.slice(-20).join('\n')}`);
    life.kill('SIGKILL');
    await life.ended;
    await busy;
    await inspect(`seed ${seed}, killed in life ${run}`, false);
  }

  const last = phone.start('the last', env, { pace });
  const stop = { asked: false };
  const busy = load.run(last, stop);
  await until('it listens', () => phone.online() || !last.alive());
  await pause(300);
  stop.asked = true;
  await busy;
  const client = await asSecretary(last);
  // What WeChat refused several times waits for more than a minute.
  const left = async (): Promise<number> => (await listed(client, 'queued')) + (await listed(client, 'sending'));
  await until('all is said', async () => (await left()) === 0, 150_000).catch(() => faults.push('not all is said'));
  const onDesk = await listed(client, 'unknown');
  const began = performance.now();
  last.kill('SIGTERM');
  const { code } = await last.ended;
  const stopping = { ms: performance.now() - began, code };
  const unknown = await inspect(`seed ${seed}, at the end`, true);
  if (onDesk !== Math.min(unknown, 100)) faults.push(`${unknown} sayings nobody knows of, ${onDesk} on the desk`);
  return {
    ...{ faults, unknown, caught, slowestOpenMs, documents, stopping },
    messages: ledger.sent.size,
    requests: ledger.kept.length,
    said: phone.heard.length,
  };
}
