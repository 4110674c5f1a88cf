import type { Clock } from '../../src/platform/clock.ts';
import { quietLog } from '../../src/platform/log.ts';
import type { Log } from '../../src/platform/log.ts';
import type { Work } from '../../src/platform/work.ts';
import type { Channel } from './channel.ts';
import { VillagePuppet } from './mock-puppet.ts';
import type { PhoneMessage, SaidMessage, World } from './mock-puppet.ts';
import { createWechatyChannel } from './wechaty.ts';

export type { SaidMessage } from './mock-puppet.ts';

/** A message of a villager. A text with an image arrives as WeChat sends it: as two messages. */
export interface SimulatedMessage extends Omit<PhoneMessage, 'attachment'> {
  /** File names. */
  readonly image?: string;
  /** Of the image or the file; made up from its name unless given. */
  readonly bytes?: Uint8Array;
  readonly voice?: string;
  readonly sticker?: string;
  readonly file?: string;
  readonly video?: string;
}

/** A village's WeChat without WeChat: the real channel on wechaty's own mock puppet. */
export interface Simulator {
  readonly channel: Channel;
  /** Resolves once the channel has handed it to its listener; lost while the account is logged out. */
  deliver(message: SimulatedMessage): Promise<void>;
  /** Told what the bot says, as the others' phones show it. */
  onSaid(listener: (said: SaidMessage) => void): void;
  /** Lets saying fail; null lets it through again. */
  refuse(test: ((text: string) => Error | null) | null): void;
  /** The account is logged out, and later in again. */
  goOffline(): Promise<void>;
  goOnline(): void;
  /** The puppet says that it lives. */
  beat(): void;
  /** Somebody asks to become a contact; lost while the account is logged out. */
  befriend(request: { id: string; contact: string; word: string }): void;
  /** The requests that the account has accepted. */
  accepted(): readonly string[];
  /** Somebody turns up. */
  addPerson(person: World['people'][number]): void;
  /** A group is there; its members are people who were added before. */
  addRoom(room: World['rooms'][number]): void;
}

const kinds = ['image', 'voice', 'sticker', 'file', 'video'] as const;

/** Nothing in it waits for real time, so that a replay under a fake clock is fast and always the same. */
export function createSimulator(deps: {
  clock: Clock;
  work: Work;
  botName: string;
  people?: World['people'];
  rooms?: World['rooms'];
  log?: Log;
}): Simulator {
  const { clock, work } = deps;
  const people = [...(deps.people ?? [])];
  const rooms = [...(deps.rooms ?? [])];
  const listeners: ((said: SaidMessage) => void)[] = [];
  const waiting = new Map<string, (() => void)[]>();
  let refusal: ((text: string) => Error | null) | null = null;
  let saidBefore = 0;
  let current: VillagePuppet | null = null;

  const channel = createWechatyChannel({
    puppet() {
      const puppet = new VillagePuppet({
        clock,
        world: { bot: { id: 'wx-bot', name: deps.botName }, people, rooms },
        saidBefore,
        hear(said) {
          saidBefore++;
          for (const tell of listeners) tell(said);
        },
      });
      puppet.refuse((text) => refusal?.(text) ?? null);
      current = puppet;
      return puppet;
    },
    clock,
    work,
    log: deps.log ?? quietLog,
    onSettled(id) {
      const [first, ...rest] = waiting.get(id) ?? [];
      if (rest.length === 0) waiting.delete(id);
      else waiting.set(id, rest);
      first?.();
    },
  });

  function deliverOne(message: PhoneMessage): Promise<void> {
    const puppet = current;
    if (puppet === null || !puppet.isLoggedIn) return Promise.resolve();
    return new Promise((resolve) => {
      waiting.set(message.id, [...(waiting.get(message.id) ?? []), resolve]);
      puppet.receive(message);
    });
  }

  return {
    channel,
    async deliver({ image, voice, sticker, file, video, bytes, ...message }) {
      const names = { image, voice, sticker, file, video };
      const kind = kinds.find((each) => names[each] !== undefined);
      if (kind === undefined) return deliverOne(message);
      const attachment = { kind, name: names[kind] ?? '', ...(bytes === undefined ? {} : { bytes }) };
      if (message.text === '') return deliverOne({ ...message, attachment });
      await deliverOne(message);
      return deliverOne({ ...message, id: `${message.id}+${kind}`, text: '', mention: false, attachment });
    },
    onSaid(listener) {
      listeners.push(listener);
    },
    refuse(test) {
      refusal = test;
    },
    async goOffline() {
      await current?.logout('simulated');
    },
    goOnline() {
      if (current !== null && !current.isLoggedIn) current.login('wx-bot');
    },
    beat() {
      current?.emit('heartbeat', { data: 'simulated' });
    },
    befriend(request) {
      if (current?.isLoggedIn === true) current.befriend(request);
    },
    accepted: () => current?.accepted ?? [],
    addPerson(person) {
      people.push(person);
      current?.addPerson(person);
    },
    addRoom(room) {
      rooms.push(room);
      current?.addRoom(room);
    },
  };
}
