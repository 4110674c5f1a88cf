import { memberBound, memberErasing, type MembersService } from '../src/members/index.ts';
import type { Relay } from '../src/platform/events/event.ts';
import type { Registry } from '../src/registry/index.ts';
import type { Sweep } from './schedule.ts';

/**
 * Clears away codes that nobody can use any more, finishes what a crash cut (confirmations, imports, erasures), and
 * lets every keeper let go of a person who is being erased.
 */
export function registerMembersJobs({
  members,
  registry,
  relay,
}: {
  members: MembersService;
  registry: Registry;
  relay: Pick<Relay, 'on'>;
}): { sweeps: Sweep[] } {
  for (const keeper of members.erasures.keepers()) {
    relay.on(memberErasing, keeper, ({ member }) => members.erasures.part(member, keeper));
  }
  relay.on(memberBound, 'members.supersede', ({ contact, member }) => members.supersede(contact, member));
  return {
    sweeps: [
      { name: 'registry.unfinished', everyMinutes: 10, run: () => registry.resume() },
      { name: 'members.unfinished', everyMinutes: 10, run: () => members.proposals.finish() },
      { name: 'members.expired', everyMinutes: 60, run: () => members.forgetExpired() },
      { name: 'members.erasures', everyMinutes: 1, run: () => members.erasures.finish('settled') },
    ],
  };
}
