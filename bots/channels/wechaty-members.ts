import type { Clock } from '../../src/platform/clock.ts';
import { inPortions } from '../../src/shared/portions.ts';
import { ChannelError, type RoomPerson } from './channel.ts';
import { within } from './deadline.ts';
import type { NameLookUp } from './wechaty-names.ts';
import type { Puppet } from './wechaty-session.ts';

/** Who is in a room: asked for again and again while cadres look, so not each time of WeChat. */
export interface MemberLists {
  /** Without `self`, and without people whose name nobody tells. Faults: ChannelError. */
  of(puppet: Puppet, room: string, self: string): Promise<readonly RoomPerson[]>;
  forget(): void;
}

const listMs = 30_000;
/** Somebody who has just put their name right is seen after this long. */
const freshMs = 60_000;
/** Names asked for at a time: an account that looks up five hundred people at once is conspicuous. */
const together = 5;
const kept = 100;

export function createMemberLists(deps: { clock: Clock; names: NameLookUp }): MemberLists {
  const { clock, names } = deps;
  const lists = new Map<string, { at: Date; people: Promise<readonly RoomPerson[]> }>();

  async function ask(puppet: Puppet, room: string, self: string): Promise<readonly RoomPerson[]> {
    const late = (): ChannelError => new ChannelError('retry', 'the list of members took too long');
    const ids = await within(clock, listMs, puppet.roomMemberList(room), late);
    const others = [...new Set(ids)].filter((contact) => contact !== self);
    const people = await inPortions(others, together, async (contact) => ({
      contact,
      name: await names.nameNow(puppet, room, contact),
    }));
    return people.filter(({ name }) => name !== '');
  }

  return {
    of(puppet, room, self) {
      const now = clock.now();
      const known = lists.get(room);
      if (known !== undefined && Math.abs(now.getTime() - known.at.getTime()) < freshMs) return known.people;
      const people = ask(puppet, room, self);
      if (lists.size >= kept) lists.clear();
      lists.set(room, { at: now, people });
      // A fault is not kept: whoever asks next asks anew.
      people.catch(() => lists.delete(room));
      return people;
    },
    forget: () => lists.clear(),
  };
}
