import type { Mine } from '../../../src/activities/index.ts';
import { foldText } from '../../../src/shared/text.ts';
import * as say from '../../../templates/activities.ts';
import type { Answer, Slots, Turn, Verb } from '../skill.ts';
import { childrenLeft } from './children.ts';
import { count, readRef, roomFor, rowRef, word, words, yes, type Deps } from './parts.ts';

const refOf = ({ row }: Mine): string => `${row._id}@${row.seq}`;

/** 取消报名, and what 撤销 calls. */
export function cancelVerbs({ activities }: Deps): {
  verbs: Readonly<Record<string, Verb>>;
  fits: (turn: Turn, slots: Slots) => Promise<boolean>;
} {
  const byName = (all: readonly Mine[], ref: string): Mine[] => {
    const wanted = foldText(ref);
    const exact = all.filter(({ activity }) => foldText(activity.name) === wanted);
    if (exact.length > 0 || wanted.length < 2) return exact;
    return all.filter(({ activity }) => foldText(activity.name).includes(wanted));
  };

  function ask(turn: Turn, all: readonly Mine[]): Answer {
    if (all.length === 0) return { text: say.nothingMine };
    const shown = all.slice(0, roomFor(turn));
    const ids = shown.map(refOf);
    return {
      text: say.pickMine(turn.person, shown),
      ask: { verb: 'activity.cancel', slots: {}, accepts: ['number'], options: ids },
      shown: { kind: 'signups', ids },
    };
  }

  async function cancelOne(turn: Turn, row: string): Promise<Answer> {
    const done = await activities.cancel({ from: turn.message, person: turn.person, row });
    const slots = { what: 'cancel', rows: [rowRef(done.row)] };
    const children = await childrenLeft(activities, [done.row]);
    return {
      text: [say.cancelled(done.activity, done.row), ...(children === null ? [] : [children.text])].join('\n'),
      change: { verb: 'activity.undo', slots },
      ...(children === null ? {} : { ask: children.ask }),
    };
  }

  /** 是 after `childrenLeft`. */
  async function cancelChildren(turn: Turn, slots: Slots): Promise<Answer> {
    if (yes(slots) !== true) return { text: say.childrenStay };
    const { message: from, person } = turn;
    const done = [];
    for (const row of words(slots['rows'])) done.push(await activities.cancel({ from, person, row }));
    const [first] = done;
    if (first === undefined) return { text: say.unchanged };
    return {
      text: say.childrenCancelled(
        first.activity,
        done.map(({ row }) => row.name),
      ),
      change: { verb: 'activity.undo', slots: { what: 'cancel', rows: done.map(({ row }) => rowRef(row)) } },
    };
  }

  /** Takes back cancellations; about the first whose seat is gone it is asked. */
  async function rejoinAll(turn: Turn, refs: readonly string[]): Promise<Answer> {
    const answers: Answer[] = [];
    for (const ref of refs) answers.push(await rejoin(turn, ref, false));
    const asking = answers.find(({ ask: asks }) => asks !== undefined);
    return { ...(asking ?? answers[0]), text: answers.map(({ text }) => text).join('\n') };
  }

  async function cancel(turn: Turn, slots: Slots): Promise<Answer> {
    const before = await activities.givenUpBy(turn.message, turn.person);
    if (before !== null) return cancelOne(turn, before._id);
    const all = await activities.mine(turn.person);
    const cancelRef = async (ref: string | undefined): Promise<Answer> => {
      if (ref === undefined) return ask(turn, all);
      const one = all.find((mine) => refOf(mine) === ref);
      return one === undefined ? ask(turn, all) : cancelOne(turn, one.row._id);
    };
    const choice = word(slots, 'choice');
    if (choice !== undefined) return cancelRef(choice);
    if (count(slots, 'number') !== undefined) return ask(turn, all);
    const ordinal = count(slots, 'ordinal');
    if (ordinal !== undefined) {
      const shown = turn.shown['signups'];
      return cancelRef(shown === undefined ? all.map(refOf)[ordinal - 1] : shown[ordinal - 1]);
    }
    const ref = word(slots, 'ref');
    if (ref !== undefined) {
      const found = byName(all, ref);
      const [only, ...more] = found;
      if (only !== undefined) return more.length === 0 ? cancelOne(turn, only.row._id) : ask(turn, found);
      const named = await activities.named(ref);
      return named.kind === 'one' ? { text: say.notMine(named.activity) } : ask(turn, all);
    }
    const [only, ...more] = all;
    return only !== undefined && more.length === 0 ? cancelOne(turn, only.row._id) : ask(turn, all);
  }

  async function rejoin(turn: Turn, ref: string, queue: boolean): Promise<Answer> {
    const { id, n } = readRef(ref);
    const done = await activities.rejoin({ from: turn.message, row: id, seq: n, queue });
    const { activity, row } = done;
    const change = { verb: 'activity.undo', slots: { what: 'signup', rows: [`${row._id}@${row.seq}`] } };
    switch (done.kind) {
      case 'confirmed':
        return { text: say.restored(activity, row), change };
      case 'waitlisted':
        return { text: say.requeued(activity, row, done.position), change };
      case 'taken':
        return {
          text: say.seatGone(activity),
          ask: { verb: 'activity.rejoin', slots: { row: `${row._id}@${row.seq}` }, accepts: ['yes-no'] },
        };
    }
  }

  return {
    async fits(turn, slots) {
      const ref = word(slots, 'ref');
      if (slots['joined'] !== true || ref === undefined) return true;
      if (byName(await activities.mine(turn.person), ref).length === 1) return true;
      return (await activities.named(ref)).kind === 'one';
    },
    verbs: {
      'activity.cancel': cancel,
      'activity.cancel.children': cancelChildren,

      async 'activity.undo'(turn, slots) {
        const ref = word(slots, 'row') ?? '';
        switch (word(slots, 'what')) {
          case 'cancel':
            return rejoinAll(turn, words(slots['rows']));
          case 'resize': {
            const { id, n } = readRef(ref);
            const done = await activities.resize({
              from: turn.message,
              row: id,
              seq: n,
              people: count(slots, 'was') ?? 1,
            });
            return {
              text: done.kind === 'few' ? say.cannotGrow(done.activity) : say.restored(done.activity, done.row),
            };
          }
          default: {
            const texts: string[] = [];
            for (const one of words(slots['rows'])) {
              const { id, n } = readRef(one);
              const { activity, row } = await activities.undo({ from: turn.message, row: id, seq: n });
              texts.push(say.undone(activity, row));
            }
            return { text: texts.join('\n') };
          }
        }
      },

      async 'activity.rejoin'(turn, slots) {
        return yes(slots) === true ? rejoin(turn, word(slots, 'row') ?? '', true) : { text: say.unchanged };
      },
    },
  };
}
