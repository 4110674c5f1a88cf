import type { Uploads } from '../../src/platform/uploads.ts';

/** A picture that could not be fetched or kept: its name behind this mark. */
export const missing = 'missing:';

/** Keeps a picture that a villager sent; what it is kept as. A fault is reported, never thrown. */
export function createImageKeeper(deps: {
  uploads: Uploads;
  onFault: (name: string, fault: unknown) => void;
}): (name: string, read: () => Promise<Uint8Array>) => Promise<string> {
  return async (name, read) => {
    try {
      return (await deps.uploads.save(await read())).id;
    } catch (fault) {
      deps.onFault('picture', fault);
      return `${missing}${name}`;
    }
  };
}
