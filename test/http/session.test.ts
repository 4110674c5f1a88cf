import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { networkOf } from '../../src/http/guard.ts';
import { buildHttp, createClient, password, type HttpBench } from '../support/http.ts';

let bench: HttpBench;
beforeAll(async () => {
  bench = await buildHttp();
});
afterAll(() => bench.close());

describe('signing in', () => {
  it('tells who one is and what one may do, and opens the interface', async () => {
    const client = await bench.as('网格员');
    const { status, body } = await client.get('/api/v1/me');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      account: 'w1',
      member: { id: 'W1', grid: '一组' },
      grants: [{ role: '网格员', scope: '一组' }],
    });
    expect(body.may['notice.write']).toEqual(['一组']);
    expect(body.may).not.toHaveProperty('admin');
  });

  it('gives cookies that no script reads and no other site sends', async () => {
    await bench.as('村支书');
    const client = bench.client();
    const answer = await client.signIn('s1');
    const lines = answer.headers.getSetCookie();
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toMatch(/^cunkou(-device)?=[\w-]+; Path=\/; .*HttpOnly; SameSite=Strict$/);
  });

  it('binds the cookies to TLS and this host where that is on', async () => {
    const secure = await buildHttp({ secure: true });
    const { token } = await secure.staff.invite({ member: null, household: null, grants: [], system: true }, 'S1');
    await secure.staff.accept({ token, name: 's1', password });
    const answer = await secure.client().signIn('s1');
    for (const line of answer.headers.getSetCookie()) expect(line).toMatch(/^__Host-cunkou.*; Secure$/);
    expect(answer.headers.get('strict-transport-security')).toContain('max-age=');
    await secure.close();
  });

  it('fails alike for an unknown name and a wrong password', async () => {
    await bench.as('村支书');
    const unknown = await bench.client().signIn('nobody', 'something else');
    const wrong = await bench.client().signIn('s1', 'something else');
    expect(unknown.status).toBe(401);
    expect({ ...unknown.body, request: '' }).toEqual({ ...wrong.body, request: '' });
    expect(unknown.headers.getSetCookie()).toEqual([]);
  });

  it('says how long to wait after too many wrong ones', async () => {
    const own = await buildHttp();
    await own.as('村支书');
    for (let at = 0; at < 3; at++) await own.client().signIn('s1', 'something else');
    const answer = await own.client().signIn('s1');
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(answer.body.title).toBe('错的次数多了,请1秒后再试。');
    await own.pass(1);
    expect((await own.client().signIn('s1')).status).toBe(201);
    await own.close();
  });

  it('takes the address from the proxy’s own entry, never from what a client writes before it', async () => {
    const own = await buildHttp({ trustProxy: true });
    await own.as('村支书');
    const body = { name: 's1', password: 'something else' };
    const codes: number[] = [];
    for (let at = 0; at < 5; at++) {
      const headers = { 'x-forwarded-for': `10.9.9.${at}, 10.0.0.7` };
      codes.push((await own.client().send('POST', '/api/v1/session', body, headers)).status);
    }
    expect(codes).toEqual([401, 401, 401, 429, 429]);
    await own.close();
  });
});

describe('an address', () => {
  it.each([
    ['10.0.0.7', '10.0.0.7'],
    ['::ffff:10.0.0.7', '10.0.0.7'],
    ['2001:db8:0:1:aaaa:bbbb:cccc:dddd', '2001:db8:0:1'],
    ['2001:0DB8:0000:0001::9', '2001:db8:0:1'],
    ['2001:db8::9', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ])('%s counts as %s', (ip, network) => {
    expect(networkOf(ip)).toBe(network);
  });
});

describe('a session', () => {
  it('that somebody planted before is not the one after signing in', async () => {
    await bench.as('村支书');
    const planted = bench.client();
    await planted.signIn('s1');
    const victim = createClient(bench.url);
    for (const [name, value] of planted.cookies) victim.cookies.set(name, value);
    await victim.signIn('s1');
    expect(victim.cookies.get('cunkou')).not.toBe(planted.cookies.get('cunkou'));
    expect((await planted.get('/api/v1/me')).status).toBe(401);
    expect((await victim.get('/api/v1/me')).status).toBe(200);
  });

  it('made up by a client is none', async () => {
    const client = bench.client();
    client.cookies.set('cunkou', 'a'.repeat(43));
    const answer = await client.signIn('nobody');
    expect(answer.status).toBe(401);
    expect((await client.get('/api/v1/me')).status).toBe(401);
  });

  it('ends by signing out, and everywhere at once', async () => {
    const [phone, desk] = [await bench.as('社工'), await bench.as('社工')];
    expect((await phone.send('DELETE', '/api/v1/session')).status).toBe(204);
    expect(phone.cookies.has('cunkou')).toBe(false);
    expect((await desk.get('/api/v1/me')).status).toBe(200);
    const other = await bench.as('社工');
    await other.send('DELETE', '/api/v1/sessions');
    expect((await desk.get('/api/v1/me')).status).toBe(401);
  });

  it('ends after half a day without use', async () => {
    const own = await buildHttp();
    const client = await own.as('社工');
    await own.pass(12 * 60);
    const answer = await client.get('/api/v1/me');
    expect(answer.status).toBe(401);
    expect(answer.body.code).toBe('http.signed-out');
    await own.close();
  });

  it('has the rights that its member has now', async () => {
    const own = await buildHttp();
    const [admin, officer] = [await own.as('管理员'), await own.as('网格员')];
    expect((await officer.get('/api/v1/members?grid=一组')).status).toBe(200);
    await admin.send('DELETE', '/api/v1/members/W1/grants/网格员/一组');
    expect((await officer.get('/api/v1/members?grid=一组')).status).toBe(403);
    await own.close();
  });

  it('changes its password and goes on under another token', async () => {
    const own = await buildHttp();
    const [client, other] = [await own.as('社工'), await own.as('社工')];
    const before = client.cookies.get('cunkou');
    const answer = await client.send('PUT', '/api/v1/me/password', { current: password, next: '一个更长的新密码来了' });
    expect(answer.status).toBe(200);
    client.csrf = answer.body.csrf;
    expect(client.cookies.get('cunkou')).not.toBe(before);
    expect((await client.get('/api/v1/me')).status).toBe(200);
    expect((await other.get('/api/v1/me')).status).toBe(401);
    await own.close();
  });
});

describe('requests of another site', () => {
  it('are refused without the token, with another one, and with another session’s', async () => {
    const [client, other] = [await bench.as('社工'), await bench.as('妇女主任')];
    for (const csrf of [null, 'x', other.csrf]) {
      client.csrf = csrf;
      const answer = await client.send('DELETE', '/api/v1/session');
      expect([answer.status, answer.body.code]).toEqual([403, 'http.csrf']);
    }
    expect((await client.get('/api/v1/me')).status).toBe(200);
  });

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['an opaque origin', { origin: 'null' }],
    ['the same host on another port', { origin: 'http://127.0.0.1:1' }],
    ['a browser that says so', { 'sec-fetch-site': 'cross-site' }],
    ['a neighbouring host', { 'sec-fetch-site': 'same-site' }],
  ])('are refused from %s, with the token too', async (_name, headers) => {
    const client = await bench.as('社工');
    const answer = await client.send('DELETE', '/api/v1/session', undefined, headers);
    expect([answer.status, answer.body.code]).toEqual([403, 'http.origin']);
    const signIn = await bench.client().send('POST', '/api/v1/session', { name: 'g1', password }, headers);
    expect([signIn.status, signIn.body.code]).toEqual([403, 'http.origin']);
  });

  it('of this site go through', async () => {
    const client = await bench.as('社工');
    const headers = { origin: bench.url, 'sec-fetch-site': 'same-origin' };
    expect((await client.send('DELETE', '/api/v1/session', undefined, headers)).status).toBe(204);
  });
});

describe('setting up', () => {
  it('makes the first admin by the link and tells nobody the way twice', async () => {
    const own = await buildHttp();
    await own.members.grants.grant(
      { member: null, household: null, grants: [], system: true },
      {
        member: 'M1',
        role: '管理员',
        scope: 'village',
      },
    );
    const link = await own.staff.firstAdminLink();
    const body = { token: link?.token, name: '老杨', password };
    const made = await own.client().send('POST', '/api/v1/setup', body);
    expect(made.status).toBe(201);
    const again = await own.client().send('POST', '/api/v1/setup', body);
    expect([again.status, again.body.code]).toEqual([410, 'staff.link-used']);
    const client = own.client();
    await client.signIn('老杨');
    const invited = await client.send('POST', '/api/v1/accounts/invitations', { member: 'S1' });
    expect(invited.status).toBe(201);
    expect((await client.get('/api/v1/accounts')).body.items).toHaveLength(1);
    await own.close();
  });

  it('has a page that needs nothing from elsewhere', async () => {
    const page = await bench.client().get('/setup');
    expect(page.status).toBe(200);
    expect(page.text).toContain('/setup.js');
    expect(page.text).not.toMatch(/https?:|<style|onclick/);
    expect((await bench.client().get('/setup.js')).headers.get('content-type')).toContain('javascript');
  });
});
