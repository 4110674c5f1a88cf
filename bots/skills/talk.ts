import type { GridQueries } from '../../src/grid/index.ts';
import type { MessageService } from '../../src/messages/index.ts';
import { officeHoursFrom } from '../../src/shared/calendar/index.ts';
import * as say from '../../templates/talk.ts';
import type { Answer, Skill, Turn } from './skill.ts';

const just = (text: string) => (): Promise<Answer> => Promise.resolve({ text });

/** Help, hand-over to a person, and what the bot says when it can do nothing. */
export function createTalkSkill(deps: { grid: GridQueries; messages: MessageService; botName: () => string }): Skill {
  async function human(turn: Turn): Promise<Answer> {
    const officer = await deps.grid.onDuty(turn.grid);
    if (officer === null) return { text: say.nobody };
    await deps.messages.handovers.open(turn.message, turn.person, turn.room, officer._id);
    const address = await deps.messages.addressOf(officer._id);
    if (address !== null && 'person' in address) {
      await deps.messages.say({
        key: `handover:${turn.message}`,
        to: address,
        text: say.please(turn.name),
        kind: 'news',
      });
    }
    const from = officeHoursFrom(turn.at);
    return { text: from > turn.at ? say.handedOverLater(officer.name, from) : say.handedOver(officer.name) };
  }
  return {
    verbs: {
      help: () => Promise.resolve({ text: say.menu(deps.botName()) }),
      human,
      'talk.fallback': just(say.fallback),
      'talk.courtesy': () => Promise.resolve({ text: say.courtesy, keepsQuestion: true }),
      'talk.unreadable': just(say.unreadable),
      'talk.photo': just(say.photo),
      'talk.expired': just(say.expired),
      'talk.ended': just(say.ended),
      'talk.nothing-to-undo': just(say.nothingToUndo),
      'talk.too-late-to-undo': just(say.tooLateToUndo),
      'talk.too-long': just(say.tooLong),
      'talk.recalled': (_turn, slots) =>
        Promise.resolve({
          text: say.recalled,
          ask: { verb: 'talk.undo-recalled', slots, accepts: ['yes-no'] },
        }),
    },
  };
}
