import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phoneReveals } from '../../src/members/members.model.ts';
import { buildHttp, type HttpBench } from '../support/http.ts';

let bench: HttpBench;
beforeAll(async () => {
  bench = await buildHttp();
});
afterAll(() => bench.close());

const idsOf = (items: readonly { id: string }[]): string[] => items.map(({ id }) => id);

describe('people', () => {
  it('come page by page, each once', async () => {
    const client = await bench.as('村支书');
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await client.get(`/api/v1/members?limit=4${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...idsOf(body.items));
      cursor = body.next;
    }
    expect(seen).toHaveLength(11);
    expect(new Set(seen).size).toBe(11);
  });

  it('are those of one’s own grid for its officer', async () => {
    const client = await bench.as('网格员');
    expect(idsOf((await client.get('/api/v1/members')).body.items)).toEqual(['L1', 'M1', 'M2', 'W1']);
    expect((await client.get('/api/v1/members?grid=二组')).status).toBe(403);
    expect((await client.get('/api/v1/members/M3')).status).toBe(403);
    expect((await client.get(`/api/v1/members?name=${encodeURIComponent('张贵')}`)).body.items).toEqual([]);
  });

  it('are found by their exact name and never carry a number', async () => {
    const client = await bench.as('社工');
    const answer = await client.get(`/api/v1/members?name=${encodeURIComponent('王大明')}`);
    expect(idsOf(answer.body.items)).toEqual(['M1']);
    expect(answer.text).not.toMatch(/phone|cipher|1990/);
    const one = await client.get('/api/v1/members/M1');
    expect(one.body).toMatchObject({ phone: '199****0001', wechat: true, bound: false, optedOut: false });
    expect(one.text).not.toContain('cipher');
  });

  it('have their number shown to who may see it, and the look is written down', async () => {
    const client = await bench.as('村主任');
    const before = await bench.store.collection(phoneReveals).count({ member: 'M2' });
    expect((await client.send('POST', '/api/v1/members/M2/phone')).body).toEqual({ phone: '19900000001' });
    const rows = await bench.store.collection(phoneReveals).find({ member: 'M2' });
    expect(rows).toHaveLength(before + 1);
    expect(rows.at(-1)?.by).toBe('Z1');
    expect(bench.lines.join('')).not.toContain('19900000001');
  });

  it('that nobody knows are not found, for who may look', async () => {
    expect((await (await bench.as('社工')).get('/api/v1/members/M9')).status).toBe(404);
    expect((await (await bench.as('监督委员')).get('/api/v1/members/M9')).status).toBe(403);
  });
});

describe('binding', () => {
  it('issues one code for one request, however often it is sent', async () => {
    const client = await bench.as('网格员');
    const ask = () => client.send('POST', '/api/v1/members/M1/bind-codes', undefined, { 'idempotency-key': 'k-1' });
    const [first, again] = [await ask(), await ask()];
    expect(first.status).toBe(201);
    expect(again.body).toEqual(first.body);
    const other = await client.send('POST', '/api/v1/members/M1/bind-codes');
    expect(other.body.code).not.toBe(first.body.code);
    const bad = await client.send('POST', '/api/v1/members/M1/bind-codes', undefined, { 'idempotency-key': 'k 1' });
    expect(bad.status).toBe(422);
  });

  it('proposes who is who in a room and binds the chosen ones', async () => {
    const client = await bench.as('网格员');
    const seen = [
      { contact: 'c1', name: '李秀英' },
      { contact: 'c2', name: '路人' },
    ];
    const list = await client.send('POST', '/api/v1/bind-lists', { grid: '一组', seen });
    expect(list.body.items).toEqual([
      { number: 1, shown: '李秀英', member: { id: 'M2', name: '李秀英', household: 'H1' }, hints: [], again: false },
    ]);
    const path = `/api/v1/bind-lists/${encodeURIComponent(list.body.id)}`;
    expect((await client.get(path)).body.state).toBe('open');
    const done = await client.send('POST', `${path}/confirm`, { numbers: [1] });
    expect(done.body).toEqual({ bound: [{ number: 1, member: 'M2' }], left: [] });
    expect((await bench.members.ofContact('c1'))?._id).toBe('M2');
    expect((await client.send('DELETE', '/api/v1/contacts/c1')).status).toBe(204);
    expect(await bench.members.ofContact('c1')).toBeNull();
  });

  it('proposes who is who in a room as the channel sees it now', async () => {
    const seen = [{ contact: 'c7', name: '张贵' }];
    const roomMembers = (room: string) => Promise.resolve(room === '二组' ? seen : []);
    const other = await buildHttp({ part: { roomMembers } });
    const client = await other.as('村支书');
    const list = await client.send('POST', '/api/v1/bind-lists', { room: '二组' });
    expect(list.body.items).toMatchObject([{ number: 1, shown: '张贵', member: { id: 'M3' } }]);
    expect((await client.send('POST', '/api/v1/bind-lists', { room: '九组' })).status).toBe(404);
    await other.close();
  });

  it('makes no list for a grid that there isn’t', async () => {
    const seen = [{ contact: 'c8', name: '张贵' }];
    const answer = await (await bench.as('村支书')).send('POST', '/api/v1/bind-lists', { grid: '2组', seen });
    expect([answer.status, answer.body.code]).toEqual([404, 'grid.not-found']);
    const other = await (await bench.as('网格员')).send('POST', '/api/v1/bind-lists', { grid: '2组', seen });
    expect(other.status).toBe(403);
  });

  it('can’t look into a room while no channel tells', async () => {
    const client = await bench.as('网格员');
    const answer = await client.send('POST', '/api/v1/bind-lists', { room: '一组' });
    expect([answer.status, answer.body.code]).toEqual([409, 'http.no-channel']);
    expect((await client.send('POST', '/api/v1/bind-lists', { room: '二组' })).status).toBe(403);
  });
});

describe('roles, consents and opt-outs', () => {
  it('are granted and ended by the admin', async () => {
    const client = await bench.as('管理员');
    const granted = await client.send('POST', '/api/v1/members/M3/grants', {
      role: '网格员',
      scope: '二组',
      to: '2026-12-31T23:59:59+08:00',
    });
    expect(granted.body).toMatchObject({
      role: '网格员',
      scope: '二组',
      grantedBy: 'A1',
      to: '2026-12-31T15:59:59.000Z',
    });
    const ended = await client.send('DELETE', '/api/v1/members/M3/grants/网格员/二组');
    expect(ended.body).toMatchObject({ endedBy: 'A1' });
    const last = await client.send('DELETE', '/api/v1/members/A1/grants/管理员/village');
    expect([last.status, last.body.code]).toEqual([409, 'members.last-admin']);
  });

  it('are entered for who gave them on paper', async () => {
    const client = await bench.as('网格员');
    await client.send('PUT', '/api/v1/members/M1/consents/照片', { version: '2026-1' });
    expect((await client.get('/api/v1/members/M1/consents')).body.items).toMatchObject([
      { purpose: '照片', version: '2026-1', withdrawnAt: null },
    ]);
    await client.send('DELETE', '/api/v1/members/M1/consents/照片');
    expect(await bench.members.consents.given('M1', '照片')).toBe(false);
    await client.send('PUT', '/api/v1/members/M1/opt-out');
    expect((await client.get('/api/v1/members/M1')).body).toMatchObject({ optedOut: true });
    await client.send('DELETE', '/api/v1/members/M1/opt-out');
    expect(await bench.members.stopped('M1')).toBe(false);
    const inspector = await bench.as('监督委员');
    expect((await inspector.send('PUT', '/api/v1/members/M1/opt-out')).status).toBe(403);
  });
});

describe('grids', () => {
  it('show their tree, groups and calendar to the staff', async () => {
    const client = await bench.as('监督委员');
    expect(idsOf((await client.get('/api/v1/grids')).body.items)).toEqual(['一组', '二组', '清溪村']);
    expect(idsOf((await client.get('/api/v1/rooms')).body.items)).toEqual(['一组', '二组']);
    expect((await client.get('/api/v1/calendar')).body).toMatchObject({ quietHours: ['21:30', '07:00'] });
  });

  it('have a rota and a phone that their officers keep', async () => {
    const client = await bench.as('网格长');
    const body = { member: 'W1', from: '2026-03-18T08:00:00+08:00', to: '2026-03-20T08:00:00+08:00' };
    const duty = await client.send('POST', '/api/v1/grids/一组/duties', body);
    expect(duty.status).toBe(201);
    const rota = await client.get('/api/v1/grids/一组/duties');
    expect(rota.body).toMatchObject({ items: [{ member: 'W1' }], now: { member: 'W1', as: '值班' } });
    expect((await client.send('DELETE', `/api/v1/duties/${encodeURIComponent(duty.body.id)}`)).status).toBe(204);
    expect((await client.send('PUT', '/api/v1/grids/一组/duty-phone', { phone: '0838-1234567' })).status).toBe(200);
    expect((await client.send('PUT', '/api/v1/grids/二组/duty-phone', { phone: null })).status).toBe(403);
    expect((await client.send('PUT', '/api/v1/grids/一组/duty-phone', { phone: '12' })).body.code).toBe('grid.phone');
    const admin = await bench.as('管理员');
    const linked = await admin.send('PUT', '/api/v1/rooms/一组/channel-room', { channelRoom: 'r9@chatroom' });
    expect(linked.body).toMatchObject({ channelRoom: 'r9@chatroom' });
  });
});
