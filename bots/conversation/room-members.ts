import type { GridQueries } from '../../src/grid/index.ts';
import type { RoomMember } from '../../src/members/index.ts';
import { AppError } from '../../src/shared/errors.ts';
import { ChannelError, type Channel } from '../channels/channel.ts';

/**
 * Who is in a room of ours now, as the channel tells it. Errors: grid.room-not-found 404, members.room-unseen 409 (the
 * group was not seen in WeChat yet), members.no-channel 409 (no channel, or not logged in here).
 */
export function createRoomMembers(deps: {
  channel: Channel;
  grid: Pick<GridQueries, 'room'>;
}): (room: string) => Promise<readonly RoomMember[]> {
  const { channel, grid } = deps;
  return async (room) => {
    const known = await grid.room(room);
    if (known === null) throw new AppError('grid.room-not-found', 404);
    if (known.channelRoom === null) throw new AppError('members.room-unseen', 409);
    if (channel.members === undefined) throw new AppError('members.no-channel', 409);
    try {
      return await channel.members(known.channelRoom);
    } catch (cause) {
      if (cause instanceof ChannelError) throw new AppError('members.no-channel', 409, {}, { cause });
      throw cause;
    }
  };
}
