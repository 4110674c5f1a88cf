import { writeOneByOne } from '../../src/platform/store/one-by-one.ts';
import type { Store } from '../../src/platform/store/port.ts';
import { AppError } from '../../src/shared/errors.ts';

/** The store, out of reach while `down` says so. */
export function outOfReach(store: Store, down: () => boolean): Store {
  const guard = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(object, name, receiver) {
        const value: unknown = Reflect.get(object, name, receiver);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          if (down()) throw new AppError('store.unreachable', 503);
          return Reflect.apply(value, object, args);
        };
      },
    });
  const collection: Store['collection'] = (declaration) => guard(store.collection(declaration));
  return { ...store, collection, inOrder: (writes) => writeOneByOne({ collection }, writes) };
}
