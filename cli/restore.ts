import { readConfig, type Config } from '../src/config.ts';
import { openRestoreTarget, picturesFolder } from '../src/ground.ts';
import { afterRestore } from '../src/messages/index.ts';
import { createSystemClock } from '../src/platform/clock.ts';
import { createRandomIds } from '../src/platform/ids.ts';
import { fingerprints, keepKeys, madeKeys } from '../src/platform/keys.ts';
import { restore, type BackupFile } from '../src/platform/store/backup.ts';
import type { BackupHeader } from '../src/platform/store/backup-file.ts';
import { migrations } from '../src/platform/store/migrations/index.ts';
import { newest } from '../src/platform/store/migrations/run.ts';
import { createUploads } from '../src/platform/uploads.ts';
import { AppError } from '../src/shared/errors.ts';
import { localDate, localTime } from '../src/shared/calendar/index.ts';

export const restoreUsage = `用法:cunkou restore 文件 [--moved] [--without-keys]
  只放进空的村子:数据库里已有东西时不动它,也没有强行覆盖的办法
  --moved 搬家:备份时服务已停,之后没有再说过话;不写时,该说还没说的消息先留给人决定
  --without-keys 没有当时的加密钥匙也要恢复:电话号码将永远读不出来`;

interface RestoreArgs {
  readonly path: string;
  readonly moved: boolean;
  readonly withoutKeys: boolean;
}

/** Null for anything that the usage doesn't say. */
export function parseRestoreArgs(args: readonly string[]): RestoreArgs | null {
  let path: string | null = null;
  let moved = false;
  let withoutKeys = false;
  for (const arg of args) {
    if (arg === '--moved') moved = true;
    else if (arg === '--without-keys') withoutKeys = true;
    else if (!arg.startsWith('-') && arg !== '' && path === null) path = arg;
    else return null;
  }
  return path === null ? null : { path, moved, withoutKeys };
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
  let held = 0;
  const target = await openRestoreTarget(config);
  try {
    const { header, documents } = await restore({
      path: asked.path,
      target,
      schema: newest(migrations),
      admit: admission(config, asked.withoutKeys),
      file: shelf(config),
      change(collection, doc) {
        const changed = asked.moved ? doc : afterRestore(collection, doc, now);
        if (changed !== doc) held++;
        return changed;
      },
    });
    const taken = `${localDate(header.createdAt)} ${localTime(header.createdAt)}`;
    print(`恢复好了:${taken} 的备份,${documents}条记录。`);
    if (!header.snapshot) print('注意:这份备份读的不是同一时刻(当时的 MongoDB 不是副本集)。');
    if (held > 0) print(`${held}条消息在备份时还没有说,之后也许说过:启动后请管理员逐条决定再说还是不说。`);
    return 0;
  } finally {
    await target.close();
  }
}
