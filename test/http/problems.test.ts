import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildHttp, type HttpBench } from '../support/http.ts';

let bench: HttpBench;
beforeAll(async () => {
  bench = await buildHttp({
    part: {
      pages: [
        async (ctx, next) => {
          if (ctx.path === '/broken') throw new Error('王大明 19900000001 路灯坏了');
          await next();
        },
      ],
    },
  });
});
afterAll(() => bench.close());

const json = { 'content-type': 'application/json' };

describe('a problem', () => {
  it('is a problem document with its request’s id', async () => {
    const answer = await bench.client().get('/api/v1/me');
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body).toEqual({
      type: 'urn:cunkou:problem:http.signed-out',
      title: '请先登录。',
      status: 401,
      code: 'http.signed-out',
      facts: {},
      request: answer.headers.get('x-request-id'),
    });
  });

  it('of ours tells nothing of its cause, and the log nothing of people', async () => {
    const answer = await bench.client().get('/broken');
    expect(answer.status).toBe(500);
    expect(answer.body).toMatchObject({ code: 'internal', facts: {} });
    for (const text of [answer.text, ...bench.lines]) expect(text).not.toMatch(/王大明|19900000001|路灯/);
    expect(answer.text).not.toMatch(/Error|\.ts|node_modules/);
    expect(bench.lines.some((line) => line.includes(String(answer.body.request)) && line.includes('"fault"'))).toBe(
      true,
    );
  });

  it.each([
    ['an address that isn’t there', 'GET', '/api/v1/nothing', undefined, {}, 404, 'http.not-found'],
    ['a page that isn’t there', 'GET', '/nothing', undefined, {}, 404, 'http.not-found'],
    ['a method that isn’t there', 'PUT', '/api/v1/me', undefined, {}, 405, 'http.method'],
    ['broken JSON', 'POST', '/api/v1/session', '{"name":', json, 400, 'http.malformed'],
    ['JSON that is no object', 'POST', '/api/v1/session', '"name"', json, 400, 'http.malformed'],
    ['a prototype in disguise', 'POST', '/api/v1/session', '{"__proto__":{"a":1}}', json, 400, 'http.malformed'],
    [
      'a form',
      'POST',
      '/api/v1/session',
      'name=a',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'http.media-type',
    ],
    ['plain text', 'POST', '/api/v1/session', '{}', { 'content-type': 'text/plain' }, 415, 'http.media-type'],
    ['a packed body', 'POST', '/api/v1/session', '{}', { ...json, 'content-encoding': 'gzip' }, 415, 'http.media-type'],
    [
      'unknown fields',
      'POST',
      '/api/v1/session',
      '{"name":"a","password":"b","admin":true}',
      json,
      422,
      'http.wrong-input',
    ],
    ['missing fields', 'POST', '/api/v1/session', '{}', json, 422, 'http.wrong-input'],
  ] as const)('comes for %s', async (_name, method, path, body, headers, status, code) => {
    const answer = await bench.client().send(method, path, body, headers);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('comes for a body without any type', async () => {
    const answer = await fetch(`${bench.url}/api/v1/session`, { method: 'POST', body: new Uint8Array([123, 125]) });
    expect(answer.status).toBe(415);
  });

  it('comes for a format that can’t be given', async () => {
    const client = await bench.as('社工');
    const answer = await client.get('/api/v1/me', { accept: 'text/csv' });
    expect([answer.status, answer.body.code]).toEqual([406, 'http.not-acceptable']);
  });

  it('names every wrong place, without the values', async () => {
    const client = await bench.as('村支书');
    const answer = await client.send('POST', '/api/v1/notices', {
      kind: 'loud',
      title: '',
      text: '秘密的话',
      rooms: '一组',
      colour: 'red',
    });
    expect(answer.status).toBe(422);
    const places = answer.body.errors.map(({ at }) => at);
    expect(places.toSorted()).toEqual(['body.colour', 'body.kind', 'body.rooms', 'body.title']);
    expect(answer.text).not.toContain('秘密');
  });

  it('comes for unknown and wrong query parameters', async () => {
    const client = await bench.as('村支书');
    expect((await client.get('/api/v1/members?colour=red')).status).toBe(422);
    expect((await client.get('/api/v1/members?limit=1000')).status).toBe(422);
    expect((await client.get('/api/v1/members?cursor=!')).body.code).toBe('http.cursor');
    expect((await client.get('/api/v1/me?x=1')).status).toBe(422);
  });

  it('says which methods there are', async () => {
    const refused = await bench.client().send('PUT', '/api/v1/me');
    expect(refused.headers.get('allow')).toBe('HEAD, GET, OPTIONS');
    const asked = await bench.client().send('OPTIONS', '/api/v1/session');
    expect(asked.status).toBe(204);
    expect(asked.headers.get('allow')).toBe('POST, DELETE, OPTIONS');
    expect(asked.headers.get('access-control-allow-origin')).toBeNull();
  });
});
