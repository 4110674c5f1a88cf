import type { Connection, Model, Mongoose } from 'mongoose';
import { AppError } from '../../shared/errors.ts';
import { createCheck } from './check.ts';
import { mayBeArray } from './fields.ts';
import { migrations as released } from './migrations/index.ts';
import type { Migration, RawStore } from './migrations/migration.ts';
import { migrate, newest } from './migrations/run.ts';
import { createMongoCollection, stripped } from './mongo-collection.ts';
import { createMongoEvents } from './mongo-events.ts';
import { translate } from './mongo-faults.ts';
import { modelOf, settleIndexes, type StoredDoc } from './mongo-models.ts';
import { writeOneByOne } from './one-by-one.ts';
import type { AnyDeclaration, Collection, Declaration, Keyed, Store } from './port.ts';
import { scanLimit, type Scan } from './reading.ts';

export interface MongoOptions {
  readonly uri: string;
  /** The database; else the one that the address names. */
  readonly database?: string;
  readonly declarations: readonly AnyDeclaration[];
  /** A query that no index answers over more than 1,000 documents throws `store.scan` instead of being told. */
  readonly strict?: boolean;
  readonly onScan?: (scan: Scan) => void;
  readonly migrations?: readonly Migration[];
  /** For replays and tests: the database is dropped at the closing. */
  readonly passing?: boolean;
}

/** Where the database says what it knows about itself. */
export const meta = 'cunkou_meta';
const patienceMs = 10_000;

function rawStore(connection: Connection): RawStore {
  return {
    async each(name, change) {
      const collection = connection.collection<StoredDoc>(name);
      for await (const stored of collection.find({}).sort({ _id: 1 })) {
        const before = stripped(stored);
        const after = change(before);
        if (after === before) continue;
        const { emits, emitDue, emitParked, emitSeq } = stored;
        if (after === null) await collection.deleteOne({ _id: before._id });
        else if (after._id !== before._id) throw new AppError('store.migration', 500, { collection: name });
        else await collection.replaceOne({ _id: before._id }, { ...after, emits, emitDue, emitParked, emitSeq });
      }
    },
  };
}

type Note = { _id: string; version?: number; backup?: string };

/** The schema version, null in a new database, and the checksum of the backup that is being restored. */
export async function readNotes(connection: Connection): Promise<{ version: number | null; restoring: string | null }> {
  const notes = connection.collection<Note>(meta);
  const [schema, restoring] = [await notes.findOne({ _id: 'schema' }), await notes.findOne({ _id: 'restoring' })];
  return { version: schema?.version ?? null, restoring: restoring?.backup ?? null };
}

/** Brings the database to the version of this program, a new one at once. */
export async function migrateMongo(connection: Connection, migrations: readonly Migration[] = released): Promise<void> {
  const notes = connection.collection<Note>(meta);
  const first = { $setOnInsert: { version: newest(migrations) } };
  await notes.updateOne({ _id: 'schema' }, first, { upsert: true });
  const { version: found } = await readNotes(connection);
  await migrate(found ?? 0, migrations, rawStore(connection), async (version) => {
    await notes.updateOne({ _id: 'schema' }, { $max: { version } });
  });
}

/** Throws `store.unreachable`. */
export async function connectMongo(
  options: Pick<MongoOptions, 'uri' | 'database'>,
): Promise<{ mongoose: Mongoose; connection: Connection }> {
  const { default: library } = await import('mongoose');
  const mongoose = new library.Mongoose();
  const connection = mongoose.createConnection(options.uri, {
    ...(options.database === undefined ? {} : { dbName: options.database }),
    bufferCommands: false,
    autoIndex: false,
    autoCreate: false,
    ignoreUndefined: true,
    ...(options.uri.includes('serverSelectionTimeoutMS') ? {} : { serverSelectionTimeoutMS: patienceMs }),
    writeConcern: { w: 'majority', journal: true },
  });
  try {
    await connection.asPromise();
  } catch (fault) {
    await connection.close();
    throw translate('', fault);
  }
  return { mongoose, connection };
}

/** The models of what is declared, with their indexes as they should be. */
export async function settleModels(
  mongoose: Mongoose,
  connection: Connection,
  declarations: readonly AnyDeclaration[],
): Promise<Map<string, Model<StoredDoc>>> {
  const models = new Map<string, Model<StoredDoc>>();
  for (const declaration of declarations) {
    const model = modelOf(mongoose, connection, declaration);
    models.set(declaration.name, model);
    await settleIndexes(model, declaration);
  }
  return models;
}

/**
 * The store in MongoDB: the port's subset passes through, checked by zod before, answered by a majority
 * with a journal. Migrates and makes the indexes first. Errors: `store.unreachable`, `store.newer`,
 * `store.restoring` (a restore was not finished).
 */
export async function openMongoStore(options: MongoOptions): Promise<Store> {
  const { mongoose, connection } = await connectMongo(options);
  let models: Map<string, Model<StoredDoc>>;
  try {
    if ((await readNotes(connection)).restoring !== null) throw new AppError('store.restoring', 409);
    await migrateMongo(connection, options.migrations);
    models = await settleModels(mongoose, connection, options.declarations);
  } catch (fault) {
    await connection.close();
    throw translate('', fault);
  }

  const listeners: (() => void)[] = [];
  const collections = new Map<string, unknown>();
  let emitted = 0;

  const store: Store = {
    collection<T extends Keyed>(declaration: Declaration<T>): Collection<T> {
      const { name, schema } = declaration;
      const model = models.get(name);
      if (model === undefined) throw new AppError('store.undeclared', 500, { collection: name });
      const indexes = Object.entries(declaration.indexes).map(([id, { fields, unique = false }]) => {
        return { name: id, fields, unique, many: new Set(fields.filter((field) => mayBeArray(schema, field))) };
      });
      const unindexed = async (): Promise<void> => {
        const documents = await model.estimatedDocumentCount();
        if (documents <= scanLimit) return;
        if (options.strict === true) throw new AppError('store.scan', 500, { collection: name, documents });
        options.onScan?.({ collection: name, documents });
      };
      const known =
        collections.get(name) ??
        createMongoCollection<T>(name, {
          model,
          schema,
          indexes,
          check: createCheck(name, schema),
          unindexed,
          nextDue: () => new Date(++emitted),
          emitted: () => listeners.forEach((listen) => listen()),
        });
      collections.set(name, known);
      return known as Collection<T>;
    },
    inOrder: (writes) => writeOneByOne(store, writes),
    events: { ...createMongoEvents(models), onEmit: (listener) => void listeners.push(listener) },
    compact: () => Promise.resolve(),
    async close() {
      if (options.passing === true) await connection.dropDatabase();
      await connection.close();
    },
  };
  return store;
}
