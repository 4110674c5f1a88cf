import type { ActivitiesService } from '../../src/activities/index.ts';
import type { Feedback } from '../../src/feedback/index.ts';
import type { GridQueries } from '../../src/grid/index.ts';
import type { MembersService } from '../../src/members/index.ts';
import type { MessageService, OutboxRow } from '../../src/messages/index.ts';
import type { Clock } from '../../src/platform/clock.ts';
import type { Reminders } from '../../src/reminders/index.ts';
import { formatDay, formatWhen } from '../../src/shared/calendar/index.ts';
import type { Cast } from './chats.ts';

/** The part of a village that is looked at. */
export interface Watched {
  readonly members: MembersService;
  readonly grid: GridQueries;
  readonly activities: ActivitiesService;
  readonly feedback: Feedback;
  readonly messages: MessageService;
  readonly reminders: Reminders;
}

interface Who {
  readonly id: string;
  readonly name: string;
}

/** An instant twice: ISO 8601, and as villagers read it. */
interface When {
  readonly at: string;
  readonly text: string;
}

export interface ClockState {
  readonly now: string;
  /** 3月19日(周四,二月初一). */
  readonly day: string;
  /** A script is being played: the clock can't be moved yet. */
  readonly playing: boolean;
}

const whenOf = (at: Date): When => ({ at: at.toISOString(), text: formatWhen(at) });
const ticket = (number: number): string => `FK${String(number).padStart(4, '0')}`;
const mostWaiting = 100;
const mostSaid = 20;

export const clockState = (now: Date, playing: boolean): ClockState => ({
  now: now.toISOString(),
  day: formatDay(now),
  playing,
});

/** Everything that can be seen of the village, for whoever tries the bot: nothing is hidden from a simulator. */
export function createState(deps: { village: Watched; cast: Cast; clock: Clock }) {
  const { village, cast, clock } = deps;
  const { members, grid, activities, feedback, messages, reminders } = village;
  const memberOf = (person: string): string => cast.people.find(({ id }) => `wx:${id}` === person)?.member ?? person;

  async function who(person: string): Promise<Who> {
    const member = memberOf(person);
    const shown = cast.people.find((each) => each.member === member)?.name;
    return { id: member, name: (await members.nameOf(member)) ?? shown ?? member };
  }

  const people = () =>
    Promise.all(
      cast.people.map(async ({ id, name, member }) => {
        const [known, bound, actor] = await Promise.all([
          members.get(member),
          members.ofContact(id),
          members.actor(member),
        ]);
        return {
          id: member,
          contact: id,
          /** As WeChat shows it, and as registered. */
          nickname: name,
          name: known?.name ?? name,
          grid: known?.grid ?? null,
          roles: [...new Set(actor.grants.map(({ role }) => role))],
          bound: bound?._id === member,
          rooms: cast.rooms.filter((room) => room.members.includes(id)).map(({ room }) => room),
        };
      }),
    );

  async function signUps() {
    const { signups, seats } = await activities.state();
    const listed = await Promise.all(
      Object.entries(seats).map(async ([id, { startsAt, ...counts }]) => ({
        activity: { id, name: (await activities.get(id))?.name ?? id },
        starts: whenOf(new Date(startsAt)),
        ...counts,
        people: (signups[id] ?? []).map(({ member, name, people: seatsOf, status, why }) => ({
          member,
          name,
          people: seatsOf,
          status,
          why: why ?? null,
        })),
      })),
    );
    return listed.sort((a, b) => a.starts.at.localeCompare(b.starts.at));
  }

  async function tickets() {
    const found = [];
    for await (const report of feedback.all()) found.push(report);
    const numbers = new Map(found.map(({ _id, number }) => [_id, ticket(number)]));
    return Promise.all(
      found
        .sort((a, b) => b.number - a.number)
        .map(async (report) => ({
          ticket: ticket(report.number),
          by: await who(report.person),
          text: report.text,
          category: report.category,
          status: report.status,
          handler: report.handler === null ? null : await who(report.handler),
          due: whenOf(report.due),
          rating: report.rating,
          photos: report.images.length,
          mergedInto: report.mergedInto === null ? null : (numbers.get(report.mergedInto) ?? null),
        })),
    );
  }

  const saying = async (row: OutboxRow) => ({
    key: row._id,
    kind: row.kind,
    to: { room: row.room, person: row.person === null ? null : await who(row.person) },
    text: row.text,
    state: row.state,
    notBefore: whenOf(row.notBefore),
    sentAt: row.sentAt === null ? null : row.sentAt.toISOString(),
  });

  async function outbox() {
    const { rows } = messages.outbox;
    const waiting: OutboxRow[] = [];
    for (const state of ['queued', 'sending', 'unknown', 'failed'] as const) {
      for (const priority of [0, 1, 2]) {
        const sort = { notBefore: 1, order: 1 } as const;
        waiting.push(...(await rows.find({ state, priority }, { sort, limit: mostWaiting - waiting.length })));
        if (waiting.length >= mostWaiting) break;
      }
      if (waiting.length >= mostWaiting) break;
    }
    const said = await rows.find({ sentAt: { $gte: new Date(0) } }, { sort: { sentAt: -1 }, limit: mostSaid });
    return { waiting: await Promise.all(waiting.map(saying)), said: await Promise.all(said.map(saying)) };
  }

  const planned = async () =>
    Promise.all(
      (await reminders.planned()).map(async ({ activity, kind, at, to }) => ({
        activity: { id: activity, name: (await activities.get(activity))?.name ?? activity },
        kind,
        due: whenOf(at),
        to: await Promise.all(to.map(who)),
      })),
    );

  return async (playing: boolean) => {
    const root = await grid.village();
    const [everybody, signedUp, reports, sayings, coming] = await Promise.all([
      people(),
      signUps(),
      tickets(),
      outbox(),
      planned(),
    ]);
    return {
      village: root?._id ?? null,
      clock: clockState(clock.now(), playing),
      people: everybody,
      rooms: cast.rooms.map(({ room, topic, members: contacts }) => ({
        id: room,
        topic,
        members: cast.people.filter(({ id }) => contacts.includes(id)).map(({ member }) => member),
      })),
      signUps: signedUp,
      tickets: reports,
      outbox: sayings,
      reminders: coming,
    };
  };
}
