import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildHttp, morning, type HttpBench } from '../support/http.ts';

let bench: HttpBench;
beforeAll(async () => {
  bench = await buildHttp();
});
afterAll(() => bench.close());

/** A row of which nobody knows whether it was said. */
async function unknown(key: string, kind: 'notice' | 'reply' = 'notice'): Promise<void> {
  await bench.messages.say({ key, to: { room: '一组' }, text: `说给大家 ${key}`, kind });
  await bench.messages.outbox.rows.update({ _id: key }, { $set: { state: 'unknown', claimedBy: 'dead' } });
}

const path = (key: string): string => `/api/v1/messages/outbox/${encodeURIComponent(key)}/decision`;

describe('an account that WeChat has stopped', () => {
  const block = '/api/v1/messages/block';

  it('is lifted by an admin, once, and the log keeps who it was', async () => {
    const admin = await bench.as('管理员');
    expect((await admin.get(block)).body).toMatchObject({ blocked: false, since: null });
    const early = await admin.send('POST', `${block}/lift`);
    expect([early.status, early.body.code]).toEqual([409, 'messages.not-blocked']);
    await bench.messages.outbox.block.set();
    expect((await admin.get(block)).body).toMatchObject({ blocked: true, since: morning.toISOString() });
    expect((await admin.send('POST', `${block}/lift`)).body).toMatchObject({ blocked: false, liftedBy: 'A1' });
    expect((await admin.send('POST', `${block}/lift`)).status).toBe(409);
    expect(bench.lines.filter((line) => line.includes('channel.lifted'))).toMatchObject([
      expect.stringContaining('"member":"A1"'),
    ]);
  });

  it('is seen by those who approve notices, lifted by admins only', async () => {
    const secretary = await bench.as('村支书');
    await bench.messages.outbox.block.set();
    expect((await secretary.get(block)).body).toMatchObject({ blocked: true });
    expect((await secretary.send('POST', `${block}/lift`)).status).toBe(403);
    expect((await (await bench.as('网格员')).get(block)).status).toBe(403);
    expect(await bench.messages.desk.blocked()).toBe(true);
    await bench.messages.outbox.block.lift('A1');
  });
});

describe('times without the login', () => {
  it('are shown to those who look after the messages, the newest first', async () => {
    const { outages } = bench.messages;
    await outages.alive(morning);
    await outages.alive(new Date(morning.getTime() + 3_600_000));
    await outages.alive(new Date(morning.getTime() + 3_660_000));
    await outages.alive(new Date(morning.getTime() + 7_200_000));
    const { items } = (await (await bench.as('管理员')).get('/api/v1/messages/outages')).body;
    const [newest, oldest] = items;
    expect(items).toHaveLength(2);
    expect(newest).toMatchObject({ since: new Date(morning.getTime() + 3_660_000).toISOString(), state: 'ended' });
    expect(oldest).toMatchObject({
      id: `wechat:${morning.toISOString()}`,
      endedAt: new Date(morning.getTime() + 3_600_000).toISOString(),
      alarm: 'due',
    });
    expect((await (await bench.as('网格员')).get('/api/v1/messages/outages')).status).toBe(403);
  });
});

describe('what nobody knows whether it was said', () => {
  it('is said again or left, once', async () => {
    const client = await bench.as('村支书');
    await unknown('notice:1');
    await unknown('notice:2');
    expect((await client.get('/api/v1/messages/outbox')).body.items).toHaveLength(2);
    expect((await client.send('POST', path('notice:1'), { decision: 'again' })).body).toMatchObject({
      state: 'queued',
      facts: { decision: 'again', decidedBy: 'S1' },
    });
    expect((await client.send('POST', path('notice:2'), { decision: 'leave' })).body.state).toBe('sent');
    const twice = await client.send('POST', path('notice:2'), { decision: 'again' });
    expect([twice.status, twice.body.code]).toEqual([409, 'messages.decided']);
    expect((await client.send('POST', path('notice:9'), { decision: 'again' })).status).toBe(404);
  });

  it('shows no answers that were given to somebody', async () => {
    const client = await bench.as('管理员');
    await unknown('reply:1', 'reply');
    const { items } = (await client.get('/api/v1/messages/outbox')).body;
    expect(items.find(({ key }) => key === 'reply:1')?.text).toBeNull();
  });

  it('is not for officers of a grid', async () => {
    const client = await bench.as('网格员');
    await unknown('notice:3');
    expect((await client.get('/api/v1/messages/outbox')).status).toBe(403);
    expect((await client.send('POST', path('notice:3'), { decision: 'again' })).status).toBe(403);
  });

  it('comes page by page', async () => {
    const client = await bench.as('管理员');
    for (let at = 0; at < 5; at++) await unknown(`notice:page${at}`);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await client.get(`/api/v1/messages/outbox?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...body.items.map(({ key }) => key));
      cursor = body.next;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThanOrEqual(5);
  });
});

describe('what could not be handled', () => {
  const task = {
    room: null,
    contact: 'c1',
    called: '大明',
    person: 'M1',
    mention: false,
    text: '反馈 悄悄话',
    images: [],
    action: { verb: 'feedback.submit', slots: { text: '悄悄话' } },
    answers: false,
  };

  it('is handled once more or forgotten, without its words being shown', async () => {
    const client = await bench.as('管理员');
    for (const id of ['sim:1', 'sim:2']) {
      await bench.messages.inbox.receive(id, task);
      await bench.messages.inbox.park(id);
    }
    const listed = await client.get('/api/v1/messages/parked');
    expect(listed.body.items).toMatchObject([{ id: 'sim:1', verb: 'feedback.submit', person: 'M1' }, { id: 'sim:2' }]);
    expect(listed.text).not.toContain('悄悄话');
    const decide = (id: string, decision: string) =>
      client.send('POST', `/api/v1/messages/parked/${encodeURIComponent(id)}/decision`, { decision });
    expect((await decide('sim:1', 'again')).status).toBe(204);
    expect((await decide('sim:2', 'leave')).status).toBe(204);
    expect((await decide('sim:2', 'leave')).status).toBe(409);
    expect((await decide('sim:9', 'leave')).status).toBe(404);
    expect((await bench.messages.inbox.unhandled()).map(({ _id }) => _id)).toEqual(['sim:1']);
  });
});

describe('people who asked for a person', () => {
  it('are seen and closed by the one who was asked', async () => {
    await bench.messages.handovers.open('sim:h1', 'M1', null, 'W1');
    const [officer, other, secretary] = [await bench.as('网格员'), await bench.as('网格长'), await bench.as('村支书')];
    expect((await officer.get('/api/v1/messages/handovers')).body.items).toMatchObject([
      { id: 'sim:h1', person: 'M1' },
    ]);
    expect((await other.get('/api/v1/messages/handovers')).body.items).toEqual([]);
    expect((await secretary.get('/api/v1/messages/handovers')).body.items).toHaveLength(1);
    const close = '/api/v1/messages/handovers/sim%3Ah1/close';
    expect((await other.send('POST', close)).status).toBe(404);
    expect((await officer.send('POST', close)).body.state).toBe('closed');
    expect((await officer.get('/api/v1/messages/handovers')).body.items).toEqual([]);
  });
});
