import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Village } from '../../main.ts';
import { systemActor } from '../../src/shared/access.ts';
import { report } from '../../templates/registry.ts';
import { readVillageFolder } from '../import.ts';
import { TranscriptError } from './transcript.ts';
import type { Given } from './transcript.ts';

/** A folder's activities.json, or nothing. */
async function activitiesIn(folder: string): Promise<unknown[]> {
  const path = join(folder, 'activities.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (fault) {
    if (fault instanceof Error && 'code' in fault && fault.code === 'ENOENT') return [];
    throw fault;
  }
  const rows: unknown = JSON.parse(text);
  if (!Array.isArray(rows)) throw new TranscriptError(path, null, 'not a list');
  return rows as unknown[];
}

/**
 * Takes in a village's folder, its activities and what else is there before the first line. Policy cards from a
 * file are samples: amounts and dates in them were made up.
 */
export async function loadVillage(
  village: Pick<Village, 'registry' | 'activities' | 'policies' | 'members'>,
  { folder, policies, given }: { folder: string; policies: string | null; given: Given | null },
): Promise<void> {
  const taken = await village.registry.importVillage(await readVillageFolder(folder), { actor: systemActor });
  if (!taken.ok) throw new TranscriptError(folder, null, report(taken));
  const { faults } = await village.activities.importActivities(await activitiesIn(folder));
  const [first] = faults;
  if (first !== undefined) {
    throw new TranscriptError(join(folder, 'activities.json'), first.row, `${first.field} ${first.reason}`);
  }
  if (policies !== null) await village.policies.importCards(systemActor, JSON.parse(policies), { sample: true });
  for (const code of given?.bindCodes ?? []) await village.members.addBindCode(systemActor, code);
  for (const [activity, code] of Object.entries(given?.checkinCodes ?? {})) {
    await village.activities.setCheckinCode(systemActor, activity, code);
  }
}
