import { pino, type DestinationStream } from 'pino';
import { isAppError } from '../shared/errors.ts';

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Words under which a person's own matters travel. */
const personal = [
  'text',
  'content',
  'body',
  'answer',
  'name',
  'nickname',
  'phone',
  'idNumber',
  'address',
  'birth',
  'place',
  'token',
  'secret',
  'password',
] as const;

type Fact = string | number | boolean | null | undefined;

/**
 * What a line may carry: ids, codes, counts and times. Text, names and numbers of people don't fit the type, and are
 * struck out if they come all the same.
 */
export type LogFacts = Readonly<Record<string, Fact>> & { readonly [P in (typeof personal)[number]]?: never };

/** `event` is a stable word such as `outbox.sent`. */
export interface Log {
  debug(event: string, facts?: LogFacts): void;
  info(event: string, facts?: LogFacts): void;
  warn(event: string, facts?: LogFacts): void;
  error(event: string, facts?: LogFacts): void;
  /** A fault by its code, place and causes; its message is not logged, it may quote a person. */
  fault(event: string, fault: unknown, facts?: LogFacts): void;
  /** The same log with facts on every line. */
  child(facts: LogFacts): Log;
}

export interface LogOptions {
  level: LogLevel;
  /** Where lines go; standard output unless given. */
  destination?: DestinationStream;
}

/** One JSON line an event. */
export function createLog({ level, destination }: LogOptions): Log {
  const options = {
    level,
    base: null,
    messageKey: 'event',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return wrap(destination === undefined ? pino(options) : pino(options, destination));
}

/** A log that says nothing. */
export const quietLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  fault: () => undefined,
  child: () => quietLog,
};

function wrap(logger: pino.Logger): Log {
  return {
    debug: (event, facts = {}) => logger.debug(strikeOut(facts), event),
    info: (event, facts = {}) => logger.info(strikeOut(facts), event),
    warn: (event, facts = {}) => logger.warn(strikeOut(facts), event),
    error: (event, facts = {}) => logger.error(strikeOut(facts), event),
    fault: (event, fault, facts = {}) => logger.error({ ...strikeOut(facts), fault: describeFault(fault) }, event),
    child: (facts) => wrap(logger.child(strikeOut(facts))),
  };
}

function strikeOut(facts: Readonly<Record<string, Fact>>): Record<string, Fact> {
  const line: Record<string, Fact> = { ...facts };
  for (const word of personal) if (word in line) line[word] = '[struck out]';
  return line;
}

export interface FaultLine {
  /** An AppError's code, a system's or driver's code, else the class. */
  code: string;
  facts?: Readonly<Record<string, Fact>>;
  at?: string[];
  cause?: FaultLine;
}

/** Codes, classes and places of a fault and of its causes, without their messages. */
export function describeFault(fault: unknown, depth = 0): FaultLine {
  if (!(fault instanceof Error)) return { code: typeof fault };
  const line: FaultLine = { code: codeOf(fault) };
  if (isAppError(fault)) line.facts = strikeOut(fault.facts);
  else line.at = placesOf(fault);
  if (fault.cause !== undefined && depth < 5) line.cause = describeFault(fault.cause, depth + 1);
  return line;
}

function codeOf(fault: Error): string {
  if ('code' in fault && (typeof fault.code === 'string' || typeof fault.code === 'number')) return String(fault.code);
  return fault.name;
}

/** The stack's frames alone; above them stands the message. */
function placesOf({ stack = '', message }: Error): string[] {
  const frames = stack.replace(message, '').split('\n');
  return frames
    .filter((frame) => /^\s+at /.test(frame))
    .slice(0, 8)
    .map((frame) => frame.trim());
}
