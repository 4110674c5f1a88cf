import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createChats, createLane, createSimulatorPages } from '../bots/simulator/index.ts';
import { scheduleSweeps } from '../jobs/schedule.ts';
import { readConfig } from '../src/config.ts';
import { createSystemClock } from '../src/platform/clock.ts';
import { describeFault } from '../src/platform/log.ts';
import { isAppError } from '../src/shared/errors.ts';
import { faults } from '../templates/simulator.ts';
import { createStageClock } from './demo/clock.ts';
import { openDemoGround } from './demo/ground.ts';
import { openJournal } from './demo/journal.ts';
import { readProgress, writeProgress } from './demo/progress.ts';
import { createShow } from './demo/show.ts';
import { listen, talkHelp } from './demo/talk.ts';
import { openWeb } from './demo/web.ts';
import { castOf, contactOf, introduce } from './replay/cast.ts';
import { play } from './replay/play.ts';
import { botName, openStage } from './replay/stage.ts';
import { readGiven, readTranscript } from './replay/transcript.ts';
import { loadVillage } from './replay/village.ts';

const shipped = join(dirname(dirname(fileURLToPath(import.meta.url))), 'demo');
/** Who the watcher speaks as at first: 邓嬢嬢 of 三组. */
const firstSpeaker = 'M0196';

export interface DemoOptions {
  readonly folder: string;
  /** Waits a moment before each message, for reading along, in milliseconds. */
  readonly paceMs: number;
  readonly print: (text: string) => void;
  readonly width: number;
  readonly colours: boolean;
}

/** A running demo. */
export interface Demo {
  /** Opens the page on that port of loopback, or on any that is free when it is taken; its address. */
  serve(port: number): Promise<string>;
  /** Plays what is left of the morning, or until told to stop. */
  morning(stop: AbortSignal): Promise<void>;
  /** Lets time go on, and the watcher speak. */
  stay(input: Readable): void;
  close(): Promise<void>;
}

/** Opens the sample village, where an earlier start left it. */
export async function openDemo(options: DemoOptions): Promise<Demo> {
  const { folder, print } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const text = (file: string): Promise<string> => readFile(join(shipped, file), 'utf8');
  const lines = readTranscript(await text('morning.jsonl'), 'demo/morning.jsonl');
  const given = readGiven(await text('given.json'), 'demo/given.json');
  const before = await readProgress(folder);
  const clock = createStageClock(before?.at ?? given.clockStart);
  const ground = await openDemoGround(folder);
  const {
    village,
    simulator,
    work,
    faults: unseen,
  } = openStage({
    ...ground,
    clock,
    owner: `demo-${clock.now().toISOString()}`,
  });
  let played = before?.played ?? 0;
  if (before === null)
    await loadVillage(village, { folder: join(shipped, 'village'), policies: await text('policies.json'), given });
  const cast = await castOf(village);
  const everybody = cast.people.map(({ member }) => member);
  await introduce(cast, { ...village, simulator }, before === null ? given.unbound : everybody);
  const show = createShow({ cast, print, width: options.width, colours: options.colours });
  const journal = await openJournal(folder);
  const chats = createChats({ cast, earlier: journal.earlier });
  chats.onMessage((message) => {
    journal.write(message);
    show.message(message);
  });
  simulator.onSaid((said) => chats.said(said));
  const save = (): Promise<void> => writeProgress(folder, { at: clock.now(), played });
  await save();
  show.note(
    before === null
      ? '示例村清溪村,人和事都是编的。政策里的金额、日期也是编的,不能当真。'
      : `接着上次:${folder}。删掉这个文件夹就从头来。`,
  );
  await village.start();
  await work.idle();
  const stops: (() => void)[] = [];
  const lane = createLane();
  let playing = false;
  const firstRoom = cast.rooms.find(({ members }) => members.includes(contactOf(firstSpeaker)))?.room ?? null;
  const pages = createSimulatorPages({
    simulator,
    village,
    cast,
    chats,
    clock,
    realClock: createSystemClock(),
    work,
    ids: ground.ids,
    uploads: ground.uploads,
    lane,
    sweeps: village.sweeps,
    playing: () => playing,
    first: { from: firstSpeaker, room: firstRoom },
    botName,
  });
  let web: { close: () => Promise<void> } | null = null;

  const complain = (): void => {
    for (const { name, fault } of unseen.splice(0))
      show.note(`后台出错 ${name}:${JSON.stringify(describeFault(fault))}`);
  };

  return {
    async serve(port) {
      const { url, ...service } = await openWeb(village, pages, port);
      web = service;
      return url;
    },
    async morning(stop) {
      playing = played < lines.length;
      pages.playingChanged();
      await play({
        lines,
        stop,
        skip: played,
        village,
        simulator,
        clock,
        work,
        async turn(line) {
          await sleep(options.paceMs);
          await lane(line);
        },
        audience: {
          async wrote(line, words) {
            chats.wrote({ ...line, text: words });
          },
          async acts(line) {
            show.acts(line, (await village.members.nameOf(line.operator)) ?? line.operator);
          },
          refused: () => Promise.resolve(show.note('不合规矩,没有办成')),
          async quiet(after) {
            complain();
            if (after === 'time') return;
            played = after.line;
            await save();
          },
        },
      });
      playing = false;
      pages.playingChanged();
    },
    stay(input) {
      const idle = async (): Promise<void> => {
        await work.idle();
        complain();
      };
      stops.push(scheduleSweeps(village.sweeps, work));
      stops.push(clock.run(lane, idle, (fault) => show.note(`出错:${JSON.stringify(describeFault(fault))}`)));
      const person = cast.people.find(({ member }) => member === firstSpeaker);
      if (person === undefined) return;
      const seat = { member: person.member, name: person.name, room: firstRoom };
      show.note(`早上的事演完了,机器人还在。现在您是${seat.name},在${firstRoom ?? '私聊里'}的群里。${talkHelp}`);
      stops.push(
        listen({
          input,
          cast,
          first: seat,
          onNote: show.note,
          onWords({ member, room }, text) {
            const mention = text.includes(`@${village.channel.botName() ?? botName}`);
            // Not counted as work: it waits itself until the bot is quiet.
            pages.desk
              .write({ from: member, room, text, mention })
              .catch((fault: unknown) => show.note(explain(fault)));
          },
        }),
      );
    },
    async close() {
      for (const stop of stops) stop();
      await web?.close();
      await lane(() => work.idle());
      await save();
      await village.close();
      pages.close();
      await journal.close();
    },
  };
}

/** Why what was typed could not be sent. */
function explain(fault: unknown): string {
  const words = isAppError(fault) ? faults[fault.code]?.(fault.facts) : undefined;
  return words ?? `出错:${JSON.stringify(describeFault(fault))}`;
}

/** Aborted at Ctrl-C or when the process is told to end; a second Ctrl-C ends at once. */
function endOfShow(): AbortSignal {
  const end = new AbortController();
  process.once('SIGINT', () => {
    process.once('SIGINT', () => process.exit(130));
    end.abort();
  });
  process.once('SIGTERM', () => end.abort());
  return end.signal;
}

/**
 * `cunkou demo [--fast] [--once] [--port N]`: opens the simulator's page, shows a morning of the sample village,
 * then stays up until Ctrl-C.
 */
export async function demoCommand(
  args: readonly string[],
  print: (text: string) => void = console.log,
): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      fast: { type: 'boolean', default: false },
      once: { type: 'boolean', default: false },
      port: { type: 'string', default: '8730' },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    print(`端口不对:${values.port}`);
    return 2;
  }
  const { dataDir, production } = readConfig();
  const watched = process.stdout.isTTY;
  const end = endOfShow();
  const demo = await openDemo({
    folder: join(dataDir, 'demo'),
    paceMs: watched && !values.fast ? 700 : 0,
    print,
    width: process.stdout.columns ?? 80,
    colours: watched,
  });
  if (production) print('NODE_ENV=production:不开模拟页面。');
  else if (!values.once) print(`在浏览器里打开:${await demo.serve(port)}\n`);
  await demo.morning(end);
  if (!values.once && !end.aborted) {
    demo.stay(process.stdin);
    await once(end, 'abort');
  }
  await demo.close();
  print('\n再见。');
  return 0;
}
