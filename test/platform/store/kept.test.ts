import { describe, expect, it } from 'vitest';
import { openMemoryStore } from '../../../src/platform/store/embedded.ts';
import { keepRows, rememberAnswers, type KeptKv } from '../../../src/platform/store/kept.ts';
import { createMemoryKv } from '../../../src/platform/store/kv.ts';
import { inserting, updating } from '../../../src/platform/store/port.ts';
import type { Row } from '../../../src/platform/store/rows.ts';
import { buildThing, things } from './things.ts';

const row = (n: number): Row => ({ doc: { _id: 'x', n }, waiting: [] });
const bytes = new Uint8Array(500);

/** A store whose commits last until they are let go. */
function slow(): { kv: KeptKv; end: (fault?: Error) => void } {
  const memory = createMemoryKv();
  let end = (_fault?: Error): void => undefined;
  const commit: typeof memory.commit = async (writes) => {
    await new Promise<void>((resolve, reject) => {
      end = (fault) => (fault === undefined ? resolve() : reject(fault));
    });
    await memory.commit(writes);
  };
  return { kv: keepRows({ ...memory, commit }), end: (fault) => end(fault) };
}

/** Puts a row in the place of one that was kept. */
const writing = (kv: KeptKv, key: string, held: Row | null): Promise<void> =>
  kv.commit(
    [[key, held === null ? null : bytes]],
    new Map([[key, held === null ? null : { row: held, size: 500, keep: true }]]),
  );
const read = (kv: KeptKv, key: string, held: Row): void => {
  kv.keep(key, held, 500);
  kv.keep(key, held, 500);
};

describe('rows that are kept', () => {
  it('are those that are read more than once, and what is written in their place', async () => {
    const { kv, end } = slow();
    kv.keep('aax', row(1), 500);
    expect(kv.known('aax')).toBeUndefined();
    kv.keep('aax', row(1), 500);
    expect(kv.known('aax')).toMatchObject({ ...row(1), kept: true });
    const written = writing(kv, 'aax', row(2));
    end();
    await written;
    expect(kv.known('aax')).toMatchObject(row(2));
  });

  it('are not those that are only written', async () => {
    const kv = keepRows(createMemoryKv());
    await kv.commit([['aax', bytes]], new Map([['aax', { row: row(1), size: 500, keep: false }]]));
    expect(kv.known('aax')).toBeUndefined();
  });

  it('are not known while they are being written, whatever is read meanwhile', async () => {
    const { kv, end } = slow();
    read(kv, 'aax', row(1));
    const written = writing(kv, 'aax', row(2));
    read(kv, 'aax', row(1));
    expect(kv.known('aax')).toBeUndefined();
    expect(kv.version('aa')).toBeNull();
    expect(kv.version('bb')).toBe(0);
    end();
    await written;
    expect(kv.known('aax')).toMatchObject(row(2));
    expect(kv.version('aa')).toBe(1);
  });

  it('are forgotten when they are removed, and when nobody knows whether they were written', async () => {
    const { kv, end } = slow();
    read(kv, 'aax', row(1));
    const failing = writing(kv, 'aax', row(2));
    end(new Error('no space left'));
    await expect(failing).rejects.toThrow('no space left');
    expect(kv.known('aax')).toBeUndefined();
    expect(kv.version('aa')).toBe(1);
    read(kv, 'aax', row(1));
    const removing = writing(kv, 'aax', null);
    end();
    await removing;
    expect(kv.known('aax')).toBeUndefined();
  });

  it('are so many; those that are asked for stay longest', () => {
    const kv = keepRows(createMemoryKv());
    read(kv, 'aax', row(1));
    for (let n = 0; n < 20_000; n++) {
      read(kv, `aa${n}`, row(n));
      kv.known('aax');
    }
    expect(kv.known('aax')).toMatchObject(row(1));
    expect(kv.known('aa0')).toBeUndefined();
    expect(kv.known('aa19999')).toMatchObject(row(19_999));
  });
});

describe('answers that are remembered', () => {
  it('are those asked for more than once; they hold until the collection changes, and not while it is changing', () => {
    let version: number | null = 1;
    let asked = 0;
    const answers = rememberAnswers(() => version);
    const ask = (): Row[] => [row(++asked)];
    const times = (count: number): unknown[] =>
      Array.from({ length: count }, () => answers.of('q', ask).rows[0]?.doc['n']);
    expect(times(4)).toEqual([1, 2, 2, 2]);
    version = null;
    expect(times(2)).toEqual([3, 4]);
    version = 2;
    expect(times(2)).toEqual([5, 5]);
    expect(answers.of('another', ask)).toEqual({ rows: [row(6)], remembered: false });
  });
});

describe('writes in order', () => {
  it('leave nothing of themselves when one of them is refused', async () => {
    const store = openMemoryStore([things]);
    const rows = store.collection(things);
    await rows.insert(buildThing({ _id: 'a', n: 1 }));
    const writing = store.inOrder([
      updating(things, { _id: 'a' }, { $set: { n: 2, kind: 'b' } }),
      inserting(things, buildThing({ _id: 'c', kind: 'b' })),
      inserting(things, buildThing({ _id: 'a' })),
    ]);
    await expect(writing).rejects.toMatchObject({ code: 'store.duplicate' });
    expect(await rows.find({})).toMatchObject([{ _id: 'a', n: 1 }]);
    expect(await rows.find({ kind: 'b' })).toEqual([]);
  });
});

describe('what callers get', () => {
  it.each([false, true])('is theirs, however often it is read; asked for by id: %s', async (byId) => {
    const store = openMemoryStore([things]);
    const rows = store.collection(things);
    const mine = await rows.insert(buildThing({ _id: 'a', kind: 'k', tags: ['x'] }));
    mine.tags.push('of mine');
    for (let n = 0; n < 5; n++) {
      const got = byId ? await rows.get('a') : (await rows.find({ kind: 'k' }))[0];
      expect(got?.tags).toEqual(['x']);
      got?.tags.push('of mine');
      const one = await rows.findOne({ kind: 'k' });
      one?.tags.push('of mine');
      const changed = await rows.update({ _id: 'a' }, { $set: { n } });
      changed?.tags.push('of mine');
    }
    expect(await rows.get('a')).toMatchObject({ n: 4, tags: ['x'] });
  });
});
