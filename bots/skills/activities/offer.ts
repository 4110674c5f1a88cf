import { offerId } from '../../../src/activities/index.ts';
import * as say from '../../../templates/activities.ts';
import type { Answer, Slots, Turn, Verb } from '../skill.ts';
import { word, type Deps } from './parts.ts';

/** 要, 不要: only by the one who was asked, in the chat in which it was asked. */
export function offerVerbs({ activities, messages }: Deps): {
  verb: Verb;
  fits: (turn: Turn, slots: Slots) => Promise<boolean>;
} {
  const { offers } = activities;

  /** Offers that were said a moment ago, before the word of it came through. */
  async function justSaid(turn: Turn): Promise<{ offer: string; at: Date }[]> {
    const found: { offer: string; at: Date }[] = [];
    for (const offer of await offers.unsaid(turn)) {
      const row = await messages.row(`offer:${offer}`);
      if (row?.sentAt != null) found.push({ offer, at: row.sentAt });
    }
    return found;
  }

  async function answer(turn: Turn, offer: string, yes: boolean): Promise<Answer> {
    const done = yes
      ? await offers.accept({ from: turn.message, offer })
      : await offers.refuse({ from: turn.message, offer });
    if (done === null) return { text: say.noOffer };
    const row = `${done.row._id}@${done.row.seq}`;
    return yes
      ? {
          text: say.accepted(done.activity, done.row),
          change: { verb: 'activity.undo', slots: { what: 'signup', rows: [row] } },
        }
      : { text: say.refused(done.activity), change: { verb: 'activity.undo', slots: { what: 'cancel', rows: [row] } } };
  }

  return {
    async fits(turn, slots) {
      if ((await offers.open(turn)).length > 0 || (await justSaid(turn)).length > 0) return true;
      return slots['yes'] === true && (await offers.lapsed(turn)) !== null;
    },
    async verb(turn, slots) {
      const yes = slots['yes'] === true;
      const chosen = word(slots, 'choice');
      if (chosen !== undefined) return answer(turn, chosen, yes);
      for (const { offer, at } of await justSaid(turn)) await offers.said(offer, at);
      const done = await offers.answered({ from: turn.message, ...turn });
      if (done !== null) return answer(turn, done, yes);
      const open = await offers.open(turn);
      const [only, ...more] = open;
      if (only !== undefined && more.length === 0) return answer(turn, offerId(only.row), yes);
      if (only !== undefined) {
        const options = open.map(({ row }) => offerId(row));
        return {
          text: say.whichOffer(open, yes),
          ask: { verb: 'activity.offer', slots: { yes }, accepts: ['number'], options },
        };
      }
      const lapsed = await offers.lapsed(turn);
      return { text: yes && lapsed !== null ? say.late(lapsed.activity) : say.noOffer };
    },
  };
}
