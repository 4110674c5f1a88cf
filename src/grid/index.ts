import type { Member } from '../members/index.ts';
import type { Grid, Room } from './grid.model.ts';

export type { Grid, Room } from './grid.model.ts';

/** What other capabilities and the edges may ask of the grids. */
export interface GridQueries {
  get(grid: string): Promise<Grid | null>;
  all(): Promise<Grid[]>;
  /** The village at the root of the tree. */
  village(): Promise<Grid | null>;
  room(room: string): Promise<Room | null>;
  rooms(): Promise<Room[]>;
  /** The grid's own group, or null. */
  roomOf(grid: string): Promise<Room | null>;
  /** Our room for the channel's id; learns the id when exactly one room without one bears the topic. */
  roomOfChannel(channelRoom: string, topic: string): Promise<Room | null>;
  /** The officer on duty now: the grid's own, else up the tree; never null while the village has any cadre. */
  onDuty(grid: string | null): Promise<Member | null>;
  /** The grid named in a text (三组, 3组, 第三组), else null. */
  named(text: string): Promise<Grid | null>;
}
