import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../src/config.ts';

const faultsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readConfig(env);
    return [];
  } catch (fault) {
    if (fault instanceof ConfigError) return fault.faults;
    throw fault;
  }
};

describe('the address of the service', () => {
  it('is this machine alone, whether the variables are missing or empty', () => {
    const usual = { host: '127.0.0.1', port: 8080, metricsPort: 9464, cookieSecure: false, trustProxy: false };
    expect(readConfig({}).http).toEqual(usual);
    const empty = { CUNKOU_HTTP_HOST: '', CUNKOU_HTTP_PORT: ' ', CUNKOU_METRICS_PORT: '', CUNKOU_TRUST_PROXY: '' };
    expect(readConfig(empty).http).toEqual(usual);
  });

  it('is told like everything else by variables that may all be empty', () => {
    const names = ['CUNKOU_DATA', 'CUNKOU_ROLES', 'CUNKOU_BOT_NAME', 'WECHATY_PUPPET', 'WECHATY_TLS', 'LOG_LEVEL'];
    expect(readConfig(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(readConfig({}));
  });

  it('has cookies over TLS alone wherever others can reach it', () => {
    expect(readConfig({ CUNKOU_HTTP_HOST: '0.0.0.0' }).http.cookieSecure).toBe(true);
    expect(readConfig({ CUNKOU_TRUST_PROXY: 'on' }).http.cookieSecure).toBe(true);
    expect(faultsOf({ CUNKOU_HTTP_HOST: '0.0.0.0', CUNKOU_COOKIE_SECURE: 'off' })).toHaveLength(1);
  });

  it('may have no metrics, and never on its own port', () => {
    expect(readConfig({ CUNKOU_METRICS_PORT: 'off' }).http.metricsPort).toBeNull();
    expect(faultsOf({ CUNKOU_HTTP_PORT: '9464' })).toHaveLength(1);
  });

  it.each(['-1', '65536', '80a', '1e3', '8080.5'])('refuses the port %s by its variable', (text) => {
    expect(faultsOf({ CUNKOU_HTTP_PORT: text })[0]).toContain('CUNKOU_HTTP_PORT');
  });
});

describe('what is wrong', () => {
  const wrong: Record<string, string> = {
    CUNKOU_ROLES: 'api,boss,chef',
    CUNKOU_BOT_NAME: '小溪'.repeat(11),
    CUNKOU_MESSAGES_PER_MINUTE: '0',
    CUNKOU_KEYS: 'k1:short',
    CUNKOU_LOOKUP_KEY: 'short',
    MONGODB_URI: 'postgres://x',
    REDIS_URL: 'x',
    WECHATY_PUPPET: 'padlocal',
    WECHATY_TLS: 'yes',
    WECHATY_FRIENDS_PER_DAY: '21',
    ALARM_WEBHOOK_URL: 'qyapi.weixin.qq.com',
    CUNKOU_MISSED_AFTER_MINUTES: '1',
    CUNKOU_HTTP_HOST: 'a b',
    CUNKOU_HTTP_PORT: 'x',
    CUNKOU_METRICS_PORT: 'x',
    CUNKOU_COOKIE_SECURE: 'x',
    CUNKOU_TRUST_PROXY: 'x',
    LOG_LEVEL: 'loud',
  };

  it('is told all at once, each variable in one plain Chinese sentence', () => {
    const told = faultsOf(wrong);
    const names = told.map((line) => line.split(':')[0]);
    // Keys are read once the rest is right.
    expect(names).toHaveLength(Object.keys(wrong).length - 1);
    expect(new Set(names)).toEqual(new Set(Object.keys(wrong).filter((name) => name !== 'CUNKOU_KEYS')));
    for (const line of told) {
      expect(line).toMatch(/^[A-Z_]+: .*\p{Script=Han}/u);
      expect(line).not.toMatch(/Invalid|expected|Too big|option/i);
    }
  });

  it.each(Object.entries(wrong))('is named: %s', (name, value) => {
    const own = name === 'CUNKOU_KEYS' ? { CUNKOU_LOOKUP_KEY: `${'A'.repeat(43)}=` } : {};
    const [first, ...more] = faultsOf({ [name]: value, ...own }).filter((line) => line.startsWith(`${name}:`));
    expect(first).toMatch(/\p{Script=Han}/u);
    expect(more).toEqual([]);
  });
});
