import { isAppError } from '../../shared/errors.ts';
import type { AnyDeclaration, Collection, Declaration, Keyed, Store, Write } from './port.ts';

type Collections = Pick<Store, 'collection'>;

const rowsOf = (store: Collections, to: AnyDeclaration): Collection<Keyed> =>
  store.collection(to as unknown as Declaration<Keyed>);

async function write(store: Collections, one: Write): Promise<boolean> {
  const rows = rowsOf(store, one.to);
  switch (one.verb) {
    case 'insert':
      try {
        await rows.insert(one.doc as Keyed);
        return true;
      } catch (fault) {
        if (!one.unlessThere || !isAppError(fault, 'store.duplicate') || fault.facts['index'] !== '_id') throw fault;
        return false;
      }
    case 'update':
      return (await rows.update(one.where, one.change)) !== null;
    case 'upsert':
      await rows.upsert(one.id, one.change);
      return true;
  }
}

/** `inOrder` for an engine that can only write one document at a time. */
export async function writeOneByOne(store: Collections, writes: readonly Write[]): Promise<boolean[]> {
  const changed: boolean[] = [];
  for (const one of writes) changed.push(await write(store, one));
  return changed;
}
