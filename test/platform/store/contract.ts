import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEvent } from '../../../src/platform/events/event.ts';
import { inserting, updating, upserting } from '../../../src/platform/store/port.ts';
import type { AnyDeclaration, Collection, Store } from '../../../src/platform/store/port.ts';
import { buildThing, codes, things, type Thing } from './things.ts';

const day = (n: number): Date => new Date(Date.UTC(2026, 2, n));
const ids = (found: readonly { _id: string }[]): string[] => found.map(({ _id }) => _id);
const happened = defineEvent('thing.happened', z.object({ n: z.number() }));

/** What every engine promises. `open` gives an empty store; it is closed by the suite. */
export function storeContract(engine: string, open: (declarations: readonly AnyDeclaration[]) => Promise<Store>): void {
  describe(`the store on ${engine}`, () => {
    let store: Store;
    let rows: Collection<Thing>;
    beforeEach(async () => {
      store = await open([things, codes]);
      rows = store.collection(things);
    });
    afterEach(() => store.close());
    const keep = async (...given: (Partial<Thing> & { _id: string })[]): Promise<void> => {
      await Promise.all(given.map((thing) => rows.insert(buildThing(thing))));
    };

    describe('keeps documents', () => {
      it('gives back what was inserted, dates and all', async () => {
        const thing = buildThing({
          _id: '活动:三组',
          when: day(21),
          maybe: 0.5,
          tags: ['老人', '党员'],
          about: { by: null, at: day(1) },
          log: [{ what: '报名', n: 1 }],
        });
        expect(await rows.insert(thing)).toEqual(thing);
        expect(await rows.get('活动:三组')).toEqual(thing);
        expect(await rows.get('活动')).toBeNull();
      });

      it('keeps no hold on the objects of its callers', async () => {
        const thing = buildThing({ _id: 'x', tags: ['a'] });
        const writing = rows.insert(thing);
        thing.tags.push('b');
        await writing;
        (await rows.get('x'))?.tags.push('c');
        expect((await rows.get('x'))?.tags).toEqual(['a']);
      });

      it('keeps an absent field absent and null null', async () => {
        await keep({ _id: 'absent' }, { _id: 'null', maybe: null });
        expect(await rows.get('absent')).not.toHaveProperty('maybe');
        expect((await rows.get('null'))?.maybe).toBeNull();
      });

      it('refuses a document that the schema refuses, and keeps nothing of it', async () => {
        await expect(rows.insert(buildThing({ _id: 'x', n: Number.NaN }))).rejects.toMatchObject({
          code: 'store.invalid',
          facts: { collection: 'things', path: 'n' },
        });
        const stranger = { ...buildThing({ _id: 'x' }), stranger: 1 };
        await expect(rows.insert(stranger)).rejects.toMatchObject({
          code: 'store.invalid',
          facts: { path: 'stranger' },
        });
        expect(await rows.count({})).toBe(0);
      });

      it('refuses an id or an indexed text of more than 512 bytes, and finds none', async () => {
        const long = '村'.repeat(171);
        await expect(keep({ _id: long })).rejects.toMatchObject({ code: 'store.key-too-long', facts: { path: '_id' } });
        await expect(keep({ _id: 'x', kind: long })).rejects.toMatchObject({ code: 'store.key-too-long' });
        await keep({ _id: '村'.repeat(170), kind: '组'.repeat(170) });
        expect(await rows.get(long)).toBeNull();
        expect(await rows.find({ kind: long })).toEqual([]);
        expect(await rows.count({ kind: '组'.repeat(170) })).toBe(1);
      });

      it('refuses an id that is taken', async () => {
        await keep({ _id: 'x', n: 1 });
        await expect(keep({ _id: 'x', n: 2 })).rejects.toMatchObject({
          code: 'store.duplicate',
          status: 409,
          facts: { index: '_id' },
        });
        expect((await rows.get('x'))?.n).toBe(1);
      });

      it('lets one of two insert the same id at once', async () => {
        const tries = await Promise.allSettled([keep({ _id: 'x', n: 1 }), keep({ _id: 'x', n: 2 })]);
        expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        expect(await rows.count({})).toBe(1);
      });

      it('holds a unique index against inserts, updates and races', async () => {
        const held = store.collection(codes);
        await held.insert({ _id: 'a', room: 'r', code: 1, uses: 0 });
        await held.insert({ _id: 'b', room: 'r', code: 2, uses: 0 });
        await held.insert({ _id: 'c', room: 's', code: 1, uses: 0 });
        const taken = { code: 'store.duplicate', facts: { index: 'code' } };
        await expect(held.insert({ _id: 'd', room: 'r', code: 1, uses: 0 })).rejects.toMatchObject(taken);
        await expect(held.update({ _id: 'b' }, { $set: { code: 1 } })).rejects.toMatchObject(taken);
        await expect(held.upsert('e', { $set: { room: 's', code: 1, uses: 0 } })).rejects.toMatchObject(taken);
        const race = await Promise.allSettled(
          ['f', 'g', 'h'].map((_id) => held.insert({ _id, room: 'r', code: 9, uses: 0 })),
        );
        expect(race.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        await held.remove({ _id: 'a' });
        await held.update({ _id: 'b' }, { $set: { code: 1 } });
        expect(await held.find({ room: 'r', code: 1 })).toMatchObject([{ _id: 'b' }]);
      });
    });

    describe('answers queries', () => {
      it.each<[string, Parameters<typeof rows.find>[0], string[]]>([
        ['equality', { kind: 'a' }, ['1', '2']],
        ['equality of several fields', { kind: 'a', n: 2 }, ['2']],
        ['equality of dates', { when: day(2) }, ['2']],
        ['null, which is also what is not there', { maybe: null }, ['1', '2']],
        ['not null', { maybe: { $ne: null } }, ['3', '4']],
        ['presence', { maybe: { $exists: true } }, ['2', '3', '4']],
        ['absence', { maybe: { $exists: false } }, ['1']],
        ['$in', { n: { $in: [1, 4, 9] } }, ['1', '4']],
        ['$in with null', { when: { $in: [null, day(2)] } }, ['1', '2']],
        ['$in of nothing', { kind: { $in: [] } }, []],
        ['$ne', { kind: { $ne: 'a' } }, ['3', '4']],
        ['$ne of what may be missing', { maybe: { $ne: 7 } }, ['1', '2', '4']],
        ['ranges', { n: { $gt: 1, $lte: 3 } }, ['2', '3']],
        ['ranges of dates', { when: { $gte: day(2), $lt: day(3) } }, ['2']],
        ['a bound of a field within an index', { kind: 'a', when: { $lte: day(2) } }, ['2']],
        ['ranges, which never hold for null', { maybe: { $lt: 100 } }, ['3', '4']],
        ['a bound of another kind', { when: { $lte: day(9) }, n: { $gte: -1 } }, ['2', '3', '4']],
        ['booleans', { flag: true }, ['4']],
        ['an element of an array', { tags: '老人' }, ['1', '3']],
        ['no such element', { tags: { $ne: '老人' } }, ['2', '4']],
        ['elements among', { tags: { $in: ['老人', '党员'] } }, ['1', '3', '4']],
        ['a nested field', { 'about.by': '张' }, ['3']],
        ['a nested null, also where the outer one is', { 'about.by': null }, ['1', '2', '4']],
        ['a nested date', { 'about.at': { $gt: day(4) } }, ['4']],
        ['an outer null', { about: null }, ['1', '2']],
        ['ids among', { _id: { $in: ['4', '1', 'x'] } }, ['1', '4']],
        ['a range of ids', { _id: { $gt: '1', $lt: '4' } }, ['2', '3']],
        ['an id and more', { _id: '1', kind: 'b' }, []],
        ['$or', { $or: [{ kind: 'b' }, { n: 1 }] }, ['1', '3']],
        ['$or beside others', { kind: 'a', $or: [{ n: { $gte: 2 } }, { tags: '党员' }] }, ['2']],
        ['$or within an index', { $or: [{ tags: '老人' }, { tags: '党员' }] }, ['1', '3', '4']],
        ['nothing: all', {}, ['1', '2', '3', '4']],
      ])('by %s', async (_, where, expected) => {
        await keep(
          { _id: '1', kind: 'a', n: 1, tags: ['老人'] },
          { _id: '2', kind: 'a', n: 2, when: day(2), maybe: null },
          {
            _id: '3',
            kind: 'b',
            n: 3,
            when: day(3),
            maybe: 7,
            tags: ['低保', '老人'],
            about: { by: '张', at: day(4) },
          },
          {
            _id: '4',
            kind: 'c',
            n: 4,
            when: day(4),
            maybe: -8,
            flag: true,
            tags: ['党员'],
            about: { by: null, at: day(5) },
          },
        );
        expect(ids(await rows.find(where))).toEqual(expected);
        expect(await rows.count(where)).toBe(expected.length);
        const streamed: string[] = [];
        for await (const { _id } of rows.stream(where)) streamed.push(_id);
        expect(streamed.sort()).toEqual(expected);
        const one = await rows.findOne(where);
        expect(one === null ? expected.length === 0 : expected.includes(one._id)).toBe(true);
      });

      it('refuses a value that is undefined, instead of taking it for anything', async () => {
        const careless = { kind: undefined } as unknown as { kind: string };
        await expect(rows.find(careless)).rejects.toMatchObject({ code: 'store.query' });
        await expect(rows.remove(careless)).rejects.toMatchObject({ code: 'store.query' });
      });

      it('counts by a field', async () => {
        await keep(
          { _id: '1', kind: 'a', maybe: 1, when: day(1) },
          { _id: '2', kind: 'a', maybe: null, when: day(1) },
          { _id: '3', kind: 'b', n: 1 },
        );
        expect(await rows.countBy({}, 'kind')).toEqual(
          new Map([
            ['a', 2],
            ['b', 1],
          ]),
        );
        expect(await rows.countBy({ kind: 'a' }, 'n')).toEqual(new Map([[0, 2]]));
        expect(await rows.countBy({}, 'maybe')).toEqual(
          new Map([
            [1, 1],
            [null, 2],
          ]),
        );
        expect(await rows.countBy({ when: day(1) }, 'when')).toEqual(new Map([[day(1), 2]]));
        expect(await rows.countBy({ kind: 'z' }, 'n')).toEqual(new Map());
      });
    });

    describe('sorts and pages', () => {
      it('compares strings by their bytes', async () => {
        const sorted = ['', 'A', 'a', 'a\0', 'a\0b', 'aa', 'z', 'é', '一', '村', '\ufb01', '\uff01', '🏀', '𠮷'];
        await keep(...[...sorted].reverse().map((kind, i) => ({ _id: `${i}`, kind })));
        const up = await rows.find({}, { sort: { kind: 1 } });
        expect(up.map(({ kind }) => kind)).toEqual(sorted);
        expect((await rows.find({ kind: { $gt: '村', $lte: '𠮷' } })).map(({ kind }) => kind).sort()).toEqual(
          ['\ufb01', '\uff01', '🏀', '𠮷'].sort(),
        );
        const byId = ['a', 'B', '村', '𠮷', '\uff01'];
        await rows.remove({});
        await keep(...byId.map((_id) => ({ _id })));
        expect(ids(await rows.find({}))).toEqual(['B', 'a', '村', '\uff01', '𠮷']);
      });

      it('puts what is missing first, and breaks ties by id in the direction of the last field', async () => {
        await keep({ _id: 'a', n: 2 }, { _id: 'b', n: 1 }, { _id: 'c', n: 2 }, { _id: 'd', n: 1, kind: 'b' });
        expect(ids(await rows.find({}, { sort: { n: 1 } }))).toEqual(['b', 'd', 'a', 'c']);
        expect(ids(await rows.find({}, { sort: { n: -1 } }))).toEqual(['c', 'a', 'd', 'b']);
        expect(ids(await rows.find({}, { sort: { kind: -1, n: 1 } }))).toEqual(['d', 'b', 'a', 'c']);
        expect(ids(await rows.find({ kind: 'a' }, { sort: { n: -1 } }))).toEqual(['c', 'a', 'b']);
        expect(ids(await rows.find({ kind: 'a' }, { sort: { n: -1 }, limit: 2 }))).toEqual(['c', 'a']);
        expect(ids(await rows.find({}, { sort: { _id: -1 }, limit: 2 }))).toEqual(['d', 'c']);
        await rows.update({ _id: 'c' }, { $set: { when: day(1), maybe: -5 } });
        expect(ids(await rows.find({}, { sort: { when: 1 }, limit: 3 }))).toEqual(['a', 'b', 'd']);
        expect(ids(await rows.find({}, { sort: { maybe: -1 }, limit: 2 }))).toEqual(['c', 'd']);
      });

      it.each<[string, Parameters<typeof rows.find>[0], { [P in 'kind' | 'n' | 'when' | 'maybe' | '_id']?: 1 | -1 }]>([
        ['without a sort', {}, {}],
        ['by an index', { kind: 'a' }, { n: 1 }],
        ['by an index backwards', { kind: 'a' }, { n: -1 }],
        ['by a whole index', {}, { kind: -1, n: -1 }],
        ['by a field with gaps', {}, { maybe: 1 }],
        ['by a field with gaps backwards', {}, { maybe: -1, n: 1 }],
        ['in two directions', {}, { kind: 1, n: -1 }],
        ['of several values', { kind: { $in: ['a', 'b'] } }, { when: -1 }],
      ])('pages through everything once, %s, while others write', async (_, where, sort) => {
        await keep(
          ...Array.from({ length: 30 }, (__, i) => ({
            _id: `t${String(i).padStart(2, '0')}`,
            kind: i % 4 === 3 ? 'b' : 'a',
            n: i % 5,
            when: i % 3 === 0 ? null : day(1 + (i % 7)),
            ...(i % 6 === 0 ? {} : { maybe: i % 4 === 0 ? null : i % 3 }),
          })),
        );
        const whole = ids(await rows.find(where, { sort }));
        const seen: string[] = [];
        let after: Thing | undefined;
        for (;;) {
          const page: Thing[] = await rows.find(where, { sort, limit: 7, ...(after && { after }) });
          seen.push(...ids(page));
          await rows.insert(buildThing({ _id: `t00-${seen.length}`, kind: 'z', when: day(28) }));
          if (after !== undefined) await rows.remove({ _id: after._id });
          after = page.at(-1);
          if (page.length < 7) break;
        }
        expect(seen.filter((id) => !id.includes('-'))).toEqual(whole);
      });
    });

    describe('changes documents', () => {
      const change = async (given: Partial<Thing>, ...[what]: Parameters<typeof rows.update>[1][]) => {
        await keep({ _id: 'x', ...given });
        return rows.update({ _id: 'x' }, what ?? {});
      };

      it('sets, unsets, adds and compares', async () => {
        const after = await change(
          { n: 5, maybe: 3, when: day(3), about: { by: null, at: null } },
          { $set: { 'about.by': '李', kind: 'b' }, $inc: { n: -2 }, $unset: { maybe: true }, $max: { when: day(5) } },
        );
        const expected = { _id: 'x', kind: 'b', n: 3, when: day(5), flag: false, tags: [], log: [] };
        expect(after).toEqual({ ...expected, about: { by: '李', at: null } });
        expect(await rows.get('x')).toEqual(after);
        expect(await rows.update({ _id: 'x' }, { $min: { when: day(9), n: 1 }, $inc: { maybe: 2 } })).toMatchObject({
          when: day(5),
          n: 1,
          maybe: 2,
        });
        expect(
          await rows.update({ _id: 'x' }, { $set: { about: null, when: null }, $max: { maybe: 1 } }),
        ).toMatchObject({ about: null, when: null, maybe: 2 });
        expect(await rows.update({ _id: 'x' }, { $max: { when: day(1) } })).toMatchObject({ when: day(1) });
      });

      it('adds to and takes from arrays', async () => {
        await change({ tags: ['a'] }, { $push: { tags: 'a', log: { what: 'x', n: 1 } } });
        expect(await rows.update({ _id: 'x' }, { $addToSet: { tags: 'a', log: { what: 'x', n: 1 } } })).toMatchObject({
          tags: ['a', 'a'],
          log: [{ what: 'x', n: 1 }],
        });
        expect(await rows.update({ _id: 'x' }, { $addToSet: { tags: 'b' } })).toMatchObject({ tags: ['a', 'a', 'b'] });
        expect(await rows.update({ _id: 'x' }, { $pull: { tags: 'a' } })).toMatchObject({ tags: ['b'] });
        expect(await rows.find({ tags: 'a' })).toEqual([]);
        expect(await rows.count({ tags: 'b' })).toBe(1);
      });

      it('follows the change in its indexes', async () => {
        await change({ kind: 'a', n: 1, tags: ['p', 'q'] }, { $set: { kind: 'b', tags: ['q', 'r'] } });
        expect(await rows.count({ kind: 'a' })).toBe(0);
        expect(await rows.count({ kind: 'b' })).toBe(1);
        expect([
          await rows.count({ tags: 'p' }),
          await rows.count({ tags: 'q' }),
          await rows.count({ tags: 'r' }),
        ]).toEqual([0, 1, 1]);
      });

      it('gives null when none matches, and changes nothing', async () => {
        expect(await rows.update({ _id: 'nobody' }, { $set: { n: 1 } })).toBeNull();
        await keep({ _id: 'x', n: 1 });
        expect(await rows.update({ _id: 'x', n: { $gt: 1 } }, { $inc: { n: 1 } })).toBeNull();
        expect((await rows.get('x'))?.n).toBe(1);
      });

      it('refuses a change that makes the document invalid', async () => {
        const held = store.collection(codes);
        await held.insert({ _id: 'a', room: 'r', code: 1, uses: 50 });
        await expect(held.update({ _id: 'a' }, { $set: { uses: 51 } })).rejects.toMatchObject({
          code: 'store.invalid',
        });
        await expect(held.update({ _id: 'a' }, { $inc: { uses: 1 } })).rejects.toMatchObject({ code: 'store.invalid' });
        await expect(held.update({ _id: 'a' }, { $unset: { room: true } })).rejects.toMatchObject({
          code: 'store.invalid',
        });
        expect(await held.get('a')).toEqual({ _id: 'a', room: 'r', code: 1, uses: 50 });
      });

      it('refuses what can not be done to that field', async () => {
        await keep({ _id: 'x', maybe: null });
        await expect(rows.update({ _id: 'x' }, { $set: { 'about.by': '李' } })).rejects.toMatchObject({
          code: 'store.change',
        });
        await expect(rows.update({ _id: 'x' }, { $inc: { maybe: 1 } })).rejects.toMatchObject({ code: 'store.change' });
        const twice = { $set: { n: 1 }, $inc: { n: 1 } };
        await expect(rows.update({ _id: 'x' }, twice)).rejects.toMatchObject({ code: 'store.change' });
        const loose = { $set: { kind: undefined } } as unknown as { $set: { kind: string } };
        await expect(rows.update({ _id: 'x' }, loose)).rejects.toMatchObject({ code: 'store.change' });
        expect(await rows.get('x')).toEqual(buildThing({ _id: 'x', maybe: null }));
      });

      it('creates on upsert, then changes, and never uses $setOnInsert twice', async () => {
        const rest = { kind: 'a', when: null, flag: false, tags: [], about: null, log: [] };
        const first = await rows.upsert('x', { $setOnInsert: rest, $inc: { n: 1 } });
        expect(first).toEqual({ doc: buildThing({ _id: 'x', n: 1 }), inserted: true });
        const second = await rows.upsert('x', { $setOnInsert: { ...rest, kind: 'z' }, $inc: { n: 1 } });
        expect(second).toEqual({ doc: buildThing({ _id: 'x', n: 2 }), inserted: false });
        await expect(rows.upsert('y', { $inc: { n: 1 } })).rejects.toMatchObject({ code: 'store.invalid' });
        expect(await rows.get('y')).toBeNull();
      });

      it('inserts once when many upsert at once', async () => {
        const rest = { kind: 'a', when: null, flag: false, tags: [], about: null, log: [] };
        const all = await Promise.all(
          Array.from({ length: 20 }, () => rows.upsert('x', { $setOnInsert: rest, $inc: { n: 1 } })),
        );
        expect(all.filter(({ inserted }) => inserted)).toHaveLength(1);
        expect((await rows.get('x'))?.n).toBe(20);
      });

      it('changes and removes many', async () => {
        await keep({ _id: '1' }, { _id: '2', kind: 'b' }, { _id: '3' });
        expect(await rows.updateMany({ kind: 'a' }, { $set: { kind: 'b' }, $inc: { n: 1 } })).toBe(2);
        expect(await rows.find({ kind: 'b' }, { sort: { n: 1 } })).toMatchObject([{ n: 0 }, { n: 1 }, { n: 1 }]);
        expect(await rows.remove({ kind: 'b', n: 1 })).toBe(2);
        expect(await rows.remove({ kind: 'b', n: 1 })).toBe(0);
        expect(ids(await rows.find({}))).toEqual(['2']);
      });

      it('gives out exactly 50 places when 200 race for them', async () => {
        const held = store.collection(codes);
        await held.insert({ _id: 'seats', room: 'r', code: 1, uses: 0 });
        const won = await Promise.all(
          Array.from({ length: 200 }, () => held.update({ _id: 'seats', uses: { $lt: 50 } }, { $inc: { uses: 1 } })),
        );
        expect(won.filter((doc) => doc !== null)).toHaveLength(50);
        expect(new Set(won.map((doc) => doc?.uses)).size).toBe(51);
        expect((await held.get('seats'))?.uses).toBe(50);
      });

      it('lets no failing operation touch those beside it', async () => {
        const held = store.collection(codes);
        const outcomes = await Promise.allSettled([
          held.insert({ _id: 'a', room: 'r', code: 1, uses: 0 }),
          held.insert({ _id: 'b', room: 'r', code: 1, uses: 0 }),
          held.insert({ _id: 'c', room: 'r', code: 2, uses: 99 }),
          held.insert({ _id: 'd', room: 'r', code: 3, uses: 0 }),
        ]);
        expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(2);
        expect(await held.count({})).toBe(2);
        expect(await held.count({ room: 'r' })).toBe(2);
      });
    });

    describe('writes in order', () => {
      it('what follows each other, telling of each whether it changed something', async () => {
        await keep({ _id: 'a', n: 1 });
        const changed = await store.inOrder([
          inserting(things, buildThing({ _id: 'b' })),
          inserting(things, buildThing({ _id: 'a', n: 9 }), { unlessThere: true }),
          updating(things, { _id: 'a', n: 9 }, { $set: { n: 10 } }),
          updating(things, { _id: 'b' }, { $inc: { n: 5 } }),
          upserting(codes, 'c', { $set: { room: 'r', code: 1, uses: 0 } }),
        ]);
        expect(changed).toEqual([true, false, false, true, true]);
        expect(await rows.find({})).toMatchObject([
          { _id: 'a', n: 1 },
          { _id: 'b', n: 5 },
        ]);
        expect(await store.collection(codes).count({ room: 'r' })).toBe(1);
      });

      it('nothing that comes behind a fault', async () => {
        await keep({ _id: 'a', n: 1 });
        const writing = store.inOrder([
          inserting(things, buildThing({ _id: 'a', n: 2 })),
          updating(things, { _id: 'a' }, { $set: { n: 3 } }),
        ]);
        await expect(writing).rejects.toMatchObject({ code: 'store.duplicate', facts: { index: '_id' } });
        const invalid = store.inOrder([
          updating(things, { _id: 'a' }, { $set: { n: Number.NaN } }),
          inserting(things, buildThing({ _id: 'b' })),
        ]);
        await expect(invalid).rejects.toMatchObject({ code: 'store.invalid' });
        expect(await rows.find({})).toMatchObject([{ _id: 'a', n: 1 }]);
      });

      it('beside what others write, each seeing what stands', async () => {
        await keep({ _id: 'a', n: 0 });
        const more = updating(things, { _id: 'a' }, { $inc: { n: 1 } });
        const all = await Promise.allSettled([
          rows.update({ _id: 'a' }, { $inc: { n: 1 } }),
          store.inOrder([more, more]),
          store.inOrder([inserting(things, buildThing({ _id: 'a' })), more]),
          rows.update({ _id: 'a' }, { $inc: { n: 1 } }),
        ]);
        expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
        expect((await rows.get('a'))?.n).toBe(4);
      });
    });

    describe('carries events', () => {
      const far = day(28);

      it('writes them with the document and shows them to nobody but the relay', async () => {
        let woken = 0;
        store.events.onEmit(() => woken++);
        expect(await store.events.nextDue()).toBeNull();
        const thing = await rows.insert(buildThing({ _id: 'x' }), { emit: [happened('1', { n: 1 })] });
        expect(thing).toEqual(buildThing({ _id: 'x' }));
        expect(await rows.update({ _id: 'x' }, { $inc: { n: 1 } }, { emit: [happened('2', { n: 2 })] })).toEqual(
          buildThing({ _id: 'x', n: 1 }),
        );
        expect(await rows.get('x')).toEqual(buildThing({ _id: 'x', n: 1 }));
        expect(await rows.findOne({ kind: 'a' })).toEqual(buildThing({ _id: 'x', n: 1 }));
        expect(woken).toBe(2);
        expect(await store.events.due(far, 10)).toEqual(
          [1, 2].map((n) => ({
            collection: 'things',
            document: 'x',
            event: { id: `thing.happened:${n}`, type: 'thing.happened', data: { n } },
            attempts: 0,
            handled: [],
          })),
        );
        expect(await store.events.nextDue()).toBeInstanceOf(Date);
      });

      it('emits nothing when the write fails or matches none', async () => {
        const emit = [happened('1', { n: 1 })];
        await rows.update({ _id: 'nobody' }, { $inc: { n: 1 } }, { emit });
        await keep({ _id: 'x' });
        await expect(rows.insert(buildThing({ _id: 'x' }), { emit })).rejects.toThrow('store.duplicate');
        expect(await store.events.due(far, 10)).toEqual([]);
      });

      it('keeps each id once while it waits', async () => {
        await rows.insert(buildThing({ _id: 'x' }), { emit: [happened('1', { n: 1 })] });
        await rows.update(
          { _id: 'x' },
          { $inc: { n: 1 } },
          { emit: [happened('1', { n: 1 }), happened('2', { n: 2 })] },
        );
        expect(await store.events.due(far, 10)).toHaveLength(2);
      });

      it('hands them out oldest first, lets them wait, be done and be parked', async () => {
        for (const n of [1, 2, 3]) {
          await rows.insert(buildThing({ _id: `x${4 - n}` }), { emit: [happened(`${n}`, { n })] });
        }
        const [first, second, third] = await store.events.due(far, 10);
        if (!first || !second || !third) throw new Error('three events wait');
        expect([first, second, third].map(({ document }) => document)).toEqual(['x3', 'x2', 'x1']);
        expect(await store.events.due(far, 2)).toEqual([first, second]);
        await store.events.done(first);
        await store.events.retry(second, day(10), 'broken', ['one']);
        await store.events.retry(third, day(9), 'broken');
        expect(await store.events.due(day(8), 10)).toEqual([]);
        expect(await store.events.nextDue()).toEqual(day(9));
        expect(await store.events.due(day(10), 10)).toEqual([
          { ...third, attempts: 1 },
          { ...second, attempts: 1, handled: ['one'] },
        ]);
        await store.events.retry({ ...second, attempts: 1 }, null, 'beyond help');
        expect(await store.events.due(far, 10)).toEqual([{ ...third, attempts: 1 }]);
        expect(await store.events.parked(10)).toMatchObject([{ document: 'x2', error: 'beyond help', attempts: 2 }]);
        await store.events.done(second);
        await store.events.done(third);
        await store.events.done(third);
        expect(await store.events.parked(10)).toEqual([]);
        expect(await store.events.nextDue()).toBeNull();
        expect(await rows.get('x2')).toEqual(buildThing({ _id: 'x2' }));
      });
    });
  });
}
