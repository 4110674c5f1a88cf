import { may, staffRoles, village } from '../shared/access.ts';
import type { Actor } from '../shared/access.ts';
import type { Report } from './feedback.model.ts';

/** Who asks: the actor, and the keys under which this person has written (the member, the contact before binding). */
export interface Asker {
  readonly actor: Actor;
  readonly persons: readonly string[];
}

/** 干部作风: heard by the inspector alone. */
export function isConduct(report: Pick<Report, 'category'>): boolean {
  return report.category === '干部作风';
}

export function isReporter(report: Pick<Report, 'person' | 'member'>, asker: Asker): boolean {
  return asker.persons.includes(report.person) || (report.member !== null && report.member === asker.actor.member);
}

/**
 * Whether the actor may handle the report: by role and grid, and never a report that names the actor.
 * 干部作风 only by the inspector, or by whoever stands in because the report is about the inspector.
 */
export function mayHandle(report: Pick<Report, 'category' | 'grid' | 'about' | 'handler'>, actor: Actor): boolean {
  if (actor.system) return true;
  const { member } = actor;
  if (member === null || report.about.includes(member)) return false;
  if (report.handler === member && actor.grants.some(({ role }) => (staffRoles as readonly string[]).includes(role)))
    return true;
  return isConduct(report)
    ? may(actor, 'feedback.conduct', village)
    : may(actor, 'feedback.handle', report.grid ?? village);
}

/** Whether the report's contents may be shown: to its reporter, the reporter's household, and its handlers. */
export function mayRead(report: Report, asker: Asker): boolean {
  if (isReporter(report, asker)) return true;
  const { member, household } = asker.actor;
  if (member !== null && report.about.includes(member)) return false;
  if (mayHandle(report, asker.actor)) return true;
  return !isConduct(report) && household !== null && report.household === household;
}
