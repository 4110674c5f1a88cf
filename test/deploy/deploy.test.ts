import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig, roles } from '../../src/config.ts';

const root = resolve(import.meta.dirname, '../..');
const text = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Service {
  environment?: Record<string, string>;
  volumes?: string[];
  depends_on?: Record<string, unknown>;
  image?: string;
  restart?: string;
  healthcheck?: { test?: unknown; disable?: boolean };
  command?: string[];
}
interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
}

/** The file as JSON, its merge keys resolved, by the YAML processor that comes with our dependencies. */
function compose(): Compose {
  const yaml = join(root, 'node_modules/yaml/bin.mjs');
  const { stdout, stderr, status } = spawnSync(process.execPath, [yaml, '--json', '--merge', '--strict', '--single'], {
    input: text('docker-compose.yml'),
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const parsed = JSON.parse(stdout) as Compose | [Compose];
  return Array.isArray(parsed) ? parsed[0] : parsed;
}

const variable = /(?<!\$)\$\{(\w+)(?::([-?])([^}]*))?\}/g;
/** As the compose command puts variables in. */
function filled(value: string, variables: Readonly<Record<string, string>>): string {
  return value
    .replace(variable, (_, name: string, kind: string | undefined, other: string | undefined) => {
      const given = variables[name] ?? '';
      if (given === '' && kind === '?') throw new Error(`${name}: ${other ?? ''}`);
      return given === '' && kind === '-' ? (other ?? '') : given;
    })
    .replaceAll('$$', '$');
}

const example = (): Record<string, string> =>
  Object.fromEntries(
    text('deploy/compose.env.example')
      .split('\n')
      .filter((line) => /^\w+=/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );

describe('docker-compose.yml', () => {
  const { services, volumes } = compose();
  const key = Buffer.alloc(32, 1).toString('base64');
  const secrets = {
    ...example(),
    MONGO_ROOT_PASSWORD: 'a1',
    MONGO_PASSWORD: 'b2',
    REDIS_PASSWORD: 'c3',
    CUNKOU_KEYS: `k1:${key}`,
    CUNKOU_LOOKUP_KEY: key,
  };
  const image = { CUNKOU_DATA: '/data', CUNKOU_HTTP_HOST: '0.0.0.0', NODE_ENV: 'production' };
  const configOf = (name: string) =>
    readConfig({
      ...image,
      ...Object.fromEntries(
        Object.entries(services[name]?.environment ?? {}).map(([of, value]) => [of, filled(value, secrets)]),
      ),
    });

  it('gives each role to one service, with a configuration that the service takes', () => {
    const given = ['api', 'bot', 'worker', 'clock'].flatMap((name) => [...configOf(name).roles]);
    expect(given.sort()).toEqual([...roles].sort());
    for (const name of ['api', 'bot', 'worker', 'clock', 'backup']) {
      expect(configOf(name)).toMatchObject({
        mongoUri: 'mongodb://cunkou:b2@mongo:27017/cunkou?replicaSet=rs0&authSource=cunkou',
        redisUrl: 'redis://:c3@redis:6379',
        production: true,
      });
    }
    expect(configOf('api').http).toMatchObject({ trustProxy: true, cookieSecure: true, port: 8080 });
  });

  it('holds no secret, and asks for exactly what the example explains', () => {
    const source = text('docker-compose.yml').replace(/^\s*#.*$/gm, '');
    for (const { environment = {} } of Object.values(services)) {
      for (const [name, value] of Object.entries(environment)) {
        if (/PASSWORD|KEY|TOKEN/.test(name)) expect(value, name).toMatch(/^\$\{\w+:(\?[^}]+|-)\}$/);
      }
    }
    const asked = new Set(Array.from(source.matchAll(variable), ([, name = '']) => name));
    asked.delete('CUNKOU_VERSION');
    expect([...asked].sort()).toEqual(Object.keys(example()).sort());
    for (const name of ['MONGO_ROOT_PASSWORD', 'MONGO_PASSWORD', 'REDIS_PASSWORD', 'CUNKOU_KEYS']) {
      expect(example()[name], name).toBe('');
      expect(() => filled(`\${${name}:?set it}`, {})).toThrow(name);
    }
    expect(text('.gitignore').split('\n')).toContain('.env');
  });

  it('names only volumes, services and files that are there', () => {
    for (const [name, service] of Object.entries(services)) {
      for (const volume of service.volumes ?? []) {
        const [from = ''] = volume.split(':');
        if (from.startsWith('./')) expect(existsSync(join(root, from)), from).toBe(true);
        else expect(Object.keys(volumes), `${name}: ${volume}`).toContain(from);
      }
      for (const other of Object.keys(service.depends_on ?? {})) expect(Object.keys(services)).toContain(other);
      expect(service.restart, name).toBeDefined();
    }
  });

  it('keeps what Redis and MongoDB are told, and looks whether they live', () => {
    expect(services['mongo']).toMatchObject({ image: 'mongo:7', restart: 'unless-stopped' });
    expect(JSON.stringify(services['mongo'])).toMatch(/--replSet rs0 --keyFile/);
    expect(services['redis']).toMatchObject({ image: 'redis:7', restart: 'unless-stopped' });
    expect(services['redis']?.command?.join(' ')).toMatch(/--appendonly yes .*noeviction --requirepass/);
    for (const name of ['mongo', 'redis']) expect(services[name]?.healthcheck?.test).toBeDefined();
  });
});

describe('the image', () => {
  const dockerfile = text('Dockerfile');
  const copied = Array.from(dockerfile.matchAll(/^COPY (?!--)(.+) \S+$/gm), ([, names = '']) =>
    names.split(' '),
  ).flat();

  it('copies everything that the service runs from, and nothing that is left out', () => {
    for (const path of copied) expect(existsSync(join(root, path)), path).toBe(true);
    expect(copied).toEqual(expect.arrayContaining(['bin', 'cli', 'src', 'bots', 'jobs', 'templates', 'main.ts']));
    const admitted = text('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'));
    expect(admitted.map((line) => line.slice(1)).sort()).toEqual([...new Set(copied)].sort());
  });

  it('runs as a user, is asked for its health, and is stopped as the service expects', () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
    expect(last).toMatch(/^USER node$/m);
    expect(last).toMatch(/^HEALTHCHECK [\s\S]*\/healthz/m);
    expect(last).toMatch(/^STOPSIGNAL SIGTERM$/m);
    expect(dockerfile).toContain('npm ci --omit=dev --ignore-scripts');
  });
});

describe('the systemd units', () => {
  it.each(['cunkou.service', 'cunkou-backup.service'])(
    '%s runs a command that is there, as a user of its own',
    (name) => {
      const unit = text(`deploy/${name}`);
      const [, script = '', command = ''] = /^ExecStart=\/usr\/bin\/node \/opt\/cunkou\/(\S+) (\S+)/m.exec(unit) ?? [];
      expect(existsSync(join(root, script))).toBe(true);
      expect(text('cli/cunkou.ts')).toContain(`  ${command}: {`);
      expect(unit).toMatch(/^User=cunkou$/m);
      expect(unit).toMatch(/^NoNewPrivileges=yes$/m);
      expect(unit).toMatch(/^StateDirectory=cunkou\b/m);
    },
  );

  it('back up every night and keep fourteen', () => {
    expect(text('deploy/cunkou-backup.service')).toMatch(/backup \/var\/lib\/cunkou-backups --keep 14$/m);
    expect(text('deploy/cunkou-backup.timer')).toMatch(/^OnCalendar=.*Asia\/Shanghai$/m);
  });
});
