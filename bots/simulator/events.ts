import { PassThrough } from 'node:stream';
import type { Context } from 'koa';
import type { Cancel, Clock } from '../../src/platform/clock.ts';
import { AppError } from '../../src/shared/errors.ts';
import type { ChatMessage, Chats } from './chats.ts';
import type { ClockState } from './state.ts';

const mostStreams = 50;
/** A watcher that takes nothing is let go; it comes back and resumes. */
const mostUnread = 1_000_000;
const beatMs = 20_000;

const line = (event: string, data: unknown, id?: number): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

export interface LiveEvents {
  /** Streams what is written and said after that message, then everything new. Errors: simulator.busy 503. */
  stream(ctx: Context, after: number): void;
  /** Tells everybody that time was moved or given free. */
  clock(state: ClockState): void;
  /** Ends all streams. */
  close(): void;
}

/** Messages of every chat as server-sent events; a message's number is the event's id. `clock` is the machine's. */
export function createLiveEvents({ chats, clock }: { chats: Chats; clock: Clock }): LiveEvents {
  const open = new Set<PassThrough>();
  let beat: Cancel | null = null;

  function tell(stream: PassThrough, text: string): void {
    if (stream.writableLength > mostUnread) stream.destroy();
    else stream.write(text);
  }
  const tellAll = (text: string): void => {
    for (const stream of open) tell(stream, text);
  };

  const unsubscribe = chats.onMessage((message) => tellAll(line('message', message, message.seq)));
  const arm = (): void => {
    beat = clock.at(new Date(clock.now().getTime() + beatMs), () => {
      tellAll(': still here\n\n');
      arm();
    });
  };
  arm();

  return {
    stream(ctx, after) {
      if (open.size >= mostStreams) throw new AppError('simulator.busy', 503);
      const stream = new PassThrough();
      ctx.status = 200;
      ctx.type = 'text/event-stream';
      ctx.set('X-Accel-Buffering', 'no');
      ctx.body = stream;
      open.add(stream);
      stream.on('close', () => open.delete(stream));
      stream.write('retry: 1000\n\n');
      // Numbers that are unknown here, or already forgotten: whoever watches must begin anew.
      const lost = after > chats.last() || (after > 0 && after < chats.first() - 1);
      if (lost) stream.write(line('reset', {}));
      const missed: ChatMessage[] = chats.after(lost ? 0 : after);
      stream.write(missed.map((message) => line('message', message, message.seq)).join(''));
    },
    clock: (state) => tellAll(line('clock', state)),
    close() {
      unsubscribe();
      beat?.();
      for (const stream of open) stream.end();
    },
  };
}
