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
