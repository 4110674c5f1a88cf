import { formatDay, quietShift } from '../shared/calendar/index.ts';
import { isAppError } from '../shared/errors.ts';
import { inPortions } from '../shared/portions.ts';
import type { Address } from '../messages/index.ts';
import { noticeApproved, noticeCancelled } from './notices.events.ts';
import type { Delivery, Notice } from './notices.model.ts';
import { nextTime } from './notices.schedule.ts';
import type { Inside } from './notices.parts.ts';
import { fillText, noticeCode } from './notices.text.ts';

/** One saying that is to be handed to the outbox. */
export interface Outgoing {
  /** The delivery's id: the subject of the saying. */
  readonly delivery: string;
  readonly to: Address;
  /** With the variables filled in for this address. */
  readonly title: string;
  readonly text: string;
}

export interface BroadcastVerbs {
  /**
   * A due notice, turned into deliveries: what is not yet handed to the outbox. Empty when it isn't due, was cancelled
   * or all is handed over. Can be repeated after a crash at any step.
   */
  prepare(notice: string): Promise<{ notice: Notice; outgoing: Outgoing[] } | null>;
  /** The outbox has it. */
  queued(delivery: string): Promise<void>;
  /** Right before it is said: still wanted? Leaves out whoever has unsubscribed by now. */
  mayBeSaid(delivery: string): Promise<boolean>;
  wasSaid(delivery: string, at: Date): Promise<void>;
  /**
   * Withdraws everything of a cancelled notice that is not yet being said. An occurrence that came too late
   * is followed by the next one of its series; one that a person cancelled ends it.
   */
  withdraw(notice: string): Promise<void>;
  /** Marks it sent once nothing is left to be said. */
  settle(notice: string): Promise<void>;
  /** Holds what the outbox knows against the deliveries of a notice under way: what a crash or a fault left. */
  reconcile(notice: string): Promise<void>;
  /** Approved notices, soonest first: due ones and those whose alarm must exist. */
  awaiting(): Promise<Notice[]>;
  underWay(): Promise<Notice[]>;
}

/** An occurrence that an outage held up longer is left to the next one: 明天赶场 said days later would be wrong. */
const latestMs = 12 * 60 * 60 * 1000;
const tooLate = ({ series, sayAt }: Notice, now: Date): boolean =>
  series !== null && sayAt !== null && now.getTime() - sayAt.getTime() > latestMs;

/** Deliveries that are written at a time. */
const together = 100;

export const sayingKey = (delivery: string): string => `notice:${delivery}`;

export function createBroadcast(inside: Inside): BroadcastVerbs {
  const { notices, deliveries, clock, members, grid, messages } = inside;

  /**
   * The next occurrence of a recurring notice is a notice of its own, approved with the series. Planned once this
   * one can no longer be cancelled unsaid, and before it is over.
   */
  async function planNext(notice: Notice): Promise<void> {
    if (notice.repeat === null || notice.series === null || notice.sayAt === null) return;
    const seq = notice.series.seq + 1;
    const id = `${notice.series.of}.${seq}`;
    const now = clock.now();
    const after = notice.wantedAt !== null && notice.wantedAt > now ? notice.wantedAt : now;
    const { marketDays, quietHours } = await grid.calendar();
    const wantedAt = nextTime(notice.repeat, after, marketDays);
    if (wantedAt === null || (await notices.get(id)) !== null) return;
    const next: Notice = {
      ...notice,
      _id: id,
      number: await inside.nextNumber(),
      state: 'approved',
      cancelledBy: null,
      createdAt: now,
      wantedAt,
      sayAt: notice.kind === 'urgent' ? wantedAt : quietShift(wantedAt, quietHours),
      saidAt: null,
      series: { of: notice.series.of, seq },
      version: 1,
    };
    try {
      await notices.insert(next, { emit: [noticeApproved(`${id}:1`, { notice: id })] });
    } catch (fault) {
      if (!isAppError(fault, 'store.duplicate')) throw fault;
    }
  }

  async function plan(notice: Notice): Promise<void> {
    const reached = await inside.audiences.resolve(notice.audience, notice.kind === 'urgent');
    const row = { notice: notice._id, number: notice.number, state: 'planned', saidAt: null } as const;
    await inPortions(reached.rooms, together, ({ _id: room }) =>
      deliveries.upsert(`${notice._id}:room/${room}`, { $setOnInsert: { ...row, room, person: null } }),
    );
    await inPortions(reached.directs, together, (person) =>
      deliveries.upsert(`${notice._id}:direct/${person}`, { $setOnInsert: { ...row, room: null, person } }),
    );
  }

  async function outgoing(notice: Notice, { _id, room, person }: Delivery, home: string): Promise<Outgoing> {
    const member = person === null ? null : await members.get(person);
    const place = room === null ? member?.grid : (await grid.room(room))?.grid;
    const values = {
      姓名: member?.name ?? '各位乡亲',
      日期: formatDay(clock.now()),
      网格: place ?? home,
      村名: home,
      编号: noticeCode(notice.number),
    };
    const to: Address = room === null ? { person: person ?? '' } : { room };
    return { delivery: _id, to, title: fillText(notice.title, values), text: fillText(notice.text, values) };
  }

  const verbs: BroadcastVerbs = {
    async prepare(id) {
      let notice = await notices.get(id);
      if (notice?.state === 'approved') {
        if (notice.sayAt === null || notice.sayAt > clock.now()) return null;
        if (tooLate(notice, clock.now())) {
          await notices.update(
            { _id: id, state: 'approved' },
            { $set: { state: 'cancelled', cancelledBy: 'system' } },
            { emit: [noticeCancelled(id, { notice: id })] },
          );
          return null;
        }
        await plan(notice);
        notice =
          (await notices.update({ _id: id, state: 'approved' }, { $set: { state: 'sending' } })) ??
          (await notices.get(id));
      }
      if (notice?.state === 'cancelled') await verbs.withdraw(id);
      if (notice?.state !== 'sending') return null;
      await planNext(notice);
      const due = notice;
      const home = (await grid.village())?._id ?? '';
      const rows = await deliveries.find({ notice: id, state: 'planned' });
      return { notice, outgoing: await inPortions(rows, together, (row) => outgoing(due, row, home)) };
    },
    async queued(delivery) {
      await deliveries.update({ _id: delivery, state: 'planned' }, { $set: { state: 'queued' } });
    },
    async mayBeSaid(delivery) {
      const row = await deliveries.get(delivery);
      const notice = row === null ? null : await notices.get(row.notice);
      if (row === null || notice === null || !['planned', 'queued', 'failed'].includes(row.state)) return false;
      const cancelled = notice.state === 'cancelled';
      const stopped = notice.kind !== 'urgent' && row.person !== null && (await members.stopped(row.person));
      if (!cancelled && !stopped) return true;
      await deliveries.update(
        { _id: delivery, state: row.state },
        { $set: { state: cancelled ? 'cancelled' : 'left-out' } },
      );
      await verbs.settle(row.notice);
      return false;
    },
    async wasSaid(delivery, at) {
      await deliveries.update({ _id: delivery, state: { $ne: 'said' } }, { $set: { state: 'said', saidAt: at } });
      const row = await deliveries.get(delivery);
      if (row === null) return;
      await notices.update({ _id: row.notice, saidAt: null }, { $set: { saidAt: at } });
      await notices.update({ _id: row.notice, saidAt: { $gt: at } }, { $set: { saidAt: at } });
      await verbs.settle(row.notice);
    },
    async withdraw(id) {
      const notice = await notices.get(id);
      if (notice?.cancelledBy === 'system') await planNext(notice);
      for (const state of ['planned', 'queued'] as const) {
        for (const row of await deliveries.find({ notice: id, state })) {
          await messages.cancel({ kind: 'notice', id: row._id });
          await deliveries.update({ _id: row._id, state }, { $set: { state: 'cancelled' } });
        }
      }
    },
    async settle(id) {
      if ((await deliveries.findOne({ notice: id, state: { $in: ['planned', 'queued'] } })) !== null) return;
      const notice = await notices.get(id);
      if (notice?.state !== 'sending') return;
      await planNext(notice);
      await notices.update({ _id: id, state: 'sending' }, { $set: { state: 'sent' } });
    },
    async reconcile(id) {
      for (const row of await deliveries.find({ notice: id, state: 'queued' })) {
        const saying = await messages.row(sayingKey(row._id));
        const become = (state: Delivery['state']): Promise<Delivery | null> =>
          deliveries.update({ _id: row._id, state: 'queued' }, { $set: { state } });
        if (saying === null) await become('planned');
        else if (saying.state === 'sent') await verbs.wasSaid(row._id, saying.sentAt ?? clock.now());
        else if (saying.state === 'failed' || saying.state === 'unknown') await become('failed');
        else if (saying.state === 'dropped') await become('left-out');
        else if (saying.state === 'cancelled') await become('cancelled');
      }
      await verbs.settle(id);
    },
    awaiting: () => notices.find({ state: 'approved' }, { sort: { sayAt: 1 } }),
    underWay: () => notices.find({ state: 'sending' }),
  };
  return verbs;
}
