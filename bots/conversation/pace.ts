import type { Clock } from '../../src/platform/clock.ts';

/** How much the bot takes up, by the minute. What it stays silent about costs nothing. */
export interface PaceLimits {
  /** Of one person, in all chats together. */
  readonly perPerson: number;
  /** Of one room. A group of WeChat has 500 members at most: all of them may answer a notice at once. */
  readonly perRoom: number;
}

export const defaultPace: PaceLimits = { perPerson: 20, perRoom: 600 };

export interface Pace {
  /** `tell`: too much, and nobody was told since it became so; `refuse`: they were. */
  of(person: string, room: string | null): 'go' | 'tell' | 'refuse';
}

const minuteMs = 60_000;
/** Writers that are kept at a time before those of more than a minute ago are forgotten. */
const mostKept = 2_000;

interface Recent {
  /** When the last ones were taken up, in milliseconds; as many as the limit allows. */
  at: number[];
  told: boolean;
}

/** Keeps the last minute in memory: after a restart everybody begins afresh. */
export function createPace(clock: Clock, limits: PaceLimits = defaultPace): Pace {
  const recents = new Map<string, Recent>();

  function recentOf(key: string, now: number): Recent {
    const recent = recents.get(key) ?? { at: [], told: false };
    recents.delete(key);
    recents.set(key, recent);
    // A clock that was set back must not keep anybody waiting until the old time comes again.
    recent.at = recent.at.filter((at) => at > now - minuteMs && at <= now);
    return recent;
  }

  function forget(now: number): void {
    if (recents.size <= mostKept) return;
    for (const [key, { at }] of recents) {
      if ((at.at(-1) ?? 0) > now - minuteMs) break;
      recents.delete(key);
    }
  }

  return {
    of(person, room) {
      const now = clock.now().getTime();
      const parts: [Recent, number][] = [[recentOf(`@${person}`, now), limits.perPerson]];
      if (room !== null) parts.push([recentOf(room, now), limits.perRoom]);
      forget(now);
      const full = parts.find(([{ at }, limit]) => at.length >= limit);
      if (full !== undefined) {
        const [recent] = full;
        const answer = recent.told ? 'refuse' : 'tell';
        recent.told = true;
        return answer;
      }
      for (const [recent] of parts) {
        recent.at.push(now);
        recent.told = false;
      }
      return 'go';
    },
  };
}
