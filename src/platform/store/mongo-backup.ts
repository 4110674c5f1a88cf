import type { ClientSession, Connection } from 'mongoose';
import { AppError } from '../../shared/errors.ts';
import type { BackupSource, RestoreTarget } from './backup.ts';
import { connectMongo, migrateMongo, meta, readNotes, settleModels, type MongoOptions } from './mongo.ts';
import { distinct } from './mongo-events.ts';
import { translate } from './mongo-faults.ts';
import { never, type StoredDoc } from './mongo-models.ts';
import { stripped } from './mongo-collection.ts';
import { dueOf, parkedIn, type Row } from './rows.ts';

type Options = Pick<MongoOptions, 'uri' | 'database' | 'declarations' | 'migrations'>;

/** Reads at one instant where the server can; null where it can't (a server that is no replica set). */
async function snapshotOf(connection: Connection): Promise<ClientSession | null> {
  const session = connection.getClient().startSession({ snapshot: true });
  try {
    await connection.collection(meta).findOne({}, { session });
    // A server that passes over what was asked tells no time.
    if ('snapshotTime' in session && session.snapshotTime !== undefined) return session;
  } catch (fault) {
    // NotARealReplicaSet and the like have a code; a lost connection has none.
    if (typeof (fault as { code?: unknown }).code !== 'number') throw fault;
  }
  await session.endSession();
  return null;
}

/** What the database holds now. Errors: `store.unreachable`, `store.restoring`. */
export async function openMongoBackup(options: Options): Promise<BackupSource> {
  const { connection } = await connectMongo(options);
  let session: ClientSession | null;
  let notes: Awaited<ReturnType<typeof readNotes>>;
  try {
    session = await snapshotOf(connection);
    notes = await readNotes(connection);
    if (notes.restoring !== null) throw new AppError('store.restoring', 409);
    if (notes.version === null) throw new AppError('backup.nothing', 404);
  } catch (fault) {
    await connection.close();
    throw translate('', fault);
  }
  return {
    engine: 'mongodb',
    schema: notes.version,
    snapshot: session !== null,
    collections: options.declarations.map(({ name }) => name).sort(),
    async *rows(name): AsyncGenerator<Row> {
      const find = session === null ? {} : { session: session };
      try {
        const found = connection.collection<StoredDoc>(name).find({}, { ...find, sort: { _id: 1 } });
        for await (const stored of found as AsyncIterable<StoredDoc>) {
          yield { doc: stripped(stored), waiting: distinct(stored.emits ?? []) };
        }
      } catch (fault) {
        throw translate(name, fault);
      }
    },
    async close() {
      await session?.endSession();
      await connection.close();
    },
  };
}

/** A database as a place for a backup. Errors: `store.unreachable`. */
export async function openMongoRestore(options: Options): Promise<RestoreTarget> {
  const { mongoose, connection } = await connectMongo(options);
  const notes = connection.collection<{ _id: string; version?: number; backup?: string }>(meta);
  const spoken = async <R>(work: () => Promise<R>): Promise<R> => {
    try {
      return await work();
    } catch (fault) {
      throw translate('', fault);
    }
  };
  return {
    begin: ({ schema, collections, mark }) =>
      spoken(async () => {
        const names = [...new Set([...collections, ...options.declarations.map(({ name }) => name)])];
        const { restoring } = await readNotes(connection);
        for (const name of restoring === null ? names : []) {
          if ((await connection.collection(name).findOne({})) !== null) throw new AppError('backup.not-empty', 409);
        }
        await notes.updateOne({ _id: 'restoring' }, { $set: { backup: mark } }, { upsert: true });
        for (const name of restoring === null ? [] : names) await connection.collection(name).deleteMany({});
        await notes.updateOne({ _id: 'schema' }, { $set: { version: schema } }, { upsert: true });
      }),
    put: (collection, rows) =>
      spoken(async () => {
        const stored = rows.map(({ doc, waiting }): StoredDoc => {
          const events = { emits: [...waiting], emitDue: dueOf(waiting) ?? never, emitParked: parkedIn(waiting) };
          return { ...doc, ...events, emitSeq: 0 };
        });
        await connection.collection<StoredDoc>(collection).insertMany(stored);
      }),
    finish: () =>
      spoken(async () => {
        await migrateMongo(connection, options.migrations);
        await settleModels(mongoose, connection, options.declarations);
        await notes.deleteOne({ _id: 'restoring' });
      }),
    close: () => connection.close(),
  };
}
