import { Redis } from 'ioredis';

export interface RedisOptions {
  /** `redis://[user:password@]host[:port][/db]`, `rediss://` with TLS. */
  url: string;
  /** Shown in Redis' CLIENT LIST; without spaces. */
  name: string;
  /** Told once when the connection is lost or cannot be made, not at every try. */
  onFault: (name: string, fault: unknown) => void;
}

/**
 * A connection that comes back by itself and holds commands meanwhile: what must not hang puts a deadline around
 * it (`within`). A server that stopped answering is noticed after half a minute.
 */
export function connectRedis({ url, name, onFault }: RedisOptions): Redis {
  const redis = new Redis(url, {
    connectionName: name,
    // Both as Bull demands of the connections that it is given.
    maxRetriesPerRequest: null,
    enableReadyCheck: false,
    connectTimeout: 10_000,
    keepAlive: 10_000,
    socketTimeout: 30_000,
    retryStrategy: (times) => Math.min(times * 100, 3000),
    // After a fail-over the old master says READONLY: connect anew and say it again.
    reconnectOnError: (fault) => (fault.message.startsWith('READONLY') ? 2 : false),
  });
  // Each queue listens, too.
  redis.setMaxListeners(0);
  let told = false;
  redis.on('error', (fault) => {
    if (!told) onFault('redis', fault);
    told = true;
  });
  redis.on('ready', () => {
    told = false;
  });
  return redis;
}

/** Waits until the connection stands, at most so long; false if it doesn't. */
export async function standing(redis: Redis, ms: number): Promise<boolean> {
  if (redis.status === 'ready') return true;
  return new Promise((resolve) => {
    const settle = (stands: boolean) => (): void => {
      clearTimeout(timer);
      redis.off('ready', onReady);
      redis.off('end', onEnd);
      resolve(stands);
    };
    const onReady = settle(true);
    const onEnd = settle(false);
    const timer = setTimeout(onEnd, ms);
    redis.once('ready', onReady);
    redis.once('end', onEnd);
  });
}

/** The task's outcome, or `late()` as a fault when it takes longer. What was sent may still take effect. */
export async function within<T>(ms: number, task: Promise<T>, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([task, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/** Says goodbye, or hangs up when nobody answers. */
export async function disconnectRedis(redis: Redis): Promise<void> {
  if (redis.status === 'ready') await within(500, redis.quit(), () => new Error('late')).catch(() => undefined);
  redis.disconnect();
}
