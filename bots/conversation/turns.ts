import type { GridQueries } from '../../src/grid/index.ts';
import type { Members } from '../../src/members/index.ts';
import type { Dialogue, InboxTask } from '../../src/messages/index.ts';
import type { Turn } from '../skills/skill.ts';

/** Rooms that the village doesn't know keep the channel's id behind this mark. */
export const foreignRoom = 'wx:';

/** Looks up who speaks and where, afresh: roles and names may have changed since the message came. */
export async function turnOf(
  deps: { members: Members; grid: GridQueries },
  message: string,
  at: Date,
  task: Omit<InboxTask, 'action' | 'answers'>,
  dialogue: Dialogue | null,
): Promise<Turn> {
  const { members, grid } = deps;
  const [member, actor, room] = await Promise.all([
    members.get(task.person),
    members.actor(task.person),
    task.room === null ? null : grid.room(task.room),
  ]);
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
