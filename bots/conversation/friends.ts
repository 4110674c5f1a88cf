import { unboundKey, type Members } from '../../src/members/index.ts';
import type { FriendPace, MessageService } from '../../src/messages/index.ts';
import type { Work } from '../../src/platform/work.ts';
import { ChannelError, type Channel } from '../channels/channel.ts';

/**
 * Accepts requests to become a contact, one by one at their times, and greets with one line. It binds nobody, and the
 * words of the request are never looked at. The result looks for those whose time has come.
 */
export function acceptFriends(deps: {
  channel: Channel;
  messages: MessageService;
  members: Pick<Members, 'personOfContact'>;
  work: Work;
  pace: FriendPace;
  /** This process may use the login. */
  owns: () => boolean;
  greeting: () => string;
  onFault: (name: string, fault: unknown) => void;
}): () => Promise<void> {
  const { channel, messages, members } = deps;
  const { friends } = messages;

  channel.onFriendRequest?.(({ id, contact }) => deps.work.run('friends', () => friends.asked(contact, id, deps.pace)));

  return async () => {
    for (const row of await friends.due()) {
      if (channel.acceptFriend === undefined || !deps.owns() || !channel.online()) return;
      try {
        await channel.acceptFriend(row.request);
      } catch (fault) {
        deps.onFault('friends', fault);
        await friends.failed(row, fault instanceof ChannelError && fault.kind === 'give-up');
        continue;
      }
      const person = await members.personOfContact(row._id);
      await messages.say({
        key: `friend:${unboundKey(row._id)}:${row.request}`,
        to: { person },
        text: deps.greeting(),
        kind: 'news',
        optional: true,
      });
      await friends.accepted(row);
    }
  };
}
