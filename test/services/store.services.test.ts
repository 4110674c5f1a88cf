import { randomBytes } from 'node:crypto';
import { createConnection } from 'mongoose';
import { afterAll, describe, it } from 'vitest';
import { openMongoStore } from '../../src/platform/store/mongo.ts';
import { storeContract } from '../platform/store/contract.ts';
import { expectLikeModel } from '../platform/store/differential.ts';
import { codes, things } from '../platform/store/things.ts';

const uri = process.env.MONGODB_URI ?? '';
if (uri === '') throw new Error('MONGODB_URI is not set: npm run test:services');
const run = `cunkou_test_${randomBytes(4).toString('hex')}`;
const databases: string[] = [];
const fresh = (): string => {
  const name = `${run}_${databases.length}`;
  databases.push(name);
  return name;
};

afterAll(async () => {
  const connection = await createConnection(uri).asPromise();
  for (const name of databases) await connection.useDb(name).dropDatabase();
  await connection.close();
});

storeContract('MongoDB', (declarations) => openMongoStore({ uri, database: fresh(), declarations, strict: true }));

describe('MongoDB and a naive model agree', () => {
  it('on random documents, changes and queries', () =>
    expectLikeModel(() => openMongoStore({ uri, database: fresh(), declarations: [things, codes] }), {
      seed: 20260321,
      runs: 8,
      steps: 40,
    }));
});
