import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readConfig, type Config } from '../src/config.ts';
import { openBackupSource, picturesFolder } from '../src/ground.ts';
import { erasuresOf } from '../src/members/index.ts';
import { createSystemClock } from '../src/platform/clock.ts';
import { addErasures, erasuresFile, erasuresFileOf, joined, readErasures } from '../src/platform/erasure-list.ts';
import { createRandomIds } from '../src/platform/ids.ts';
import { fingerprints, madeKeys } from '../src/platform/keys.ts';
import { backUp, type BackupFile, type BackupSource } from '../src/platform/store/backup.ts';
import { createUploads, keptPictures } from '../src/platform/uploads.ts';
import { localDate, localTime } from '../src/shared/calendar/index.ts';

export const backupUsage = `用法:cunkou backup 文件或文件夹 [--with-keys] [--keep 份数]
  给文件夹时,文件名按日期和时间起;--keep 只留这个文件夹里最新的几份
  --with-keys 把自动生成的加密钥匙也放进去;拿到备份的人就能看到电话号码`;

interface BackupArgs {
  readonly to: string;
  readonly withKeys: boolean;
  readonly keep: number | null;
}

/** Null for anything that the usage doesn't say. */
export function parseBackupArgs(args: readonly string[]): BackupArgs | null {
  let to: string | null = null;
  let withKeys = false;
  let keep: number | null = null;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--with-keys') withKeys = true;
    else if (arg === '--keep' && /^[1-9]\d{0,3}$/.test(args[at + 1] ?? '')) keep = Number(args[++at]);
    else if (!arg.startsWith('-') && arg !== '' && to === null) to = arg;
    else return null;
  }
  return to === null ? null : { to, withKeys, keep };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

const ours = /^cunkou-\d{4}-\d\d-\d\d-\d{6}\.backup$/;

function nameAt(now: Date): string {
  const seconds = String(now.getUTCSeconds()).padStart(2, '0');
  return `cunkou-${localDate(now)}-${localTime(now).replace(':', '')}${seconds}.backup`;
}

/** Removes all but the newest of those that were named by us. */
async function keepNewest(folder: string, keep: number): Promise<number> {
  const old = (await readdir(folder))
    .filter((name) => ours.test(name))
    .sort()
    .slice(0, -keep);
  for (const name of old) await rm(join(folder, name));
  return old.length;
}

async function* filesOf(config: Config, keys: Uint8Array | null): AsyncGenerator<BackupFile> {
  const dir = picturesFolder(config);
  const uploads = createUploads({ dir, ids: createRandomIds() });
  for await (const id of keptPictures(dir)) {
    const picture = await uploads.read(id);
    // Removed between.
    if (picture !== null) yield { name: `pictures/${id}`, bytes: picture.bytes };
  }
  if (keys !== null) yield { name: 'keys.json', bytes: keys };
}

/** Beside the backup: who was erased so far, so that a restore of an older one brings nobody back. */
async function listErased(config: Config, source: BackupSource, folder: string, village: string | null): Promise<void> {
  const here = await readErasures(join(config.dataDir, erasuresFile));
  const all = joined(here?.village === village ? here.erased : [], await erasuresOf(source));
  if (all.length > 0) await addErasures(join(folder, erasuresFileOf(village)), village, all);
}

/** `cunkou backup`: 0 when the file is whole and on disk, also while the village runs. */
export async function backupCommand(
  args: readonly string[],
  config: Config = readConfig(),
  print: (text: string) => void = console.log,
): Promise<number> {
  const asked = parseBackupArgs(args);
  const folder = asked !== null && (await isFolder(asked.to));
  if (asked === null || (asked.keep !== null && !folder)) {
    print(backupUsage);
    return 2;
  }
  const now = createSystemClock().now();
  const path = folder ? join(asked.to, nameAt(now)) : asked.to;
  const made = config.keys === null ? await madeKeys(config.dataDir) : null;
  const keys = config.keys ?? made?.keys;
  const source = await openBackupSource(config);
  try {
    const prints = keys === undefined ? {} : fingerprints(keys);
    const { documents, files } = await backUp({
      path,
      source,
      createdAt: now,
      keys: prints,
      files: filesOf(config, asked.withKeys ? (made?.bytes ?? null) : null),
    });
    await listErased(config, source, dirname(path), prints['lookup'] ?? null);
    const withKeys = asked.withKeys && made !== null;
    print(`备份好了:${path}(${documents}条记录,${files - (withKeys ? 1 : 0)}张图片)`);
    if (!source.snapshot) print('注意:这个 MongoDB 不是副本集,读的不是同一时刻;要完全一致,请先停下服务再备份。');
    if (withKeys) print('加密钥匙在里面:谁拿到这个文件,谁就能看到电话号码,请锁好。');
    else if (config.keys !== null) print('加密钥匙不在里面(它来自环境变量),请另外保管:没有它,电话号码读不出来。');
    else print('加密钥匙不在里面,请另外保管数据文件夹里的 keys.json:没有它,电话号码读不出来。');
  } finally {
    await source.close();
  }
  if (asked.keep !== null) {
    const removed = await keepNewest(dirname(path), asked.keep);
    if (removed > 0) print(`删去了旧备份${removed}份,留下最新的${asked.keep}份(${basename(asked.to)})。`);
  }
  return 0;
}
