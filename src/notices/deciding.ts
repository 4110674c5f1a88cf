import type { Actor } from '../shared/access.ts';
import { faults } from './notices.errors.ts';
import { noticeApproved, noticeCancelled, noticeRejected } from './notices.events.ts';
import type { Notice } from './notices.model.ts';
import { authorOf, isOut, type Inside } from './notices.parts.ts';

export interface DecidingVerbs {
  /**
   * The second person's yes. In quiet hours it goes out at their end; an urgent one is only confirmed.
   * `seen`: the version that was read; another one is refused.
   * Errors: notices.not-found, access.denied, notices.own, notices.decided, notices.changed.
   */
  approve(actor: Actor, notice: string, seen?: number): Promise<Notice>;
  /** Back to the author with a reason; an urgent one that is under way is stopped. Errors as `approve`. */
  reject(actor: Actor, notice: string, reason: string): Promise<Notice>;
  /** Its author or who may approve it. What is said stays said. Errors: notices.over once it is all out. */
  cancel(actor: Actor, notice: string): Promise<Notice>;
}

export function createDeciding(inside: Inside): DecidingVerbs {
  const { notices, audiences, clock } = inside;

  /** An urgent notice that nobody has confirmed yet, wherever it stands. */
  const unconfirmed = (notice: Notice): boolean =>
    notice.kind === 'urgent' && notice.approvedBy === null && isOut(notice);

  async function mayDecide(actor: Actor, notice: Notice): Promise<void> {
    await audiences.demand(actor, 'notice.approve', [notice.scope]);
    if (notice.createdBy === authorOf(actor)) throw faults.own(notice.number);
  }

  /** Null: somebody changed it meanwhile. */
  const stop = (actor: Actor, notice: Notice, more: Partial<Pick<Notice, 'rejected'>> = {}): Promise<Notice | null> =>
    notices.update(
      { _id: notice._id, state: notice.state, version: notice.version },
      { $set: { ...more, state: 'cancelled', cancelledBy: authorOf(actor) }, $inc: { version: 1 } },
      { emit: [noticeCancelled(notice._id, { notice: notice._id })] },
    );

  const verbs: DecidingVerbs = {
    async approve(actor, id, seen) {
      const notice = await inside.must(id);
      await mayDecide(actor, notice);
      if (notice.approvedBy === authorOf(actor) && isOut(notice)) return notice;
      if (seen !== undefined && seen !== notice.version) throw faults.changed(notice.number);
      const decision = { approvedBy: authorOf(actor), approvedAt: clock.now() };
      const guard = { _id: id, state: notice.state, version: notice.version };
      if (unconfirmed(notice)) {
        const confirmed = await notices.update(
          { ...guard, approvedBy: null },
          { $set: { ...decision, approvedAfterwards: true } },
        );
        return confirmed ?? verbs.approve(actor, id, seen);
      }
      if (notice.state !== 'in-review') throw faults.decided(notice.number, notice.state);
      const changed = await notices.update(
        guard,
        {
          $set: { ...decision, state: 'approved', sayAt: await inside.times.dueAt(notice), rejected: null },
          $inc: { version: 1 },
        },
        { emit: [noticeApproved(`${id}:${notice.version + 1}`, { notice: id })] },
      );
      return changed ?? verbs.approve(actor, id, seen);
    },
    async reject(actor, id, reason) {
      const notice = await inside.must(id);
      await mayDecide(actor, notice);
      const rejected = { by: authorOf(actor), reason: reason.trim(), at: clock.now() };
      if (notice.rejected?.by === rejected.by && ['draft', 'cancelled'].includes(notice.state)) return notice;
      if (unconfirmed(notice) && notice.state !== 'sent') {
        return (await stop(actor, notice, { rejected })) ?? verbs.reject(actor, id, reason);
      }
      if (notice.state !== 'in-review') throw faults.decided(notice.number, notice.state);
      const changed = await notices.update(
        { _id: id, state: 'in-review', version: notice.version },
        { $set: { state: 'draft', rejected }, $inc: { version: 1 } },
        { emit: [noticeRejected(`${id}:${notice.version + 1}`, { notice: id })] },
      );
      return changed ?? verbs.reject(actor, id, reason);
    },
    async cancel(actor, id) {
      const notice = await inside.must(id);
      if (notice.createdBy !== authorOf(actor)) await audiences.demand(actor, 'notice.approve', [notice.scope]);
      if (notice.state === 'cancelled') return notice;
      if (notice.state === 'sent') throw faults.over(notice.number, notice.state);
      return (await stop(actor, notice)) ?? verbs.cancel(actor, id);
    },
  };
  return verbs;
}
