import type { Village } from '../../main.ts';
import { castOf, memberOf } from './cast.ts';
import type { Played } from './play.ts';
import { bare, instantText } from './replies.ts';

const personOf = (person: string | null): string | null => (person === null ? null : memberOf(person));

/** Sign-ups in the transcript's terms: bare message ids, member ids. */
async function signups(village: Village): Promise<Record<string, unknown[]>> {
  const { signups: found } = await village.activities.state();
  return Object.fromEntries(
    Object.entries(found).map(([activity, rows]) => [
      activity,
      rows.map(({ by, from, ...row }) => ({
        ...row,
        ...(by === undefined ? {} : { by: memberOf(by) }),
        from: bare(from),
      })),
    ]),
  );
}

async function feedback(village: Village): Promise<unknown[]> {
  const reports = [];
  for await (const report of village.feedback.all()) reports.push(report);
  return reports
    .toSorted((a, b) => a.number - b.number)
    .map(({ _id, person, category, status, rating, mergedInto, handler }) => ({
      from: bare(_id),
      by: personOf(person),
      category,
      status,
      ...(rating === null ? {} : { rating }),
      mergedInto: mergedInto === null ? null : bare(mergedInto),
      assignedTo: handler,
    }));
}

async function stopped(village: Village): Promise<string[]> {
  const { people } = await castOf(village);
  const found: string[] = [];
  for (const { id, member } of people) {
    const person = await village.members.personOfContact(id);
    if (await village.members.stopped(person)) found.push(member);
  }
  return found;
}

/** The end state in the terms of the expectation; what no capability keeps yet is empty. */
export async function stateOf(village: Village, played: Played): Promise<Record<string, unknown>> {
  const [activities, notices, answers, handovers, planned] = await Promise.all([
    village.activities.state(),
    village.notices.state(),
    village.policies.answers(),
    village.messages.handovers.all(),
    village.reminders.planned(),
  ]);
  return {
    signups: await signups(village),
    seats: activities.seats,
    feedback: await feedback(village),
    acks: { ...notices.acks, households: notices.households },
    votes: {},
    proposals: [],
    subscriptions: { stopped: await stopped(village) },
    notices: notices.notices,
    gardens: { inspections: [], adoptions: [] },
    attendance: activities.attendance,
    bindings: played.bindings,
    policy: Object.fromEntries([...answers].map(([message, card]) => [bare(message), card])),
    handovers: handovers.map(({ _id, person, to }) => ({ by: memberOf(person), from: bare(_id), to })),
    remindersPlanned: planned.map(({ activity, kind, at, to }) => ({
      activity,
      kind,
      at: instantText(at),
      to: to.map(memberOf),
    })),
    operatorRefused: played.refusals,
  };
}
