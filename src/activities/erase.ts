import { noName, type Keeper, type PersonKey, type Traced } from '../members/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../platform/store/port.ts';
import { AppError } from '../shared/errors.ts';
import * as model from './activities.model.ts';
import type { Signup, Size } from './activities.model.ts';
import type { Book } from './book.ts';
import { entryOf } from './entries.ts';

const live: readonly string[] = model.liveStatuses;

/**
 * Sign-ups that lie ahead are given up as if the person had done so, and the queue moves; past ones stay for the
 * counts, without a name. Everything under a contact is put under the member's number first.
 */
export function createActivitiesKeeper(deps: {
  store: Store;
  clock: Clock;
  book: Book;
  adopt: (unbound: PersonKey, member: string) => Promise<void>;
}): Keeper {
  const { clock, book } = deps;
  const { signups } = book;
  const there = deps.store.collection(model.attendance);
  const chains = deps.store.collection(model.chains);

  async function giveUp(row: Signup, from: string): Promise<void> {
    let now: Signup | null = row;
    while (now !== null && live.includes(now.status)) {
      const did = { from, what: 'cancel' };
      now = now.status === 'leaving' ? await book.finish(now) : await book.leave(now, 'cancelled', did);
      now ??= await signups.get(row._id);
    }
  }

  /** The entry of a row that was adopted still bears the contact. */
  async function rename(row: Signup, member: string): Promise<void> {
    const { entry, seq } = row;
    if (entry === null || !entry.startsWith('wx:')) return;
    const next = entryOf(member, seq + 1, row.people);
    await book.seats.resize(row.activity, entry, next);
    await signups.update({ _id: row._id, seq, entry }, { $set: { entry: next, seq: seq + 1 } });
  }

  async function letGo({ _id }: Signup, { member }: Traced): Promise<void> {
    const row = await signups.get(_id);
    if (row === null) return;
    const activity = await book.activities.get(row.activity);
    const ahead = activity !== null && activity.state === 'open' && activity.startsAt > clock.now();
    if (ahead) await giveUp(row, `erasure:${member}`);
    else await rename(row, member);
    const left = (await signups.get(_id)) ?? row;
    const lines = (left.lines ?? []).map((line) => ({ ...line, name: noName }));
    await signups.update(
      { _id },
      {
        $set: { name: noName, guests: [], lines, ...(left.next === undefined ? {} : { next: null }) },
        $unset: { tookOver: true },
      },
    );
  }

  /** The same where others wrote the name down: as a guest, in a line of a 接龙. */
  async function unname(row: Signup, name: string): Promise<void> {
    const plain = (text: string): string => (text === name ? noName : text);
    const named = ({ guests, lines }: Pick<Size, 'guests' | 'lines'>): Pick<Size, 'guests' | 'lines'> => ({
      guests: guests.map(plain),
      lines: lines.map((line) => ({ ...line, name: plain(line.name) })),
    });
    const { guests, lines } = named({ guests: row.guests, lines: row.lines ?? [] });
    const next = row.next == null ? null : { ...row.next, ...named(row.next) };
    await signups.update(
      { _id: row._id, seq: row.seq },
      {
        $set: {
          ...{ name: plain(row.name), guests },
          ...(row.lines === undefined ? {} : { lines }),
          ...(next === null ? {} : { next }),
        },
      },
    );
  }

  /** What is remembered of a 接龙: copies of the list are known by digests, so the name need not stay. */
  async function letGoOfChains({ member, name }: Traced): Promise<void> {
    const anonymous = (_key: string, value: unknown): unknown =>
      typeof value === 'object' && value !== null && 'name' in value && 'member' in value && value.member === member
        ? { ...value, name: noName }
        : value;
    for await (const { _id, state, rev } of chains.stream({})) {
      const masked = JSON.stringify(JSON.parse(state, anonymous));
      const left = name === null ? masked : masked.replaceAll(name, noName);
      if (left === state) continue;
      const saved = await chains.update({ _id, rev }, { $set: { state: left }, $inc: { rev: 1 } });
      if (saved === null) throw new AppError('activities.busy', 503);
    }
  }

  const rowsOf = async ({ keys }: Traced): Promise<Signup[]> => {
    const own = await Promise.all(keys.map((person) => signups.find({ person, status: { $in: model.statuses } })));
    const made = await Promise.all(keys.map((by) => signups.find({ by, status: { $in: model.statuses } })));
    return [...new Map([...own, ...made].flat().map((row) => [row._id, row])).values()];
  };

  return {
    name: 'activities',
    async erase(who) {
      const { member, name } = who;
      for (const key of who.keys.filter((one) => one !== member)) {
        await deps.adopt(key, member);
        await signups.remove({ person: key, status: 'cancelled' });
        await signups.updateMany({ speaker: key, status: { $in: model.statuses } }, { $set: { speaker: member } });
      }
      for (const row of await signups.find({ person: member, status: { $in: model.statuses } })) await letGo(row, who);
      for await (const row of signups.stream({})) {
        if (name !== null && JSON.stringify(row).includes(JSON.stringify(name))) await unname(row, name);
      }
      await letGoOfChains(who);
    },
    async copy(who) {
      const along = await signups.find({ companions: who.member });
      const attended = await Promise.all(who.keys.map((person) => there.find({ person })));
      const shown = ({ activity, person, people, companions, guests, by, status, why, signedAt }: Signup) => ({
        ...{ activity, person, people, companions, guests, by, status, why, signedAt },
      });
      return {
        signUps: (await rowsOf(who)).map(shown),
        comesAlong: along.map(({ activity, by, person, status }) => ({ activity, by: by ?? person, status })),
        attendance: attended.flat(),
      };
    },
  };
}
