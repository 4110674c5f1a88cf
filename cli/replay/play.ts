import type { Village } from '../../main.ts';
import type { Simulator } from '../../bots/channels/simulator.ts';
import { memberBound } from '../../src/members/index.ts';
import { isAppError } from '../../src/shared/errors.ts';
import type { FakeClock } from '../../src/platform/clock.ts';
import type { Work } from '../../src/platform/work.ts';
import { channelRoomOf, contactOf } from './cast.ts';
import { operate } from './operator.ts';
import { fillPlaceholders } from './placeholders.ts';
import { instantText } from './replies.ts';
import { timeOf } from './transcript.ts';
import type { Line, MessageLine, OperatorLine } from './transcript.ts';

/** An operator's act that a rule refused. */
export interface Refusal {
  readonly at: string;
  readonly operator: string;
  readonly do: string;
  readonly code: string;
}

export interface Played {
  readonly messages: number;
  readonly refusals: readonly Refusal[];
  /** Member → the message that bound it. */
  readonly bindings: Readonly<Record<string, string>>;
}

/** Whoever watches. */
export interface Audience {
  /** Before a message is delivered; placeholders are filled in. */
  wrote?(line: MessageLine, text: string): Promise<void>;
  /** Before an operator acts, and when a rule has refused it. */
  acts?(line: OperatorLine): Promise<void>;
  refused?(line: OperatorLine): Promise<void>;
  /** When all is quiet: after each line (how many were played), and after each thing done by time. */
  quiet?(after: { readonly line: number } | 'time'): Promise<void>;
}

/** Feeds a transcript to a village that has started, letting everything fall due between the lines. */
export async function play(deps: {
  lines: readonly Line[];
  /** Lines of it that were played before (0). */
  skip?: number;
  village: Village;
  simulator: Simulator;
  clock: FakeClock;
  work: Work;
  audience?: Audience;
  /** Stops after the line that is being played. */
  stop?: AbortSignal;
  /** Plays a line when it is its turn (at once). */
  turn?: (line: () => Promise<void>) => Promise<void>;
}): Promise<Played> {
  const { village, simulator, clock, work, audience = {}, turn = (line) => line() } = deps;
  const inboxId = (message: string): string => `${village.channel.name}:${message}`;
  const refusals: Refusal[] = [];
  const bindings: Record<string, string> = {};
  let messages = 0;
  let current = '';

  village.relay.on(memberBound, 'replay', ({ member }) => {
    bindings[member] ??= current;
    return Promise.resolve();
  });

  async function numberOf(kind: 'FK' | 'YS', message: string): Promise<string | null> {
    if (kind === 'YS') return null;
    const report = await village.feedback.get(inboxId(message));
    return report === null ? null : `FK${String(report.number).padStart(4, '0')}`;
  }

  async function deliver(line: MessageLine): Promise<void> {
    messages++;
    current = line.id;
    const text = await fillPlaceholders(line.text, numberOf);
    await audience.wrote?.(line, text);
    await simulator.deliver({
      id: line.id,
      from: contactOf(line.from),
      room: line.room === null ? null : channelRoomOf(line.room),
      // A mention that WeChat made ends with U+2005 or a space; the transcript keeps it in the text.
      text,
      mention: line.mention,
      sentAt: line.at,
      ...(line.image === undefined ? {} : { image: line.image }),
      ...(line.voice === undefined ? {} : { voice: line.voice }),
      ...(line.recalls === undefined ? {} : { recalls: line.recalls }),
    });
  }

  async function act(line: OperatorLine, index: number): Promise<void> {
    await audience.acts?.(line);
    try {
      await operate(village, line.operator, line, `operator:${index + 1}`, inboxId);
    } catch (fault) {
      if (!isAppError(fault)) throw fault;
      refusals.push({ at: instantText(line.at), operator: line.operator, do: line.do, code: fault.code });
      await audience.refused?.(line);
    }
  }

  async function playLine(line: Line, index: number): Promise<void> {
    let first = true;
    await clock.advanceTo(timeOf(line), async () => {
      await work.idle();
      // The clock settles once before anything falls due.
      if (!first) await audience.quiet?.('time');
      first = false;
    });
    if ('message' in line) await deliver(line.message);
    else await act(line.operator, index);
    await work.idle();
    await audience.quiet?.({ line: index + 1 });
  }

  for (const [index, line] of deps.lines.entries()) {
    if (index < (deps.skip ?? 0)) continue;
    if (deps.stop?.aborted === true) break;
    await turn(() => playLine(line, index));
  }
  return { messages, refusals, bindings };
}
