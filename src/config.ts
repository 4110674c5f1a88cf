import { z } from 'zod';

export const roles = ['api', 'bot', 'worker', 'clock'] as const;
export type ProcessRole = (typeof roles)[number];

const filled = z
  .string()
  .trim()
  .transform((text) => (text === '' ? undefined : text))
  .optional();

const key = z
  .string()
  .regex(/^[0-9a-f]{64}$/i, '需要64个十六进制字符(32字节),可用 openssl rand -hex 32 生成');

/** Every variable the service reads; .env.example explains each. */
const environment = z
  .object({
    CUNKOU_DATA: z.string().trim().min(1).default('./data'),
    CUNKOU_ROLES: z
      .string()
      .default(roles.join(','))
      .transform((text) => text.split(',').map((role) => role.trim()))
      .pipe(z.array(z.enum(roles)).min(1)),
    CUNKOU_BOT_NAME: z.string().trim().min(1).max(20).default('小溪'),
    CUNKOU_KEYS: filled,
    CUNKOU_DIGEST_KEY: key.optional(),
    MONGODB_URI: filled.pipe(z.string().regex(/^mongodb(\+srv)?:\/\//, '要以 mongodb:// 开头').optional()),
    REDIS_URL: filled.pipe(z.string().regex(/^rediss?:\/\//, '要以 redis:// 开头').optional()),
    WECHATY_PUPPET: z.enum(['none', 'mock', 'service']).default('none'),
    WECHATY_TOKEN: filled,
    WECHATY_ENDPOINT: filled,
    WECHATY_TLS: z.enum(['on', 'off']).default('on'),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
  })
  .check((context) => {
    const { CUNKOU_ROLES, MONGODB_URI, REDIS_URL, WECHATY_PUPPET, WECHATY_TOKEN } = context.value;
    const fault = (path: string, message: string): void => {
      context.issues.push({ code: 'custom', input: context.value, path: [path], message });
    };
    if (new Set(CUNKOU_ROLES).size < roles.length && (MONGODB_URI === undefined || REDIS_URL === undefined))
      fault('CUNKOU_ROLES', '分开运行需要同时设置 MONGODB_URI 和 REDIS_URL');
    if (WECHATY_PUPPET === 'service' && WECHATY_TOKEN === undefined)
      fault('WECHATY_TOKEN', 'WECHATY_PUPPET=service 时必须填写');
  });

export interface Config {
  readonly dataDir: string;
  readonly roles: readonly ProcessRole[];
  readonly botName: string;
  /** Encryption keys `id:hex`, the first is the current one; null: made and kept in the data folder. */
  readonly keys: readonly { readonly id: string; readonly hex: string }[] | null;
  readonly digestKey: string | null;
  readonly mongoUri: string | null;
  readonly redisUrl: string | null;
  readonly wechaty: {
    readonly puppet: 'none' | 'mock' | 'service';
    readonly token: string | null;
    readonly endpoint: string | null;
    readonly tls: boolean;
  };
  readonly logLevel: string;
}

/** Every fault of the environment at once, each naming its variable. */
export class ConfigError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`configuration:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

function readKeys(text: string | undefined, faults: string[]): Config['keys'] {
  if (text === undefined) return null;
  return text.split(',').map((part) => {
    const [id = '', hex = ''] = part.trim().split(':');
    if (!/^\w{1,16}$/.test(id) || !key.safeParse(hex).success)
      faults.push('CUNKOU_KEYS: 每把钥匙写成 名字:64个十六进制字符,多把用逗号分开');
    return { id, hex };
  });
}

/** Reads the environment; the one place that does. Throws ConfigError. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const parsed = environment.safeParse(env);
  const faults = parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
  const keys = readKeys(parsed.success ? parsed.data.CUNKOU_KEYS : undefined, faults);
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);
  const { data } = parsed;
  return {
    dataDir: data.CUNKOU_DATA,
    roles: data.CUNKOU_ROLES,
    botName: data.CUNKOU_BOT_NAME,
    keys,
    digestKey: data.CUNKOU_DIGEST_KEY ?? null,
    mongoUri: data.MONGODB_URI ?? null,
    redisUrl: data.REDIS_URL ?? null,
    wechaty: {
      puppet: data.WECHATY_PUPPET,
      token: data.WECHATY_TOKEN ?? null,
      endpoint: data.WECHATY_ENDPOINT ?? null,
      tls: data.WECHATY_TLS === 'on',
    },
    logLevel: data.LOG_LEVEL,
  };
}
