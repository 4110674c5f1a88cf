import type { MembersService } from '../src/members/index.ts';
import type { Registry } from '../src/registry/index.ts';
import type { Sweep } from './schedule.ts';

/** Clears away codes that nobody can use any more, and finishes what a crash cut: confirmations and imports. */
export function registerMembersJobs({ members, registry }: { members: MembersService; registry: Registry }): {
  sweeps: Sweep[];
} {
  return {
    sweeps: [
      { name: 'registry.unfinished', everyMinutes: 10, run: () => registry.resume() },
      { name: 'members.unfinished', everyMinutes: 10, run: () => members.proposals.finish() },
      { name: 'members.expired', everyMinutes: 60, run: () => members.forgetExpired() },
    ],
  };
}
