import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Migration } from '../../src/platform/store/migrations/migration.ts';
import { openMongoStore } from '../../src/platform/store/mongo.ts';
import { declare } from '../../src/platform/store/port.ts';
import { storeContract } from '../platform/store/contract.ts';
import { expectLikeModel } from '../platform/store/differential.ts';
import { buildThing, codes, things } from '../platform/store/things.ts';
import { databasesOf, mongoUri as uri } from './servers.ts';

const fresh = databasesOf('store');

storeContract('MongoDB', (declarations) => openMongoStore({ uri, database: fresh(), declarations, strict: true }));

describe('MongoDB and a naive model agree', () => {
  it('on random documents, changes and queries', () =>
    expectLikeModel(() => openMongoStore({ uri, database: fresh(), declarations: [things, codes] }), {
      seed: 20260321,
      runs: 8,
      steps: 40,
    }));
});

describe('a database', () => {
  const steps: Migration[] = [
    { version: 1, what: 'kinds are called b', run: (store) => store.each('things', (doc) => ({ ...doc, kind: 'b' })) },
    {
      version: 2,
      what: 'the second goes',
      run: (store) => store.each('things', (doc) => (doc._id === '2' ? null : doc)),
    },
  ];

  it('migrates once, keeps the events that wait, and is refused by an older program', async () => {
    const options = { uri, database: fresh(), declarations: [things, codes] };
    const first = await openMongoStore({ ...options, migrations: [] });
    for (const _id of ['1', '2', '3']) {
      await first.collection(things).insert(buildThing({ _id }), { emit: [{ id: _id, type: 'thing.kept', data: {} }] });
    }
    await first.close();
    const second = await openMongoStore({ ...options, migrations: steps });
    expect(await second.collection(things).find({ kind: 'b' })).toMatchObject([{ _id: '1' }, { _id: '3' }]);
    expect(await second.events.due(new Date(), 9)).toHaveLength(2);
    await second.close();
    await expect(openMongoStore({ ...options, migrations: steps.slice(0, 1) })).rejects.toMatchObject({
      code: 'store.newer',
      facts: { found: 2, known: 1 },
    });
  });

  it('follows the declared indexes', async () => {
    const database = fresh();
    const schema = z.object({ _id: z.string(), room: z.string() });
    const strictly = declare('rooms', schema, { room: { fields: ['room'], unique: true } });
    const loosely = declare('rooms', schema, { room: { fields: ['room'] } });
    const first = await openMongoStore({ uri, database, declarations: [strictly] });
    await first.collection(strictly).insert({ _id: 'a', room: 'x' });
    await expect(first.collection(strictly).insert({ _id: 'b', room: 'x' })).rejects.toMatchObject({
      facts: { index: 'room' },
    });
    await first.close();
    const second = await openMongoStore({ uri, database, declarations: [loosely] });
    await second.collection(loosely).insert({ _id: 'b', room: 'x' });
    expect(await second.collection(loosely).count({ room: 'x' })).toBe(2);
    await second.close();
  });

  it('refuses in tests, and tells otherwise, what no index answers over more than 1,000 documents', async () => {
    const database = fresh();
    const scans: unknown[] = [];
    const lenient = await openMongoStore({ uri, database, declarations: [things], onScan: (scan) => scans.push(scan) });
    const rows = lenient.collection(things);
    await Promise.all(Array.from({ length: 1001 }, (_, n) => rows.insert(buildThing({ _id: `t${n}`, n }))));
    expect(await rows.find({ flag: true })).toEqual([]);
    expect(scans).toEqual([{ collection: 'things', documents: 1001 }]);
    await lenient.close();
    const strict = await openMongoStore({ uri, database, declarations: [things], strict: true });
    await expect(strict.collection(things).find({ flag: true })).rejects.toMatchObject({ code: 'store.scan' });
    await strict.close();
  });

  it('that does not answer is named so', async () => {
    const nowhere = 'mongodb://127.0.0.1:1/?directConnection=true&serverSelectionTimeoutMS=300';
    await expect(openMongoStore({ uri: nowhere, declarations: [things] })).rejects.toMatchObject({
      code: 'store.unreachable',
      status: 503,
    });
  });
});

describe('the suite', () => {
  it('runs as a user who may touch nothing but its own databases', async () => {
    const refusal = (at: string, database: string): Promise<unknown> =>
      openMongoStore({ uri: at, database, declarations: [things] }).then(
        () => 'opened',
        (fault: unknown) => JSON.stringify(fault, Object.getOwnPropertyNames(fault)),
      );
    expect(await refusal(uri, 'somebody_else')).toMatch(/not authorized/i);
    expect(await refusal(uri.replace(/:[0-9a-f]+@/, ':wrong@'), fresh())).toMatch(/authentication failed/i);
  });
});
