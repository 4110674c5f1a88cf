import type { Actor } from '../shared/access.ts';
import type { VillageCalendar } from '../shared/calendar/index.ts';
import type { Member } from '../members/index.ts';
import type { Duty, Grid, Room } from './grid.model.ts';

/** Who answers for a grid now. */
export interface OnDuty {
  readonly member: Member;
  /** As what: by the rota, or by the role held. */
  readonly as: '值班' | '网格员' | '网格长' | '村主任' | '村支书' | '妇女主任';
  /** The grid whose officer it is; another than the one asked for when the tree had to be climbed. */
  readonly grid: string | null;
}

/** What other capabilities and the edges may ask of the grids. */
export interface GridQueries {
  get(grid: string): Promise<Grid | null>;
  /** 一组, 二组, … as people count them; those without a number last. */
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
  /** As onDuty, with the role and the grid the officer stands for. */
  dutyOf(grid: string | null): Promise<OnDuty | null>;
  /** The published duty phone of the grid, else of the next one up the tree that has one. */
  dutyPhone(grid: string | null): Promise<{ grid: string; phone: string } | null>;
  /** The grid named in a text (三组, 3组, 第三组), else null; null too when several are named. */
  named(text: string): Promise<Grid | null>;
  /** Market days, farming peaks and quiet hours; those of a plain village until told otherwise. */
  calendar(): Promise<VillageCalendar>;
}

export interface GridVerbs {
  /**
   * Puts a member who may handle the grid's reports on duty, from (included) to (not included).
   * Errors: access.denied, grid.not-found 404, grid.period 422, grid.not-an-officer 422.
   */
  putOnDuty(actor: Actor, duty: { grid: string; member: string; from: Date; to: Date }): Promise<Duty>;
  /** Ends a duty now, or strikes one that has not begun. Errors: grid.duty-not-found 404, access.denied. */
  endDuty(actor: Actor, duty: string): Promise<void>;
  /** Duties of the grid that have not ended, in order. */
  duties(grid: string): Promise<Duty[]>;
  /** The number that everyone may be shown; null takes it back. Errors: grid.not-found 404, grid.phone 422, access.denied. */
  publishDutyPhone(actor: Actor, grid: string, phone: string | null): Promise<Grid>;
  /** Which group of the channel this room is, when its id changed; null unlinks. Errors: grid.room-not-found 404, access.denied. */
  linkRoom(actor: Actor, room: string, channelRoom: string | null): Promise<Room>;
}

export interface GridRow {
  readonly id: string;
  readonly parent: string | null;
  /** Null leaves what is known. */
  readonly households: number | null;
  readonly dutyPhone: string | null;
}

export interface RoomRow {
  readonly id: string;
  readonly grid: string;
  readonly topic: string;
  readonly management: boolean;
}

/** The village's parts as its files say, checked. */
export interface GridRows {
  readonly grids: readonly GridRow[];
  readonly rooms: readonly RoomRow[];
  /** Null leaves what is known. */
  readonly calendar: VillageCalendar | null;
}

interface RowCounts {
  readonly added: number;
  readonly changed: number;
  readonly same: number;
}

/** Takes in the village's parts. None is deleted or unlinked; every call can be repeated. */
export interface GridIntake {
  /** What `take` would change; `calendar`: whether it would. */
  preview(
    rows: GridRows,
  ): Promise<{ readonly grids: RowCounts; readonly rooms: RowCounts; readonly calendar: boolean }>;
  take(rows: GridRows): Promise<void>;
}
