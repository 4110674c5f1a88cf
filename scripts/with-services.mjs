// node scripts/with-services.mjs COMMAND [ARGS…]: runs it with REDIS_URL and MONGODB_URI of servers of its own, on
// loopback and in temporary folders, and ends nothing but what it started.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startMongo, startRedis } from './servers.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [command, ...args] = process.argv.slice(2);
if (command === undefined) {
  process.stderr.write('usage: node scripts/with-services.mjs COMMAND [ARGS…]\n');
  process.exit(2);
}

const running = [];
let child;
let stopping;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    stopping = signal;
    child?.kill(signal);
  });
}

let status = 1;
try {
  const outcomes = await Promise.allSettled([startRedis(), startMongo()]);
  for (const { value } of outcomes) if (value) running.push(value);
  for (const { reason } of outcomes) if (reason) throw reason;
  const [redis, mongo] = running;
  process.stderr.write(`Services: ${running.map(({ name, url }) => `${name} at ${url}`).join(', ')}\n`);
  const env = {
    ...process.env,
    PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter),
    REDIS_URL: redis.url,
    MONGODB_URI: mongo.url,
  };
  if (stopping === undefined) {
    status = await new Promise((resolve, reject) => {
      child = spawn(command, args, { env, stdio: 'inherit' });
      child.on('error', reject);
      child.on('close', (code, signal) => resolve(signal ? 128 + constants.signals[signal] : code));
    });
  }
} catch (fault) {
  process.stderr.write(`${fault.message}\n`);
} finally {
  await Promise.all(running.map((server) => server.stop()));
}
process.exit(stopping === undefined ? status : 128 + constants.signals[stopping]);
