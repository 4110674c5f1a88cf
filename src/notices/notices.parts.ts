import type { Clock } from '../platform/clock.ts';
import type { Ids } from '../platform/ids.ts';
import type { Collection, Store } from '../platform/store/port.ts';
import type { GridQueries } from '../grid/index.ts';
import type { Members } from '../members/index.ts';
import type { Messages } from '../messages/index.ts';
import type { Audiences } from './notices.audience.ts';
import type { Ack, Delivery, Notice } from './notices.model.ts';

export interface NoticeDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly members: Members;
  readonly grid: GridQueries;
  readonly messages: Pick<Messages, 'addressOf' | 'row' | 'cancel'>;
}

/** What the parts of this capability share. */
export interface Inside extends NoticeDeps {
  readonly notices: Collection<Notice>;
  readonly deliveries: Collection<Delivery>;
  readonly acks: Collection<Ack>;
  readonly audiences: Audiences;
  /** The next running number. A number whose notice was never written is lost. */
  nextNumber(): Promise<number>;
}
