import type { Uploads } from '../../src/platform/uploads.ts';

/** A picture that could not be fetched or kept: its name behind this mark. */
export const missing = 'missing:';

/** Keeps a picture that a villager sent; what it is kept as. A fault is reported, never thrown. */
export function createImageKeeper(deps: {
  uploads: Uploads;
  /** Notes who sent it. */
  sent: (picture: string, person: string) => Promise<void>;
  onFault: (name: string, fault: unknown) => void;
}): (name: string, read: () => Promise<Uint8Array>, person: string) => Promise<string> {
  return async (name, read, person) => {
    try {
      const { id } = await deps.uploads.save(await read());
      await deps.sent(id, person).catch((fault: unknown) => deps.onFault('picture', fault));
      return id;
    } catch (fault) {
      deps.onFault('picture', fault);
      return `${missing}${name}`;
    }
  };
}
