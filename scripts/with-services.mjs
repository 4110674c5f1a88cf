// node scripts/with-services.mjs COMMAND [ARGS…]: runs it with REDIS_URL and MONGODB_URI of servers of its own, on
// loopback and in temporary folders, and ends nothing but what it started. Both ask for a password, and the MongoDB
// user has rights on the databases of the tests only, as in production.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startMongo, startRedis, testDatabases } from './servers.mjs';

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
  const outcomes = await Promise.allSettled([
    startRedis({ password: randomBytes(12).toString('hex') }),
    startMongo({ databases: testDatabases }),
  ]);
  for (const { value } of outcomes) if (value) running.push(value);
  for (const { reason } of outcomes) if (reason) throw reason;
  const [redis, mongo] = running;
  const lock = { redis: 'password', mongo: 'SCRAM, a user with rights on the databases of the tests only' };
  process.stderr.write(
    `Services: ${redis.name} at 127.0.0.1:${redis.port} (${lock.redis}), ` +
      `${mongo.name} at 127.0.0.1:${mongo.port} (${lock.mongo})\n`,
  );
  for (const lack of mongo.lacks) process.stderr.write(`Not as in production: ${mongo.name}: ${lack}.\n`);
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
