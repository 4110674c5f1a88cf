import type { Store, Where } from '../platform/store/port.ts';
import { members, type Member } from './members.model.ts';

export interface MemberFilter {
  /** Of these grids alone; null: of all. */
  readonly grids: readonly string[] | null;
  /** Exact full name. */
  readonly name?: string | undefined;
  readonly tag?: string | undefined;
}

export interface MemberList {
  /** By number; `after` is the last one seen. The caller has seen to it that the reader may know them. */
  list(filter: MemberFilter, page: { after: string | null; limit: number }): Promise<Member[]>;
}

export function createMemberList(store: Store): MemberList {
  const people = store.collection(members);
  return {
    async list({ grids, name, tag }, { after, limit }) {
      const where: Where<Member> = {
        ...(grids === null ? {} : { grid: { $in: grids } }),
        ...(name === undefined ? {} : { name }),
        ...(tag === undefined ? {} : { tags: tag }),
        ...(after === null ? {} : { _id: { $gt: after } }),
      };
      return people.find(where, { sort: { _id: 1 }, limit });
    },
  };
}
