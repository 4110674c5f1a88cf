import type { Member, Members } from '../members/index.ts';
import { writeSheet } from '../platform/tables.ts';
import { demand, type Actor } from '../shared/access.ts';
import { notFound } from './activities.errors.ts';
import type { ActivitiesQueries } from './activities.queries.ts';
import type { Activity, Signup } from './activities.model.ts';
import { adultAge, guardedAge } from './goers.ts';
import { ownPeople } from './resizing.ts';

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
  /** A child under 16 of whose household no adult has a seat. */
  readonly alone: boolean;
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

  const membersIn = async ({ member, companions }: Signup): Promise<Member[]> => {
    const ids = member === null ? companions : [member, ...companions];
    return (await Promise.all(ids.map((id) => members.get(id)))).filter((one) => one !== null);
  };

  /** Rows with a child whose household sends no adult. */
  async function unguarded(activity: Activity, rows: readonly Signup[]): Promise<ReadonlySet<string>> {
    const age = (member: Member): number => members.ageOn(member, activity.startsAt) ?? adultAge;
    const all = await Promise.all(rows.map(async (row) => ({ row, people: await membersIn(row) })));
    const seated = all.filter(({ row }) => row.status !== 'waitlisted' && ownPeople(row) > 0);
    const adults = seated.flatMap(({ people }) => people.filter((one) => age(one) >= adultAge));
    const homes = new Set(adults.map(({ household }) => household));
    const alone = ({ people }: { people: readonly Member[] }): boolean =>
      people.some((one) => age(one) < guardedAge && !homes.has(one.household));
    return new Set(all.filter(alone).map(({ row }) => row._id));
  }

  async function lineOf(row: Signup, number: number, alone: boolean): Promise<RosterLine> {
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
      alone,
    };
  }

  return {
    async rosterFor(actor, id) {
      const activity = await queries.get(id);
      if (activity === null) throw notFound();
      demand(actor, 'activity.manage', activity.scope);
      const held = (await queries.rows(id)).filter(({ status }) => status === 'held');
      const rows = [...(await queries.roster(id)), ...held, ...(await queries.waitlist(id))];
      const alone = await unguarded(activity, rows);
      return { activity, lines: await Promise.all(rows.map((row, at) => lineOf(row, at + 1, alone.has(row._id)))) };
    },

    rosterSheet: ({ lines }) =>
      writeSheet(lines, [
        { header: '序号', value: ({ number }) => number, width: 6 },
        { header: '姓名', value: ({ name }) => name },
        { header: '网格', value: ({ grid }) => grid },
        { header: '人数', value: ({ people }) => people, width: 6 },
        { header: '同来', value: ({ along }) => along.join('、'), width: 24 },
        { header: '代报人', value: ({ by }) => by },
        { header: '状态', value: ({ waits, alone }) => `${waits ? '候补' : '已报'}${alone ? ',没有大人' : ''}` },
        { header: '签到', value: () => '', width: 16 },
      ]),
  };
}
