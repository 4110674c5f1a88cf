import { demand, village, type Actor } from '../shared/access.ts';
import { AppError, isAppError } from '../shared/errors.ts';
import { cleanLine } from '../shared/text.ts';
import type { Clock } from '../platform/clock.ts';
import { tryAll } from '../platform/each.ts';
import type { Ids } from '../platform/ids.ts';
import type { Store } from '../platform/store/port.ts';
import { erasures, type Erasure } from './erasures.model.ts';
import type { Erasing, Erasures, Keeper, Traced } from './erasures.port.ts';
import { bindCodes, grants, identities, members, phoneReveals } from './members.model.ts';
import { memberErasing } from './members.events.ts';
import { inForce } from './members.queries.ts';
import { unboundKey } from './persons.ts';

/** What was under way when it was asked for has come to rest by then. */
export const settleMs = 60_000;

/** Told of all who were erased, before the last trace of them goes: a list beside the store, for a restore. */
export type NoteErasures = (all: readonly { member: string; at: Date; by: string }[]) => Promise<void>;

/**
 * Erases people step by step, each repeatable: the row, then every keeper's part (by an event), then a minute
 * later every part once more, the record, and at last the bytes.
 */
export function createErasing(deps: {
  store: Store;
  clock: Clock;
  ids: Ids;
  own: Keeper;
  note: NoteErasures;
}): Erasing {
  const { store, clock, ids, own } = deps;
  const rows = store.collection(erasures);
  const people = store.collection(members);
  const known = store.collection(identities);
  const codes = store.collection(bindCodes);
  const keepers: Keeper[] = [own];

  /** Contacts that the registry knows now; one whom a code bound may have been unbound since. */
  async function contactsOf(member: string): Promise<string[]> {
    const bound = (await known.find({ member })).map(({ contact }) => contact);
    const used = (await codes.find({ member })).flatMap(({ usedBy }) => usedBy);
    return [...new Set([...bound, ...used])];
  }

  const traced = async (member: string, contacts: readonly string[]): Promise<Traced> => ({
    member,
    contacts,
    keys: [member, ...contacts.map(unboundKey)],
    name: (await people.get(member))?.name ?? null,
  });

  /** As the keepers need it, with contacts that were bound since, which are written down before they go. */
  async function begun(member: string): Promise<Traced | null> {
    for (const contact of await contactsOf(member)) {
      await rows.update({ _id: member, state: 'running' }, { $addToSet: { contacts: contact } });
    }
    const row = await rows.get(member);
    return row?.state === 'running' ? traced(member, row.contacts) : null;
  }

  async function demandAnotherAdmin(member: string): Promise<void> {
    const now = clock.now();
    const admins = await store.collection(grants).find({ role: '管理员', scope: village });
    const others = admins.filter((grant) => inForce(grant, now) && grant.member !== member);
    const is = admins.some((grant) => inForce(grant, now) && grant.member === member);
    if (is && others.length === 0) throw new AppError('members.last-admin', 409);
  }

  async function part(member: string, name: string): Promise<void> {
    const keeper = keepers.find((one) => one.name === name);
    const who = await begun(member);
    if (keeper === undefined || who === null) return;
    await keeper.erase(who);
    await rows.update({ _id: member, state: 'running' }, { $addToSet: { through: name } });
  }

  /** Every part that is missing, then every part once more, then the record. */
  async function complete({ _id: member, through }: Erasure, settled: boolean): Promise<void> {
    const missing = keepers.filter(({ name }) => !through.includes(name));
    await tryAll(
      ...missing.map(
        ({ name }) =>
          () =>
            part(member, name),
      ),
    );
    if (!settled) return;
    // What the contacts write from now on is somebody's whom nobody knows.
    const who = await traced(member, []);
    await tryAll(...keepers.map((keeper) => () => keeper.erase(who)));
    await people.remove({ _id: member });
    await rows.update({ _id: member, state: 'running' }, { $set: { state: 'erased', contacts: [], through: [] } });
  }

  async function noteAll(): Promise<void> {
    const all: { member: string; at: Date; by: string }[] = [];
    for await (const { _id, askedAt, by } of rows.stream({})) all.push({ member: _id, at: askedAt, by });
    await deps.note(all);
  }

  /** Also when somebody else's erasure failed meanwhile. */
  async function forgetBytes(): Promise<void> {
    const gone = await rows.find({ state: 'erased' });
    if (gone.length === 0) return;
    await noteAll();
    await store.compact();
    const done = { state: 'done', replay: false, doneAt: clock.now() } as const;
    for (const { _id } of gone) await rows.update({ _id, state: 'erased' }, { $set: done });
  }

  const api: Erasures = {
    keep(keeper) {
      if (keepers.some(({ name }) => name === keeper.name)) throw new Error(`a second keeper ${keeper.name}`);
      keepers.push(keeper);
    },
    keepers: () => keepers.map(({ name }) => name),
    of: (member) => rows.get(member),
    async all(actor) {
      demand(actor, 'admin', village);
      const found = await rows.find({ state: { $in: ['running', 'erased', 'done'] } });
      return found.sort((a, b) => b.askedAt.getTime() - a.askedAt.getTime());
    },
    part,
    async finish(which) {
      const until = clock.now().getTime() - settleMs;
      const running = (await rows.find({ state: 'running' })).filter(({ replay }) => which !== 'replays' || replay);
      const settled = (row: Erasure): boolean => which === 'all' || row.replay || row.askedAt.getTime() <= until;
      await tryAll(...running.map((row) => () => complete(row, settled(row))), forgetBytes);
    },
  };

  return {
    erasures: api,
    async erase(actor: Actor, member, confirmed) {
      demand(actor, 'admin', village);
      const before = await rows.get(member);
      if (before !== null) return before;
      const record = await people.get(member);
      if (record === null) throw new AppError('members.not-found', 404);
      if (confirmed.member !== member || cleanLine(confirmed.name) !== record.name) {
        throw new AppError('members.not-confirmed', 422);
      }
      await demandAnotherAdmin(member);
      const row: Erasure = {
        _id: member,
        askedAt: clock.now(),
        by: actor.member ?? 'system',
        state: 'running',
        contacts: await contactsOf(member),
        through: [],
        replay: false,
        doneAt: null,
      };
      try {
        await rows.insert(row, { emit: [memberErasing(member, { member })] });
      } catch (fault) {
        const held = isAppError(fault, 'store.duplicate') ? await rows.get(member) : null;
        if (held === null) throw fault;
        return held;
      }
      await noteAll();
      // At once, so that nothing new is written under the member's name.
      await part(member, own.name);
      return (await rows.get(member)) ?? row;
    },
    async copyOf(actor, member) {
      demand(actor, 'admin', village);
      if ((await people.get(member)) === null) throw new AppError('members.not-found', 404);
      const takenAt = clock.now();
      await store
        .collection(phoneReveals)
        .insert({ _id: ids.next(), member, by: actor.member ?? 'system', at: takenAt });
      const who = await traced(member, await contactsOf(member));
      const kept: Record<string, unknown> = {};
      for (const keeper of keepers) kept[keeper.name] = await keeper.copy(who);
      return { member, takenAt, kept };
    },
  };
}
