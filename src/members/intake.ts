import type { Store } from '../platform/store/port.ts';
import type { Crypto } from '../platform/crypto.ts';
import { erasures } from './erasures.model.ts';
import { grantId } from './grants.ts';
import { grants, households, members, type GrantRow, type Member } from './members.model.ts';
import type { IntakeCounts, MembersIntake, PersonRow } from './members.port.ts';
import { phonePlace } from './phones.ts';

/** Whoever grants and ends what the registry file says. */
const byImport = 'import';
const batch = 200;

function* batches<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += batch) yield items.slice(at, at + batch);
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, at) => item === b[at]);
}

/** Whether taking the row in would change the member. A blank number leaves the known one. */
function changes(row: PersonRow, held: Member): boolean {
  return (
    row.name !== held.name ||
    row.sex !== held.sex ||
    row.born !== held.born ||
    row.household !== held.household ||
    row.relation !== held.relation ||
    row.grid !== held.grid ||
    row.nickname !== held.nickname ||
    !sameList(row.tags, held.tags) ||
    (row.phone !== null && (row.phone.digest !== held.phone?.digest || row.phone.keyId !== held.phone.keyId))
  );
}

interface GrantPlan {
  /** To be written: new, or ended by an import before. */
  give: { role: PersonRow['grants'][number]['role']; scope: string; id: string }[];
  /** Granted by an import and no longer in the file. */
  end: GrantRow[];
  /** In the file, but ended by somebody: that stands. */
  refused: number;
}

function planGrants(row: PersonRow, held: readonly GrantRow[], at: Date): GrantPlan {
  const plan: GrantPlan = { give: [], end: [], refused: 0 };
  const wanted = new Set<string>();
  for (const { role, scope } of row.grants) {
    const id = grantId(row.id, role, scope);
    wanted.add(id);
    const known = held.find(({ _id }) => _id === id);
    if (known === undefined || (known.to !== null && known.to <= at && known.endedBy === byImport)) {
      plan.give.push({ role, scope, id });
    } else if (known.to !== null && known.to <= at) plan.refused++;
  }
  for (const grant of held) {
    const open = grant.to === null || grant.to > at;
    if (open && grant.grantedBy === byImport && !wanted.has(grant._id)) plan.end.push(grant);
  }
  return plan;
}

export function createIntake(store: Store, crypto: Crypto | null): MembersIntake {
  const people = store.collection(members);
  const homes = store.collection(households);
  const held = store.collection(grants);
  const gone = store.collection(erasures);

  /** Without those who were erased: a file that still lists them brings nobody back. */
  const present = async (rows: readonly PersonRow[]): Promise<readonly PersonRow[]> => {
    const erased = await gone.find({ _id: { $in: rows.map(({ id }) => id) } });
    return erased.length === 0 ? rows : rows.filter(({ id }) => !erased.some(({ _id }) => _id === id));
  };

  const load = async (
    rows: readonly PersonRow[],
  ): Promise<{ known: Map<string, Member>; granted: Map<string, GrantRow[]> }> => {
    const ids = rows.map(({ id }) => id);
    const known = new Map((await people.find({ _id: { $in: ids } })).map((member) => [member._id, member]));
    const granted = new Map<string, GrantRow[]>();
    for (const grant of await held.find({ member: { $in: ids } })) {
      granted.set(grant.member, [...(granted.get(grant.member) ?? []), grant]);
    }
    return { known, granted };
  };

  const putPerson = async (row: PersonRow, before: Member | undefined, at: Date): Promise<void> => {
    if (before !== undefined && !changes(row, before)) return;
    const { id, grants: _grants, phone, ...fields } = row;
    await people.upsert(id, {
      $set: { ...fields, tags: [...row.tags], ...(phone === null ? {} : { phone }) },
      $setOnInsert: { registeredAt: at, ...(phone === null ? { phone: null } : {}) },
    });
  };

  const putGrants = async (row: PersonRow, before: readonly GrantRow[], at: Date): Promise<void> => {
    const { give, end } = planGrants(row, before, at);
    for (const { id, role, scope } of give) {
      const fresh = { from: at, to: null, grantedBy: byImport, endedBy: null };
      await held.upsert(id, { $set: fresh, $setOnInsert: { member: row.id, role, scope } });
    }
    for (const { _id } of end) {
      await held.update({ _id, grantedBy: byImport }, { $set: { to: at, endedBy: byImport } });
    }
  };

  return {
    seals: crypto !== null,
    seal: (member, phone) => crypto?.seal(phone, phonePlace(member)) ?? null,
    async households(ids) {
      const found: string[] = [];
      for (const some of batches(ids)) found.push(...(await homes.find({ _id: { $in: some } })).map(({ _id }) => _id));
      return new Set(found);
    },
    async preview(rows, at) {
      const counts: IntakeCounts = { added: 0, changed: 0, same: 0, granted: 0, ended: 0, refused: 0, erased: 0 };
      for (const all of batches(rows)) {
        const some = await present(all);
        counts.erased += all.length - some.length;
        const { known, granted } = await load(some);
        for (const row of some) {
          const before = known.get(row.id);
          if (before === undefined) counts.added++;
          else if (changes(row, before)) counts.changed++;
          else counts.same++;
          const plan = planGrants(row, granted.get(row.id) ?? [], at);
          counts.granted += plan.give.length;
          counts.ended += plan.end.length;
          counts.refused += plan.refused;
        }
      }
      return counts;
    },
    async take(rows, at) {
      for (const all of batches(rows)) {
        const some = await present(all);
        const { known, granted } = await load(some);
        const homesHere = new Map(some.map(({ household, grid }) => [household, grid]));
        await Promise.all(
          [...homesHere].map(([id, grid]) => homes.upsert(id, { $set: { grid }, $setOnInsert: { registeredAt: at } })),
        );
        await Promise.all(
          some.map(async (row) => {
            await putPerson(row, known.get(row.id), at);
            await putGrants(row, granted.get(row.id) ?? [], at);
          }),
        );
      }
    },
  };
}
