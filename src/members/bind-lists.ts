import { AppError, isAppError } from '../shared/errors.ts';
import { cleanLine } from '../shared/text.ts';
import { demand, type Actor } from '../shared/access.ts';
import type { Clock } from '../platform/clock.ts';
import { tryEach } from '../platform/each.ts';
import type { Store } from '../platform/store/port.ts';
import type { BindingVerbs } from './binding.ts';
import { bindLists, identities, type BindList, type Member } from './members.model.ts';
import type { MembersQueries } from './members.queries.ts';
import type { BindLists, Confirmation } from './members.port.ts';
import { identityId } from './persons.ts';
import type { Rights } from './rights.ts';

const mostItems = 40;
const validMs = 7 * 24 * 60 * 60 * 1000;

export function createBindLists(deps: {
  store: Store;
  clock: Clock;
  queries: MembersQueries;
  rights: Rights;
  binding: BindingVerbs;
}): BindLists {
  const { store, clock, queries, rights, binding } = deps;
  const lists = store.collection(bindLists);
  const known = store.collection(identities);

  const bind = async (list: BindList): Promise<Confirmation> => {
    const bound: Confirmation['bound'][number][] = [];
    const left: Confirmation['left'][number][] = [];
    for (const number of list.chosen) {
      const item = list.items[number - 1];
      const proposed = item?.member ?? null;
      const member = proposed === null ? null : await queries.get(proposed);
      if (item === undefined || member === null) {
        left.push({ number, why: 'nobody proposed' });
        continue;
      }
      const held = await queries.identityOf(item.contact);
      const others = await queries.identitiesOf(member._id);
      const free = held === null && others.every(({ contact }) => item.replaces?.includes(contact) === true);
      if (!free && held?.member !== member._id) {
        left.push({ number, why: 'bound meanwhile' });
        continue;
      }
      const by = list.confirmedBy ?? 'system';
      await binding.write({ contact: item.contact, member: member._id, how: 'cadre', by, from: list.confirmedFrom });
      bound.push({ number, member });
    }
    await lists.update({ _id: list._id, state: 'confirming' }, { $set: { state: 'done' } });
    return { bound, left };
  };

  return {
    get: (list) => lists.get(list),
    async propose(actor, grid, seen, from) {
      demand(actor, 'members.bind', grid);
      const before = await lists.get(from);
      if (before !== null) return before;
      const people = await queries.inGrid(grid);
      const open: { contact: string; shown: string }[] = [];
      for (const { contact, name } of seen) {
        const bound = (await queries.identityOf(contact)) !== null;
        if (!bound && !open.some((other) => other.contact === contact)) open.push({ contact, shown: cleanLine(name) });
      }
      const items: BindList['items'] = [];
      for (const { contact, shown } of open) {
        const named = people.filter(({ name }) => name === shown);
        const [only] = named;
        // Two contacts who show the same name can't both be that member.
        const alone = named.length === 1 && open.filter((other) => other.shown === shown).length === 1;
        const before = only === undefined ? [] : (await queries.identitiesOf(only._id)).map(({ contact: own }) => own);
        // After a new login people may be there under new ids: the old ones are gone from the room then.
        const gone = before.every((own) => !seen.some((other) => other.contact === own));
        const free = only !== undefined && alone && gone && !(await rights.isStaff(only._id));
        const hints = people.filter(({ nickname }) => nickname !== null && nickname === shown).map(({ _id }) => _id);
        if (free || hints.length > 0)
          items.push({
            ...{ contact, shown, member: free ? only._id : null, hints },
            ...(free && before.length > 0 ? { replaces: before } : {}),
          });
      }
      // Those who can be confirmed come first; the rest waits for the next list.
      items.sort((a, b) => Number(b.member !== null) - Number(a.member !== null));
      try {
        return await lists.insert({
          _id: from,
          grid,
          by: actor.member ?? 'system',
          createdAt: clock.now(),
          state: 'open',
          items: items.slice(0, mostItems),
          chosen: [],
          confirmedBy: null,
          confirmedFrom: null,
        });
      } catch (fault) {
        const held = isAppError(fault, 'store.duplicate') ? await lists.get(from) : null;
        if (held === null) throw fault;
        return held;
      }
    },
    async confirm(actor: Actor, id, numbers, from) {
      const list = await lists.get(id);
      if (list === null) throw new AppError('members.list-not-found', 404);
      demand(actor, 'members.bind', list.grid);
      if (list.confirmedFrom === from) return bind(list);
      if (list.state !== 'open') throw new AppError('members.list-done', 409);
      if (clock.now().getTime() - list.createdAt.getTime() > validMs) throw new AppError('members.list-lapsed', 410);
      const chosen = [...new Set(numbers)].sort((a, b) => a - b);
      const wrong = chosen.find((number) => (list.items[number - 1]?.member ?? null) === null);
      if (chosen.length === 0 || wrong !== undefined) {
        throw new AppError('members.list-number', 422, { number: wrong ?? 0 });
      }
      const confirmedBy = actor.member ?? 'system';
      const taken = await lists.update(
        { _id: id, state: 'open' },
        { $set: { state: 'confirming', chosen, confirmedBy, confirmedFrom: from } },
      );
      if (taken === null) throw new AppError('members.list-done', 409);
      return bind(taken);
    },
    async undo(actor, id) {
      const list = await lists.get(id);
      if (list === null) throw new AppError('members.list-not-found', 404);
      demand(actor, 'members.bind', list.grid);
      const free: Member[] = [];
      for (const number of list.chosen) {
        const item = list.items[number - 1];
        const member = item?.member == null ? null : await queries.get(item.member);
        if (item === undefined || member === null) continue;
        const held = await known.get(identityId(item.contact));
        const ours = held?.member === member._id && held.from === list.confirmedFrom;
        if (ours) await binding.unbind(actor, item.contact);
        if (ours || held?.member !== member._id) free.push(member);
      }
      return free;
    },
    async finish() {
      await tryEach(await lists.find({ state: 'confirming' }), bind);
    },
  };
}
