import { describe, expect, test } from 'vitest';
import { collections } from '../../../src/compose.ts';
import { openMemoryStore } from '../../../src/platform/store/embedded.ts';
import { writeOneByOne } from '../../../src/platform/store/one-by-one.ts';
import type { Collection, Declaration, Keyed, Store } from '../../../src/platform/store/port.ts';
import { openTestVillage } from '../../support/village.ts';

const writing = new Set(['insert', 'update', 'upsert', 'updateMany', 'remove']);

/** Notes into which collections is written. */
function watched(inner: Store): { store: Store; written: Set<string> } {
  const written = new Set<string>();
  const collection = <T extends Keyed>(declaration: Declaration<T>): Collection<T> =>
    new Proxy(inner.collection(declaration), {
      get(rows, name, receiver) {
        if (writing.has(String(name))) written.add(declaration.name);
        return Reflect.get(rows, name, receiver) as unknown;
      },
    });
  return {
    store: { ...inner, collection, inOrder: (writes) => writeOneByOne({ collection }, writes) },
    written,
  };
}

describe('what only reads', () => {
  test.each(['活动', '更多', '我的报名', '网格员', '通知', '菜单', '谢谢', '今天天气好', '撤销'])(
    'writes nothing but its answer: %s',
    async (text) => {
      const { store, written } = watched(openMemoryStore(collections));
      const it = await openTestVillage({ store });
      await it.write('first', 'M1', null, '活动');
      written.clear();
      const said = await it.write('second', 'M1', null, text);
      expect(said).toHaveLength(1);
      expect([...written].filter((name) => !['dialogues', 'outbox', 'inbox'].includes(name))).toEqual([]);
    },
  );
});
