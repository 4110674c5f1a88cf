// Makes a clone ready to run. Plain Node, needs nothing installed, says nothing when nothing is to do.
//   --dev    what tests and checks need, too      --redis  a redis-server      --chromium  a Chromium
//   --mongo  a MongoDB-compatible server (mongod, else SecantusDB); --build or CUNKOU_BUILD_MONGO=1: its Rust build
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const flags = new Set(process.argv.slice(2));
const say = (line) => process.stderr.write(`${line}\n`);

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Cunkou needs Node 20.19 or later; this is Node ${process.versions.node}. See https://nodejs.org.`);
}

const reason = staleness();
if (reason) {
  const began = Date.now();
  say(`Installing dependencies (npm ci): ${reason} …`);
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
  if (flags.has('--dev')) args.push('--include=dev');
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const [command, ...before] = npm;
  const shell = process.platform === 'win32' && command === 'npm';
  const { status, error } = spawnSync(command, [...before, ...args], {
    cwd: root,
    shell,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) fail(`The dependencies could not be installed${error ? `: ${error.message}` : ''}.`);
  say(`Dependencies installed in ${Math.round((Date.now() - began) / 1000)} s.`);
}

const { findChromium, findMongo, findRedis, installChromium, installMongo, installRedis } =
  await import('./servers.mjs');
try {
  if (flags.has('--redis') && !findRedis()) installRedis(say);
  if (flags.has('--chromium') && !findChromium()) installChromium(say);
  if (flags.has('--mongo')) {
    const build = flags.has('--build') || process.env.CUNKOU_BUILD_MONGO === '1';
    const found = findMongo();
    if (!found || (build && found.kind === 'python')) installMongo(say, build);
    say(`MongoDB-compatible server: ${findMongo()?.name}`);
  }
} catch (fault) {
  fail(fault.message);
}

/** Why the dependencies must be installed, or undefined: what npm wrote down there is held against our lock. */
function staleness() {
  const path = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(path)) return 'not there yet';
  const wanted = packages(join(root, 'package-lock.json'));
  const there = packages(path);
  for (const [name, { version, optional, dev, devOptional }] of wanted) {
    const installed = there.get(name);
    if (installed ? installed.version !== version : !optional && (flags.has('--dev') || !(dev || devOptional))) {
      return `${name.replace(/^node_modules\//, '')} ${version} is missing`;
    }
  }
  for (const name of there.keys()) if (!wanted.has(name)) return `${name.replace(/^node_modules\//, '')} is not ours`;
  return undefined;
}

function packages(path) {
  const { packages: all } = JSON.parse(readFileSync(path, 'utf8'));
  return new Map(Object.entries(all).filter(([name, { link }]) => name !== '' && !link));
}

function fail(line) {
  say(line);
  process.exit(1);
}
