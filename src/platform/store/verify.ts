import { dueSpace, parkedSpace, readCatalog, spaceKey, type Catalog } from './catalog.ts';
import { above, encode, entries, skip, type Key } from './keys.ts';
import type { Reader } from './kv.ts';
import { dueOf, parkedIn, decodeRow, type Row } from './rows.ts';

/** What a look through a whole data folder found. Codes, names of collections and indexes, counts: nobody's words. */
export interface Verdict {
  readonly documents: number;
  readonly entries: number;
  /** Empty when every entry has its document and every document its entries. */
  readonly faults: readonly string[];
}

type Known = Catalog['collections'][string];

/** Counts each kind of fault instead of listing every place. */
class Faults {
  private readonly counts = new Map<string, number>();
  add(fault: string): void {
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
  }
  all(): string[] {
    return [...this.counts].map(([fault, count]) => `${fault}: ${count}`);
  }
}

function rowAt(reader: Reader, name: string, key: Key): Row | null {
  const bytes = reader.get(key);
  return bytes === undefined ? null : decodeRow(name, bytes);
}

/** Every entry of an index: its document is there and has it, and a unique one is there once. How many there are. */
function readIndex(reader: Reader, name: string, { space }: Known, index: Known['indexes'][string], faults: Faults) {
  const prefix = spaceKey(index.space);
  let count = 0;
  let last: Key | null = null;
  for (const key of reader.keys(prefix, prefix + above)) {
    count++;
    let end = prefix.length;
    for (let field = 0; field < index.fields.length; field++) end = skip(key, end);
    const entry = key.slice(prefix.length, end);
    if (index.unique && entry === last) faults.add(`${name} has a unique key twice`);
    last = entry;
    const row = rowAt(reader, name, spaceKey(space) + key.slice(end));
    if (row === null) faults.add(`${name} has an entry without its document`);
    else if (!entries(name, row.doc, index.fields).includes(entry)) faults.add(`${name} has an entry that is not true`);
  }
  return count;
}

/** Keys under which events of all collections wait, each with the document that it names. */
function readEvents(reader: Reader, space: Key, skipDue: boolean, spaces: Map<Key, string>, faults: Faults): number {
  let count = 0;
  for (const key of reader.keys(space, space + above)) {
    count++;
    const at = skipDue ? skip(key, space.length) : space.length;
    const name = spaces.get(key.slice(at, at + 2));
    const row = name === undefined ? null : rowAt(reader, name, key.slice(at));
    if (row === null) faults.add('an event waits without its document');
    else if (skipDue && key.slice(space.length, at) !== encode(dueOf(row.waiting)))
      faults.add('an event waits for a time that is not its own');
    else if (!skipDue && !parkedIn(row.waiting)) faults.add('an event is parked that is not');
  }
  return count;
}

/**
 * Reads everything that a data folder holds and compares: each index entry with its document and each document with
 * its entries, the events that wait as well, and that nothing else lies there. Throws `store.damaged`.
 */
export function verify(reader: Reader): Verdict {
  const faults = new Faults();
  const catalog = readCatalog(reader);
  if (catalog === null) return { documents: 0, entries: 0, faults: [] };
  const spaces = new Map<Key, string>();
  const expected = { entries: 0, due: 0, parked: 0 };
  let documents = 0;
  let found = 0;
  for (const [name, known] of Object.entries(catalog.collections)) {
    const space = spaceKey(known.space);
    spaces.set(space, name);
    const indexes = Object.values(known.indexes);
    for (const key of reader.keys(space, space + above)) {
      documents++;
      const row = rowAt(reader, name, key);
      if (row === null) continue;
      for (const { fields } of indexes) expected.entries += entries(name, row.doc, fields).length;
      if (dueOf(row.waiting) !== null) expected.due++;
      if (parkedIn(row.waiting)) expected.parked++;
    }
    for (const index of indexes) found += readIndex(reader, name, known, index, faults);
  }
  if (found < expected.entries) faults.add(`documents lack ${expected.entries - found} entries`);
  if (readEvents(reader, dueSpace, true, spaces, faults) < expected.due) faults.add('an event is not waited for');
  if (readEvents(reader, parkedSpace, false, spaces, faults) < expected.parked)
    faults.add('a parked event is not noted');
  const own = new Set([...spaces.keys(), dueSpace, parkedSpace]);
  for (const { indexes } of Object.values(catalog.collections))
    for (const { space } of Object.values(indexes)) own.add(spaceKey(space));
  for (const space of catalog.garbage) own.add(spaceKey(space));
  strangers(reader, own, faults);
  return { documents, entries: found, faults: faults.all() };
}

/** What stands in a space of nobody's: looks at the first key of each. */
function strangers(reader: Reader, own: ReadonlySet<Key>, faults: Faults): void {
  for (let from: Key = '\0\x03'; ;) {
    let first: Key | null = null;
    for (const key of reader.keys(from, above + above)) {
      first = key;
      break;
    }
    if (first === null) return;
    const space = first.slice(0, 2);
    if (!own.has(space)) faults.add('something lies in no collection');
    from = space + above;
  }
}
