import { createMouth } from '../../bots/conversation/mouth.ts';
import { createPace, type PaceLimits } from '../../bots/conversation/pace.ts';
import { createPipeline, type Pipeline } from '../../bots/conversation/pipeline.ts';
import type { Skill } from '../../bots/skills/skill.ts';
import { createTalkSkill } from '../../bots/skills/talk.ts';
import { createGrid, gridCollections } from '../../src/grid/index.ts';
import { createMembers, membersCollections } from '../../src/members/index.ts';
import {
  createMessages,
  createSayer,
  messageCollections,
  noRates,
  type MessageService,
} from '../../src/messages/index.ts';
import { createFakeClock, type FakeClock } from '../../src/platform/clock.ts';
import { createSerialIds } from '../../src/platform/ids.ts';
import { openMemoryStore } from '../../src/platform/store/embedded.ts';
import type { Store } from '../../src/platform/store/port.ts';
import { createWork, type Work } from '../../src/platform/work.ts';
import { createLoopChannel, type LoopChannel } from './loop-channel.ts';
import { morning } from './messages.ts';

export interface ChatBench {
  readonly channel: LoopChannel;
  readonly clock: FakeClock;
  readonly work: Work;
  readonly store: Store;
  readonly messages: MessageService;
  readonly pipeline: Pipeline;
  readonly faults: unknown[];
  /** Writes a message and waits until the bot is quiet; what it then said. */
  write(message: Parameters<LoopChannel['hear']>[0]): Promise<string[]>;
  later(minutes: number): Promise<void>;
}

export const inRoom = { room: { id: 'r1@chatroom', topic: '三组村民群' } } as const;

/** The pipeline with the talk skill and whatever else is given, nobody registered. */
export function buildChat(
  skills: readonly Skill[],
  options: { store?: Store; clock?: FakeClock; pace?: PaceLimits } = {},
): ChatBench {
  const clock = options.clock ?? createFakeClock(morning);
  const store = options.store ?? openMemoryStore([...messageCollections, ...membersCollections, ...gridCollections]);
  const faults: unknown[] = [];
  const onFault = (_name: string, fault: unknown): void => void faults.push(fault);
  const work = createWork(onFault);
  const channel = createLoopChannel();
  const members = createMembers({ store, clock, ids: createSerialIds() });
  const grid = createGrid({ store, members, clock });
  let kick = (): void => undefined;
  const messages = createMessages({
    store,
    clock,
    members,
    grid,
    wake: () => {
      kick();
      return Promise.resolve();
    },
  });
  const sayer = createSayer({
    outbox: messages.outbox,
    clock,
    work,
    rates: noRates,
    owner: 'test',
    mouth: createMouth({ channel, members, grid }),
    stopped: (person) => members.stopped(person),
    onBlocked: () => undefined,
  });
  kick = sayer.kick;
  const pipeline = createPipeline({
    clock,
    work,
    members,
    grid,
    messages,
    skills: [createTalkSkill({ grid, messages, botName: () => '小溪' }), ...skills],
    sentence: (code) => `fault ${code ?? 'general'}`,
    keepImage: (name) => Promise.resolve(`kept-${name}`),
    botName: () => '小溪',
    onFault,
    voice: sayer,
    ...(options.pace === undefined ? {} : { pace: createPace(clock, options.pace) }),
  });
  channel.onMessage((message) => pipeline.take(message));
  return {
    channel,
    clock,
    work,
    store,
    messages,
    pipeline,
    faults,
    async write(message) {
      const before = channel.heard.length;
      channel.hear(message);
      await work.idle();
      return channel.heard.slice(before).map(({ text }) => text);
    },
    later: (minutes) => clock.advanceTo(new Date(clock.now().getTime() + minutes * 60_000), () => work.idle()),
  };
}
