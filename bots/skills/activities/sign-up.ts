import type { SignUpOutcome, SignUpWish } from '../../../src/activities/index.ts';
import * as say from '../../../templates/activities.ts';
import type { Answer, Slots, Turn, Verb } from '../skill.ts';
import { count, readRef, record, word, words, yes, type Deps } from './parts.ts';
import { pick, readWhole } from './pick.ts';

/** 我妈和我爸 → two; 张和平 stays one. */
const splitNames = (said: string): string[] =>
  said
    .split(/\s*(?:、|,|，)\s*|(?:和|跟)(?=我|.{2,4}$)/u)
    .map((name) => name.trim())
    .filter((name) => name !== '');

/** What the command says besides the activity; plain data for the questions. */
function wishOf(slots: Slots): Omit<SignUpWish, 'activity'> {
  const people = count(slots, 'people');
  const companions = words(slots['companions']).join('、');
  const forWhom = words(slots['forWhom']).flatMap(splitNames);
  return {
    ...(people === undefined ? {} : { people }),
    ...(forWhom.length === 0 ? {} : { forWhom }),
    ...(companions === '' ? {} : { companions }),
  };
}

/** A wish that waited in a question. */
function wishFrom(value: unknown): SignUpWish {
  const given = record(value);
  const chosen = Object.entries(record(given['chosen'])).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return {
    activity: word(given, 'activity') ?? '',
    ...wishOf(given),
    ...(chosen.length === 0 ? {} : { chosen: Object.fromEntries(chosen) }),
  };
}

export function signUpVerbs(deps: Deps): Readonly<Record<string, Verb>> {
  const { activities } = deps;

  async function signUp(turn: Turn, wish: SignUpWish): Promise<Answer> {
    const outcome = await activities.signUp({
      ...wish,
      from: turn.message,
      person: turn.person,
      member: turn.member,
      name: turn.name,
      room: turn.room,
    });
    return answerTo(wish, outcome);
  }

  return {
    async 'activity.signup'(turn, said) {
      const slots = await readWhole(deps, said);
      const wish = wishOf(slots);
      const picked = await pick(deps, turn, slots, { verb: 'activity.signup', slots: { ...wish } });
      return 'answer' in picked ? picked.answer : signUp(turn, { ...wish, activity: picked.activity._id });
    },

    async 'activity.few'(turn, slots) {
      const wish = wishFrom(slots['wish']);
      if (yes(slots) === true) return signUp(turn, { ...wish, queue: true });
      const people = count(slots, 'number');
      if (people === undefined || people < 1) return { text: say.notSigned };
      // Another number of people: who comes along is open again.
      const { companions: _, ...rest } = wish;
      return signUp(turn, people === wish.people ? { ...wish, people } : { ...rest, people });
    },

    async 'activity.which'(turn, slots) {
      const wish = wishFrom(slots['wish']);
      const member = word(slots, 'choice');
      const asked = word(slots, 'word');
      if (asked === undefined || member === undefined) return signUp(turn, wish);
      return signUp(turn, { ...wish, chosen: { ...wish.chosen, [asked]: member } });
    },

    async 'activity.resize'(turn, slots) {
      if (yes(slots) !== true) return { text: say.unchanged };
      const { id, n } = readRef(word(slots, 'row') ?? '');
      const people = count(slots, 'people') ?? 1;
      const done = await activities.resize({ from: turn.message, row: id, seq: n, people });
      if (done.kind === 'few') return { text: say.cannotGrow(done.activity) };
      const undo = { what: 'resize', row: `${id}@${done.row.seq}`, was: done.was };
      return {
        text: say.resized(done.activity, done.row, done.was),
        change: { verb: 'activity.undo', slots: undo },
      };
    },
  };
}

function answerTo(wish: SignUpWish, outcome: SignUpOutcome): Answer {
  const { activity } = outcome;
  switch (outcome.kind) {
    case 'confirmed':
    case 'waitlisted': {
      const rows = outcome.rows.map((row) => `${row._id}@${row.seq}`);
      return { text: say.signedUp(outcome), change: { verb: 'activity.undo', slots: { what: 'signup', rows } } };
    }
    case 'few': {
      const several = (wish.forWhom?.length ?? 0) > 1;
      const text = (several ? say.fewForSeveral : say.few)(activity, outcome.free, outcome.people);
      const slots = { wish: { ...wish, ...(several ? {} : { people: outcome.people }) } };
      return { text, ask: { verb: 'activity.few', slots, accepts: several ? ['yes-no'] : ['yes-no', 'number'] } };
    }
    case 'already':
      return { text: say.already(activity, outcome.row, outcome.position) };
    case 'other-number': {
      const { row, people } = outcome;
      return {
        text: say.otherNumber(activity, row, people),
        ask: { verb: 'activity.resize', slots: { row: `${row._id}@${row.seq}`, people }, accepts: ['yes-no'] },
      };
    }
    case 'counted':
      return { text: say.counted(activity, outcome.row) };
    case 'which': {
      const options = outcome.choices.map(({ member }) => member);
      return {
        text: say.which(outcome.word, outcome.choices),
        ask: { verb: 'activity.which', slots: { wish, word: outcome.word }, accepts: ['number'], options },
      };
    }
  }
}
