import type { Migration } from './migration.ts';

/** The first inboxes did not count their attempts. */
export const inboxAttempts: Migration = {
  version: 1,
  what: 'every message in the inbox counts its attempts',
  run: (store) => store.each('inbox', (doc) => (doc['attempts'] === undefined ? { ...doc, attempts: 0 } : doc)),
};
