import type { Model } from 'mongoose';
import type { z } from 'zod';
import { AppError, isAppError } from '../../shared/errors.ts';
import { applyChange, checkChange } from './change.ts';
import { entries, idKey } from './keys.ts';
import { matches, parseWhere } from './match.ts';
import { translate } from './mongo-faults.ts';
import { never, noEvents, type StoredDoc } from './mongo-models.ts';
import { planQuery, type Index, type SortKey } from './plan.ts';
import type { Collection, Emitting, Keyed, Scalar } from './port.ts';
import { parseSort } from './reading.ts';
import { hidden, withEvents } from './rows.ts';
import { keepsValid } from './safe-change.ts';
import { at, isPlain, type Doc } from './values.ts';

type Filter = Record<string, unknown>;

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

/** Exactly that value, and missing only if it was missing. */
function guard(path: string, value: unknown): Filter {
  return { [path]: value === undefined ? { $exists: false } : { $eq: value, $exists: true } };
}

function sortOf(sort: readonly SortKey[]): [string, 1 | -1][] {
  const keys = sort.map(([path, direction]): [string, 1 | -1] => [path, direction]);
  const own = keys.findIndex(([path]) => path === '_id');
  return own < 0 ? [...keys, ['_id', keys.at(-1)?.[1] ?? 1]] : keys.slice(0, own + 1);
}

/** What comes behind the document in that order. */
function behind(sort: readonly SortKey[], last: Doc): Filter {
  const branches: Filter[] = [];
  const same: Filter[] = [];
  for (const [path, direction] of sortOf(sort)) {
    const value = at(last, path) ?? null;
    if (Array.isArray(value)) throw new AppError('store.query', 500, { path });
    if (direction === 1)
      branches.push({ $and: [...same, { [path]: value === null ? { $ne: null } : { $gt: value } }] });
    else if (value !== null)
      branches.push({ $and: [...same, { $or: [{ [path]: { $lt: value } }, { [path]: null }] }] });
    same.push({ [path]: value });
  }
  return branches.length === 0 ? { _id: { $in: [] } } : { $or: branches };
}

/** The change as MongoDB takes it: `$pull` takes out what is equal, not what is like it. */
function operators(change: object): Record<string, Filter> {
  const { $pull, $setOnInsert: _, ...rest } = change as Record<string, Filter>;
  const pulled = Object.entries($pull ?? {}).map(([path, item]) => [path, [item]]);
  return pulled.length === 0 ? rest : { ...rest, $pullAll: Object.fromEntries(pulled) as Filter };
}

/**
 * "Until that instant" as "before the next millisecond", which is the same for dates. SecantusDB, which stands in
 * for MongoDB in the tests, leaves out the bound itself where further fields of the index follow.
 */
function earlierThan(where: unknown): unknown {
  if (Array.isArray(where)) return where.map(earlierThan);
  if (!isPlain(where)) return where;
  const entriesOf = Object.entries(where).map(([key, value]): [string, unknown] => {
    const before = key === '$lte' && value instanceof Date ? new Date(value.getTime() + 1) : null;
    if (before === null || Number.isNaN(before.getTime()) || '$lt' in where) return [key, earlierThan(value)];
    return ['$lt', before];
  });
  return Object.fromEntries(entriesOf);
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

/** Whether the change names the field or something in it. */
function touches(change: object, key: string): boolean {
  return Object.values(change as Record<string, object | undefined>).some((fields) =>
    Object.keys(fields ?? {}).some((path) => path === key || path.startsWith(`${key}.`)),
  );
}
