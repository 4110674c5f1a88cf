import type { GridQueries, Room } from '../../src/grid/index.ts';
import type { Members } from '../../src/members/index.ts';
import type { Dialogue, InboxTask } from '../../src/messages/index.ts';
import type { Turn } from '../skills/skill.ts';

/** Rooms that the village doesn't know keep the channel's id behind this mark. */
export const foreignRoom = 'wx:';

/** Looks up who speaks and where, afresh: roles and names may have changed since. `seen` is the room as just read. */
export async function turnOf(
  deps: { members: Members; grid: GridQueries },
  message: string,
  at: Date,
  task: Omit<InboxTask, 'action' | 'answers'>,
  dialogue: Dialogue | null,
  seen?: Room | null,
): Promise<Turn> {
  const { members, grid } = deps;
  const [member, room] = await Promise.all([
    members.get(task.person),
    seen !== undefined || task.room === null ? (seen ?? null) : grid.room(task.room),
  ]);
  const actor = await members.actor(task.person, member ?? undefined);
  return {
    message,
    at,
    person: task.person,
    contact: task.contact,
    member: member?._id ?? null,
    name: member?.name ?? task.called,
    actor,
    room: task.room,
    management: room?.management ?? false,
    grid: room?.grid ?? member?.grid ?? null,
    mention: task.mention,
    text: task.text,
    images: task.images,
    shown: dialogue?.shown ?? {},
  };
}
