import type { Clock } from '../../src/platform/clock.ts';
import type { Log } from '../../src/platform/log.ts';
import { within } from './deadline.ts';
import type { Puppet } from './wechaty-session.ts';

/** Looks up what people and rooms are called. Never throws: an unknown name is an empty one. */
export interface NameLookUp {
  topic(puppet: Puppet, room: string): Promise<string>;
  /** The alias in that room (群昵称), else the nickname. */
  nameIn(puppet: Puppet, room: string | null, contact: string): Promise<string>;
  /** The same, asked anew: people put their names right. */
  nameNow(puppet: Puppet, room: string, contact: string): Promise<string>;
  forget(): void;
}

const lookUpMs = 10_000;
const kept = 5_000;

/** Rooms and contacts are cached by wechaty-puppet itself, a room's members (as of 1.20) are not. */
export function createNameLookUp(deps: { clock: Clock; log: Log }): NameLookUp {
  const names = new Map<string, string>();

  async function ask<T>(answer: Promise<T>): Promise<T | null> {
    try {
      return await within(deps.clock, lookUpMs, answer, () => new Error('look-up took too long'));
    } catch (fault) {
      deps.log.fault('channel.name-unknown', fault);
      return null;
    }
  }

  async function look(puppet: Puppet, room: string | null, contact: string): Promise<string> {
    const member = room === null ? null : await ask(puppet.roomMemberPayload(room, contact));
    const found = member?.roomAlias || member?.name || (await ask(puppet.contactPayload(contact)))?.name || '';
    if (names.size >= kept) names.clear();
    if (found !== '') names.set(`${room ?? ''}|${contact}`, found);
    return found;
  }

  return {
    async topic(puppet, room) {
      return (await ask(puppet.roomPayload(room)))?.topic ?? '';
    },
    nameIn: async (puppet, room, contact) =>
      names.get(`${room ?? ''}|${contact}`) ?? (await look(puppet, room, contact)),
    nameNow: look,
    forget: () => names.clear(),
  };
}
