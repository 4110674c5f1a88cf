import { createActivities, activityCollections, type ActivitiesService } from './activities/index.ts';
import { createFeedback, createFeedbackKeeper, feedbackCollections, type Feedback } from './feedback/index.ts';
import { createGardens, gardensCollections, type GardensService } from './gardens/index.ts';
import { createGrid, createGridKeeper, gridCollections, type GridService } from './grid/index.ts';
import { createMembers, membersCollections, type MembersService, type NoteErasures } from './members/index.ts';
import { createMessages, createMessagesKeeper, messageCollections, type MessageService } from './messages/index.ts';
import { createNotices, createNoticesKeeper, noticeCollections, type Notices } from './notices/index.ts';
import type { Clock } from './platform/clock.ts';
import { createCrypto, type CryptoKeys } from './platform/crypto.ts';
import type { Relay } from './platform/events/event.ts';
import { createRelay } from './platform/events/relay.ts';
import type { Ids } from './platform/ids.ts';
import { leaseCollections } from './platform/lease.ts';
import type { Queue } from './platform/queue/port.ts';
import type { Store } from './platform/store/port.ts';
import type { Uploads } from './platform/uploads.ts';
import type { Work } from './platform/work.ts';
import { createPolicies, policyCollections, type Policies } from './policies/index.ts';
import { createRegistry, registryCollections, type Registry } from './registry/index.ts';
import { createReminders, reminderCollections, type Reminders } from './reminders/index.ts';
import { createStaff, createStaffKeeper, staffCollections, type Staff } from './staff/index.ts';

/** Every collection of the village, for opening a store. */
export const collections = [
  ...membersCollections,
  ...gridCollections,
  ...gardensCollections,
  ...registryCollections,
  ...messageCollections,
  ...policyCollections,
  ...noticeCollections,
  ...feedbackCollections,
  ...activityCollections,
  ...reminderCollections,
  ...staffCollections,
  ...leaseCollections,
];

/** The ground that a village stands on. */
export interface Ground {
  readonly store: Store;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly work: Work;
  readonly keys: CryptoKeys;
  readonly onFault: (name: string, fault: unknown) => void;
  /** Where pictures are; without it none is ever removed. */
  readonly uploads?: Pick<Uploads, 'remove'>;
  /** Keeps the list of erased people beside the store. */
  readonly noteErasures?: NoteErasures;
}

/** All rules of the village, wired once. */
export interface Services {
  readonly members: MembersService;
  readonly grid: GridService;
  readonly gardens: GardensService;
  readonly registry: Registry;
  readonly messages: MessageService;
  readonly policies: Policies;
  readonly notices: Notices;
  readonly feedback: Feedback;
  readonly activities: ActivitiesService;
  readonly reminders: Reminders;
  readonly staff: Staff;
  readonly relay: Relay;
}

/**
 * `wake` tells whoever owns the login that something is to be said. `pollMs`: other processes work on the same
 * store, so look for what they left this often.
 */
export function compose(ground: Ground, wake: () => Promise<void>, pollMs?: number): Services {
  const { store, queue, clock, ids, work, onFault } = ground;
  const relay = createRelay({ store, clock, work, onFault, ...(pollMs === undefined ? {} : { pollMs }) });
  const { uploads = null, noteErasures } = ground;
  const crypto = createCrypto(ground.keys);
  const members = createMembers({ store, clock, ids, crypto, ...(noteErasures === undefined ? {} : { noteErasures }) });
  const grid = createGrid({ store, members, clock });
  const gardens = createGardens({ store });
  const registry = createRegistry({ store, clock, ids, members, grid, gardens });
  const messages = createMessages({ store, clock, members, grid, wake });
  const policies = createPolicies({ store, clock });
  const notices = createNotices({ store, clock, ids, members, grid, messages });
  const feedback = createFeedback({ store, clock, members, grid });
  const activities = createActivities({ store, clock, ids, members, grid, gardens });
  const reminders = createReminders({ store, clock, queue, grid, activities });
  const staff = createStaff({ store, clock, members, grid });
  for (const keeper of [
    activities.keeper,
    createFeedbackKeeper({ store, uploads }),
    createNoticesKeeper({ store }),
    createGridKeeper({ store, clock, members }),
    createStaffKeeper({ store }),
    // What the others cause may still be said: last.
    createMessagesKeeper({ store, clock, uploads }),
  ]) {
    members.erasures.keep(keeper);
  }
  return {
    members,
    grid,
    gardens,
    registry,
    messages,
    policies,
    notices,
    feedback,
    activities,
    reminders,
    staff,
    relay,
  };
}
