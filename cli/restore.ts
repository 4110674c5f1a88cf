import { dirname, join } from 'node:path';
import { readConfig, type Config } from '../src/config.ts';
import { openRestoreTarget, picturesFolder } from '../src/ground.ts';
import { erasuresName, replayOf } from '../src/members/index.ts';
import { afterRestore } from '../src/messages/index.ts';
import { createSystemClock } from '../src/platform/clock.ts';
import {
  erasuresFile,
  erasuresFileOf,
  joined,
  readErasures,
  type Erased,
  type ErasureList,
} from '../src/platform/erasure-list.ts';
import { createRandomIds } from '../src/platform/ids.ts';
import { fingerprints, keepKeys, madeKeys } from '../src/platform/keys.ts';
import { restore, type BackupFile } from '../src/platform/store/backup.ts';
import type { BackupHeader } from '../src/platform/store/backup-file.ts';
import type { Doc } from '../src/platform/store/values.ts';
import { migrations } from '../src/platform/store/migrations/index.ts';
import { newest } from '../src/platform/store/migrations/run.ts';
import { createUploads } from '../src/platform/uploads.ts';
import { AppError } from '../src/shared/errors.ts';
import { localDate, localTime } from '../src/shared/calendar/index.ts';
import { atRest } from './at-rest.ts';

export const restoreUsage = `用法:cunkou restore 文件 [--moved] [--without-keys] [--erasures 文件]
  只放进空的村子:数据库里已有东西时不动它,也没有强行覆盖的办法
  --moved 搬家:备份时服务已停,之后没有再说过话;不写时,该说还没说的消息先留给人决定
  --erasures 备份之后抹去过的人的名单;跟备份放在一起的、数据文件夹里的会自己找到
  --without-keys 没有当时的加密钥匙也要恢复:电话号码将永远读不出来`;

interface RestoreArgs {
  readonly path: string;
  readonly moved: boolean;
  readonly withoutKeys: boolean;
  /** A list of erased people, given by name. */
  readonly erasures: string | null;
}

/** Null for anything that the usage doesn't say. */
export function parseRestoreArgs(args: readonly string[]): RestoreArgs | null {
  let path: string | null = null;
  let moved = false;
  let withoutKeys = false;
  let erasures: string | null = null;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--moved') moved = true;
    else if (arg === '--without-keys') withoutKeys = true;
    else if (arg === '--erasures' && erasures === null && (args[at + 1] ?? '') !== '') erasures = args[++at] ?? null;
    else if (!arg.startsWith('-') && arg !== '' && path === null) path = arg;
    else return null;
  }
  return path === null ? null : { path, moved, withoutKeys, erasures };
}

/** The village must have the keys that the backup was sealed with, or get them from it. */
function admission(config: Config, withoutKeys: boolean) {
  return async (header: BackupHeader, has: (file: string) => boolean): Promise<void> => {
    const here = config.keys ?? (await madeKeys(config.dataDir))?.keys ?? null;
    if (withoutKeys || Object.keys(header.keys).length === 0) return;
    if (here === null) {
      if (!has('keys.json')) throw new AppError('backup.no-keys', 409);
      return;
    }
    const prints = fingerprints(here);
    const other = Object.entries(header.keys).find(([name, print]) => prints[name] !== print);
    if (other !== undefined) throw new AppError('backup.other-keys', 409, { key: other[0] });
  };
}

function shelf(config: Config): (file: BackupFile) => Promise<void> {
  const uploads = createUploads({ dir: picturesFolder(config), ids: createRandomIds() });
  return async ({ name, bytes }) => {
    if (name === 'keys.json') {
      if (config.keys === null && (await madeKeys(config.dataDir)) === null) await keepKeys(config.dataDir, bytes);
      return;
    }
    const { id } = await uploads.save(bytes);
    if (name !== `pictures/${id}`) throw new AppError('backup.damaged', 422, { part: 'picture' });
  };
}

/**
 * Who was erased, by the list that was named, the one beside the backup, and the one that the data folder has kept.
 * Errors: `erasures.damaged`, `erasures.newer`, `erasures.other-village`, those of the file system.
 */
async function erasedSince(
  config: Config,
  { path, erasures }: RestoreArgs,
  village: string | null,
): Promise<readonly Erased[]> {
  const ours = (list: ErasureList | null): boolean =>
    list !== null && (list.village === village || list.village === null || village === null);
  const named = erasures === null ? null : await readErasures(erasures);
  if (erasures !== null && named === null) throw new AppError('erasures.missing', 404);
  if (named !== null && !ours(named)) throw new AppError('erasures.other-village', 409);
  const beside = await readErasures(join(dirname(path), erasuresFileOf(village)));
  const kept = await readErasures(join(config.dataDir, erasuresFile));
  return joined(...[named, beside, kept].flatMap((list) => (list !== null && ours(list) ? [list.erased] : [])));
}

/** `cunkou restore`: 0 when everything is there and can be started. */
export async function restoreCommand(
  args: readonly string[],
  config: Config = readConfig(),
  print: (text: string) => void = console.log,
): Promise<number> {
  const asked = parseRestoreArgs(args);
  if (asked === null) {
    print(restoreUsage);
    return 2;
  }
  const now = createSystemClock().now();
  const admitted = admission(config, asked.withoutKeys);
  let held = 0;
  let replays = 0;
  let gone = new Map<string, Doc>();
  const target = await openRestoreTarget(config);
  try {
    const { header, documents } = await restore({
      path: asked.path,
      target,
      schema: newest(migrations),
      async admit(about, has) {
        await admitted(about, has);
        const erased = await erasedSince(config, asked, about.keys['lookup'] ?? null);
        gone = new Map(erased.map((one) => [one.member, replayOf(one)]));
      },
      file: shelf(config),
      change(collection, doc) {
        if (collection === erasuresName) {
          gone.delete(doc._id);
          // Through already when the backup was taken, or to be gone through before anything else.
          if (doc['state'] !== 'running') return doc;
          replays++;
          return { ...doc, replay: true };
        }
        const changed = asked.moved ? doc : afterRestore(collection, doc, now);
        if (changed !== doc) held++;
        return changed;
      },
      more: {
        collection: erasuresName,
        docs() {
          replays += gone.size;
          return [...gone.values()];
        },
      },
    });
    const taken = `${localDate(header.createdAt)} ${localTime(header.createdAt)}`;
    print(`恢复好了:${taken} 的备份,${documents}条记录。`);
    if (!header.snapshot) print('注意:这份备份读的不是同一时刻(当时的 MongoDB 不是副本集)。');
    if (held > 0) print(`${held}条消息在备份时还没有说,之后也许说过:启动后请管理员逐条决定再说还是不说。`);
  } finally {
    await target.close();
  }
  if (replays > 0) {
    // From here on a start does the same before anything else.
    await atRest(config, ({ members }) => members.erasures.finish('all'));
    print(`备份之后抹去过${replays}人,已经又抹了一遍。`);
  }
  return 0;
}
