import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { ChannelError, type Channel, type ChannelFaultKind, type InboundMessage } from '../../bots/channels/channel.ts';

/** What goes through the pipe, a line each. */
export type FromBot =
  | { readonly on: boolean }
  | { readonly say: number; readonly to: string; readonly text: string; readonly mentions: readonly string[] };
export type FromPhone =
  | { readonly hear: Pick<InboundMessage, 'id' | 'room' | 'sender' | 'text'> }
  | { readonly said: number; readonly id: string }
  | { readonly refused: number; readonly kind: ChannelFaultKind };

const patienceMs = 10_000;

/**
 * A WeChat that is another process: what was written into the pipe is handed over, and stays so when this process is
 * killed; the answer comes later, or never.
 */
export function createPipeChannel(pipe: Socket, botName: string): Channel {
  let handle: (message: InboundMessage) => void = () => undefined;
  let tell: () => void = () => undefined;
  let online = false;
  let count = 0;
  const waiting = new Map<number, { resolve: (id: string) => void; reject: (fault: ChannelError) => void }>();
  const write = (line: FromBot): void => void pipe.write(`${JSON.stringify(line)}\n`);

  function settle(number: number, end: { id: string } | { fault: ChannelError }): void {
    const one = waiting.get(number);
    waiting.delete(number);
    if ('id' in end) one?.resolve(end.id);
    else one?.reject(end.fault);
  }

  createInterface({ input: pipe }).on('line', (line) => {
    const message = JSON.parse(line) as FromPhone;
    if ('said' in message) settle(message.said, { id: message.id });
    else if ('refused' in message) settle(message.refused, { fault: new ChannelError(message.kind, 'refused') });
    else {
      const { text } = message.hear;
      const rest = { channel: 'pipe', attachments: [], recalls: null, sentAt: new Date() };
      handle({ ...message.hear, ...rest, mentionsBot: text.includes(`@${botName}`) });
    }
  });
  pipe.unref();

  return {
    name: 'pipe',
    botName: () => botName,
    onMessage: (listener) => (handle = listener),
    onOnline: (listener) => (tell = listener),
    online: () => online,
    start() {
      online = true;
      write({ on: true });
      tell();
      return Promise.resolve();
    },
    stop() {
      if (online) write({ on: false });
      online = false;
      return Promise.resolve();
    },
    say(to, text, mentions) {
      const number = ++count;
      const late = setTimeout(
        () => settle(number, { fault: new ChannelError('unknown', 'no answer came') }),
        patienceMs,
      );
      return new Promise<string>((resolve, reject) => {
        waiting.set(number, { resolve, reject });
        write({ say: number, to: 'room' in to ? to.room : to.contact, text, mentions });
      }).then(
        (id) => {
          clearTimeout(late);
          return { id };
        },
        (fault: unknown) => {
          clearTimeout(late);
          throw fault;
        },
      );
    },
  };
}
