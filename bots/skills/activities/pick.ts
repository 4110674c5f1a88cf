import type { Activity } from '../../../src/activities/index.ts';
import { AppError } from '../../../src/shared/errors.ts';
import { foldText } from '../../../src/shared/text.ts';
import * as say from '../../../templates/activities.ts';
import type { Answer, Question, Slots, Turn } from '../skill.ts';
import { count, readRef, refOf, roomFor, word, yes, type Deps } from './parts.ts';

export type Picked = { readonly activity: Activity } | { readonly answer: Answer };

/** The activity that an answer, a number or a name stands for; else the question to ask. */
export async function pick(
  { activities }: Deps,
  turn: Turn,
  slots: Slots,
  question: Omit<Question, 'accepts'>,
): Promise<Picked> {
  const ask = (
    shown: readonly Activity[],
    text: (shown: readonly Activity[]) => string,
    extra: Partial<Question> = {},
  ): Picked => {
    if (shown.length === 0) return { answer: { text: say.noActivities } };
    const ids = shown.map(refOf);
    return {
      answer: {
        text: text(shown),
        ask: { accepts: ['number'], options: ids, ...question, ...extra },
        shown: { kind: 'activities', ids },
      },
    };
  };
  const fresh = async (): Promise<Activity[]> => (await activities.upcoming()).slice(0, roomFor(turn));
  const again = async (): Promise<Picked> => ask(await fresh(), (shown) => say.pickAgain(shown, turn.at));
  /** Only what still is as it was shown. */
  const check = async (ref: string | undefined): Promise<Picked> => {
    if (ref === undefined) return again();
    const { id, n } = readRef(ref);
    const activity = await activities.get(id);
    const stands =
      activity !== null && activity.version === n && activity.state === 'open' && activity.startsAt > turn.at;
    return stands ? { activity } : again();
  };

  // Cut off after the sign-up: what the message stood for then counts, not what it would stand for now.
  const before = await activities.takenUpBy(turn.message, turn.person);
  if (before !== null) return { activity: before };
  const chosen = word(slots, 'choice');
  if (chosen !== undefined) return check(chosen);
  if (count(slots, 'number') !== undefined) return again();
  const only = word(slots, 'only');
  if (only !== undefined && yes(slots) !== undefined) {
    return yes(slots) === true ? check(only) : { answer: { text: say.notSigned } };
  }
  const ordinal = count(slots, 'ordinal');
  if (ordinal !== undefined) {
    const shown = turn.shown['activities'];
    return check(shown === undefined ? (await activities.upcoming()).map(refOf)[ordinal - 1] : shown[ordinal - 1]);
  }
  const ref = word(slots, 'ref');
  if (ref !== undefined) {
    const found = await activities.named(ref);
    if (found.kind === 'one') return { activity: found.activity };
    if (found.kind === 'several') {
      return ask(found.activities.slice(0, roomFor(turn)), (shown) => say.pickAmong(shown, turn.at));
    }
    if (found.past !== null) throw pastFault(found.past);
    return again();
  }
  const all = await activities.upcoming();
  const [first, ...more] = all;
  if (first !== undefined && more.length === 0) {
    return ask([first], () => say.pickOnly(first), {
      accepts: ['yes-no', 'number'],
      slots: { ...question.slots, only: refOf(first) },
    });
  }
  const shown = all.slice(0, roomFor(turn));
  return ask(shown, () => say.pick(shown, all.length - shown.length, turn.at));
}

function pastFault(past: Activity): AppError {
  const code = past.state === 'cancelled' ? 'activities.cancelled' : 'activities.started';
  return new AppError(code, 410, { activity: past._id, name: past.name });
}

/** 报名 帮扶结对: what looks like "for whom" is the name of an activity, and of nobody. */
export async function readWhole({ activities, members }: Deps, slots: Slots): Promise<Slots> {
  const whole = word(slots, 'whole');
  const person = word(slots, 'forWhom');
  if (whole === undefined || person === undefined) return slots;
  const found = await activities.named(whole);
  const known = found.kind === 'one' ? found.activity : found.kind === 'none' ? found.past : null;
  if (known === null) return slots;
  if (foldText(known.name) !== foldText(whole) && (await members.named(person)).length > 0) return slots;
  const { forWhom: _, whole: __, ...rest } = slots;
  return { ...rest, ref: whole };
}

/** 报名院坝会: the joined name fits one thing that is open now. */
export async function fitsName({ activities }: Deps, slots: Slots): Promise<boolean> {
  if (slots['joined'] !== true) return true;
  const ref = word(slots, 'ref');
  if (ref === undefined) return true;
  return (await activities.named(ref)).kind === 'one';
}
