import { createAcks, type AckVerbs } from './acks.ts';
import { createAuthoring, type AuthoringVerbs } from './authoring.ts';
import { createBroadcast, type BroadcastVerbs } from './broadcast.ts';
import { createAudiences } from './notices.audience.ts';
import { acks, counters, deliveries, notices } from './notices.model.ts';
import type { Inside, NoticeDeps } from './notices.parts.ts';
import { createQueries, type NoticeQueries } from './notices.queries.ts';

export interface Notices extends AuthoringVerbs, BroadcastVerbs, AckVerbs, NoticeQueries {}

/** Broadcasts: writing, approving, saying, and who has answered. Nothing here speaks; the jobs and skills do. */
export function createNotices(deps: NoticeDeps): Notices {
  const { store } = deps;
  const numbers = store.collection(counters);
  const inside: Inside = {
    ...deps,
    notices: store.collection(notices),
    deliveries: store.collection(deliveries),
    acks: store.collection(acks),
    audiences: createAudiences(deps),
    async nextNumber() {
      return (await numbers.upsert('notice', { $inc: { last: 1 } })).doc.last;
    },
  };
  return { ...createAuthoring(inside), ...createBroadcast(inside), ...createAcks(inside), ...createQueries(inside) };
}
