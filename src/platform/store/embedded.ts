import { emptyCatalog, lay } from './catalog.ts';
import { createEngine, type EngineOptions } from './engine.ts';
import { createMemoryKv } from './kv.ts';
import type { AnyDeclaration, Store } from './port.ts';
import { createWriter } from './writer.ts';

export type MemoryOptions = Partial<EngineOptions>;

/**
 * A store in memory, for tests and replays: the same engine as on disk, gone when the process ends.
 * A scan of more than 1,000 documents throws `store.scan` unless `strict` is false.
 */
export function openMemoryStore(declarations: readonly AnyDeclaration[], options: MemoryOptions = {}): Store {
  const kv = createMemoryKv();
  const { tables } = lay(emptyCatalog(0), declarations);
  return createEngine(
    kv,
    createWriter(kv, (run) => run()),
    tables,
    {
      strict: options.strict ?? true,
      onScan: options.onScan ?? (() => undefined),
    },
  );
}
