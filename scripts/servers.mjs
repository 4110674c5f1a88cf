// Finds, installs and starts the servers that tests need. Plain Node: it also runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const host = '127.0.0.1';
const wheel = 'secantusdb==0.7.0b3';
const crate = ['secantus-mdb', '--version', '0.5.3-beta.193', '--locked', '--ignore-rust-version'];
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cunkou');
const venv = join(cache, 'secantusdb-0.7.0b3');
const rustRoot = join(cache, 'secantus-mdb-0.5.3-beta.193');

/** The program's path, or undefined. */
export function onPath(program) {
  for (const folder of (process.env.PATH ?? '').split(delimiter).filter(Boolean)) {
    const path = join(folder, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // not here
    }
  }
  return undefined;
}

export function findRedis() {
  const command = onPath('redis-server');
  return command && { name: 'redis-server', command };
}

/** A Chromium or Chrome for tests of pages. */
export function findChromium() {
  const command = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map(onPath).find(Boolean);
  return command && { name: 'chromium', command };
}

/** The MongoDB-compatible server to use: mongod, else SecantusDB as it lies in the cache. */
export function findMongo() {
  const mongod = onPath('mongod');
  if (mongod) return { name: 'mongod', command: mongod, kind: 'mongod' };
  const rust = join(rustRoot, 'bin', 'secantusd-rs');
  if (existsSync(rust)) return { name: 'SecantusDB (secantusd-rs 0.5.3-beta.193)', command: rust, kind: 'rust' };
  const python = join(venv, 'bin', 'secantusd-py');
  if (existsSync(join(venv, 'complete'))) {
    return { name: 'SecantusDB (secantusd-py 0.7.0b3)', command: python, kind: 'python' };
  }
  return undefined;
}

/** Debian's redis-server, as root, without starting its service. Says why it can't be had. */
export function installRedis(say) {
  const advice =
    'redis-server is needed. Install it (Debian, Ubuntu: sudo apt-get install redis-server; macOS: brew install redis) and try again.';
  if (!isRoot() || !onPath('apt-get')) throw new Error(advice);
  say('Installing redis-server (apt-get) …');
  const fault = aptInstall('redis-server');
  if (!findRedis()) throw new Error(`${fault}\n${advice}`.trim());
}

/** Debian's Chromium with a font for Chinese, as root. Says why it can't be had. */
export function installChromium(say) {
  const advice =
    'Chromium is needed. Install it (Debian: sudo apt-get install chromium fonts-noto-cjk; elsewhere Google Chrome on PATH) and try again.';
  if (!isRoot() || !onPath('apt-get')) throw new Error(advice);
  say('Installing chromium and fonts-noto-cjk (apt-get) …');
  const fault = aptInstall('chromium', 'fonts-noto-cjk');
  if (!findChromium()) throw new Error(`${fault}\n${advice}`.trim());
}

/** SecantusDB into the cache: its Python wheel (seconds), or its Rust build (minutes) when that is asked for. */
export function installMongo(say, build) {
  const faults = [];
  const ways = build ? [buildRust, installWheel] : [installWheel, buildRust];
  for (const way of ways) {
    const fault = way(say);
    if (fault === undefined && findMongo()) return;
    faults.push(fault);
  }
  throw new Error(
    [
      ...faults,
      'A MongoDB-compatible server is needed. Install MongoDB 6 or later (mongod on PATH), or python3 with venv, or cargo with cmake and ninja, and try again.',
    ].join('\n'),
  );
}

function installWheel(say) {
  const python = onPath('python3');
  if (!python) return 'python3 is not there.';
  say(`Installing ${wheel} (pip) …`);
  rmSync(venv, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  let made = run(python, ['-m', 'venv', venv]);
  if (made !== undefined && isRoot() && onPath('apt-get')) {
    aptInstall('python3-venv');
    rmSync(venv, { recursive: true, force: true });
    made = run(python, ['-m', 'venv', venv]);
  }
  const fault =
    made ?? run(join(venv, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', wheel]);
  if (fault !== undefined) return `${wheel} could not be installed: ${fault}`;
  writeFileSync(join(venv, 'complete'), `${wheel}\n`);
  return undefined;
}

function buildRust(say) {
  const missing = ['cargo', 'cmake', 'ninja'].filter((program) => !onPath(program));
  if (missing.length > 0) return `The Rust build of SecantusDB needs ${missing.join(', ')}.`;
  say('Building SecantusDB (cargo), about five minutes …');
  const fault = run(onPath('cargo'), ['install', ...crate, '--root', rustRoot]);
  return fault && `SecantusDB could not be built: ${fault}`;
}

/**
 * `redis-server` with an append-only file; on a free port and in a folder of its own unless one is given, and for
 * anybody unless there is a password.
 */
export async function startRedis({ port: wanted, folder: kept, password } = {}) {
  const found = findRedis();
  if (!found) throw new Error('redis-server is not on PATH: node scripts/ready.mjs --redis');
  return start(
    found.name,
    found.command,
    (port, folder) => ({
      args: [
        ...['--bind', host, '--port', String(port), '--dir', folder, '--save', '', '--appendonly', 'yes'],
        ...(password === undefined ? [] : ['--requirepass', password]),
      ],
      url: `redis://${password === undefined ? '' : `:${password}@`}${host}:${port}`,
      answers: () => redisAnswers(port, password),
    }),
    { port: wanted, folder: kept },
  );
}

/**
 * A MongoDB-compatible server on a free port, with its data in a folder of its own. With a list of `databases` it
 * asks for a password, and `url` is that of a user (SCRAM) with rights on these databases and nothing else;
 * `lacks` says what the server did not hold to.
 */
export async function startMongo({ databases } = {}) {
  const found = findMongo();
  if (!found) throw new Error('no MongoDB-compatible server is there: node scripts/ready.mjs --mongo');
  const plan = (auth, user) => (port, folder) => ({
    args: mongoArgs(found.kind, port, folder, auth),
    url: `mongodb://${user}${host}:${port}/cunkou?directConnection=true`,
    answers: () => mongoAnswers(port, found.kind),
  });
  if (databases === undefined) return start(found.name, found.command, plan(false, ''));
  const password = randomBytes(12).toString('hex');
  const folder = mkdtempSync(join(tmpdir(), 'cunkou-server-'));
  try {
    // Users are made before the door is shut: not every server lets the first one in from the same machine.
    const open = await start(found.name, found.command, plan(false, ''), { folder });
    try {
      await makeUsers(open.url, password, databases);
    } finally {
      await open.stop();
    }
    const shut = plan(true, `cunkou:${password}@`);
    const server = await start(found.name, found.command, shut, { port: open.port, folder, passing: true });
    return { ...server, lacks: await missingLocks(server.url, open.url) };
  } catch (fault) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    throw fault;
  }
}

/** What the whole suite may write to, by the part that does. */
const shares = { store: 120, backup: 20, week: 4, weekbull: 4, flows: 40, force: 8, erase: 6 };
export const testDatabases = ['cunkou', ...Object.entries(shares).flatMap(([part, count]) => namesOf(part, count))];

function namesOf(part, count) {
  return Array.from({ length: count }, (_, n) => `cunkou_${part}_${n}`);
}

async function makeUsers(url, password, databases) {
  await withClient(url, async (client) => {
    const root = randomBytes(12).toString('hex');
    await client.db('admin').command({ createUser: 'root', pwd: root, roles: [{ role: 'root', db: 'admin' }] });
    const roles = databases.flatMap((db) => [
      { role: 'readWrite', db },
      { role: 'dbAdmin', db },
    ]);
    await client.db('cunkou').command({ createUser: 'cunkou', pwd: password, roles });
  });
}

/** Tries what must be refused; names what was not. */
async function missingLocks(url, nobody) {
  const insert = (at, name) =>
    withClient(at, async (client) => {
      await client.db(name).collection('tries').insertOne({ _id: 'try' });
    }).then(
      () => true,
      (fault) => {
        if (fault.code === 13 || fault.code === 18) return false;
        throw fault;
      },
    );
  const lacks = [];
  if (await insert(nobody, 'cunkou')) lacks.push('it lets in whoever has no password');
  if (await insert(url.replace(/:[0-9a-f]+@/, ':wrong@'), 'cunkou')) lacks.push('it takes a wrong password');
  if (await insert(url, 'somebody_else')) lacks.push("the user may write to others' databases");
  return lacks;
}

async function withClient(url, task) {
  const { default: mongoose } = await import('mongoose');
  const client = new mongoose.mongo.MongoClient(url, { serverSelectionTimeoutMS: 10_000 });
  try {
    return await task(client);
  } finally {
    await client.close();
  }
}

function mongoArgs(kind, port, folder, auth) {
  if (kind === 'mongod') {
    // A replica set's members know each other by a key once there is a lock at all.
    const key = join(folder, 'key');
    if (auth) writeFileSync(key, randomBytes(96).toString('base64'), { mode: 0o400 });
    const locks = auth ? ['--auth', '--keyFile', key] : [];
    return ['--bind_ip', host, '--port', String(port), '--dbpath', folder, '--replSet', 'cunkou', '--quiet', ...locks];
  }
  const common = ['--port', String(port), '--storage-path', folder, ...(auth ? ['--auth'] : [])];
  if (kind === 'rust') return common;
  const config = join(folder, 'secantusd.toml');
  writeFileSync(config, '');
  return ['--host', host, '--config', config, '--log-level', 'WARNING', ...common];
}

/** Starts it, waits until it answers; tries another port if the one it was given was taken meanwhile. */
async function start(name, command, plan, { port: wanted, folder: kept, passing = kept === undefined } = {}) {
  let last = '';
  for (let round = 0; round < 3; round++) {
    const folder = kept ?? mkdtempSync(join(tmpdir(), 'cunkou-server-'));
    const port = wanted ?? (await freePort());
    const { args, url, answers } = plan(port, folder);
    // In a group of its own: Ctrl-C in a terminal ends the tests first, and they end the server.
    const child = spawn(command, args, { cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const listen = (data) => (output = (output + data).slice(-4000));
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    const ended = new Promise((resolve) => {
      child.on('error', (fault) => resolve(fault.message));
      child.on('close', (code, signal) => resolve(`ended with ${signal ?? code}`));
    });
    const tidy = () => {
      if (passing) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    };
    // The last resort, when whoever started it ends without stopping it.
    const onExit = () => {
      child.kill('SIGKILL');
      tidy();
    };
    process.once('exit', onExit);
    const stop = async (signal = 'SIGTERM') => {
      const hard = setTimeout(() => child.kill('SIGKILL'), 10_000);
      child.kill(signal);
      await ended;
      clearTimeout(hard);
      process.removeListener('exit', onExit);
      tidy();
    };
    if (await waitFor(answers, ended)) return { name, url, port, pid: child.pid, folder, stop };
    await stop('SIGKILL');
    last = `${await ended}\n${output}`;
  }
  throw new Error(`${name} did not start: ${last}`);
}

/** True when it answers, false when it ended before or a minute passed. */
async function waitFor(answers, ended) {
  let over = false;
  void ended.then(() => (over = true));
  for (const until = Date.now() + 60_000; Date.now() < until && !over;) {
    if (await answers().catch(() => false)) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

function redisAnswers(port, password) {
  return new Promise((resolve) => {
    const hello = password === undefined ? 'PING\r\n' : `AUTH ${password}\r\n`;
    const socket = connect(port, host, () => socket.write(hello));
    const settle = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1000, () => settle(false));
    socket.once('data', (data) => settle(/^\+(?:PONG|OK)/.test(data.toString())));
    socket.once('error', () => settle(false));
  });
}

async function mongoAnswers(port, kind) {
  const { default: mongoose } = await import('mongoose');
  const client = new mongoose.mongo.MongoClient(`mongodb://${host}:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: 1000,
  });
  try {
    const admin = client.db('admin');
    const { isWritablePrimary } = await admin.command({ hello: 1 });
    if (isWritablePrimary) return true;
    if (kind !== 'mongod') return false;
    const members = [{ _id: 0, host: `${host}:${port}` }];
    await admin.command({ replSetInitiate: { _id: 'cunkou', members } });
    return false;
  } finally {
    await client.close();
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function aptInstall(...names) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '-q', '--no-install-recommends', ...names];
  return withoutServices(() => {
    if (run('apt-get', install, env) === undefined) return '';
    return run('apt-get', ['update', '-q'], env) ?? run('apt-get', install, env) ?? '';
  });
}

/** Debian starts a service when it installs it, unless this file says no. */
function withoutServices(install) {
  const policy = '/usr/sbin/policy-rc.d';
  const ours = !existsSync(policy);
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return install();
  } finally {
    if (ours) rmSync(policy, { force: true });
  }
}

/** Undefined when it went well, else the end of what it said. */
function run(command, args, env = process.env) {
  const options = { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 28 };
  const { status, error, stdout, stderr } = spawnSync(command, args, options);
  if (status === 0) return undefined;
  return error?.message ?? `${command} ${args.join(' ')}: ${`${stdout}${stderr}`.trim().slice(-1500)}`;
}

function isRoot() {
  return process.getuid?.() === 0;
}
