import { createAcks, type AckVerbs } from './acks.ts';
import { createAuthoring, type AuthoringVerbs } from './authoring.ts';
import { createBroadcast, type BroadcastVerbs } from './broadcast.ts';
import { createDeciding, type DecidingVerbs } from './deciding.ts';
import { createAudiences } from './notices.audience.ts';
import { faults } from './notices.errors.ts';
import { createNoticeList, type NoticeList } from './notices.list.ts';
import { acks, counters, deliveries, notices } from './notices.model.ts';
import type { Inside, NoticeDeps } from './notices.parts.ts';
import { createQueries, type NoticeQueries } from './notices.queries.ts';
import { createTimes } from './notices.schedule.ts';

export interface Notices extends AuthoringVerbs, DecidingVerbs, BroadcastVerbs, AckVerbs, NoticeQueries, NoticeList {}

/** Broadcasts: writing, approving, saying, and who has answered. Nothing here speaks; the jobs and skills do. */
export function createNotices(deps: NoticeDeps): Notices {
  const { store } = deps;
  const numbers = store.collection(counters);
  const rows = store.collection(notices);
  const inside: Inside = {
    ...deps,
    notices: rows,
    deliveries: store.collection(deliveries),
    acks: store.collection(acks),
    audiences: createAudiences(deps),
    times: createTimes(deps),
    async must(id) {
      const found = await rows.get(id);
      if (found === null) throw faults.notFound();
      return found;
    },
    async nextNumber() {
      return (await numbers.upsert('notice', { $inc: { last: 1 } })).doc.last;
    },
  };
  return {
    ...createAuthoring(inside),
    ...createDeciding(inside),
    ...createBroadcast(inside),
    ...createAcks(inside),
    ...createQueries(inside),
    ...createNoticeList(inside),
  };
}
