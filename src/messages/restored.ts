type Kept = { _id: string } & Record<string, unknown>;

/**
 * A document of ours on its way out of a backup: what was due between the backup and now may have been said since
 * then. Nobody knows, so a person decides, as after a crash. What is due later cannot have been said.
 */
export function afterRestore(collection: string, doc: Kept, now: Date): Kept {
  if (collection !== 'outbox' || doc['state'] !== 'queued') return doc;
  const { notBefore } = doc;
  if (!(notBefore instanceof Date) || notBefore > now) return doc;
  return { ...doc, state: 'unknown', error: 'restored' };
}
