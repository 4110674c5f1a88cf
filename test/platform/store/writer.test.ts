import { describe, expect, it } from 'vitest';
import { createMemoryKv, type Kv } from '../../../src/platform/store/kv.ts';
import { createWriter } from '../../../src/platform/store/writer.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);

describe('the writer', () => {
  const disk = (): { kv: Kv; commits: string[][]; fail: (fault: Error | null) => void } => {
    const memory = createMemoryKv();
    const commits: string[][] = [];
    let broken: Error | null = null;
    const commit = async (writes: Iterable<[string, Uint8Array | null]>): Promise<void> => {
      const all = [...writes];
      commits.push(all.map(([key]) => key));
      await new Promise((resolve) => setImmediate(resolve));
      if (broken !== null) throw broken;
      await memory.commit(all);
    };
    return { kv: { ...memory, commit }, commits, fail: (fault) => (broken = fault) };
  };

  it('makes one commit of what one turn asks for, and the next of what came meanwhile', async () => {
    const { kv, commits } = disk();
    const writer = createWriter(kv, setImmediate);
    const first = ['a', 'b'].map((key) => writer.submit((draft) => draft.put(key, bytes('1'))));
    await new Promise((resolve) => setImmediate(resolve));
    const second = ['c', 'd'].map((key) => writer.submit((draft) => draft.put(key, bytes('1'))));
    await Promise.all([...first, ...second]);
    expect(commits).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('lets later operations see what earlier ones of the same commit wrote', async () => {
    const { kv, commits } = disk();
    const writer = createWriter(kv, setImmediate);
    const add = () =>
      writer.submit((draft) => {
        const sum = Number(Buffer.from(draft.get('sum') ?? bytes('0')).toString()) + 1;
        draft.put('sum', bytes(String(sum)));
        return sum;
      });
    expect(await Promise.all([add(), add(), add()])).toEqual([1, 2, 3]);
    expect(commits).toEqual([['sum']]);
  });

  it('fails everything in a commit that fails, and goes on with the next', async () => {
    const { kv, fail } = disk();
    const writer = createWriter(kv, setImmediate);
    fail(new Error('no space left'));
    const outcomes = await Promise.allSettled(
      ['a', 'b'].map((key) => writer.submit((draft) => draft.put(key, bytes('1')))),
    );
    expect(outcomes).toMatchObject([
      { status: 'rejected', reason: { code: 'store.unwritable', status: 503, cause: { message: 'no space left' } } },
      { status: 'rejected', reason: { code: 'store.unwritable' } },
    ]);
    fail(null);
    expect(kv.get('a')).toBeUndefined();
    await writer.submit((draft) => draft.put('a', bytes('2')));
    expect(Buffer.from(kv.get('a') ?? bytes('')).toString()).toBe('2');
  });

  it('finishes what was asked before it closes, and takes nothing afterwards', async () => {
    const { kv } = disk();
    const writer = createWriter(kv, setImmediate);
    const asked = writer.submit((draft) => draft.put('a', bytes('1')));
    await writer.close();
    await asked;
    expect(kv.get('a')).toBeDefined();
    await expect(writer.submit(() => 1)).rejects.toMatchObject({ code: 'store.closed' });
  });
});
