import type { Actor } from '../shared/access.ts';
import { localDate, localTime } from '../shared/calendar/index.ts';
import type { Member } from '../members/index.ts';
import { householdsOf, previewOf, type Preview } from './notices.audience.ts';
import type { Notice } from './notices.model.ts';
import { isOut, type Inside } from './notices.parts.ts';

export interface RoomReach {
  readonly room: string;
  readonly households: number;
  readonly answered: number;
}

/** Whom a notice reached and who has answered, as of now. For cadres only: never shown in a villagers' group. */
export interface Reach {
  readonly notice: Notice;
  readonly people: number;
  readonly peopleAnswered: number;
  readonly households: number;
  readonly householdsAnswered: number;
  readonly rooms: readonly RoomReach[];
  /** Direct chats in which it was said, and that were left out. */
  readonly directs: { readonly said: number; readonly leftOut: number };
  /** Where it could not be said, or nobody knows whether it was: a person must look. */
  readonly notSaid: { readonly rooms: readonly string[]; readonly directs: number };
  /** Of each household that has not answered, the one to call on: its head if reached, else who is. */
  readonly silent: readonly Member[];
  /** Households of which nobody can read it. */
  readonly unreached: readonly Member[];
}

/** Everything, in plain values, for `cunkou replay`. */
export interface NoticeState {
  notices: Record<
    string,
    {
      kind: Notice['kind'];
      state: Notice['state'];
      by: string;
      approvedBy: string | null;
      approvedAfterwards: boolean;
      saidAt: string | null;
      rooms: string[];
      directTo: string[];
      leftOut: string[];
    }
  >;
  acks: Record<string, string[]>;
  households: Record<string, number>;
}

export interface NoticeQueries {
  get(notice: string): Promise<Notice | null>;
  byNumber(number: number): Promise<Notice | null>;
  /** Normal notices that wait for a second person and urgent ones not yet confirmed, which this actor may decide. */
  toDecide(actor: Actor): Promise<Notice[]>;
  /** Who would get it now. Errors: as `reach`. */
  intended(actor: Actor, notice: string): Promise<Preview>;
  /** Errors: notices.not-found, access.denied (for whoever may not write notices there). */
  reach(actor: Actor, notice: string): Promise<Reach>;
  state(): Promise<NoticeState>;
}

const page = 200;

function onePerHousehold(people: readonly Member[]): Member[] {
  const found = new Map<string, Member>();
  for (const one of people) if (one.relation === '户主' || !found.has(one.household)) found.set(one.household, one);
  return [...found.values()];
}

export function createQueries(inside: Inside): NoticeQueries {
  const { notices, deliveries, acks, audiences, members } = inside;

  async function* all(): AsyncIterable<Notice> {
    let after: Notice | undefined;
    for (;;) {
      const found = await notices.find(
        { number: { $gte: 0 } },
        { sort: { number: 1 }, limit: page, ...(after === undefined ? {} : { after }) },
      );
      yield* found;
      after = found.at(-1);
      if (found.length < page) return;
    }
  }

  return {
    get: (notice) => notices.get(notice),
    byNumber: (number) => notices.findOne({ number }),
    async toDecide(actor) {
      const unconfirmed = await notices.find({ kind: 'urgent', approvedBy: null });
      const waiting = [...(await notices.find({ state: 'in-review' })), ...unconfirmed.filter(isOut)];
      const found: Notice[] = [];
      for (const one of waiting) {
        if (one.createdBy === actor.member) continue;
        if (await audiences.allowed(actor, 'notice.approve', [one.scope])) found.push(one);
      }
      return found.toSorted((a, b) => a.number - b.number);
    },
    async intended(actor, id) {
      const notice = await inside.must(id);
      await audiences.demand(actor, 'notice.write', [notice.scope]);
      return previewOf(await audiences.resolve(notice.audience, notice.kind === 'urgent'));
    },
    async reach(actor, id) {
      const notice = await inside.must(id);
      await audiences.demand(actor, 'notice.write', [notice.scope]);
      const rows = await deliveries.find({ notice: id });
      const said = rows.filter((row) => row.state === 'said');
      const inRooms = said.flatMap((row) => row.room ?? []);
      const reachedBy = async (rooms: readonly string[], persons: readonly string[]) =>
        audiences.resolve(
          { rooms: [...rooms], members: [...persons], grids: [], households: [], roles: [], tags: [] },
          true,
        );
      const reached = await reachedBy(
        inRooms,
        said.flatMap((row) => row.person ?? []),
      );
      const answers = await acks.find({ notice: id });
      const answered = new Set(answers.map((one) => one.household));
      const people = new Map(reached.people.map((one) => [one._id, one]));
      for (const one of answers) {
        const member = people.has(one.member) ? null : await members.get(one.member);
        if (member !== null) people.set(member._id, member);
      }
      const rooms: RoomReach[] = [];
      for (const room of inRooms) {
        const here = householdsOf((await reachedBy([room], [])).people);
        rooms.push({ room, households: here.size, answered: [...here].filter((one) => answered.has(one)).length });
      }
      const households = householdsOf([...people.values()]);
      const intended = await audiences.resolve(notice.audience, true);
      const count = (state: string): number => rows.filter((row) => row.person !== null && row.state === state).length;
      return {
        notice,
        people: people.size,
        peopleAnswered: answers.length,
        households: households.size,
        householdsAnswered: [...households].filter((one) => answered.has(one)).length,
        rooms,
        directs: { said: count('said'), leftOut: count('left-out') },
        notSaid: {
          rooms: rows.filter((row) => row.state === 'failed').flatMap((row) => row.room ?? []),
          directs: count('failed'),
        },
        silent: onePerHousehold([...people.values()].filter((one) => !answered.has(one.household))),
        unreached: onePerHousehold(
          [...intended.people, ...intended.unreached].filter((one) => !households.has(one.household)),
        ),
      };
    },
    async state() {
      const found: NoticeState = { notices: {}, acks: {}, households: {} };
      for await (const one of all()) {
        const rows = await deliveries.find({ notice: one._id });
        const answers = await acks.find({ notice: one._id }, { sort: { at: 1 } });
        const persons = (state: string): string[] =>
          rows.filter((row) => row.state === state).flatMap((row) => row.person ?? []);
        found.notices[one._id] = {
          kind: one.kind,
          state: one.state,
          by: one.createdBy,
          approvedBy: one.approvedBy,
          approvedAfterwards: one.approvedAfterwards,
          saidAt: one.saidAt === null ? null : `${localDate(one.saidAt)}T${localTime(one.saidAt)}+08:00`,
          rooms: rows.filter((row) => row.state === 'said').flatMap((row) => row.room ?? []),
          directTo: persons('said'),
          leftOut: persons('left-out'),
        };
        found.acks[one._id] = answers.map((row) => row.member);
        found.households[one._id] = new Set(answers.map((row) => row.household)).size;
      }
      return found;
    },
  };
}
