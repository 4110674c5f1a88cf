import type { Activity } from '../../../src/activities/index.ts';
import { splitWhen } from '../../../src/shared/calendar/index.ts';
import * as say from '../../../templates/activities.cadres.ts';
import { unchanged } from '../../../templates/activities.ts';
import { readNumbers } from '../../understanding/numbers.ts';
import type { Answer, Slots, Turn, Verb } from '../skill.ts';
import { draftFrom, draftReader } from './draft.ts';
import { record, word, words, yes, type Deps } from './parts.ts';

/** 发活动, 改期, 取消活动, 名单, 点名: previewed, then done by 确认. */
export function manageVerbs(deps: Deps): Readonly<Record<string, Verb>> {
  const { activities, grid } = deps;

  const forStaff =
    (verb: Verb): Verb =>
    async (turn, slots) => {
      const room = turn.room === null ? null : await grid.room(turn.room);
      return turn.room === null || room?.management === true ? verb(turn, slots) : { text: say.elsewhere };
    };

  /** By its number (A7) or its name; also one that has begun, for the roll call. */
  async function find(ref: string): Promise<Activity | null> {
    const byId = /^[A-Za-z]\d{1,6}$/.test(ref) ? await activities.get(ref.toUpperCase()) : null;
    if (byId !== null) return byId;
    const named = await activities.named(ref);
    if (named.kind === 'one') return named.activity;
    return named.kind === 'none' && named.past?.state === 'open' ? named.past : null;
  }

  const draftOf = draftReader(deps);

  const peopleIn = async (activity: Activity): Promise<number> =>
    (await activities.concerned(activity._id)).reduce((sum, { people }) => sum + people, 0);

  async function roll(turn: Turn, slots: Slots): Promise<Answer> {
    const activity = await find(word(slots, 'ref') ?? '');
    if (activity === null) return { text: say.unknownActivity };
    const numbers = readNumbers(word(slots, 'rest') ?? '');
    if (numbers === null) return { text: say.howToCallRoll };
    const { lines } = await activities.rosterFor(turn.actor, activity._id);
    // The numbers are those of the list last shown here, if one was.
    const [of, ...shown] = turn.shown['roster'] ?? [];
    const order = of === activity._id ? shown : lines.map(({ row }) => row);
    const called = numbers.map((n) => lines.find(({ row, waits }) => !waits && row === order[n - 1]));
    if (called.includes(undefined)) {
      const ids = [activity._id, ...lines.map(({ row }) => row)];
      return { text: say.roster(activity, lines), shown: { kind: 'roster', ids } };
    }
    const there = called.flatMap((line) => line ?? []);
    return {
      text: say.rollPreview(
        activity,
        there.map(({ name }) => name),
      ),
      ask: {
        verb: 'activity.rollcall.do',
        slots: { activity: activity._id, rows: there.map(({ row }) => row) },
        accepts: ['yes-no'],
      },
    };
  }

  return {
    'activity.create': forStaff(async (turn, slots) => {
      const draft = await draftOf(turn, record(slots['fields']));
      if ('text' in draft) return draft;
      await activities.check(turn.actor, draft);
      const { startsAt, endsAt, deadline } = draft;
      const stored = {
        ...draft,
        startsAt: startsAt.toISOString(),
        endsAt: endsAt.toISOString(),
        deadline: deadline?.toISOString() ?? null,
      };
      const text = say.createPreview({
        ...draft,
        meet: draft.meet ?? null,
        bring: draft.bring ?? [],
        rooms: draft.callRooms ?? [],
        minimum: draft.minimum ?? null,
        minAge: draft.minAge ?? null,
        deadline: deadline ?? null,
      });
      return { text, ask: { verb: 'activity.create.do', slots: { draft: stored }, accepts: ['yes-no'] } };
    }),
    'activity.create.do': async (turn, slots) => {
      if (yes(slots) !== true) return { text: unchanged };
      const made = await activities.create(turn.actor, draftFrom(slots['draft']), turn.message);
      return { text: say.created(made), change: null };
    },

    'activity.reschedule': forStaff(async (turn, slots) => {
      const read = splitWhen(word(slots, 'rest') ?? '', turn.at);
      if (read === null || read.before === '') return { text: say.howToReschedule };
      const activity = await find(read.before);
      if (activity === null) return { text: say.unknownActivity };
      const { start, end } = read.when;
      const length = activity.endsAt.getTime() - activity.startsAt.getTime();
      const endsAt = end ?? new Date(start.getTime() + length);
      await activities.checkMove(turn.actor, activity._id, { startsAt: start, endsAt });
      return {
        text: say.reschedulePreview(activity, start, endsAt, await peopleIn(activity)),
        ask: {
          verb: 'activity.reschedule.do',
          slots: {
            activity: activity._id,
            startsAt: start.toISOString(),
            endsAt: endsAt.toISOString(),
            reason: read.after === '' ? null : read.after,
          },
          accepts: ['yes-no'],
        },
      };
    }),
    'activity.reschedule.do': async (turn, slots) => {
      if (yes(slots) !== true) return { text: unchanged };
      const move = {
        startsAt: new Date(word(slots, 'startsAt') ?? ''),
        endsAt: new Date(word(slots, 'endsAt') ?? ''),
        reason: word(slots, 'reason') ?? null,
      };
      const id = word(slots, 'activity') ?? '';
      return {
        text: say.rescheduledNow(await activities.reschedule(turn.actor, id, move, turn.message)),
        change: null,
      };
    },

    'activity.calloff': forStaff(async (turn, slots) => {
      const [, ref, reason = ''] = /^(\S+)\s*([\s\S]*)$/u.exec(word(slots, 'rest') ?? '') ?? [];
      if (ref === undefined) return { text: say.howToCallOff };
      const activity = await find(ref);
      if (activity === null) return { text: say.unknownActivity };
      await activities.checkCallOff(turn.actor, activity._id);
      return {
        text: say.callOffPreview(activity, await peopleIn(activity)),
        ask: {
          verb: 'activity.calloff.do',
          slots: { activity: activity._id, reason: reason === '' ? null : reason },
          accepts: ['yes-no'],
        },
      };
    }),
    'activity.calloff.do': async (turn, slots) => {
      if (yes(slots) !== true) return { text: unchanged };
      const id = word(slots, 'activity') ?? '';
      const done = await activities.callOff(turn.actor, id, word(slots, 'reason') ?? null, turn.message);
      return { text: say.calledOffNow(done), change: null };
    },

    'activity.roster': forStaff(async (turn, slots) => {
      const activity = await find(word(slots, 'ref') ?? '');
      if (activity === null) return { text: say.unknownActivity };
      const { lines } = await activities.rosterFor(turn.actor, activity._id);
      const ids = [activity._id, ...lines.map(({ row }) => row)];
      return { text: say.roster(activity, lines), shown: { kind: 'roster', ids } };
    }),

    'activity.rollcall': forStaff(roll),
    'activity.rollcall.do': async (turn, slots) => {
      if (yes(slots) !== true) return { text: unchanged };
      const request = { from: turn.message, activity: word(slots, 'activity') ?? '', rows: words(slots['rows']) };
      const done = await activities.rollCall(turn.actor, request);
      return { text: say.rollCalled(done.activity, done.names), change: null };
    },
  };
}
