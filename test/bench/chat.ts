import { WechatyBuilder } from 'wechaty';
import { VillagePuppet, type PhoneMessage, type World } from '../../bots/channels/mock-puppet.ts';
import { createSystemClock } from '../../src/platform/clock.ts';
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

/** A wechaty bot that says again what it hears and keeps nothing. */
function echo(n: number, cast: Pick<World, 'people' | 'rooms'>): Run {
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
    if (!message.self()) await message.say(message.text());
  });
  return {
    async prepare() {
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
    finish: () => bot.stop(),
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
      () => echo(n, cast),
    ),
  ];
}
