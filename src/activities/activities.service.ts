import type { Clock } from '../platform/clock.ts';
import type { Ids } from '../platform/ids.ts';
import type { Store } from '../platform/store/port.ts';
import type { GardensQueries } from '../gardens/index.ts';
import type { GridQueries } from '../grid/index.ts';
import type { Keeper, Members, PersonKey } from '../members/index.ts';
import { createActivitiesQueries, type ActivitiesQueries } from './activities.queries.ts';
import { createAdoption } from './adopt.ts';
import { createAddressees, type AddresseeQueries } from './addressees.ts';
import { createAttendance, type AttendanceOf } from './attendance.ts';
import { createBook } from './book.ts';
import { createActivitiesKeeper } from './erase.ts';
import { createCancelling, type Cancelling } from './cancel.ts';
import { createChains, type Chains } from './chains.ts';
import { createGuardians, type Guardians } from './guardians.ts';
import { createImporting, type Importing } from './import.ts';
import { createLines, type ChainLines } from './lines.ts';
import { createManaging, type Managing } from './manage.ts';
import { createMinimums, type Minimums } from './minimum.ts';
import { createOffers, type Offers } from './offers.ts';
import { createPast, type PastQueries } from './past.ts';
import { createPublishing } from './publish.ts';
import { createRepair, type Repair } from './repair.ts';
import { createResizing } from './resizing.ts';
import { createRosters, type Rosters } from './roster.ts';
import { createSignUp, type SignUpOutcome, type SignUpRequest } from './sign-up.ts';

/** Everything about activities, sign-ups and attendance. */
export interface ActivitiesService
  extends
    ActivitiesQueries,
    AddresseeQueries,
    AttendanceOf,
    Cancelling,
    Importing,
    Managing,
    Minimums,
    PastQueries,
    Repair,
    Rosters {
  /** Signs up the sender, or those whom the sender names. The same message does it only once. */
  signUp(request: SignUpRequest): Promise<SignUpOutcome>;
  readonly offers: Offers;
  readonly lines: ChainLines;
  readonly chains: Chains;
  readonly leftAlone: Guardians['leftAlone'];
  /** Puts what was kept under `wx:<contact>` under the member it was bound to. May be repeated. */
  adopt(unbound: PersonKey, member: string): Promise<void>;
  readonly keeper: Keeper;
}

export interface ActivitiesDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly members: Members;
  readonly grid: Pick<GridQueries, 'calendar' | 'room'>;
  /** Tells the grid of a garden; without it an activity in a garden belongs to its creator's scope. */
  readonly gardens?: Pick<GardensQueries, 'get'>;
}

export function createActivities(deps: ActivitiesDeps): ActivitiesService {
  const { store, clock, ids, members, gardens } = deps;
  const calendar = () => deps.grid.calendar();
  const book = createBook({
    store,
    clock,
    calendar,
    usesWechat: (person) => members.usesWechat(person),
  });
  const resizing = createResizing({ book, clock });
  const adoption = createAdoption({ store, clock, book, members, resizing });
  const guardians = createGuardians({ book, members });
  const chains = createChains({ store, clock, book });
  const attendance = createAttendance({ store, clock, book });
  const gardenGrid = async (garden: string): Promise<string | null> => (await gardens?.get(garden))?.grid ?? null;
  const roomGrid = async (room: string): Promise<string | null> => (await deps.grid.room(room))?.grid ?? null;
  const publishing = createPublishing({ store, book, clock, ids });
  const managing = createManaging({ book, clock, publishing, gardenGrid, roomGrid });
  const queries = createActivitiesQueries({ book, clock, attended: attendance.attended });
  const adopt = async (unbound: PersonKey, member: string): Promise<void> => {
    await adoption.adopt(unbound, member);
    await chains.adopt(unbound, member);
  };
  return {
    ...queries,
    ...createRosters({ members, queries }),
    ...createPast({ book, clock }),
    adopt,
    keeper: createActivitiesKeeper({ store, clock, book, adopt }),
    chains,
    lines: createLines({ book, clock, members, resizing, adoption }),
    ...createAddressees({ book, members }),
    ...attendance,
    ...createCancelling({ book, clock, guardians, resizing }),
    leftAlone: guardians.leftAlone,
    ...managing,
    ...createMinimums({ book, clock }),
    ...createImporting({ book, publishing, gardenGrid }),
    ...createRepair({ book, resizing, now: () => clock.now(), finishCallOff: managing.finishCallOff }),
    signUp: createSignUp({ book, clock, members, calendar }),
    offers: createOffers({ book, clock }),
  };
}
