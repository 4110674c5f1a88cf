import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PassingStore } from '../../cli/replay/engines.ts';
import { outbox } from '../../src/messages/messages.model.ts';
import { audit, auditEnd } from '../chaos/audit.ts';
import { found } from '../chaos/founding.ts';
import { createLedger, type Ledger } from '../chaos/ledger.ts';
import { createLoad, type Load } from '../chaos/load.ts';
import { createPhone, type Life, type Phone } from '../chaos/phone.ts';
import { createRandom, pause, until } from '../chaos/random.ts';
import { createClient, type Client } from '../support/http.ts';
import { testKeys } from '../support/members.ts';
import { openProxy, type Proxy } from '../support/proxy.ts';
import { startRedis, type RedisServer } from '../support/redis-server.ts';
import { password } from '../support/staff.ts';
import { mongoUri, openPassing } from './servers.ts';

/** A village on MongoDB and Redis whose processes are real ones. */
export interface House {
  readonly phone: Phone;
  readonly ledger: Ledger;
  readonly load: Load;
  readonly faults: string[];
  readonly store: PassingStore['store'];
  /** The way to MongoDB. */
  readonly mongo: Proxy;
  stopRedis(): Promise<void>;
  startRedis(): Promise<void>;
  start(name: string, roles?: string): Life;
  /** What /readyz says, by process. */
  ready(...lives: Life[]): Promise<number[]>;
  /** 村支书, signed in. */
  secretary(life: Life): Promise<Client>;
  /** Those whose answer comes no more stop waiting; those of whom nothing is written write again. */
  unanswered(): Promise<void>;
  /** Waits until nothing is left to be said; what then is not as it was promised. */
  settled(life: Life): Promise<string[]>;
  close(): Promise<void>;
}

const pace = { sameChatMs: 0, otherChatMs: 20, jitterMs: 20, perMinute: 60_000 };
/** As the usual ones, seven times as short. */
export const leaseTimes = { lastsMs: 3_000, marginMs: 800, renewMs: 500 };

export async function openHouse(database: string, seed: number, delay?: () => number | null): Promise<House> {
  const random = createRandom(seed);
  const folder = mkdtempSync(join(tmpdir(), 'cunkou-house-'));
  const passing = await openPassing(database);
  await found(passing.store);
  const url = new URL(mongoUri);
  const mongo = await openProxy(Number(url.port));
  url.port = String(mongo.port);
  // Users belong to the database in which they were made.
  url.searchParams.set('authSource', url.pathname.slice(1));
  url.pathname = `/${database}`;
  const kept = { folder: mkdtempSync(join(tmpdir(), 'cunkou-house-redis-')) };
  let redis: RedisServer = await startRedis(kept);
  const { port } = redis;
  const phone = createPhone(delay ?? (() => Math.floor(random() * 25)));
  const ledger = createLedger();
  const faults: string[] = [];
  const load = createLoad({ phone, ledger, random, faults });
  const lives: Life[] = [];
  const secretary = async (life: Life): Promise<Client> => {
    const client = createClient(await life.url);
    await client.signIn('m7', password);
    return client;
  };

  return {
    ...{ phone, ledger, faults, mongo, store: passing.store, secretary },
    load,
    stopRedis: () => redis.stop('SIGKILL'),
    async startRedis() {
      redis = await startRedis({ ...kept, port });
    },
    start(name, roles) {
      const life = phone.start(
        name,
        {
          CUNKOU_DATA: folder,
          CUNKOU_MESSAGES_PER_MINUTE: '1000',
          CUNKOU_KEYS: `${testKeys.current}:${testKeys.encryption.k1}`,
          CUNKOU_LOOKUP_KEY: testKeys.lookup,
          MONGODB_URI: url.href,
          REDIS_URL: redis.url,
          ...(roles === undefined ? {} : { CUNKOU_ROLES: roles }),
        },
        { pace, leaseTimes },
      );
      lives.push(life);
      return life;
    },
    ready: (...asked) =>
      Promise.all(
        asked.map(async (life) => {
          const answer = await fetch(`${await life.url}/readyz`);
          return answer.status;
        }),
      ),
    async unanswered() {
      const { settled, unwritten } = await audit(passing.store, ledger, phone.heard);
      for (const id of settled) load.settle(id);
      for (const id of unwritten) load.again(id);
    },
    async settled(life) {
      const client = await secretary(life);
      const left = async (state: string): Promise<number> =>
        (await client.get(`/api/v1/messages/outbox?limit=100&state=${state}`)).body.items.length;
      const known = async (): Promise<boolean> => (await passing.store.events.nextDue()) === null;
      const said = async (): Promise<boolean> => (await left('queued')) + (await left('sending')) === 0;
      // What is told to whoever waits for it may be the reason to say more.
      const still = async (): Promise<boolean> => (await known()) && (await said()) && (await known());
      await until('all is said and known', still, 150_000).catch(async (fault: unknown) => {
        const rows = await passing.store.collection(outbox).find({ state: { $in: ['queued', 'sending'] } });
        faults.push(String(fault), ...rows.map((row) => JSON.stringify({ ...row, text: '' })));
      });
      await pause(500);
      const seen = await audit(passing.store, ledger, phone.heard);
      return [...faults.splice(0), ...seen.faults, ...(await auditEnd(passing.store, ledger))];
    },
    async close() {
      for (const life of lives) life.kill('SIGKILL');
      await Promise.all(lives.map(({ ended }) => ended));
      await redis.stop();
      await mongo.close();
      await passing.drop();
      for (const one of [folder, kept.folder]) rmSync(one, { recursive: true, force: true });
    },
  };
}
