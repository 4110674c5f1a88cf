import type { Model } from 'mongoose';
import type { z } from 'zod';
import { AppError, isAppError } from '../../shared/errors.ts';
import { applyChange, checkChange } from './change.ts';
import { entries, idKey } from './keys.ts';
import { matches, parseWhere } from './match.ts';
import { translate } from './mongo-faults.ts';
import { never, noEvents, type StoredDoc } from './mongo-models.ts';
import { behind, earlierThan, guard, operators, sortOf, touches, type Filter } from './mongo-filters.ts';
import { planQuery } from './plan.ts';
import type { Index, SortKey } from './plan-types.ts';
import type { Collection, Emitting, Keyed, Scalar } from './port.ts';
import { parseSort } from './reading.ts';
import { hidden, withEvents } from './rows.ts';
import { keepsValid } from './safe-change.ts';
import type { Doc } from './values.ts';

export interface MongoMeans {
  readonly model: Model<StoredDoc>;
  readonly schema: z.ZodType;
  readonly indexes: readonly Index[];
  readonly check: (doc: object) => Doc;
  /** Called before a query that no index answers. */
  readonly unindexed: () => Promise<void>;
  readonly nextDue: () => Date;
  readonly emitted: () => void;
}

/** Another process changed the same document so often in between that we give up. */
const tries = 100;

export function stripped(stored: StoredDoc): Doc {
  const doc: Doc = { ...stored };
  for (const field of hidden) delete doc[field];
  return doc;
}

export function createMongoCollection<T extends Keyed>(name: string, means: MongoMeans): Collection<T> {
  const { model, check, indexes } = means;
  const busy = new Map<string, Promise<unknown>>();
  const out = (doc: Doc): T => doc as unknown as T;

  const asked = async (where: object, sort: readonly SortKey[] = []): Promise<Filter> => {
    const query = parseWhere(where);
    const empty = query.conditions.length === 0 && query.any === null;
    if (!empty && planQuery(query, sort, indexes).how === 'all') await means.unindexed();
    return earlierThan(where) as Filter;
  };
  const spoken = async <R>(work: () => Promise<R>, changing = false): Promise<R> => {
    try {
      return await work();
    } catch (fault) {
      throw translate(name, fault, changing);
    }
  };
  const indexable = (doc: Doc): Doc => {
    idKey(name, doc._id);
    for (const { fields } of indexes) entries(name, doc, fields);
    return doc;
  };
  /** Adds the events to an update in MongoDB's words. */
  const emitting = (update: Record<string, Filter>, { emit = [] }: Emitting = {}): Record<string, Filter> => {
    if (emit.length === 0) return update;
    const waiting = withEvents([], emit, means.nextDue);
    return {
      ...update,
      $push: { ...update['$push'], emits: { $each: waiting } },
      $min: { ...update['$min'], emitDue: waiting[0]?.due ?? never },
      $inc: { ...update['$inc'], emitSeq: 1 },
    };
  };
  const write = async (filter: Filter, update: Record<string, Filter>): Promise<Doc | null> => {
    const empty = Object.values(update).every((fields) => Object.keys(fields).length === 0);
    const doc = empty
      ? await model.findOne(filter).lean<StoredDoc>()
      : await model.findOneAndUpdate(filter, update, { returnDocument: 'after' }).lean<StoredDoc>();
    return doc === null ? null : stripped(doc);
  };
  /** One at a time for one document within this process: racing against oneself would only cost. */
  const alone = async <R>(id: string, work: () => Promise<R>): Promise<R> => {
    const before = busy.get(id) ?? Promise.resolve();
    const mine = before.then(work, work);
    const settled = mine.catch(() => undefined);
    busy.set(id, settled);
    try {
      return await mine;
    } finally {
      if (busy.get(id) === settled) busy.delete(id);
    }
  };
  /** Looks, checks what would come out, and writes only onto what was looked at. */
  const looked = async (where: Filter, change: object, emit?: Emitting): Promise<Doc | null> => {
    const query = parseWhere(where);
    const found = await model.findOne(where).lean<StoredDoc>();
    if (found === null) return null;
    const id = found._id;
    const result = await alone(id, async () => {
      for (let n = 0; n < tries; n++) {
        const stored = await model.findOne({ _id: id }).lean<StoredDoc>();
        if (stored === null || !matches(stripped(stored), query)) return 'gone';
        const before = stripped(stored);
        const after = indexable(check(applyChange(before, change)));
        const update: Record<string, Filter> = { $set: {}, $unset: {} };
        const held: Filter[] = [where, { _id: id }];
        for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
          if (key === '_id' || (before[key] === after[key] && !touches(change, key))) continue;
          held.push(guard(key, before[key]));
          if (after[key] === undefined) Object.assign(update['$unset'] ?? {}, { [key]: '' });
          else Object.assign(update['$set'] ?? {}, { [key]: after[key] });
        }
        for (const part of ['$set', '$unset']) if (Object.keys(update[part] ?? {}).length === 0) delete update[part];
        const written = await write({ $and: held }, emitting(update, emit));
        if (written !== null) return written;
      }
      throw new AppError('store.busy', 503, { collection: name });
    });
    return result === 'gone' ? looked(where, change, emit) : result;
  };
  const update = async (where: Filter, change: object, emit?: Emitting): Promise<Doc | null> => {
    checkChange(change);
    const known = keepsValid(means.schema, indexes, change);
    return spoken(() => (known ? write(where, emitting(operators(change), emit)) : looked(where, change, emit)), true);
  };
  const tell = (emit?: Emitting): void => {
    if ((emit?.emit ?? []).length > 0) means.emitted();
  };
  const insert = async (doc: Doc, emit?: Emitting): Promise<T> => {
    const waiting = withEvents([], emit?.emit ?? [], means.nextDue);
    const events = { ...noEvents, emits: waiting, emitDue: waiting[0]?.due ?? never };
    await spoken(() => model.insertMany([{ ...doc, ...events }], { lean: true }));
    tell(emit);
    return out(doc);
  };

  return {
    name,
    insert: async (doc, options) => insert(structuredClone(indexable(check(doc))), options),
    async get(id) {
      const doc = await spoken(() => model.findOne({ _id: id }).lean<StoredDoc>());
      return doc === null ? null : out(stripped(doc));
    },
    async findOne(where) {
      const filter = await asked(where);
      const doc = await spoken(() => model.findOne(filter).lean<StoredDoc>());
      return doc === null ? null : out(stripped(doc));
    },
    async find(where, { sort, limit = Infinity, after } = {}) {
      const keys = parseSort(sort);
      const filter = await asked(where, keys);
      if (limit <= 0) return [];
      const whole = after === undefined ? filter : { $and: [filter, behind(keys, after as unknown as Doc)] };
      const found = model.find(whole).sort(sortOf(keys)).lean<StoredDoc[]>();
      if (limit !== Infinity) found.limit(limit);
      return (await spoken(() => found.exec())).map((doc) => out(stripped(doc)));
    },
    async *stream(where) {
      const filter = await asked(where);
      const seen = new Set<string>();
      try {
        for await (const doc of model.find(filter).lean<StoredDoc[]>().cursor({ batchSize: 500 })) {
          const plain = stripped(doc);
          if (seen.size !== seen.add(plain._id).size) yield out(plain);
        }
      } catch (fault) {
        throw translate(name, fault);
      }
    },
    async count(where) {
      const filter = await asked(where);
      return spoken(() => model.countDocuments(filter).exec());
    },
    async countBy(where, field) {
      const filter = await asked(where);
      const groups = await spoken(() =>
        model.aggregate<{ _id: Scalar; n: number }>([
          { $match: filter },
          { $group: { _id: `$${field}`, n: { $sum: 1 } } },
        ]),
      );
      const counts = new Map<Scalar, number>();
      for (const { _id = null, n } of groups) {
        if (typeof _id === 'object' && _id !== null && !(_id instanceof Date)) {
          throw new AppError('store.query', 500, { path: field });
        }
        counts.set(_id, (counts.get(_id) ?? 0) + n);
      }
      return counts;
    },
    async update(where, change, options) {
      const doc = await update(await asked(where), change, options);
      if (doc === null) return null;
      tell(options);
      return out(doc);
    },
    async upsert(id, change) {
      idKey(name, id);
      for (;;) {
        const changed = await update({ _id: id }, change);
        if (changed !== null) return { doc: out(changed), inserted: false };
        try {
          return { doc: await insert(indexable(check(applyChange({ _id: id }, change, true)))), inserted: true };
        } catch (fault) {
          if (!isAppError(fault, 'store.duplicate') || fault.facts['index'] !== '_id') throw fault;
        }
      }
    },
    async updateMany(where, change) {
      checkChange(change);
      const filter = await asked(where);
      if (keepsValid(means.schema, indexes, change)) {
        const { matchedCount } = await spoken(() => model.updateMany(filter, operators(change)).exec(), true);
        return matchedCount;
      }
      const rows = await spoken(() => model.find(filter, { _id: 1 }).sort({ _id: 1 }).lean<{ _id: string }[]>());
      let changed = 0;
      for (const { _id } of rows) if ((await update({ $and: [filter, { _id }] }, change)) !== null) changed++;
      return changed;
    },
    async remove(where) {
      const filter = await asked(where);
      const { deletedCount } = await spoken(() => model.deleteMany(filter).exec());
      return deletedCount;
    },
  };
}
