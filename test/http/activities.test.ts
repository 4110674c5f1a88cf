import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTable } from '../../src/platform/tables.ts';
import { buildHttp, type Client, type HttpBench } from '../support/http.ts';

let bench: HttpBench;
beforeAll(async () => {
  bench = await buildHttp();
});
afterAll(() => bench.close());

const draft = {
  name: '桂花园除草',
  startsAt: '2026-03-21T08:30:00+08:00',
  endsAt: '2026-03-21T10:30:00+08:00',
  capacity: 3,
  meet: '村口 <大槐树>',
  bring: ['手套'],
};

async function made(client: Client, part: object = {}): Promise<string> {
  const answer = await client.send('POST', '/api/v1/activities', { ...draft, ...part });
  expect(answer.status).toBe(201);
  return String(answer.body.id);
}

describe('an activity', () => {
  it('is made, moved and called off', async () => {
    const client = await bench.as('社工');
    const id = await made(client);
    const path = `/api/v1/activities/${id}`;
    expect((await client.get(path)).body).toMatchObject({
      name: '桂花园除草',
      scope: 'village',
      seats: { capacity: 3, free: 3, taken: 0, kept: 0, waitingParties: 0 },
    });
    const moved = await client.send('POST', `${path}/reschedule`, {
      startsAt: '2026-03-22T08:30:00+08:00',
      reason: '下雨',
    });
    expect(moved.body).toMatchObject({ startsAt: '2026-03-22T00:30:00.000Z', endsAt: '2026-03-22T02:30:00.000Z' });
    expect((await client.send('POST', `${path}/call-off`, { reason: null })).body.state).toBe('cancelled');
    const late = await client.send('POST', `${path}/reschedule`, { startsAt: '2026-03-23T08:30:00+08:00' });
    expect([late.status, late.body.code]).toEqual([410, 'activities.cancelled']);
    const past = await client.get('/api/v1/activities?when=past');
    expect(past.body.items.map((one) => one.id)).toContain(id);
  });

  it('is refused with a time that has passed or an unknown field', async () => {
    const client = await bench.as('社工');
    const post = (part: object) => client.send('POST', '/api/v1/activities', { ...draft, ...part });
    expect((await post({ startsAt: '2020-03-21T08:30:00+08:00' })).body.code).toBe('activities.bad-time');
    expect((await post({ startsAt: '2026-03-21' })).status).toBe(422);
    expect((await post({ colour: 'red' })).status).toBe(422);
  });

  it('has a code that only its organisers see', async () => {
    const client = await bench.as('社工');
    const id = await made(client);
    expect((await client.send('PUT', `/api/v1/activities/${id}/check-in-code`, { code: 'HUA8' })).status).toBe(204);
    expect((await client.get(`/api/v1/activities/${id}/check-in-code`)).body).toEqual({ code: 'HUA8' });
    const inspector = await bench.as('监督委员');
    expect((await inspector.get(`/api/v1/activities/${id}/check-in-code`)).status).toBe(403);
    expect((await inspector.get(`/api/v1/activities/${id}`)).text).not.toContain('HUA8');
  });
});

describe('at the desk', () => {
  it('people are signed up, wait when it is full, and are cancelled', async () => {
    const client = await bench.as('村主任');
    const id = await made(client);
    const path = `/api/v1/activities/${id}/sign-ups`;
    const first = await client.send('POST', path, { member: 'M1', people: 2 });
    expect(first.body).toMatchObject({ kind: 'confirmed', rows: [{ person: 'M1', people: 2, by: 'Z1' }] });
    const few = await client.send('POST', path, { member: 'M3', people: 2 });
    expect(few.body).toMatchObject({ kind: 'few', free: 1, rows: [] });
    const waits = await client.send('POST', path, { member: 'M3', people: 2, queue: true });
    expect(waits.body.kind).toBe('waitlisted');
    expect((await client.get(`/api/v1/activities/${id}/seats`)).body).toEqual({ confirmed: 2, held: 0, waitlisted: 2 });
    const row = encodeURIComponent(first.body.rows[0]?.row ?? '');
    expect((await client.send('DELETE', `${path}/${row}`)).body).toMatchObject({ status: 'cancelled' });
    expect((await client.send('POST', path, { member: 'M9' })).status).toBe(404);
    const officer = await bench.as('网格员');
    expect((await officer.send('POST', path, { member: 'M2' })).status).toBe(403);
  });

  it('signs up once for one request', async () => {
    const client = await bench.as('村主任');
    const id = await made(client);
    const send = () =>
      client.send('POST', `/api/v1/activities/${id}/sign-ups`, { member: 'M1' }, { 'idempotency-key': `s-${id}` });
    const [first, again] = [await send(), await send()];
    expect(again.body).toEqual(first.body);
    expect(again.body.kind).toBe('confirmed');
  });

  it('gives the list as JSON, for Excel and to print, and takes the roll', async () => {
    const client = await bench.as('村主任');
    const id = await made(client, { startsAt: '2026-03-18T09:50:00+08:00', endsAt: '2026-03-18T11:00:00+08:00' });
    await client.send('POST', `/api/v1/activities/${id}/sign-ups`, { member: 'M1' });
    const path = `/api/v1/activities/${id}`;
    const roster = await client.get(`${path}/roster`);
    expect(roster.body.items).toMatchObject([{ number: 1, name: '王大明', by: '村主任甲', waits: false }]);
    const page = await client.get(`${path}/roster.html`);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.text).toContain('王大明');
    expect(page.text).toContain('&lt;大槐树&gt;');
    const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const sheet = await fetch(`${bench.url}${path}/roster.xlsx`, { headers: { cookie } });
    expect(sheet.headers.get('content-disposition')).toContain('attachment');
    const table = await readTable(new Uint8Array(await sheet.arrayBuffer()), { name: 'roster.xlsx' });
    expect(table.rows[0]?.cells['姓名']).toBe('王大明');
    const called = await client.send('POST', `${path}/roll-call`, { rows: [roster.body.items[0]?.row] });
    expect(called.body).toEqual({ counted: [`${id}:M1`], again: false });
    const inspector = await bench.as('监督委员');
    for (const one of ['roster', 'roster.html', 'roster.xlsx']) {
      expect((await inspector.get(`${path}/${one}`)).status).toBe(403);
    }
  });
});

describe('lists', () => {
  it('of activities go by their start, page by page', async () => {
    const own = await buildHttp();
    const client = await own.as('社工');
    const days = ['23', '21', '22', '24'];
    for (const day of days) {
      await client.send('POST', '/api/v1/activities', {
        ...draft,
        name: `第${day}天`,
        startsAt: `2026-03-${day}T08:30:00+08:00`,
        endsAt: `2026-03-${day}T09:30:00+08:00`,
      });
    }
    const first = await client.get('/api/v1/activities?limit=3');
    const second = await client.get(`/api/v1/activities?limit=3&cursor=${first.body.next}`);
    const names = [...first.body.items, ...second.body.items].map(({ name }) => name);
    expect(names).toEqual(['第21天', '第22天', '第23天', '第24天']);
    expect(second.body.next).toBeNull();
    await own.close();
  });

  it('of reminders show what will be said to how many', async () => {
    const client = await bench.as('社工');
    const id = await made(client);
    await client.send('POST', `/api/v1/activities/${id}/sign-ups`, { member: 'M1' });
    await bench.reminders.planActivity(id);
    const { items } = (await client.get('/api/v1/reminders')).body;
    expect(items).toContainEqual({ activity: id, kind: 'T-1d', at: '2026-03-20T10:00:00.000Z', people: 1 });
    expect((await (await bench.as('监督委员')).get('/api/v1/reminders')).status).toBe(403);
  });
});
