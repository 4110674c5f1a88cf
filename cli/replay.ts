import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Village } from '../main.ts';
import { readConfig } from '../src/config.ts';
import { createFakeClock } from '../src/platform/clock.ts';
import { createSerialIds } from '../src/platform/ids.ts';
import { describeFault } from '../src/platform/log.ts';
import type { Store } from '../src/platform/store/port.ts';
import { createMemoryUploads } from '../src/platform/uploads.ts';
import { castOf, introduce } from './replay/cast.ts';
import { play } from './replay/play.ts';
import type { Played } from './replay/play.ts';
import { instantText, replyRows } from './replay/replies.ts';
import { engines, openPassingStore, passingKeys } from './replay/engines.ts';
import { openStage } from './replay/stage.ts';
import type { Stage } from './replay/stage.ts';
import { stateOf } from './replay/state.ts';
import { readGiven, readTranscript, timeOf, TranscriptError } from './replay/transcript.ts';
import type { Given, Line } from './replay/transcript.ts';
import { loadVillage } from './replay/village.ts';

export const replayUsage =
  '用法:cunkou replay FILE.jsonl --village DIR [--given FILE] [--policies FILE] [--out state.json] ' +
  '[--replies replies.jsonl] [--seats seats.jsonl] [--engine embedded|mongo]';

export interface Replay {
  /** Counts the seats after each step (true); otherwise `seats` is empty. */
  readonly watchSeats?: boolean;
  readonly lines: readonly Line[];
  /** A village's folder. */
  readonly folder: string;
  readonly given: Given | null;
  /** Policy cards, as JSON text; shown as samples. */
  readonly policies: string | null;
  /** Another queue than the one in this process. */
  readonly queue?: Parameters<typeof openStage>[0]['queue'];
}

export interface Replayed {
  readonly played: Played;
  readonly state: Record<string, unknown>;
  readonly replies: readonly object[];
  /** After each line and each thing done by time: people with a seat, asked and waiting, by activity. */
  readonly seats: readonly object[];
  /** What went wrong in the background. */
  readonly faults: Stage['faults'];
}

/** Plays a transcript through a whole village of its own, with a clock that the transcript moves. */
export async function replay(
  store: Store,
  { lines, folder, given, policies, watchSeats = true, queue }: Replay,
): Promise<Replayed> {
  const [first] = lines;
  const start = given?.clockStart ?? (first === undefined ? new Date(0) : timeOf(first));
  const clock = createFakeClock(start);
  const uploads = createMemoryUploads();
  const stage = openStage({
    ...{ clock, store, uploads, ids: createSerialIds(), keys: passingKeys(), owner: 'replay' },
    ...(queue === undefined ? {} : { queue }),
  });
  const { village, simulator, work, faults } = stage;
  try {
    await loadVillage(village, { folder, policies, given });
    const unbound = given?.unbound ?? [];
    const senders = lines.flatMap((line) => ('message' in line ? [line.message.from] : []));
    await introduce(await castOf(village, [...unbound, ...senders]), { ...village, simulator }, unbound);
    await village.start();
    await work.idle();
    const seats: object[] = [];
    const quiet = async (): Promise<void> => {
      seats.push({ at: instantText(clock.now()), seats: await village.activities.seatCounts() });
    };
    const audience = watchSeats ? { quiet } : {};
    const played = await play({ lines, village, simulator, clock, work, audience });
    return { played, state: await stateOf(village, played), replies: await saidBy(village), seats, faults };
  } finally {
    await village.close();
  }
}

async function saidBy(village: Village): Promise<object[]> {
  const { rows } = village.messages.outbox;
  return replyRows(await rows.find({ sentAt: { $gte: new Date(0) } }, { sort: { sentAt: 1 } }));
}

const jsonl = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/**
 * `cunkou replay FILE.jsonl --village DIR …`: the exit code is 0 when it was played to the end, 1 when a file is
 * faulty, 2 when it was called wrongly.
 */
export async function replayCommand(
  args: readonly string[],
  print: (text: string) => void = console.log,
): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      village: { type: 'string' },
      given: { type: 'string' },
      policies: { type: 'string' },
      out: { type: 'string' },
      replies: { type: 'string' },
      seats: { type: 'string' },
      engine: { type: 'string', default: 'embedded' },
    },
  });
  const [file, ...more] = positionals;
  const { village: folder } = values;
  const engine = engines.find((name) => name === values.engine);
  if (file === undefined || more.length > 0 || folder === undefined || engine === undefined) {
    print(replayUsage);
    return 2;
  }
  const began = performance.now();
  const textOf = (path: string | undefined): Promise<string | null> =>
    path === undefined ? Promise.resolve(null) : readFile(path, 'utf8');
  let wanted: Replay;
  try {
    const given = await textOf(values.given);
    wanted = {
      watchSeats: values.seats !== undefined,
      lines: readTranscript(await readFile(file, 'utf8'), file),
      folder,
      given: given === null ? null : readGiven(given, values.given ?? ''),
      policies: await textOf(values.policies),
    };
  } catch (fault) {
    if (fault instanceof TranscriptError) print(fault.message);
    else if (fault instanceof Error && 'path' in fault) print(`读不了 ${String(fault.path)}`);
    else throw fault;
    return 1;
  }
  const { store, drop } = await openPassingStore(engine, readConfig().mongoUri);
  let done: Replayed;
  try {
    done = await replay(store, wanted);
  } catch (fault) {
    if (!(fault instanceof TranscriptError)) throw fault;
    print(fault.message);
    return 1;
  } finally {
    await drop();
  }
  const { played, state, replies, seats, faults } = done;
  if (values.out !== undefined) await writeFile(values.out, `${JSON.stringify(state, null, 1)}\n`);
  if (values.replies !== undefined) await writeFile(values.replies, jsonl(replies));
  if (values.seats !== undefined) await writeFile(values.seats, jsonl(seats));
  const refused = played.refusals.length === 0 ? '' : `(${played.refusals.length}次不合规矩,没有办)`;
  const acts = wanted.lines.length - played.messages;
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  print(`${played.messages}条消息,${acts}次干部操作${refused},机器人说了${replies.length}条,用时${seconds}秒`);
  for (const { name, fault } of faults) print(`后台出错 ${name}:${JSON.stringify(describeFault(fault))}`);
  return faults.length === 0 ? 0 : 1;
}
