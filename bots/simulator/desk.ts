import type { FakeClock } from '../../src/platform/clock.ts';
import type { Ids } from '../../src/platform/ids.ts';
import type { Uploads } from '../../src/platform/uploads.ts';
import type { Work } from '../../src/platform/work.ts';
import { AppError } from '../../src/shared/errors.ts';
import type { Simulator } from '../channels/simulator.ts';
import type { Cast, ChatMessage, Chats } from './chats.ts';

/** One thing after the other, so that what is said can be told to belong to what was done. */
export type Lane = <T>(task: () => Promise<T>) => Promise<T>;

export function createLane(): Lane {
  let tail: Promise<unknown> = Promise.resolve();
  return (task) => {
    const mine = tail.then(task);
    tail = mine.catch(() => undefined);
    return mine;
  };
}

/** A message as somebody asks for it. */
export interface Writing {
  /** Member id or contact. */
  readonly from: string;
  /** Our room id, or null in the direct chat. */
  readonly room: string | null;
  readonly text: string;
  /** Absent: the text tells. */
  readonly mention?: boolean | undefined;
  /** A picture by its name alone, or with its bytes. */
  readonly image?: { readonly name: string; readonly bytes: Uint8Array | null } | undefined;
  /** Name of a voice message. */
  readonly voice?: string | undefined;
  /** Id of an own message that is taken back. */
  readonly recalls?: string | undefined;
}

/** Where villagers' phones are moved, and time. */
export interface Desk {
  /**
   * Resolves once the bot is quiet, with what it said meanwhile.
   * Errors: simulator.person-unknown 404, simulator.room-unknown 404, simulator.not-in-room 422,
   * simulator.message-unknown 404, simulator.recalled 409, upload.not-image 400, upload.too-large 400.
   */
  write(writing: Writing): Promise<{ id: string; replies: ChatMessage[] }>;
  /**
   * Moves the village's time forward; all that falls due happens at its own time.
   * Errors: simulator.playing 409, simulator.clock-backwards 409, simulator.clock-too-far 422.
   */
  moveClock(to: Date): Promise<{ now: Date; said: ChatMessage[] }>;
}

const hour = 3_600_000;
const farthestDays = 31;

export function createDesk(deps: {
  cast: Cast;
  chats: Chats;
  simulator: Simulator;
  clock: FakeClock;
  work: Work;
  ids: Ids;
  uploads: Uploads;
  lane: Lane;
  sweeps: readonly { readonly run: () => Promise<void> }[];
  /** A script is being played, and time belongs to it. */
  playing: () => boolean;
}): Desk {
  const { cast, chats, simulator, clock, work } = deps;
  const settle = (): Promise<void> => work.idle();

  function seatOf({ from, room }: Writing): { contact: string; member: string; channelRoom: string | null } {
    const person = cast.people.find(({ id, member }) => member === from || id === from);
    if (person === undefined) throw new AppError('simulator.person-unknown', 404);
    const seat = { contact: person.id, member: person.member };
    if (room === null) return { ...seat, channelRoom: null };
    const found = cast.rooms.find((each) => each.room === room);
    if (found === undefined) throw new AppError('simulator.room-unknown', 404);
    if (!found.members.includes(person.id)) throw new AppError('simulator.not-in-room', 422);
    return { ...seat, channelRoom: found.id };
  }

  /** One's own message in that very chat. */
  function demandOwn(recalls: string, member: string, room: string | null): void {
    const message = chats.get(recalls);
    const here = message?.from === member && message.chat === (room ?? `direct:${member}`);
    if (!here || message.kind === 'recall') throw new AppError('simulator.message-unknown', 404);
    if (chats.recalled(recalls)) throw new AppError('simulator.recalled', 409);
  }

  const saidSince = (seq: number): ChatMessage[] => chats.after(seq).filter(({ from }) => from === null);

  /** Looks after what is looked after now and then, as it would have been meanwhile. */
  async function sweep(): Promise<void> {
    for (const { run } of deps.sweeps) await run();
    await settle();
  }

  return {
    write: (writing) =>
      deps.lane(async () => {
        const { room, text, image, voice, recalls } = writing;
        const { contact, member, channelRoom } = seatOf(writing);
        if (recalls !== undefined) demandOwn(recalls, member, room);
        const bytes = image?.bytes ?? null;
        const picture = bytes === null ? undefined : (await deps.uploads.save(bytes)).id;
        const message = { id: deps.ids.next(), text, image: image?.name, voice, recalls };
        const at = clock.now();
        const before = chats.last();
        chats.wrote({ ...message, from: member, room, picture, at });
        await simulator.deliver({
          id: message.id,
          from: contact,
          room: channelRoom,
          text,
          mention: writing.mention ?? false,
          sentAt: at,
          ...(image === undefined ? {} : { image: image.name }),
          ...(bytes === null ? {} : { bytes }),
          ...(voice === undefined ? {} : { voice }),
          ...(recalls === undefined ? {} : { recalls }),
        });
        await settle();
        return { id: message.id, replies: saidSince(before) };
      }),
    async moveClock(to) {
      if (deps.playing()) throw new AppError('simulator.playing', 409);
      return deps.lane(async () => {
        const began = clock.now().getTime();
        if (to.getTime() < began) throw new AppError('simulator.clock-backwards', 409);
        if (to.getTime() > began + farthestDays * 24 * hour) {
          throw new AppError('simulator.clock-too-far', 422, { days: farthestDays });
        }
        const before = chats.last();
        for (let at = (Math.floor(began / hour) + 1) * hour; at < to.getTime(); at += hour) {
          await clock.advanceTo(new Date(at), settle);
          await sweep();
        }
        await clock.advanceTo(to, settle);
        await sweep();
        return { now: clock.now(), said: saidSince(before) };
      });
    },
  };
}
