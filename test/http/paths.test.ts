import { describe, expect, it } from 'vitest';
import { createPaths } from '../../src/http/paths.ts';

const routes = [
  { method: 'get', path: '/notices' },
  { method: 'post', path: '/notices' },
  { method: 'post', path: '/notices/preview' },
  { method: 'get', path: '/notices/{notice}' },
  { method: 'get', path: '/members/{member}/grants/{role}/{scope}' },
] as const;
const find = createPaths(routes, (index) => index);
const methods = (path: string): string[] | null => {
  const found = find(path);
  return found === null ? null : [...found.handlers.keys()];
};

describe('paths', () => {
  it('lead to what stands there, by its method', () => {
    expect(methods('/notices')).toEqual(['HEAD', 'GET', 'POST']);
    expect(find('/notices/N1')?.handlers.get('GET')).toBe(3);
    expect(find('/notices/N1')?.handlers.get('HEAD')).toBe(3);
  });

  it('prefer what is spelt out', () => {
    expect(methods('/notices/preview')).toEqual(['POST']);
    expect(find('/notices/previews')?.params).toEqual({ notice: 'previews' });
  });

  it('hold parameters in any writing', () => {
    expect(find('/members/M1/grants/%E7%BD%91%E6%A0%BC%E5%91%98/%E4%B8%80%E7%BB%84')?.params).toEqual({
      member: 'M1',
      role: '网格员',
      scope: '一组',
    });
    expect(find('/notices/a%2Fb/')?.params).toEqual({ notice: 'a/b' });
  });

  it('lead nowhere when something is missing, too much, or no text', () => {
    expect(
      ['/', '', '/notice', '/notices/N1/x', '/members/M1/grants', '/notices/%E7%ZZ', '/notices//'].map(find),
    ).toEqual(Array.from({ length: 7 }, () => null));
    expect(find('/__proto__')).toBeNull();
    expect(find('/notices/constructor')?.params).toEqual({ notice: 'constructor' });
  });

  it('are there once', () => {
    expect(() => createPaths([routes[0], routes[0]], String)).toThrow('twice');
    const twoNames = [routes[3], { method: 'put', path: '/notices/{number}' } as const];
    expect(() => createPaths(twoNames, String)).toThrow('{notice}');
  });
});
