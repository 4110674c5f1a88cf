import * as say from '../../../templates/activities.ts';
import type { Turn, Verb } from '../skill.ts';
import { readRef, refOf, roomFor, shownInGroup, type Deps } from './parts.ts';

/** 活动, 更多, 我的报名. */
export function listVerbs({ activities }: Deps): {
  verbs: Readonly<Record<string, Verb>>;
  hasMore: (turn: Turn) => Promise<boolean>;
} {
  /** What the list last shown here leaves out, by start. */
  async function rest(turn: Turn): Promise<{ before: readonly string[]; next: string[] }> {
    const before = turn.shown['activities'] ?? [];
    const known = new Set(before.map((ref) => readRef(ref).id));
    const open = await activities.upcoming();
    return { before, next: open.filter(({ _id }) => !known.has(_id)).map(refOf) };
  }

  return {
    hasMore: async (turn) => {
      const { before, next } = await rest(turn);
      return before.length > 0 && next.length > 0;
    },
    verbs: {
      async 'activity.list'(turn) {
        const all = await activities.upcoming();
        const shown = all.slice(0, roomFor(turn));
        if (shown.length === 0) return { text: say.noActivities };
        const ids = shown.map(refOf);
        return { text: say.list(shown, all.length - shown.length), shown: { kind: 'activities', ids } };
      },

      async more(turn) {
        const { before, next } = await rest(turn);
        const now = next.slice(0, shownInGroup);
        const found = (await Promise.all(now.map((ref) => activities.get(readRef(ref).id)))).filter(
          (activity) => activity !== null,
        );
        if (found.length === 0) return { text: say.noActivities };
        const text = say.list(found, next.length - now.length, before.length + 1);
        return { text, shown: { kind: 'activities', ids: [...before, ...now] } };
      },

      async 'activity.mine'(turn) {
        const all = await activities.mine(turn.person);
        const along = turn.member === null ? [] : await activities.alongIn(turn.member);
        if (all.length + along.length === 0) return { text: say.nothingMine };
        const shown = all.slice(0, roomFor(turn));
        const ids = shown.map(({ row }) => `${row._id}@${row.seq}`);
        return {
          text: say.mine(turn.person, shown, all.length - shown.length, along.slice(0, 1)),
          shown: { kind: 'signups', ids },
        };
      },
    },
  };
}
