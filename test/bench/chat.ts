import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WechatyBuilder } from 'wechaty';

import { VillagePuppet, type PhoneMessage, type World } from '../../bots/channels/mock-puppet.ts';
import { inbox, outbox, type InboxRow, type OutboxRow } from '../../src/messages/messages.model.ts';
import { createSystemClock } from '../../src/platform/clock.ts';
import { gatherCommits, openBare, writesOf, type Bare } from './bare.ts';
import { compare, inFlight, type Figure, type Run } from './measure.ts';
import { openBenchVillage, type BenchVillage } from './village.ts';

const width = 50;
/** An exact command that reads the store and answers with a list. */
const command = '活动';

/** Half in the groups, half in direct chats; everybody in turn. */
function messageOf(cast: Pick<World, 'people' | 'rooms'>, i: number, sentAt: Date): PhoneMessage {
  const from = cast.people[i % cast.people.length]?.id ?? '';
  const room = cast.rooms.find(({ members }) => members.includes(from))?.id ?? null;
  return { id: `m${i}`, from, room: i % 2 === 0 ? room : null, text: command, mention: false, sentAt };
}

/** Resolves the oldest of those who wait each time something is said. */
function createAnswers() {
  const waiting: (() => void)[] = [];
  return {
    next: () => new Promise<void>((resolve) => waiting.push(resolve)),
    said: () => waiting.shift()?.(),
  };
}

function ours(n: number): Run {
  let open: BenchVillage;
  const answers = createAnswers();
  return {
    async prepare() {
      open = await openBenchVillage();
      open.simulator.onSaid(answers.said);
    },
    async work() {
      const { cast, simulator, village } = open;
      await inFlight(n, width, async (i) => {
        const answer = answers.next();
        await simulator.deliver(messageOf(cast, i, village.ground.clock.now()));
        await answer;
      });
      await open.work.idle();
    },
    finish: () => open.close(),
  };
}

/** What an echo does before and after it says something; null: nothing. */
interface Keeping {
  open(): Promise<void>;
  heard(id: string, text: string): Promise<unknown>;
  said(kept: unknown): Promise<void>;
  close(): Promise<void>;
}

/** A wechaty bot that says again what it hears. */
function echo(n: number, cast: Pick<World, 'people' | 'rooms'>, keeping: Keeping | null): Run {
  const answers = createAnswers();
  const clock = createSystemClock();
  const puppet = new VillagePuppet({
    clock,
    world: { bot: { id: 'wx-bot', name: '小溪' }, ...cast },
    saidBefore: 0,
    hear: answers.said,
  });
  const bot = WechatyBuilder.build({ puppet });
  bot.on('message', async (message) => {
    if (message.self()) return;
    const kept = await keeping?.heard(message.id, message.text());
    await message.say(message.text());
    await keeping?.said(kept);
  });
  return {
    async prepare() {
      await keeping?.open();
      const loggedIn = new Promise<void>((resolve) => bot.once('login', () => resolve()));
      await bot.start();
      await loggedIn;
    },
    work: () =>
      inFlight(n, width, async (i) => {
        const answer = answers.next();
        puppet.receive(messageOf(cast, i, clock.now()));
        await answer;
      }),
    async finish() {
      await bot.stop();
      await keeping?.close();
    },
  };
}

/** Writes with bare lmdb the rows that we write, in as many commits: received and answer, then said. */
function sameRows(): Keeping {
  let folder = '';
  let bare: Bare;
  let commits: ReturnType<typeof gatherCommits>;
  return {
    async open() {
      folder = await mkdtemp(join(tmpdir(), 'cunkou-bench-'));
      bare = openBare(folder);
      commits = gatherCommits(bare);
    },
    async heard(id, text) {
      const now = new Date();
      const received: InboxRow = { _id: `wechaty:${id}`, state: 'done', receivedAt: now, attempts: 0 };
      const answer: OutboxRow = {
        _id: `reply:wechaty:${id}`,
        room: '三组',
        person: null,
        text: text.padEnd(150, '花园除草'),
        mentions: ['M1'],
        kind: 'reply',
        priority: 0,
        state: 'sending',
        notBefore: now,
        quiet: false,
        optional: false,
        inReplyTo: `wechaty:${id}`,
        subject: null,
        facts: {},
        createdAt: now,
        order: now.getTime() * 1024,
        claimedBy: 'bench',
        claimedAt: now,
        sentAt: null,
        sentId: null,
        attempts: 1,
        error: null,
      };
      await commits.write([...writesOf(inbox, null, received), ...writesOf(outbox, null, answer)]);
      return answer;
    },
    async said(kept) {
      const before = kept as OutboxRow;
      await commits.write(writesOf(outbox, before, { ...before, state: 'sent', sentAt: new Date(), sentId: 'said-1' }));
    },
    async close() {
      await commits.idle();
      await bare.database.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** An exact command through the whole pipeline, the store on disk included, against a bot that only echoes. */
export async function chatFigures(n: number): Promise<Figure[]> {
  const sample = await openBenchVillage();
  const { cast } = sample;
  await sample.close();
  return [
    await compare(
      `chat, ${command}`,
      n,
      () => ours(n),
      () => echo(n, cast, null),
    ),
    await compare(
      'chat, an echo that keeps rows',
      n,
      () => ours(n),
      () => echo(n, cast, sameRows()),
    ),
  ];
}
