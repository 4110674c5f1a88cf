import { serialize } from 'bson';
import { open, type RootDatabase } from 'lmdb';
import { join } from 'node:path';
import { entries } from '../../src/platform/store/keys.ts';
import type { AnyDeclaration } from '../../src/platform/store/port.ts';

/** lmdb without Cunkou. */
export interface Bare {
  readonly database: RootDatabase<Buffer, string>;
  commit(writes: readonly [string, Buffer | null][]): Promise<void>;
}

/** lmdb opened as the engine opens it. */
export function openBare(folder: string): Bare {
  const database = open<Buffer, string>({
    path: join(folder, 'bare.mdb'),
    encoding: 'binary',
    overlappingSync: false,
    maxDbs: 1,
    maxReaders: 8,
    keyEncoder: {
      writeKey: (key: string, target: Buffer, position: number) => position + target.write(key, position, 'latin1'),
      readKey: (source: Buffer, start: number, end: number) => source.toString('latin1', start, end),
    },
  });
  return {
    database,
    async commit(writes) {
      await database.batch(() => {
        for (const [key, value] of writes) void (value === null ? database.remove(key) : database.put(key, value));
      });
    },
  };
}

export type Writes = readonly [string, Buffer | null][];

const nothing = Buffer.alloc(0);

/** What an engine writes to put a row in the place of another: its bytes, and the entries that are others now. */
export function writesOf(to: AnyDeclaration, before: Row | null, after: Row): Writes {
  const writes: [string, Buffer | null][] = [[`${to.name}:${after._id}`, Buffer.from(serialize(after))]];
  for (const [index, { fields }] of Object.entries(to.indexes)) {
    const keyOf = (row: Row): string => `${to.name}/${index}:${entries(to.name, row, fields).join('')}${row._id}`;
    const [old, fresh] = [before === null ? null : keyOf(before), keyOf(after)];
    if (old === fresh) continue;
    if (old !== null) writes.push([old, null]);
    writes.push([fresh, nothing]);
  }
  return writes;
}

type Row = { _id: string } & Record<string, unknown>;

/** Gathers what is asked for while a commit is on its way into the next one. */
export function gatherCommits(bare: Bare): { write(writes: Writes): Promise<void>; idle(): Promise<void> } {
  let gathered: { writes: Writes; written: () => void }[] = [];
  let busy = false;
  async function flush(): Promise<void> {
    while (gathered.length > 0) {
      const batch = gathered;
      gathered = [];
      await bare.commit(batch.flatMap(({ writes }) => writes));
      for (const { written } of batch) written();
    }
    busy = false;
  }
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    write: (writes) =>
      new Promise((written) => {
        gathered.push({ writes, written });
        if (busy) return;
        busy = true;
        setImmediate(() => void flush());
      }),
    async idle() {
      do await turn();
      while (busy);
    },
  };
}
