import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { ConfigError, readConfig, type Config } from '../src/config.ts';
import { openStore, verifyStore } from '../src/ground.ts';
import { connectRedis, disconnectRedis, standing } from '../src/platform/redis.ts';
import { quietLog } from '../src/platform/log.ts';
import { isAppError } from '../src/shared/errors.ts';

export interface Finding {
  readonly ok: boolean;
  readonly about: string;
  readonly found: string;
}

const reason = (fault: unknown): string =>
  isAppError(fault) ? fault.code : fault instanceof Error && 'code' in fault ? String(fault.code) : 'unknown';

async function folder({ dataDir }: Config): Promise<Finding> {
  const about = `数据文件夹 ${dataDir}`;
  try {
    await mkdir(dataDir, { recursive: true });
    await access(dataDir, constants.W_OK);
    const { bavail, bsize } = await statfs(dataDir);
    const free = Math.floor((bavail * bsize) / 1e9);
    return { ok: free >= 1, about, found: `可以写,剩余空间 ${free} GB${free >= 1 ? '' : ',太少了'}` };
  } catch (fault) {
    return { ok: false, about, found: `不能写(${reason(fault)})` };
  }
}

async function store(config: Config): Promise<Finding> {
  const about = config.mongoUri === null ? '数据库:内置' : '数据库:MongoDB';
  try {
    await (await openStore(config, quietLog)).close();
    return { ok: true, about, found: '打得开' };
  } catch (fault) {
    if (isAppError(fault, 'store.locked'))
      return { ok: true, about, found: `正由进程 ${String(fault.facts['pid'])} 使用` };
    return { ok: false, about, found: `打不开(${reason(fault)})` };
  }
}

async function queue({ redisUrl }: Config): Promise<Finding> {
  if (redisUrl === null) return { ok: true, about: '任务队列:内置', found: '不需要别的' };
  const redis = connectRedis({ url: redisUrl, name: 'cunkou-doctor', onFault: () => undefined });
  try {
    const ok = await standing(redis, 3_000);
    return { ok, about: '任务队列:Redis', found: ok ? '连得上' : '连不上' };
  } finally {
    await disconnectRedis(redis);
  }
}

function wechat({ wechaty }: Config): Finding {
  const found =
    wechaty.puppet === 'service'
      ? `网关 ${wechaty.endpoint ?? '按令牌查找'},TLS ${wechaty.tls ? '开' : '关'}`
      : '没有配置,机器人不会说话';
  return { ok: true, about: '微信', found };
}

function keys(config: Config): Finding {
  const found = config.keys === null ? '自动生成,放在数据文件夹里(备份时要一起带走)' : '来自环境变量';
  return { ok: true, about: '加密钥匙', found };
}

/** Reads everything in the embedded store, while the village runs or not. */
async function contents(config: Config): Promise<Finding[]> {
  if (config.mongoUri !== null) return [];
  const about = '数据和索引';
  try {
    const { documents, faults } = await verifyStore(config);
    const found = faults.length === 0 ? `一致,${documents} 条` : `不一致,请保留现场并恢复备份:${faults.join(';')}`;
    return [{ ok: faults.length === 0, about, found }];
  } catch (fault) {
    return [{ ok: false, about, found: `读不了(${reason(fault)})` }];
  }
}

/** What is configured, reachable, missing. */
export async function examine(config: Config): Promise<readonly Finding[]> {
  const first = await folder(config);
  const second = first.ok ? [await store(config)] : [];
  const third = second.every(({ ok }) => ok) && first.ok ? await contents(config) : [];
  return [first, ...second, ...third, await queue(config), wechat(config), keys(config)];
}

/** `cunkou doctor`: 0 when nothing is missing. */
export async function doctorCommand(): Promise<number> {
  let config: Config;
  try {
    config = readConfig();
  } catch (fault) {
    if (!(fault instanceof ConfigError)) throw fault;
    for (const line of fault.faults) console.log(`✗ ${line}`);
    return 1;
  }
  const findings = await examine(config);
  for (const { ok, about, found } of findings) console.log(`${ok ? '✓' : '✗'} ${about}:${found}`);
  return findings.every(({ ok }) => ok) ? 0 : 1;
}
