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

const writing = (kv: KeptKv, key: string, held: Row | null): Promise<void> =>
  kv.commit([[key, held === null ? null : bytes]], new Map([[key, held === null ? null : { row: held, size: 500 }]]));

describe('rows that are kept', () => {
  it('are known once they are written', async () => {
    const { kv, end } = slow();
    const written = writing(kv, 'aax', row(1));
    expect(kv.known('aax')).toBeUndefined();
    end();
    await written;
    expect(kv.known('aax')).toEqual(row(1));
  });

  it('are not known while they are being written, whatever is read meanwhile', async () => {
    const { kv, end } = slow();
    kv.keep('aax', row(1), 500);
    const written = writing(kv, 'aax', row(2));
    kv.keep('aax', row(1), 500);
    expect(kv.known('aax')).toBeUndefined();
    expect(kv.version('aa')).toBeNull();
    expect(kv.version('bb')).toBe(0);
    end();
    await written;
    expect(kv.known('aax')).toEqual(row(2));
    expect(kv.version('aa')).toBe(1);
  });

  it('are forgotten when they are removed, and when nobody knows whether they were written', async () => {
    const { kv, end } = slow();
    kv.keep('aax', row(1), 500);
    const failing = writing(kv, 'aax', row(2));
    end(new Error('no space left'));
    await expect(failing).rejects.toThrow('no space left');
    expect(kv.known('aax')).toBeUndefined();
    expect(kv.version('aa')).toBe(1);
    kv.keep('aax', row(1), 500);
    const removing = writing(kv, 'aax', null);
    end();
    await removing;
    expect(kv.known('aax')).toBeUndefined();
  });

  it('are so many; those that are asked for stay longest', () => {
    const kv = keepRows(createMemoryKv());
    kv.keep('aax', row(1), 500);
    for (let n = 0; n < 20_000; n++) {
      kv.keep(`aa${n}`, row(n), 500);
      kv.known('aax');
    }
    expect(kv.known('aax')).toEqual(row(1));
    expect(kv.known('aa0')).toBeUndefined();
    expect(kv.known('aa19999')).toEqual(row(19_999));
  });
});

describe('answers that are remembered', () => {
  it('hold until the collection changes, and are not given while it is changing', () => {
    let version: number | null = 1;
    let asked = 0;
    const answers = rememberAnswers(() => version);
    const ask = (): { _id: string; n: number }[] => [{ _id: 'x', n: ++asked }];
    expect([answers.of('q', ask), answers.of('q', ask)]).toEqual([[{ _id: 'x', n: 1 }], [{ _id: 'x', n: 1 }]]);
    version = null;
    expect(answers.of('q', ask)).toEqual([{ _id: 'x', n: 2 }]);
    version = 2;
    expect([answers.of('q', ask), answers.of('q', ask)]).toEqual([[{ _id: 'x', n: 3 }], [{ _id: 'x', n: 3 }]]);
    expect(answers.of('another', ask)).toEqual([{ _id: 'x', n: 4 }]);
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
