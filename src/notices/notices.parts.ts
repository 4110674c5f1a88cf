import type { Clock } from '../platform/clock.ts';
import type { Ids } from '../platform/ids.ts';
import type { Collection, Store } from '../platform/store/port.ts';
import type { GridQueries } from '../grid/index.ts';
import type { Members } from '../members/index.ts';
import type { Messages } from '../messages/index.ts';
import type { Actor } from '../shared/access.ts';
import type { Audiences } from './notices.audience.ts';
import type { Ack, Delivery, Notice } from './notices.model.ts';
import type { Times } from './notices.schedule.ts';

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
  readonly times: Times;
  /** Errors: notices.not-found. */
  must(notice: string): Promise<Notice>;
  /** The next running number. A number whose notice was never written is lost. */
  nextNumber(): Promise<number>;
}

/** How the author and whoever decides stand in the notice. */
export const authorOf = (actor: Actor): string => actor.member ?? 'system';

/** Released: it goes out, or has. */
export const isOut = ({ state }: Pick<Notice, 'state'>): boolean => ['approved', 'sending', 'sent'].includes(state);
