import type { GridQueries } from '../../src/grid/index.ts';
import type { Address, MessageService } from '../../src/messages/index.ts';
import { holidayTables, officeHoursFrom } from '../../src/shared/calendar/index.ts';
import * as say from '../../templates/talk.ts';
import type { Answer, Skill, Turn } from './skill.ts';

const just = (text: string) => (): Promise<Answer> => Promise.resolve({ text });

/** Help, hand-over to a person, and what the bot says when it can do nothing. */
export function createTalkSkill(deps: { grid: GridQueries; messages: MessageService; botName: () => string }): Skill {
  /** The officer's direct chat, else where cadres are among themselves; never a villagers' group. */
  async function reach(officer: string, grid: string | null): Promise<Address | null> {
    const own = await deps.messages.addressOf(officer);
    if (own !== null && 'person' in own) return own;
    const offices = (await deps.grid.rooms()).filter(({ management }) => management);
    const room = offices.find((one) => one.grid === grid) ?? offices[0];
    return room === undefined ? null : { room: room._id };
  }

  async function human(turn: Turn): Promise<Answer> {
    const officer = await deps.grid.onDuty(turn.grid);
    if (officer === null) return { text: say.nobody };
    await deps.messages.handovers.open(turn.message, turn.person, turn.room, officer._id);
    const to = await reach(officer._id, turn.grid);
    if (to !== null) {
      await deps.messages.say({
        key: `handover:${turn.message}`,
        to,
        text: say.please(turn.name),
        kind: 'news',
        mentions: 'room' in to ? [officer._id] : [],
      });
    }
    const from = officeHoursFrom(turn.at, holidayTables(await deps.grid.calendar()));
    const text = from > turn.at ? say.handedOverLater(officer.name, from) : say.handedOver(officer.name);
    return { text, change: null };
  }
  const talk: Skill['verbs'] = {
    help: () => Promise.resolve({ text: say.menu(deps.botName()) }),
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
  };
  return { verbs: { ...talk, human }, reads: Object.keys(talk) };
}
