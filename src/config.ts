import { z } from 'zod';
import type { CryptoKeys } from './platform/crypto.ts';
import { logLevels, type LogLevel } from './platform/log.ts';

export const roles = ['api', 'bot', 'worker', 'clock'] as const;
export type ProcessRole = (typeof roles)[number];

const filled = z
  .string()
  .trim()
  .transform((text) => (text === '' ? undefined : text))
  .optional();

/** One of a few words. */
const oneOf = <T extends string>(...words: [T, ...T[]]) => z.enum(words, `只能写 ${words.join('、')} 之一`);

/** A whole number within bounds. */
const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, `要写${least}到${most}的整数`)
    .transform(Number)
    .refine((number) => number >= least && number <= most, `要写${least}到${most}的整数`);

const webAddress = z.string().refine((text) => {
  const { protocol } = URL.canParse(text) ? new URL(text) : { protocol: '' };
  return ['https:', 'http:'].includes(protocol);
}, '要写以 https:// 或 http:// 开头的网址');

/** 0: any that is free. */
const port = z
  .string()
  .regex(/^\d{1,5}$/, '要写端口号,0到65535')
  .transform(Number)
  .refine((number) => number <= 65_535, '要写端口号,0到65535');

const key = z.string().regex(/^[A-Za-z0-9+/]{43}=$/, '需要32字节的base64,可用 openssl rand -base64 32 生成');

/** Every variable the service reads; .env.example explains each. */
const environment = z
  .object({
    CUNKOU_DATA: filled.pipe(z.string().default('./data')),
    CUNKOU_ROLES: filled
      .transform((text) => (text ?? roles.join(',')).split(',').map((role) => role.trim()))
      .pipe(z.array(z.enum(roles, `只能写 ${roles.join('、')},用逗号分开`))),
    CUNKOU_BOT_NAME: filled.pipe(z.string().max(20, '最多20个字').default('小溪')),
    /** Of one person. */
    CUNKOU_MESSAGES_PER_MINUTE: filled.pipe(
      z
        .string()
        .regex(/^\d{1,4}$/, '要写每分钟最多几条,1到1000')
        .transform(Number)
        .refine((number) => number >= 1 && number <= 1_000, '要写每分钟最多几条,1到1000')
        .default(20),
    ),
    CUNKOU_KEYS: filled,
    CUNKOU_LOOKUP_KEY: filled.pipe(key.optional()),
    MONGODB_URI: filled.pipe(
      z
        .string()
        .regex(/^mongodb(\+srv)?:\/\//, '要以 mongodb:// 开头')
        .optional(),
    ),
    REDIS_URL: filled.pipe(
      z
        .string()
        .regex(/^rediss?:\/\//, '要以 redis:// 开头')
        .optional(),
    ),
    WECHATY_PUPPET: filled.pipe(oneOf('none', 'mock', 'service').default('none')),
    WECHATY_TOKEN: filled,
    WECHATY_ENDPOINT: filled,
    WECHATY_TLS: filled.pipe(oneOf('on', 'off').default('on')),
    WECHATY_FRIENDS_PER_DAY: filled.pipe(wholeNumber(0, 20).default(20)),
    ALARM_WEBHOOK_URL: filled.pipe(webAddress.optional()),
    CUNKOU_MISSED_AFTER_MINUTES: filled.pipe(wholeNumber(5, 1440).default(10)),
    CUNKOU_HTTP_HOST: filled.pipe(
      z
        .string()
        .regex(/^[\w.:-]+$/, '要写地址或主机名,如 127.0.0.1 或 0.0.0.0')
        .default('127.0.0.1'),
    ),
    CUNKOU_HTTP_PORT: filled.pipe(port.default(8080)),
    CUNKOU_METRICS_PORT: filled.pipe(
      z.union([z.literal('off').transform(() => null), port], '要写端口号,0到65535,或者 off').default(9464),
    ),
    CUNKOU_COOKIE_SECURE: filled.pipe(oneOf('auto', 'on', 'off').default('auto')),
    CUNKOU_TRUST_PROXY: filled.pipe(oneOf('on', 'off').default('off')),
    LOG_LEVEL: filled.pipe(oneOf(...logLevels).default('info')),
    NODE_ENV: filled,
  })
  .check((context) => {
    const { CUNKOU_KEYS, CUNKOU_LOOKUP_KEY, CUNKOU_ROLES, MONGODB_URI, REDIS_URL, WECHATY_PUPPET, WECHATY_TOKEN } =
      context.value;
    const fault = (path: string, message: string): void => {
      context.issues.push({ code: 'custom', input: context.value, path: [path], message });
    };
    if (new Set(CUNKOU_ROLES).size < roles.length && (MONGODB_URI === undefined || REDIS_URL === undefined))
      fault('CUNKOU_ROLES', '分开运行需要同时设置 MONGODB_URI 和 REDIS_URL');
    if ((CUNKOU_KEYS === undefined) !== (CUNKOU_LOOKUP_KEY === undefined))
      fault(CUNKOU_KEYS === undefined ? 'CUNKOU_KEYS' : 'CUNKOU_LOOKUP_KEY', '两个钥匙变量要么都填,要么都不填');
    const { CUNKOU_HTTP_HOST, CUNKOU_HTTP_PORT, CUNKOU_METRICS_PORT, CUNKOU_COOKIE_SECURE } = context.value;
    if (CUNKOU_METRICS_PORT === CUNKOU_HTTP_PORT && CUNKOU_HTTP_PORT !== 0)
      fault('CUNKOU_METRICS_PORT', '要和 CUNKOU_HTTP_PORT 不同');
    if (CUNKOU_COOKIE_SECURE === 'off' && !isLoopback(CUNKOU_HTTP_HOST))
      fault('CUNKOU_COOKIE_SECURE', '只有 CUNKOU_HTTP_HOST 是本机地址时才能关');
    if (WECHATY_PUPPET === 'service' && WECHATY_TOKEN === undefined)
      fault('WECHATY_TOKEN', 'WECHATY_PUPPET=service 时必须填写');
  });

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.');

export interface Config {
  readonly dataDir: string;
  readonly roles: readonly ProcessRole[];
  readonly botName: string;
  /** How many messages of one person the bot takes up in a minute. */
  readonly messagesPerMinute: number;
  /** Null: made at the first start and kept in the data folder. */
  readonly keys: CryptoKeys | null;
  readonly mongoUri: string | null;
  readonly redisUrl: string | null;
  readonly wechaty: {
    readonly puppet: 'none' | 'mock' | 'service';
    readonly token: string | null;
    readonly endpoint: string | null;
    readonly tls: boolean;
    /** Friend requests that are accepted a day; 0: none. */
    readonly friendsPerDay: number;
  };
  readonly outages: {
    /** Where an alarm goes while WeChat is away; null: nowhere but the log. A password in itself. */
    readonly webhook: string | null;
    /** After an outage of so many minutes the groups are told. */
    readonly missedAfterMinutes: number;
  };
  readonly http: {
    readonly host: string;
    readonly port: number;
    /** Null: none. */
    readonly metricsPort: number | null;
    /** Cookies over TLS alone. */
    readonly cookieSecure: boolean;
    /** One proxy stands before it and sets X-Forwarded-*. */
    readonly trustProxy: boolean;
  };
  readonly logLevel: LogLevel;
  /** No simulator. */
  readonly production: boolean;
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

/** `id:key,id:key`; the first seals from now on. */
function readKeys(text: string, lookup: string, faults: string[]): CryptoKeys {
  const pairs = text.split(',').map((part): [string, string] => {
    const [id = '', value = ''] = part.trim().split(':');
    if (!/^\w{1,16}$/.test(id) || !key.safeParse(value).success)
      faults.push('CUNKOU_KEYS: 每把钥匙写成 名字:32字节的base64,多把用逗号分开,第一把是现用的');
    return [id, value];
  });
  return { current: pairs[0]?.[0] ?? '', encryption: Object.fromEntries(pairs), lookup };
}

/** Reads the environment; the one place that does. Throws ConfigError. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const parsed = environment.safeParse(env);
  const faults = parsed.success
    ? []
    : [...new Set(parsed.error.issues.map(({ path, message }) => `${String(path[0])}: ${message}`))];
  const { CUNKOU_KEYS, CUNKOU_LOOKUP_KEY } = parsed.data ?? {};
  const keys =
    CUNKOU_KEYS === undefined || CUNKOU_LOOKUP_KEY === undefined
      ? null
      : readKeys(CUNKOU_KEYS, CUNKOU_LOOKUP_KEY, faults);
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);
  const { data } = parsed;
  return {
    dataDir: data.CUNKOU_DATA,
    roles: data.CUNKOU_ROLES,
    botName: data.CUNKOU_BOT_NAME,
    messagesPerMinute: data.CUNKOU_MESSAGES_PER_MINUTE,
    keys,
    mongoUri: data.MONGODB_URI ?? null,
    redisUrl: data.REDIS_URL ?? null,
    wechaty: {
      puppet: data.WECHATY_PUPPET,
      token: data.WECHATY_TOKEN ?? null,
      endpoint: data.WECHATY_ENDPOINT ?? null,
      tls: data.WECHATY_TLS === 'on',
      friendsPerDay: data.WECHATY_FRIENDS_PER_DAY,
    },
    outages: {
      webhook: data.ALARM_WEBHOOK_URL ?? null,
      missedAfterMinutes: data.CUNKOU_MISSED_AFTER_MINUTES,
    },
    http: {
      host: data.CUNKOU_HTTP_HOST,
      port: data.CUNKOU_HTTP_PORT,
      metricsPort: data.CUNKOU_METRICS_PORT,
      // Plain HTTP is for who sits at the machine itself.
      cookieSecure:
        data.CUNKOU_COOKIE_SECURE === 'auto'
          ? data.CUNKOU_TRUST_PROXY === 'on' || !isLoopback(data.CUNKOU_HTTP_HOST)
          : data.CUNKOU_COOKIE_SECURE === 'on',
      trustProxy: data.CUNKOU_TRUST_PROXY === 'on',
    },
    logLevel: data.LOG_LEVEL,
    production: data.NODE_ENV === 'production',
  };
}
