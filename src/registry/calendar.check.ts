import { z } from 'zod';
import { plainCalendar, type VillageCalendar } from '../shared/calendar/index.ts';
import { villageCalendar } from '../grid/index.ts';
import type { Faults } from './faults.ts';

const file = villageCalendar.partial().extend({ timezone: z.string().optional() });

/** Checks calendar.json. What it leaves out is that of a plain village. */
export function checkCalendar(bytes: Uint8Array, faults: Faults): VillageCalendar | null {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    faults.add(null, null, 'unreadable', { table: 'table.not-text' });
    return null;
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (fault) {
    faults.add(lineOf(text, fault), null, 'bad-json');
    return null;
  }
  const checked = file.safeParse(json);
  if (!checked.success) {
    for (const { path } of checked.error.issues) faults.add(null, path.join('.') || null, 'bad-calendar');
    return null;
  }
  const { timezone, marketDays, farmingPeaks, quietHours, holidays } = checked.data;
  if (timezone !== undefined && timezone !== 'Asia/Shanghai') {
    faults.add(null, 'timezone', 'calendar-timezone');
    return null;
  }
  return {
    marketDays: marketDays ?? plainCalendar.marketDays,
    farmingPeaks: farmingPeaks ?? plainCalendar.farmingPeaks,
    quietHours: quietHours ?? plainCalendar.quietHours,
    ...(holidays === undefined ? {} : { holidays }),
  };
}

/** The parser names the offset where it stumbled, if it does. */
function lineOf(text: string, fault: unknown): number | null {
  const at = fault instanceof Error ? /position (\d+)/.exec(fault.message) : null;
  return at === null ? null : text.slice(0, Number(at[1])).split('\n').length;
}
