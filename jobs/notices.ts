import type { GridQueries } from '../src/grid/index.ts';
import type { Members } from '../src/members/index.ts';
import { said, type Messages } from '../src/messages/index.ts';
import {
  noticeApproved,
  noticeCancelled,
  noticeRejected,
  noticeSubmitted,
  sayingKey,
  type Notice,
  type Notices,
} from '../src/notices/index.ts';
import type { Clock } from '../src/platform/clock.ts';
import { tryEach } from '../src/platform/each.ts';
import type { Relay } from '../src/platform/events/event.ts';
import type { Queue } from '../src/platform/queue/port.ts';
import { may, rolesFor } from '../src/shared/access.ts';
import { inPortions } from '../src/shared/portions.ts';
import * as say from '../templates/notices.ts';
import type { Sweep } from './schedule.ts';

export const dueQueue = 'notices.due';

/** Sayings that are handed over at a time. */
const together = 100;

/** Says notices when they are due, and keeps what was said in step with the outbox. */
export function registerNoticesJobs(deps: {
  relay: Relay;
  queue: Queue;
  clock: Clock;
  notices: Notices;
  messages: Messages;
  members: Members;
  grid: GridQueries;
}): { sweeps: Sweep[] } {
  const { relay, queue, clock, notices, messages, members, grid } = deps;

  /** Hands everything of a due notice to the outbox; what was handed over before stays as it is. */
  async function broadcast(id: string): Promise<void> {
    const prepared = await notices.prepare(id);
    if (prepared === null) return;
    const { notice } = prepared;
    const urgent = notice.kind === 'urgent';
    await inPortions(prepared.outgoing, together, async ({ delivery, to, title, text }) => {
      await messages.say({
        key: sayingKey(delivery),
        to,
        text: say.broadcast({ kind: notice.kind, title, text }),
        kind: 'notice',
        urgent,
        quiet: !urgent,
        // Who has unsubscribed is asked by the guard, which keeps it as left out; the outbox would only drop it.
        optional: false,
        subject: { kind: 'notice', id: delivery },
        facts: { notice: id },
      });
      await notices.queued(delivery);
    });
    await notices.settle(id);
  }

  async function arm(notice: Notice): Promise<void> {
    if (notice.state !== 'approved' || notice.sayAt === null) return;
    if (notice.sayAt <= clock.now()) await broadcast(notice._id);
    else {
      const id = `${notice._id}:${notice.version}`;
      await queue.add(dueQueue, { id, at: notice.sayAt, data: { notice: notice._id } });
    }
  }

  /** Only in direct chats and management groups: what waits for approval is not yet for the village. */
  async function tellStaff(people: readonly string[], key: string, text: string, notice: Notice): Promise<void> {
    for (const person of people) {
      const to = await messages.addressOf(person);
      if (to === null || !('person' in to)) continue;
      await messages.say({
        key: `${key}:${person}`,
        to,
        text,
        kind: 'news',
        optional: true,
        facts: { notice: notice._id },
      });
    }
  }

  async function askForReview(notice: Notice): Promise<void> {
    const author = (await members.nameOf(notice.createdBy)) ?? '系统';
    const text = say.pleaseReview(notice, author);
    const key = `notice-review:${notice._id}:${notice.version}`;
    const home = (await grid.village())?._id;
    const rooms = (await grid.rooms()).filter(
      (room) => room.management && (room.grid === home || room.grid === notice.scope),
    );
    for (const room of rooms) {
      const to = { room: room._id };
      await messages.say({ key: `${key}:${room._id}`, to, text, kind: 'news', facts: { notice: notice._id } });
    }
    if (rooms.length > 0) return;
    const people = new Set<string>();
    for (const role of rolesFor('notice.approve')) {
      for (const scope of new Set(['village', notice.scope])) {
        for (const one of await members.holders(role, scope)) people.add(one._id);
      }
    }
    people.delete(notice.createdBy);
    const entitled: string[] = [];
    for (const person of people) {
      if (may(await members.actor(person), 'notice.approve', notice.scope)) entitled.push(person);
    }
    await tellStaff(entitled, key, text, notice);
  }

  const withNotice =
    (handle: (notice: Notice) => Promise<void>) =>
    async ({ notice: id }: { notice: string }): Promise<void> => {
      const notice = await notices.get(id);
      if (notice !== null) await handle(notice);
    };

  messages.guard('notice', async (delivery) => ((await notices.mayBeSaid(delivery)) ? 'say' : 'drop'));
  relay.on(said, 'notices', async ({ subjectKind, subjectId, at }) => {
    if (subjectKind === 'notice') await notices.wasSaid(subjectId, new Date(at));
  });
  relay.on(noticeApproved, 'notices', withNotice(arm));
  relay.on(
    noticeApproved,
    'notices.review',
    withNotice(async (notice) => {
      if (notice.kind === 'urgent' && notice.approvedBy === null) await askForReview(notice);
    }),
  );
  relay.on(
    noticeSubmitted,
    'notices.review',
    withNotice(async (notice) => {
      if (notice.state === 'in-review') await askForReview(notice);
    }),
  );
  relay.on(
    noticeRejected,
    'notices',
    withNotice(async (notice) => {
      if (notice.rejected === null) return;
      const key = `notice-back:${notice._id}:${notice.version}`;
      await tellStaff([notice.createdBy], key, say.cameBack(notice, notice.rejected.reason), notice);
    }),
  );
  relay.on(noticeCancelled, 'notices', ({ notice }) => notices.withdraw(notice));
  queue.process(dueQueue, async (job) => {
    const id = job.data['notice'];
    if (typeof id === 'string') await broadcast(id);
  });

  return {
    sweeps: [
      {
        name: 'notices.due',
        everyMinutes: 5,
        async run() {
          await tryEach(await notices.awaiting(), arm);
        },
      },
      {
        name: 'notices.under-way',
        everyMinutes: 5,
        async run() {
          await tryEach(await notices.underWay(), async ({ _id }) => {
            await notices.reconcile(_id);
            await broadcast(_id);
          });
        },
      },
    ],
  };
}
