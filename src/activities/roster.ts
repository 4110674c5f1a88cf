import type { Members } from '../members/index.ts';
import { writeSheet } from '../platform/tables.ts';
import { demand, type Actor } from '../shared/access.ts';
import { notFound } from './activities.errors.ts';
import type { ActivitiesQueries } from './activities.queries.ts';
import type { Activity, Signup } from './activities.model.ts';

/** One line of the list that a cadre prints or calls the roll from. */
export interface RosterLine {
  /** 1 for the first; those who wait go on counting after those who come. */
  readonly number: number;
  readonly row: string;
  readonly name: string;
  readonly grid: string | null;
  readonly people: number;
  /** Names of those who come along: registered, then as written. */
  readonly along: readonly string[];
  /** Who signed up, when it was somebody else. */
  readonly by: string | null;
  readonly waits: boolean;
}

export interface Roster {
  readonly activity: Activity;
  readonly lines: readonly RosterLine[];
}

export interface Rosters {
  /** Confirmed rows by time of sign-up, then held ones and the queue. Errors: access.denied, activities.not-found. */
  rosterFor(actor: Actor, activity: string): Promise<Roster>;
  /** The same as an .xlsx. */
  rosterSheet(roster: Roster): Promise<Uint8Array>;
}

export function createRosters(deps: {
  members: Members;
  queries: Pick<ActivitiesQueries, 'get' | 'roster' | 'waitlist' | 'rows'>;
}): Rosters {
  const { members, queries } = deps;

  const nameOf = async (person: string): Promise<string | null> => members.nameOf(person);

  async function lineOf(row: Signup, number: number): Promise<RosterLine> {
    const member = row.member === null ? null : await members.get(row.member);
    const along = (await Promise.all(row.companions.map(nameOf))).filter((name) => name !== null);
    return {
      number,
      row: row._id,
      name: row.name,
      grid: member?.grid ?? null,
      people: row.people,
      along: [...along, ...row.guests],
      by: row.by === null ? null : await nameOf(row.by),
      waits: row.status !== 'confirmed',
    };
  }

  return {
    async rosterFor(actor, id) {
      const activity = await queries.get(id);
      if (activity === null) throw notFound();
      demand(actor, 'activity.manage', activity.scope);
      const held = (await queries.rows(id)).filter(({ status }) => status === 'held');
      const rows = [...(await queries.roster(id)), ...held, ...(await queries.waitlist(id))];
      return { activity, lines: await Promise.all(rows.map((row, at) => lineOf(row, at + 1))) };
    },

    rosterSheet: ({ lines }) =>
      writeSheet(lines, [
        { header: '序号', value: ({ number }) => number, width: 6 },
        { header: '姓名', value: ({ name }) => name },
        { header: '网格', value: ({ grid }) => grid },
        { header: '人数', value: ({ people }) => people, width: 6 },
        { header: '同来', value: ({ along }) => along.join('、'), width: 24 },
        { header: '代报人', value: ({ by }) => by },
        { header: '状态', value: ({ waits }) => (waits ? '候补' : '已报') },
        { header: '签到', value: () => '', width: 16 },
      ]),
  };
}
