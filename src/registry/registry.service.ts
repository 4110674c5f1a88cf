import { demand, village } from '../shared/access.ts';
import { AppError } from '../shared/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Ids } from '../platform/ids.ts';
import type { Store } from '../platform/store/port.ts';
import type { GardensIntake } from '../gardens/index.ts';
import type { GridIntake, GridQueries } from '../grid/index.ts';
import type { MembersIntake } from '../members/index.ts';
import { checkFolder, type CheckedFolder } from './checking.ts';
import { partSchemas } from './content.ts';
import { importParts, imports, importSlots } from './registry.model.ts';
import type { ImportCounts, ImportReport, Registry } from './registry.port.ts';

export interface RegistryDeps {
  store: Store;
  clock: Clock;
  ids: Ids;
  members: { readonly intake: MembersIntake };
  grid: GridQueries & { readonly intake: GridIntake };
  gardens: { readonly intake: GardensIntake };
}

const slot = 'village';
const rowsAPart = 500;
/** What was prepared so long ago is not being prepared any more. */
const preparingMs = 60 * 60 * 1000;

/** Takes in a village's folder across members, grid and gardens; each of them writes its own collections. */
export function createRegistry({ store, clock, ids, members, grid, gardens }: RegistryDeps): Registry {
  const records = store.collection(imports);
  const parts = store.collection(importParts);
  const slots = store.collection(importSlots);

  /** One import at a time in this process; faults go to whoever asked. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const next = last.then(run, run);
    last = next;
    return next;
  };

  const count = async (folder: CheckedFolder, at: Date): Promise<ImportCounts> => {
    const people = await members.intake.preview(folder.people, at);
    const { added, changed, same, granted, ended, refused, erased } = people;
    return {
      members: { added, changed, same },
      roles: { granted, ended, refused },
      erased,
      households: folder.households,
      ...(await grid.intake.preview(folder.grid)),
      gardens: await gardens.intake.preview(folder.gardens),
    };
  };

  const prepare = async (folder: CheckedFolder, by: string, at: Date): Promise<string> => {
    const id = ids.next();
    const portions: { kind: 'grid' | 'members' | 'gardens'; rows: unknown }[] = [{ kind: 'grid', rows: folder.grid }];
    for (let from = 0; from < folder.people.length; from += rowsAPart) {
      portions.push({ kind: 'members', rows: folder.people.slice(from, from + rowsAPart) });
    }
    if (folder.gardens.length > 0) portions.push({ kind: 'gardens', rows: folder.gardens });
    await records.insert({ _id: id, state: 'preparing', by, at, doneAt: null, parts: portions.length });
    await Promise.all(
      portions.map(({ kind, rows }, number) =>
        parts.insert({ _id: `${id}:${number}`, import: id, kind, rows: JSON.stringify(rows) }),
      ),
    );
    return id;
  };

  /** Writes all parts; may be called again at any point. */
  const take = async (id: string): Promise<void> => {
    const record = await records.get(id);
    if (record !== null && record.state !== 'done') {
      await records.update({ _id: id, state: 'preparing' }, { $set: { state: 'running' } });
      for (let number = 0; number < record.parts; number++) {
        const part = await parts.get(`${id}:${number}`);
        if (part === null) throw new AppError('registry.part-lost', 500, { import: id, number });
        const rows: unknown = JSON.parse(part.rows);
        if (part.kind === 'grid') await grid.intake.take(partSchemas.grid.parse(rows));
        else if (part.kind === 'members') await members.intake.take(partSchemas.members.parse(rows), record.at);
        else await gardens.intake.take(partSchemas.gardens.parse(rows));
      }
      await records.update({ _id: id }, { $set: { state: 'done', doneAt: clock.now() } });
    }
    await slots.update({ _id: slot, import: id }, { $set: { import: null } });
    await parts.remove({ import: id });
  };

  const finish = async (): Promise<void> => {
    const begun = (await slots.get(slot))?.import ?? null;
    if (begun !== null) await take(begun);
  };

  const sweep = async (): Promise<void> => {
    await finish();
    const before = new Date(clock.now().getTime() - preparingMs);
    for (const { _id } of await records.find({ state: 'preparing', at: { $lt: before } })) {
      await parts.remove({ import: _id });
      await records.remove({ _id, state: 'preparing' });
    }
    // A crash between done and clearing away leaves parts behind.
    for (const { _id } of await records.find({ state: 'done' }, { sort: { at: -1 }, limit: 1 })) {
      await parts.remove({ import: _id });
    }
  };

  const importNow = async (
    files: Readonly<Record<string, Uint8Array>>,
    by: string,
    dryRun: boolean,
  ): Promise<ImportReport> => {
    if (!dryRun) await finish();
    const folder = await checkFolder(files, { grid, intake: members.intake, clock });
    const { faults, headless } = folder;
    if (faults.length > 0) return { ok: false, dryRun, faults, counts: null, headless: [] };
    const at = clock.now();
    const counts = await count(folder, at);
    const report: ImportReport = { ok: true, dryRun, faults, counts, headless };
    if (dryRun) return report;
    const id = await prepare(folder, by, at);
    await slots.upsert(slot, { $setOnInsert: { import: null } });
    // From here on it counts, whatever happens.
    while ((await slots.update({ _id: slot, import: null }, { $set: { import: id } })) === null) await finish();
    await take(id);
    return report;
  };

  return {
    async importVillage(files, { actor, dryRun = false }) {
      demand(actor, 'admin', village);
      return inTurn(() => importNow(files, actor.member ?? 'system', dryRun));
    },
    resume: () => inTurn(sweep),
  };
}
