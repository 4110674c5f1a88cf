import { AppError, isAppError } from '../../shared/errors.ts';
import { indexPrefix } from './mongo-models.ts';

interface ServerFault {
  readonly code?: unknown;
  readonly message?: string;
  readonly keyPattern?: Readonly<Record<string, unknown>>;
}

/** TypeMismatch, PathNotViable, ConflictingUpdateOperators, BadValue. */
const changes = new Set<unknown>([14, 28, 40, 2]);

const awayNames =
  /^Mongo(ose)?(Network|ServerSelection|NotConnected|PoolCleared|PoolClosed|Topology|ServerClosed|ClientClosed|ExpiredSession|OperationTimeout|WaitQueueTimeout)/;
/** Mongoose's own words before the driver is asked; those of a server that steps down or stops. */
const awayMessages = /bufferCommands|force closed/;
const stepping = new Set<unknown>([91, 189, 10107, 11600, 11602, 13435, 13436]);

/** Later may help: nothing was wrong with what was asked. */
function away(fault: unknown): boolean {
  const { name, message } = fault as Error;
  // Several writes at once: the driver puts the reason into a fault of its own.
  const { errorResponse: inner } = fault as { errorResponse?: unknown };
  if (inner instanceof Error && away(inner)) return true;
  if (awayNames.test(name) || stepping.has((fault as ServerFault).code)) return true;
  return name === 'MongooseError' && awayMessages.test(message);
}

/** What MongoDB says, in the words of the port. */
export function translate(collection: string, fault: unknown, changing = false): unknown {
  if (isAppError(fault)) return fault;
  const { code, message = '', keyPattern = {} } = fault as ServerFault;
  if (code === 11000) {
    const name = /index: (\S+)/.exec(message)?.[1] ?? '';
    const own = name.startsWith(indexPrefix) ? name.slice(indexPrefix.length) : null;
    const index = '_id' in keyPattern || name === '_id_' ? '_id' : (own ?? Object.keys(keyPattern).join('+'));
    return new AppError('store.duplicate', 409, { collection, index }, { cause: fault });
  }
  if (changing && changes.has(code)) return new AppError('store.change', 500, { collection }, { cause: fault });
  if (away(fault)) {
    return new AppError('store.unreachable', 503, { collection }, { cause: fault });
  }
  return fault;
}
