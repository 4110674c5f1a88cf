import { deserialize, serialize } from 'bson';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { createEmbeddedStore } from '../../src/platform/store/embedded.ts';
import { entries } from '../../src/platform/store/keys.ts';
import { declare, type Collection, type Store } from '../../src/platform/store/port.ts';
import { openBare, type Bare } from './bare.ts';
import { compare, inFlight, type Figure, type Run } from './measure.ts';

/** A row as villages have many: a sign-up. */
const rows = declare(
  'rows',
  z.object({
    _id: z.string(),
    activity: z.string(),
    person: z.string(),
    member: z.string().nullable(),
    name: z.string(),
    people: z.number().int(),
    companions: z.array(z.string()),
    guests: z.array(z.string()),
    status: z.enum(['pending', 'confirmed', 'waitlisted']),
    from: z.string(),
    room: z.string().nullable(),
    signedAt: z.date(),
    did: z.object({ from: z.string(), what: z.string() }),
    touchedAt: z.date(),
  }),
  {
    activity: { fields: ['activity', 'status'] },
    person: { fields: ['person', 'status'] },
    status: { fields: ['status', 'touchedAt'] },
  },
);
type Row = z.infer<typeof rows.schema>;

const width = 50;
/** Rows that one look-up by index finds. */
const together = 20;
const at = new Date('2026-03-18T09:30:00+08:00');

const idOf = (n: number): string => `A${Math.floor(n / together)}:M${String(n).padStart(6, '0')}`;
const rowOf = (n: number, status: Row['status'] = 'pending'): Row => ({
  _id: idOf(n),
  activity: `A${Math.floor(n / together)}`,
  person: `M${String(n).padStart(6, '0')}`,
  member: `M${String(n).padStart(6, '0')}`,
  name: '王秀英',
  people: 2,
  companions: [],
  guests: ['老婆子'],
  status,
  from: `wechaty:message-${n}`,
  room: '三组',
  signedAt: at,
  did: { from: `wechaty:message-${n}`, what: 'signup' },
  touchedAt: new Date(at.getTime() + n),
});

const nothing = Buffer.alloc(0);
/** What the engine writes for a row: its key and bytes, then the entries of its indexes. */
const documentOf = (row: Row): [string, Buffer] => [`rr${row._id}`, Buffer.from(serialize(row))];
const entriesOf = (row: Row): string[] =>
  Object.values(rows.indexes).flatMap(({ fields }, i) =>
    entries('rows', row, fields).map((entry) => `i${i}${entry}${row._id}`),
  );

/** As many documents in a commit as the engine gets from those in flight. */
async function bareFill(bare: Bare, n: number): Promise<void> {
  for (let from = 0; from < n; from += width) {
    const writes: [string, Buffer][] = [];
    for (let i = from; i < Math.min(from + width, n); i++) {
      const row = rowOf(i);
      writes.push(documentOf(row), ...entriesOf(row).map((key): [string, Buffer] => [key, nothing]));
    }
    await bare.commit(writes);
  }
}

/** Two folders, one for each side, that live for one run. */
function sides(n: number, filled: boolean) {
  let folder = '';
  let store: Store;
  let bare: Bare;
  const begin = async (): Promise<void> => void (folder = await mkdtemp(join(tmpdir(), 'cunkou-bench-')));
  const end = (): Promise<void> => rm(folder, { recursive: true });
  return {
    ours: (work: (collection: Collection<Row>) => Promise<void>) => (): Run => ({
      async prepare() {
        await begin();
        store = await createEmbeddedStore({ folder, declarations: [rows] });
        if (filled) await inFlight(n, 500, (i) => store.collection(rows).insert(rowOf(i)));
      },
      work: () => work(store.collection(rows)),
      async finish() {
        await store.close();
        await end();
      },
    }),
    bare: (work: (bare: Bare) => Promise<void>) => (): Run => ({
      async prepare() {
        await begin();
        bare = openBare(folder);
        if (filled) await bareFill(bare, n);
      },
      work: () => work(bare),
      async finish() {
        await bare.database.close();
        await end();
      },
    }),
  };
}

/** The store against lmdb alone, which writes the same bytes with as many commits; both make and read the BSON. */
export async function storeFigures(n: number): Promise<Figure[]> {
  const empty = sides(n, false);
  const full = sides(n, true);
  const anyRow = (i: number): number => (i * 7919) % n;
  return [
    await compare(
      'store insert',
      n,
      empty.ours((collection) => inFlight(n, width, (i) => collection.insert(rowOf(i)))),
      empty.bare((bare) => bareFill(bare, n)),
    ),
    await compare(
      'store get',
      n,
      full.ours(async (collection) => {
        for (let i = 0; i < n; i++) await collection.get(idOf(anyRow(i)));
      }),
      full.bare(async ({ database }) => {
        for (let i = 0; i < n; i++) {
          await Promise.resolve();
          deserialize(database.getBinaryFast(`rr${idOf(anyRow(i))}`) ?? nothing, {
            allowObjectSmallerThanBufferSize: true,
          });
        }
      }),
    ),
    await compare(
      `store find by index, ${together} rows`,
      n,
      full.ours(async (collection) => {
        for (let i = 0; i < n; i++) await collection.find({ activity: rowOf(anyRow(i)).activity, status: 'pending' });
      }),
      full.bare(async ({ database }) => {
        for (let i = 0; i < n; i++) {
          await Promise.resolve();
          const [start = ''] = entries('rows', rowOf(anyRow(i)), ['activity', 'status']);
          for (const key of database.getKeys({ start: `i0${start}`, end: `i0${start}\xff` })) {
            const bytes = database.getBinaryFast(`rr${key.slice(start.length + 2)}`) ?? nothing;
            deserialize(bytes, { allowObjectSmallerThanBufferSize: true });
          }
        }
      }),
    ),
    await compare(
      'store guarded update',
      n,
      full.ours((collection) =>
        inFlight(n, width, (i) =>
          collection.update(
            { _id: idOf(anyRow(i)), status: 'pending' },
            { $set: { status: 'confirmed', touchedAt: at }, $inc: { people: 1 } },
          ),
        ),
      ),
      full.bare(async (bare) => {
        for (let from = 0; from < n; from += width) {
          const writes: [string, Buffer | null][] = [];
          for (let i = from; i < Math.min(from + width, n); i++) {
            const bytes = bare.database.getBinaryFast(`rr${idOf(anyRow(i))}`) ?? nothing;
            const before = deserialize(bytes, { allowObjectSmallerThanBufferSize: true }) as Row;
            if (before.status !== 'pending') continue;
            const after: Row = { ...before, status: 'confirmed', touchedAt: at, people: before.people + 1 };
            for (const key of entriesOf(before)) writes.push([key, null]);
            for (const key of entriesOf(after)) writes.push([key, nothing]);
            writes.push(documentOf(after));
          }
          await bare.commit(writes);
        }
      }),
    ),
  ];
}
