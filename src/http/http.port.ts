import type { Middleware } from 'koa';
import type { ActivitiesService, Roster } from '../activities/index.ts';
import type { Feedback } from '../feedback/index.ts';
import type { GridService } from '../grid/index.ts';
import type { MembersService, RoomMember } from '../members/index.ts';
import type { MessageService } from '../messages/index.ts';
import type { Notices } from '../notices/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Ids } from '../platform/ids.ts';
import type { Log } from '../platform/log.ts';
import type { Queue } from '../platform/queue/port.ts';
import type { Uploads } from '../platform/uploads.ts';
import type { Policies } from '../policies/index.ts';
import type { Fault, Registry } from '../registry/index.ts';
import type { Reminders } from '../reminders/index.ts';
import type { Staff } from '../staff/index.ts';

/** Everything that is served. */
export interface HttpServices {
  readonly staff: Staff;
  readonly members: MembersService;
  readonly grid: GridService;
  readonly registry: Registry;
  readonly policies: Policies;
  readonly notices: Notices;
  readonly feedback: Feedback;
  readonly activities: ActivitiesService;
  readonly reminders: Reminders;
  readonly messages: MessageService;
  readonly uploads: Uploads;
}

/** Sentences for people, from the templates. */
export interface HttpWords {
  /** For a fault's code; a general one for a code that has none. */
  readonly sentence: (code: string, facts: Readonly<Record<string, string | number | boolean | null>>) => string;
  /** One fault of an import with its place. */
  readonly importFault: (fault: Fault) => string;
  /** The list of an activity as a page to print. */
  readonly rosterPage: (roster: Roster) => string;
}

export interface HttpOptions {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Null: no metrics. */
  readonly metricsPort: number | null;
  /** Cookies only over TLS. Off for plain HTTP on loopback alone. */
  readonly cookieSecure: boolean;
  /** Behind one proxy that sets X-Forwarded-For, -Proto and -Host itself. */
  readonly trustProxy: boolean;
  /** For clients that send or take slowly. */
  readonly limits?: Partial<HttpLimits>;
}

/** In milliseconds. */
export interface HttpLimits {
  /** Until all headers are there. */
  readonly headersMs: number;
  /** Until the whole request is there. */
  readonly requestMs: number;
  /** Nothing moves on the connection. */
  readonly idleMs: number;
  /** How often the first two are looked at. */
  readonly checkMs: number;
  /** What runs at a shutdown may take so long. */
  readonly closeMs: number;
}

export interface HttpDeps extends HttpServices {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly words: HttpWords;
  readonly options: HttpOptions;
  /** Each tells whether that part can be reached; a rejection means no. */
  readonly ready: Readonly<Record<string, () => Promise<boolean>>>;
  /** More about a part, without names or words: /readyz shows it. */
  readonly details?: Readonly<Record<string, () => Promise<object>>> | undefined;
  /** Whose jobs are counted in the metrics. */
  readonly queues: { readonly queue: Pick<Queue, 'counts'>; readonly names: readonly string[] };
  /** Who is in a room now, as the channel tells it; absent where it can't. By our room id. */
  readonly roomMembers?: ((room: string) => Promise<readonly RoomMember[]>) | undefined;
  /** More pages, before the interface: they answer or call next. */
  readonly pages?: readonly Middleware[] | undefined;
}

export interface Http {
  /** Listens. Rejects with the system's fault (EADDRINUSE …). */
  start(): Promise<{ readonly url: string; readonly metricsUrl: string | null }>;
  /** Takes nothing more and finishes what runs, for five seconds at most. */
  close(): Promise<void>;
  /** The interface as an OpenAPI 3.1 document. */
  document(): object;
}
