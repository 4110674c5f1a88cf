import type { GridQueries } from '../../src/grid/index.ts';
import type { Members } from '../../src/members/index.ts';
import type { Mouth, OutboxRow } from '../../src/messages/index.ts';
import { ChannelError, type Channel, type ChannelAddress } from '../channels/channel.ts';
import { foreignRoom } from './turns.ts';

/** Turns our addresses into the channel's and says the row there. `owns`: this process may use the login. */
export function createMouth(deps: {
  channel: Channel;
  members: Members;
  grid: GridQueries;
  owns?: () => boolean;
}): Mouth {
  const { channel, members, grid, owns = () => true } = deps;

  async function contact(person: string): Promise<string> {
    const id = await members.contactOf(person);
    if (id === null) throw new ChannelError('give-up', 'nobody of WeChat is bound to this person');
    return id;
  }

  async function room(id: string): Promise<string> {
    if (id.startsWith(foreignRoom)) return id.slice(foreignRoom.length);
    const known = await grid.room(id);
    if (known === null) throw new ChannelError('give-up', 'there is no such room');
    if (known.channelRoom === null) throw new ChannelError('retry', 'the room was not seen in WeChat yet');
    return known.channelRoom;
  }

  async function mentions(row: OutboxRow): Promise<string[]> {
    const contacts = await Promise.all(row.mentions.map((person) => members.contactOf(person)));
    return contacts.filter((id) => id !== null);
  }

  const addressOf = async (row: OutboxRow): Promise<ChannelAddress> =>
    row.room === null ? { contact: await contact(row.person ?? '') } : { room: await room(row.room) };

  return {
    online: () => owns() && channel.online(),
    // What fails before the channel is asked (a look-up) was not said.
    faultKind: (fault) => (fault instanceof ChannelError ? fault.kind : 'retry'),
    async say(row) {
      const [to, mentioned] = await Promise.all([addressOf(row), mentions(row)]);
      // The last moment before it leaves the process: another may own the login by now.
      if (!owns()) throw new ChannelError('retry', 'another process owns the login');
      try {
        return (await channel.say(to, row.text, mentioned)).id;
      } catch (fault) {
        if (fault instanceof ChannelError) throw fault;
        throw new ChannelError('unknown', 'the channel failed', { cause: fault });
      }
    },
    async heard(row) {
      return row.claimedAt === null ? null : (channel.echo?.(await addressOf(row), row.text, row.claimedAt) ?? null);
    },
  };
}
