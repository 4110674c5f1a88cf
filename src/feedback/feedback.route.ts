import { staffRoles, village } from '../shared/access.ts';
import type { Role } from '../shared/access.ts';
import type { GridQueries } from '../grid/index.ts';
import type { Member, Members } from '../members/index.ts';
import { isConduct, mayHandle } from './feedback.access.ts';
import type { Report } from './feedback.model.ts';
import type { Cadre } from './feedback.reading.ts';

export interface RouteDeps {
  readonly members: Pick<Members, 'holders' | 'actor'>;
  readonly grid: Pick<GridQueries, 'onDuty' | 'get' | 'all'>;
}

type Routed = Pick<Report, 'category' | 'grid' | 'about' | 'handler'>;

/** Who stands in for whom, in order. */
const conductOrder: readonly Role[] = ['监督委员', '管理员', '村支书', '村主任', '妇女主任'];
const leaderOrder: readonly Role[] = ['村主任', '村支书', '妇女主任', '监督委员', '管理员', '社工'];
/** Next up after a missed limit. */
const escalationOrder: readonly Role[] = ['村主任', '村支书'];

/** Finds a report's owner. No report is ever left without one while the village has a cadre whom it doesn't name. */
export function createRouting({ members, grid }: RouteDeps) {
  const firstHolder = async (order: readonly Role[], barred: readonly string[]): Promise<string | null> => {
    for (const role of order) {
      const free = (await members.holders(role, village)).find(({ _id }) => !barred.includes(_id));
      if (free) return free._id;
    }
    return null;
  };

  const onDutyUpwards = async (from: string | null, barred: readonly string[]): Promise<string | null> => {
    let place = from;
    for (let height = 0; height < 5; height++) {
      const officer: Member | null = await grid.onDuty(place);
      if (officer && !barred.includes(officer._id)) return officer._id;
      if (place === null) return null;
      place = (await grid.get(place))?.parent ?? null;
    }
    return null;
  };

  return {
    /** 干部作风: the inspector, else who stands in. Otherwise the officer on duty in the grid, else up the tree. */
    async ownerFor(report: Pick<Report, 'category' | 'grid' | 'about'>): Promise<string | null> {
      if (isConduct(report)) return firstHolder(conductOrder, report.about);
      return (await onDutyUpwards(report.grid, report.about)) ?? (await firstHolder(leaderOrder, report.about));
    },

    /** Who hears of a missed limit: the next up who is neither its owner nor named in it; null if there is nobody. */
    async nextUp(report: Routed): Promise<string | null> {
      const barred = report.handler === null ? report.about : [...report.about, report.handler];
      if (isConduct(report)) return firstHolder(['监督委员', '管理员'], barred);
      return firstHolder(escalationOrder, barred);
    },

    /** Whether the report has an owner who may still handle it. */
    async hasOwner(report: Routed): Promise<boolean> {
      if (report.handler === null || report.about.includes(report.handler)) return false;
      return mayHandle(report, await members.actor(report.handler));
    },

    /** Everyone with a staff role now, for finding whom a text names. */
    async cadres(): Promise<Cadre[]> {
      const scopes = [village, ...(await grid.all()).map(({ _id }) => _id)];
      const found = new Map<string, Cadre>();
      for (const scope of scopes)
        for (const role of staffRoles)
          for (const { _id, name } of await members.holders(role, scope))
            found.set(`${_id}:${role}:${scope}`, { member: _id, name, role, scope });
      return [...found.values()];
    },
  };
}
export type Routing = ReturnType<typeof createRouting>;
