import { createConnection } from 'mongoose';
import { afterAll } from 'vitest';
import { testDatabases } from '../../scripts/servers.mjs';
import type { PassingStore } from '../../cli/replay/engines.ts';
import { collections } from '../../src/compose.ts';
import { openMongoStore } from '../../src/platform/store/mongo.ts';

const given = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set: npm run test:services`);
  return value;
};

export const mongoUri = given('MONGODB_URI');
export const redisUrl = given('REDIS_URL');

/** Names of databases on which the suite's user has rights, each once; they are dropped after the file. */
export function databasesOf(
  part: 'store' | 'backup' | 'week' | 'weekbull' | 'flows' | 'force' | 'erase',
): () => string {
  const free = testDatabases.filter((name) => name.startsWith(`cunkou_${part}_`));
  const taken: string[] = [];
  afterAll(async () => {
    const connection = await createConnection(mongoUri).asPromise();
    for (const name of taken) await connection.useDb(name).dropDatabase();
    await connection.close();
  });
  return () => {
    const name = free.shift();
    if (name === undefined) throw new Error(`more databases are wanted for ${part}: scripts/servers.mjs`);
    taken.push(name);
    return name;
  };
}

/** An empty village's store on MongoDB. */
export async function openPassing(database: string): Promise<PassingStore> {
  const opened = await openMongoStore({ uri: mongoUri, database, declarations: collections, passing: true });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= opened.close());
  return { store: { ...opened, close }, drop: close };
}
