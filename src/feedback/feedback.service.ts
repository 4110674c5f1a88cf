import type { Clock } from '../platform/clock.ts';
import type { Store } from '../platform/store/port.ts';
import type { GridQueries } from '../grid/index.ts';
import type { Members } from '../members/index.ts';
import { createChanges } from './feedback.changes.ts';
import { defaultLimits } from './feedback.limits.ts';
import type { Holidays, Limits } from './feedback.limits.ts';
import { holidayTables } from '../shared/calendar/index.ts';
import { createReportList } from './feedback.list.ts';
import { reportNumbers, reports as declaration } from './feedback.model.ts';
import { createQueries } from './feedback.queries.ts';
import { createRouting } from './feedback.route.ts';
import { createFiling } from './file.ts';
import { createHandling } from './handle.ts';
import { createDuty } from './duty.ts';
import { createMerging } from './merge.ts';
import { createRating } from './rate.ts';

export interface FeedbackDeps {
  readonly store: Pick<Store, 'collection'>;
  readonly clock: Clock;
  readonly members: Pick<Members, 'get' | 'holders' | 'actor'>;
  readonly grid: Pick<GridQueries, 'onDuty' | 'get' | 'all' | 'named' | 'calendar'>;
  readonly limits?: Limits;
}

/** Villagers' reports (诉求): filing, merging, handling, rating, limits. */
export function createFeedback({ store, clock, members, grid, limits = defaultLimits }: FeedbackDeps) {
  const reports = store.collection(declaration);
  const numbers = store.collection(reportNumbers);
  const routing = createRouting({ members, grid });
  const changes = createChanges({ reports, clock });
  const merging = createMerging({ reports, changes });
  const holidays: Holidays = async () => holidayTables(await grid.calendar());
  const filing = createFiling({ reports, numbers, clock, members, grid, holidays, routing, changes, limits });
  const handling = createHandling({ changes, clock, members, holidays });
  const rating = createRating({ reports, changes, merging, routing, clock, limits, holidays });
  const queries = createQueries({ reports, merging });
  const duty = createDuty({
    reports,
    changes,
    routing,
    merging,
    clock,
    releaseChildren: (root) => rating.releaseChildren(root),
  });
  return {
    ...queries,
    ...createReportList({ reports }),
    todo: queries.todo.bind(queries),
    known: filing.known,
    file: filing.file,
    add: filing.add,
    drop: filing.drop,
    merge: merging.merge,
    rootOf: merging.rootOf,
    /** Undoes a merge. Errors: feedback.wrong-state 409. */
    separateOwn: merging.separateOwn,
    rate: rating.rate,
    unrate: rating.unrate,
    withdraw: rating.withdraw.bind(rating),
    handle: handling.handle,
    checkHandling: handling.check,
    mayTake: handling.mayTake,
    remind: duty.remind,
    escalate: duty.escalate,
    sweepOwners: duty.sweepOwners,
    sweepLimits: duty.sweepLimits,
    sweepHalfDone: duty.sweepHalfDone,
    sweepClosed: duty.sweepClosed,
  };
}
export type Feedback = ReturnType<typeof createFeedback>;
