import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { Change, Collection, Store } from '../../../src/platform/store/port.ts';
import { isAppError } from '../../../src/shared/errors.ts';
import { changed, fit, sorted, type Where } from './model.ts';
import { buildThing, things, type Thing } from './things.ts';

const ids = ['a', 'b', 'c', 'd', 'e', '村', '𠮷', '\uff01', 'a\0', 'z'] as const;
const kinds = ['', 'a', 'aa', 'a\0b', '村', '𠮷', '\ufb01'] as const;
const tags = ['老人', '党员', 'x'] as const;
const names = ['张', '李'] as const;
const numbers = [-1.5, -1, 0, 1, 2, 1e9] as const;
const instants = [new Date(-1), new Date(0), new Date(1), new Date(1_774_000_000_000)] as const;

const any = <V>(values: readonly V[]): fc.Arbitrary<V> => fc.constantFrom(...values);
const orNull = <V>(values: readonly V[]): fc.Arbitrary<V | null> => any<V | null>([null, ...values]);

const about = fc.option(fc.record({ by: orNull(names), at: orNull(instants) }));
const thing: fc.Arbitrary<Thing> = fc
  .record(
    {
      _id: any(ids),
      kind: any(kinds),
      n: any(numbers),
      when: orNull(instants),
      maybe: orNull(numbers),
      flag: fc.boolean(),
      tags: fc.uniqueArray(any(tags), { maxLength: 3 }),
      about,
    },
    { requiredKeys: ['_id', 'kind', 'n', 'when', 'flag', 'tags', 'about'] },
  )
  .map(buildThing);

/** Values that a field may be compared with. */
const fields = {
  _id: ids,
  kind: kinds,
  n: numbers,
  when: [null, ...instants],
  maybe: [null, ...numbers],
  flag: [true, false],
  tags,
  'about.by': [null, ...names],
  'about.at': [null, ...instants],
} as const;

function conditions(values: readonly unknown[]): fc.Arbitrary<unknown> {
  const solid = values.filter((value) => value !== null);
  const bound = any(['$gt', '$gte', '$lt', '$lte']);
  return fc.oneof(
    any(values),
    fc.uniqueArray(any(values), { maxLength: 3 }).map(($in) => ({ $in })),
    any(values).map(($ne) => ({ $ne })),
    fc.boolean().map(($exists) => ({ $exists })),
    fc.tuple(bound, any(solid)).map(([op, value]) => ({ [op]: value })),
    fc
      .tuple(bound, any(solid), bound, any(solid))
      .map(([op, value, other, ceiling]) => ({ [op]: value, [other]: ceiling })),
  );
}

const flat: fc.Arbitrary<Where> = fc
  .uniqueArray(any(Object.keys(fields) as (keyof typeof fields)[]), { maxLength: 3 })
  .chain((paths) => fc.tuple(...paths.map((path) => fc.tuple(fc.constant(path), conditions(fields[path])))))
  .map((pairs) => Object.fromEntries(pairs));
const where: fc.Arbitrary<Where> = fc.oneof(
  { weight: 3, arbitrary: flat },
  {
    weight: 1,
    arbitrary: fc
      .tuple(flat, fc.array(flat, { minLength: 1, maxLength: 3 }))
      .map(([outer, $or]) => ({ ...outer, $or })),
  },
);

const sort = fc
  .uniqueArray(any(['_id', 'kind', 'n', 'when', 'maybe', 'flag', 'about.by'] as const), { maxLength: 2 })
  .chain((paths) => fc.tuple(...paths.map((path) => fc.tuple(fc.constant(path), any([1, -1] as const)))))
  .map((pairs) => Object.fromEntries(pairs) as Record<string, 1 | -1>);

const changes: fc.Arbitrary<Record<string, Record<string, unknown>>> = fc.oneof(
  any(kinds).map((kind) => ({ $set: { kind } })),
  fc.tuple(orNull(numbers), about).map(([maybe, value]) => ({ $set: { maybe, about: value } })),
  any(names).map((by) => ({ $set: { 'about.by': by } })),
  fc.tuple(any(numbers), any(instants)).map(([n, when]) => ({ $inc: { n, maybe: 1 }, $max: { when } })),
  fc.tuple(any(numbers), any(instants)).map(([maybe, when]) => ({ $min: { maybe, when } })),
  fc.constant({ $unset: { maybe: true } }),
  any(tags).map((tag) => ({ $addToSet: { tags: tag } })),
  any(tags).map((tag) => ({ $push: { tags: tag } })),
  any(tags).map((tag) => ({ $pull: { tags: tag } })),
);

type Step =
  | { do: 'insert'; thing: Thing }
  | { do: 'upsert'; thing: Thing }
  | { do: 'update'; where: Where; change: Record<string, Record<string, unknown>> }
  | { do: 'updateMany'; where: Where; change: Record<string, Record<string, unknown>> }
  | { do: 'remove'; where: Where }
  | { do: 'find'; where: Where; sort: Record<string, 1 | -1>; limit: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('insert' as const), thing }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('upsert' as const), thing }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('update' as const), where, change: changes }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('updateMany' as const), where, change: changes }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), where: flat }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('find' as const), where, sort, limit: fc.integer({ min: 1, max: 12 }) }),
  },
);

/** The typed doors of the port, opened for values made at random. */
type Loose = {
  find(where: Where, options?: { sort?: Record<string, 1 | -1>; limit?: number; after?: Thing }): Promise<Thing[]>;
} & Omit<Collection<Thing>, 'find'>;

const plain = (where_: Where): Parameters<Collection<Thing>['count']>[0] => where_;

/** The result, or the code with which the store refused. */
async function outcome<R>(work: Promise<R>): Promise<R | string> {
  try {
    return await work;
  } catch (fault) {
    if (isAppError(fault)) return fault.code;
    throw fault;
  }
}

async function take(rows: Loose, model: Map<string, Thing>, move: Step): Promise<void> {
  const all = (): Thing[] => [...model.values()];
  switch (move.do) {
    case 'insert': {
      const result = await outcome(rows.insert(move.thing));
      if (model.has(move.thing._id)) return expect(result).toBe('store.duplicate');
      model.set(move.thing._id, move.thing);
      return expect(result).toEqual(move.thing);
    }
    case 'upsert': {
      const { _id, n, ...rest } = move.thing;
      const held = model.get(_id);
      const result = await rows.upsert(_id, { $setOnInsert: rest as never, $inc: { n } });
      const doc = held === undefined ? move.thing : { ...held, n: held.n + n };
      model.set(_id, doc);
      return expect(result).toEqual({ doc, inserted: held === undefined });
    }
    case 'update': {
      const fitting = all().filter((doc) => fit(doc, move.where));
      // Which of several is changed is not promised, so one of them is named.
      const chosen = sorted(fitting, {})[0];
      const exact = chosen === undefined ? move.where : { ...move.where, _id: chosen._id };
      const result = await outcome(rows.update(plain(exact), move.change as Change<Thing>));
      if (chosen === undefined) return expect(result).toBeNull();
      const after = changed(chosen, move.change);
      if (after === null) return expect(result).toBe('store.change');
      model.set(after._id, after);
      return expect(result).toEqual(after);
    }
    case 'updateMany': {
      const fitting = all().filter((doc) => fit(doc, move.where));
      const after = fitting.map((doc) => changed(doc, move.change));
      // A refusal half way leaves it open how many were changed.
      if (after.includes(null)) return;
      for (const doc of after) if (doc !== null) model.set(doc._id, doc);
      return expect(await rows.updateMany(plain(move.where), move.change as Change<Thing>)).toBe(after.length);
    }
    case 'remove': {
      const fitting = all().filter((doc) => fit(doc, move.where));
      for (const { _id } of fitting) model.delete(_id);
      return expect(await rows.remove(plain(move.where))).toBe(fitting.length);
    }
    case 'find': {
      const { where: asked, sort: by, limit } = move;
      const expected = sorted(
        all().filter((doc) => fit(doc, asked)),
        by,
      );
      const first = await rows.find(asked, { sort: by, limit });
      expect(first).toEqual(expected.slice(0, limit));
      const after = first.at(-1);
      if (after !== undefined) {
        expect(await rows.find(asked, { sort: by, limit, after })).toEqual(expected.slice(limit, 2 * limit));
      }
      expect(await rows.count(plain(asked))).toBe(expected.length);
      const counts = await rows.countBy(plain(asked), 'kind');
      expect([...counts.values()].reduce((sum, n) => sum + n, 0)).toBe(expected.length);
      return expect(counts.get('a') ?? 0).toBe(expected.filter(({ kind }) => kind === 'a').length);
    }
  }
}

/** Holds a store against the model: random documents, changes and queries, the same answers. */
export async function expectLikeModel(
  open: () => Promise<Store>,
  { seed, runs, steps }: { seed: number; runs: number; steps: number },
): Promise<void> {
  const store = await open();
  try {
    const rows = store.collection(things) as unknown as Loose;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: steps, size: 'max' }), async (moves) => {
        await rows.remove({});
        const model = new Map<string, Thing>();
        for (const move of moves) await take(rows, model, move);
        expect(await rows.find({})).toEqual(sorted([...model.values()], {}));
      }),
      { seed, numRuns: runs },
    );
  } finally {
    await store.close();
  }
}
