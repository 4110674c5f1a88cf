import { ChannelError } from '../../bots/channels/channel.ts';
import type { Channel, ChannelAddress, InboundMessage, RoomPerson } from '../../bots/channels/channel.ts';

export interface Heard {
  readonly to: ChannelAddress;
  readonly text: string;
  readonly mentions: readonly string[];
}

/** A channel without WeChat, for tests of what stands behind it: what goes in comes from people, what is said is heard. */
export interface LoopChannel extends Channel {
  readonly heard: Heard[];
  hear(message: Partial<InboundMessage> & { id: string }): void;
  setOnline(online: boolean): void;
  /** Who is in the rooms, by the channel's ids. */
  readonly rooms: Map<string, RoomPerson[]>;
  /** The next sayings fail so. */
  readonly faults: Error[];
}

export function createLoopChannel(botName = '小溪', heard: Heard[] = []): LoopChannel {
  let handle: (message: InboundMessage) => void = () => undefined;
  let isOnline = true;
  const onOnline: (() => void)[] = [];
  const faults: Error[] = [];
  const rooms = new Map<string, RoomPerson[]>();
  return {
    rooms,
    members: (room) =>
      isOnline ? Promise.resolve(rooms.get(room) ?? []) : Promise.reject(new ChannelError('retry', 'not logged in')),
    name: 'loop',
    heard,
    faults,
    botName: () => botName,
    onMessage: (listener) => (handle = listener),
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    online: () => isOnline,
    onOnline: (listener) => onOnline.push(listener),
    setOnline(online) {
      isOnline = online;
      if (online) for (const tell of onOnline) tell();
    },
    say(to, text, mentions) {
      const fault = faults.shift();
      if (fault !== undefined) return Promise.reject(fault);
      heard.push({ to, text, mentions });
      return Promise.resolve({ id: `said-${heard.length}` });
    },
    hear(message) {
      handle({
        channel: 'loop',
        room: null,
        sender: { id: 'wx-M1', name: '王大爷' },
        mentionsBot: false,
        text: '',
        attachments: [],
        recalls: null,
        sentAt: new Date('2026-03-18T09:30:00+08:00'),
        ...message,
      });
    },
  };
}
