import { z } from 'zod';
import type { PersonKey } from '../members/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Collection, Store } from '../platform/store/port.ts';
import { village } from '../shared/access.ts';
import { isAppError } from '../shared/errors.ts';
import { chains as declaration, type Activity, type ChainRoom } from './activities.model.ts';
import type { Book } from './book.ts';

/** An activity that begins is remembered this long, so that who is late hears that it has begun. */
const keepAfterStartMs = 3_600_000;

/** What became of lines beside the list: sign-ups that ended, and numbers that were changed by commands. */
export interface LinesNow {
  /** Persons whose row ended, and lines that such rows counted. */
  readonly ended: { readonly persons: ReadonlySet<PersonKey>; readonly keys: ReadonlySet<string> };
  /** By line: its people, in the rows of the one who asks. */
  readonly people: ReadonlyMap<string, number>;
}

/** Activities that a list in a room may be about, each by start. */
export interface Calls {
  /** Not begun, and posted into the room. */
  readonly posted: readonly Activity[];
  /** Not begun: of the room's grid, or of the whole village. */
  readonly near: readonly Activity[];
  /** Not begun: of other grids. */
  readonly far: readonly Activity[];
  /** Not over, but begun or called off. */
  readonly past: readonly Activity[];
}

/** What is remembered of the 接龙 of each room, and what a reader needs to know beside. */
export interface Chains {
  of(room: string): Promise<ChainRoom | null>;
  /** False when the room's chain has changed since `rev` (0: there was none): read again. */
  save(
    room: string,
    next: { readonly state: string; readonly rev: number; readonly from: string | null },
  ): Promise<boolean>;
  calls(room: string, grid: string | null): Promise<Calls>;
  now(activity: string, person: PersonKey): Promise<LinesNow>;
  /** Lines that were signed under a contact are the member's. */
  adopt(unbound: PersonKey, member: string): Promise<void>;
  /** Forgets the chains of what was called off or has begun; rooms without any are forgotten. */
  forgetPast(): Promise<void>;
}

/** The part of the reader's state that is known here. */
const stateShape = z.looseObject({
  current: z.string().nullable(),
  chains: z.record(z.string(), z.unknown()),
});

export function createChains(deps: { store: Store; clock: Clock; book: Book }): Chains {
  const { clock, book } = deps;
  const rooms: Collection<ChainRoom> = deps.store.collection(declaration);
  const ofAll = (): Promise<ChainRoom[]> => rooms.find({ touchedAt: { $gte: new Date(0) } });

  async function save(
    room: string,
    { state, rev, from }: { state: string; rev: number; from: string | null },
  ): Promise<boolean> {
    const fields = { state, rev: rev + 1, from, touchedAt: clock.now() };
    if (rev > 0) return (await rooms.update({ _id: room, rev }, { $set: fields })) !== null;
    try {
      await rooms.insert({ _id: room, ...fields });
      return true;
    } catch (fault) {
      if (isAppError(fault, 'store.duplicate')) return false;
      throw fault;
    }
  }

  /** Changes one room's state, whoever else does at the same time. Null from `edit`: nothing to change. */
  async function edit(id: string, change: (state: string) => string | null): Promise<void> {
    for (let room = await rooms.get(id); room !== null; room = await rooms.get(id)) {
      const state = change(room.state);
      if (state === null || (await save(id, { state, rev: room.rev, from: room.from }))) return;
    }
  }

  async function isPast(id: string): Promise<boolean> {
    const activity = await book.activities.get(id);
    if (activity === null || activity.state === 'cancelled') return true;
    return activity.startsAt.getTime() + keepAfterStartMs <= clock.now().getTime();
  }

  return {
    of: (room) => rooms.get(room),
    save,

    async calls(room, grid) {
      const now = clock.now();
      const ahead = await book.activities.find({ state: 'open', startsAt: { $gt: now } }, { sort: { startsAt: 1 } });
      const here = ({ callRooms }: Activity): boolean => callRooms.includes(room);
      const concerns = ({ scope }: Activity): boolean => scope === village || scope === grid;
      const rest = ahead.filter((one) => !here(one));
      const lately = await book.activities.find({ endsAt: { $gte: now } });
      return {
        posted: ahead.filter(here),
        near: rest.filter(concerns),
        far: rest.filter((one) => !concerns(one)),
        past: lately.filter(({ state, startsAt }) => state === 'cancelled' || startsAt <= now),
      };
    },

    async now(activity, person) {
      const over = await book.signups.find({ activity, status: { $in: ['cancelled', 'leaving'] } });
      // What was moved to another row goes on there.
      const ended = over.filter(({ why }) => why !== 'moved');
      const own = await book.rowOf(activity, person);
      const lines = own === null || own.status === 'cancelled' ? [] : (own.lines ?? []);
      return {
        ended: {
          persons: new Set(ended.map((row) => row.person)),
          keys: new Set(ended.flatMap((row) => (row.lines ?? []).map(({ key }) => key))),
        },
        people: new Map(lines.map(({ key, people }) => [key, people])),
      };
    },

    async adopt(unbound, member) {
      const written = JSON.stringify(unbound);
      for (const { _id } of await ofAll()) {
        await edit(_id, (state) =>
          state.includes(written) ? state.replaceAll(written, () => JSON.stringify(member)) : null,
        );
      }
    },

    async forgetPast() {
      for (const { _id, state, rev } of await ofAll()) {
        const known = Object.keys(stateShape.parse(JSON.parse(state)).chains);
        const past: string[] = [];
        for (const id of known) if (await isPast(id)) past.push(id);
        if (past.length === known.length) {
          await rooms.remove({ _id, rev });
          continue;
        }
        if (past.length === 0) continue;
        await edit(_id, (text) => {
          const read = stateShape.parse(JSON.parse(text));
          const chains = Object.fromEntries(Object.entries(read.chains).filter(([id]) => !past.includes(id)));
          const current = read.current !== null && past.includes(read.current) ? null : read.current;
          return JSON.stringify({ ...read, current, chains });
        });
      }
    },
  };
}
