import type { Village } from '../../main.ts';
import type { OperatorAct } from './transcript.ts';

/** What operators do by hand, through the same services as everybody. Refusals are AppErrors. */
export async function operate(
  village: Pick<Village, 'members' | 'notices' | 'activities' | 'feedback'>,
  operator: string,
  act: OperatorAct,
  /** Names the act: the same again is done once. */
  from: string,
  inboxId: (message: string) => string,
): Promise<void> {
  const { notices, activities, feedback } = village;
  const actor = await village.members.actor(operator);
  switch (act.do) {
    case 'notice.send':
      await notices.send(actor, { ...act.args, from });
      return;
    case 'notice.approve':
      await notices.approve(actor, act.args.key);
      return;
    case 'activity.create': {
      const { id, name, kind, garden, startsAt, endsAt, capacity, meet, bring, post } = act.args;
      await activities.create(
        actor,
        {
          id,
          name,
          kind,
          garden: garden ?? null,
          startsAt,
          endsAt,
          capacity,
          meet: meet ?? null,
          bring,
          callRooms: post?.rooms ?? [],
          jielong: post?.jielong ?? false,
        },
        from,
      );
      return;
    }
    case 'activity.cancel':
      await activities.callOff(actor, act.args.activity, act.args.reason || null, from);
      return;
    case 'activity.reschedule': {
      const { activity, startsAt, endsAt, reason } = act.args;
      await activities.reschedule(actor, activity, { startsAt, endsAt, reason: reason || null }, from);
      return;
    }
    case 'feedback.assign':
      await feedback.handle(actor, inboxId(act.args.feedback), from, { do: 'assign', to: act.args.to });
      return;
    case 'feedback.resolve':
      await feedback.handle(actor, inboxId(act.args.feedback), from, { do: 'resolve', note: act.args.note });
  }
}
