import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildHttp, type HttpBench } from '../support/http.ts';

let bench: HttpBench;
beforeAll(async () => {
  bench = await buildHttp();
});
afterAll(() => bench.close());

const text = { kind: 'normal', title: '停水', text: '明天停水,请存水。', rooms: ['一组'] } as const;

describe('a notice', () => {
  it('is drafted, handed in, approved by a second person, and reached', async () => {
    const [officer, secretary] = [await bench.as('网格员'), await bench.as('村支书')];
    const draft = await officer.send('POST', '/api/v1/notices', text);
    expect(draft.body).toMatchObject({ state: 'draft', createdBy: 'W1', scope: '一组' });
    const path = `/api/v1/notices/${draft.body.id}`;
    const handedIn = await officer.send('POST', `${path}/submit`, { title: '停水通知' });
    expect(handedIn.body).toMatchObject({ state: 'in-review', title: '停水通知' });
    const stale = await secretary.send('POST', `${path}/approve`, { version: draft.body.version });
    expect(stale.status).toBe(409);
    const approved = await secretary.send('POST', `${path}/approve`, { version: handedIn.body.version });
    expect(approved.body).toMatchObject({ state: 'approved', approvedBy: 'S1' });
    const reach = await officer.get(`${path}/reach`);
    expect(reach.body).toMatchObject({ people: 0, unreached: [{ id: 'L1' }, { id: 'M1' }, { id: 'W1' }] });
  });

  it('can’t be approved by its author', async () => {
    const secretary = await bench.as('村支书');
    const made = await secretary.send('POST', '/api/v1/notices', { ...text, submit: true });
    const { id, version } = made.body;
    const own = await secretary.send('POST', `/api/v1/notices/${id}/approve`, { version });
    expect([own.status, own.body.code]).toEqual([403, 'notices.own']);
    const director = await bench.as('村主任');
    const back = await director.send('POST', `/api/v1/notices/${id}/reject`, { reason: '日期写清楚' });
    expect(back.body).toMatchObject({ state: 'draft', rejected: { by: 'Z1', reason: '日期写清楚' } });
    expect((await secretary.send('POST', `/api/v1/notices/${id}/cancel`)).body.state).toBe('cancelled');
  });

  it('is made once for one request, however often it is sent', async () => {
    const officer = await bench.as('网格员');
    const headers = { 'idempotency-key': 'n-1' };
    const [first, again] = await Promise.all([
      officer.send('POST', '/api/v1/notices', text, headers),
      officer.send('POST', '/api/v1/notices', text, headers),
    ]);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
  });

  it('counts its audience before it is written', async () => {
    const officer = await bench.as('网格员');
    const counted = await officer.send('POST', '/api/v1/notices/preview', { grids: ['一组'] });
    expect(counted.body).toMatchObject({ people: 4, households: 3, rooms: ['一组'], directs: 0 });
    expect((await officer.send('POST', '/api/v1/notices/preview', { rooms: ['九组'] })).status).toBe(404);
  });

  it.each([
    ['a variable that isn’t there', { text: '{电话}' }, 'notices.variable-unknown'],
    ['nobody to read it', { rooms: [] }, 'notices.nobody'],
    ['a time that has passed', { at: '2020-01-01T00:00:00+08:00' }, 'notices.time-past'],
  ])('is refused with %s', async (_name, part, code) => {
    const secretary = await bench.as('村支书');
    const answer = await secretary.send('POST', '/api/v1/notices', { ...text, ...part, submit: true });
    expect([answer.status, answer.body.code]).toEqual([422, code]);
    expect(answer.body.title).not.toBe('');
  });

  it('may recur', async () => {
    const secretary = await bench.as('村支书');
    const repeat = { rule: { every: 'week', weekdays: [1], time: '09:00' }, daysBefore: 0 };
    const made = await secretary.send('POST', '/api/v1/notices', { ...text, repeat, submit: true });
    expect(made.body).toMatchObject({ state: 'in-review', wantedAt: '2026-03-23T01:00:00.000Z' });
  });
});

describe('the list of notices', () => {
  it('shows each reader what is theirs, newest first, page by page', async () => {
    const own = await buildHttp();
    const [officer, secretary, inspector] = [await own.as('网格员'), await own.as('村支书'), await own.as('监督委员')];
    for (const room of ['一组', '二组', '一组', '二组', '一组']) {
      await secretary.send('POST', '/api/v1/notices', { ...text, rooms: [room] });
    }
    const first = await secretary.get('/api/v1/notices?limit=3');
    expect(first.body.items.map(({ number }) => number)).toEqual([5, 4, 3]);
    const second = await secretary.get(`/api/v1/notices?limit=3&cursor=${first.body.next}`);
    expect(second.body.items.map(({ number }) => number)).toEqual([2, 1]);
    expect(second.body.next).toBeNull();
    const theirs = await officer.get('/api/v1/notices?state=draft');
    expect(theirs.body.items.map(({ number }) => number)).toEqual([5, 3, 1]);
    expect((await inspector.get('/api/v1/notices')).status).toBe(403);
    const other = second.body.items[0]?.id;
    expect((await officer.get(`/api/v1/notices/${other}`)).status).toBe(403);
    await own.close();
  });
});
