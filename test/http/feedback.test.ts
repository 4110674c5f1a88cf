import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Category } from '../../src/feedback/index.ts';
import { buildHttp, type HttpBench } from '../support/http.ts';

let bench: HttpBench;
beforeAll(async () => {
  bench = await buildHttp();
});
afterAll(() => bench.close());

const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);
let messages = 0;

async function file(part: { person?: string; category?: Category; images?: string[]; about?: string[] } = {}) {
  const { person = 'M1', category = '水电通信', images = [], about = [] } = part;
  const reading = { category, place: '村口', things: ['路灯'], home: false, about };
  const from = `sim:${messages++}`;
  const { report } = await bench.feedback.file({
    from,
    person,
    member: person,
    room: null,
    grid: '一组',
    text: `路灯坏了 ${from}`,
    reading,
    images,
  });
  return report;
}

describe('a report', () => {
  it('is accepted, worked on and resolved by its officer', async () => {
    const { number } = await file();
    const officer = await bench.as('网格员');
    const steps = `/api/v1/feedback/${number}/steps`;
    expect((await officer.send('POST', steps, { do: 'accept' })).body).toMatchObject({
      status: 'accepted',
      handler: 'W1',
    });
    await officer.send('POST', steps, { do: 'progress', note: '电工下午来' });
    const extended = await officer.send('POST', steps, { do: 'extend', days: 2, reason: '等灯泡' });
    expect(extended.body).toMatchObject({ extendedDays: 2 });
    const done = await officer.send('POST', steps, { do: 'resolve', note: '换好了' });
    expect(done.body).toMatchObject({ status: 'resolved', outcome: '换好了' });
    const whole = await officer.get(`/api/v1/feedback/${number}`);
    expect(whole.body.history.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['accept', 'progress', 'extend', 'resolve']),
    );
    expect(whole.body).toMatchObject({ dealtWithIn: number });
    const late = await officer.send('POST', steps, { do: 'accept' });
    expect([late.status, late.body.code]).toEqual([409, 'feedback.wrong-state']);
    expect(late.text).not.toContain('路灯');
  });

  it('is given to another officer, transferred or rejected', async () => {
    const secretary = await bench.as('村支书');
    const [a, b, c] = [await file(), await file({ person: 'M2' }), await file({ category: '其他' })];
    const step = (number: number, body: object) => secretary.send('POST', `/api/v1/feedback/${number}/steps`, body);
    expect((await step(a.number, { do: 'assign', to: 'L1' })).body).toMatchObject({ handler: 'L1' });
    expect((await step(a.number, { do: 'assign', to: 'M3' })).body.code).toBe('feedback.bad-assignee');
    expect((await step(b.number, { do: 'transfer', note: '镇上修' })).body.status).toBe('transferred');
    expect((await step(c.number, { do: 'reject', reason: '不归村里管' })).body.status).toBe('rejected');
    expect((await step(c.number, { do: 'reject' })).status).toBe(422);
    expect((await step(c.number, { do: 'burn' })).status).toBe(422);
  });

  it('takes a step once for one request', async () => {
    const { number } = await file();
    const officer = await bench.as('网格员');
    const body = { do: 'progress', note: '看过了' };
    const send = () =>
      officer.send('POST', `/api/v1/feedback/${number}/steps`, body, { 'idempotency-key': `p-${number}` });
    await Promise.all([send(), send()]);
    const { history } = (await officer.get(`/api/v1/feedback/${number}`)).body;
    expect(history.filter(({ what }) => what === 'progress')).toHaveLength(1);
  });

  it('about a cadre is shown to the inspector alone', async () => {
    const { number } = await file({ category: '干部作风', about: ['S1'] });
    const inspector = await bench.as('监督委员');
    expect((await inspector.get(`/api/v1/feedback/${number}`)).status).toBe(200);
    for (const role of ['村支书', '村主任', '网格员', '管理员'] as const) {
      const client = await bench.as(role);
      expect((await client.get(`/api/v1/feedback/${number}`)).status).toBe(404);
      const { items } = (await client.get('/api/v1/feedback?limit=100')).body;
      expect(items.some((one) => one.number === number)).toBe(false);
    }
  });
});

describe('the list of reports', () => {
  it('is filtered and paged', async () => {
    const own = await bench.as('网格员');
    const { items } = (await own.get('/api/v1/feedback?status=transferred')).body;
    expect(items).toHaveLength(1);
    const seen: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await own.get(`/api/v1/feedback?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...body.items.map(({ number }) => number));
      cursor = body.next;
    }
    expect(seen).toEqual([...new Set(seen)].toSorted((a, b) => b - a));
    expect(seen.length).toBeGreaterThanOrEqual(5);
    expect((await own.get('/api/v1/feedback?status=lost')).status).toBe(422);
    expect((await own.get(`/api/v1/feedback?handler=L1`)).body.items).toHaveLength(1);
  });
});

describe('a picture', () => {
  it('is shown with its type to those who may read its report, and to nobody else', async () => {
    const { id } = await bench.uploads.save(png);
    const { number } = await file({ images: [id] });
    const other = await file();
    const path = `/api/v1/feedback/${number}/photos/${id}`;
    const officer = await bench.as('网格员');
    const shown = await officer.get(path);
    expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(shown.headers.get('content-security-policy')).toContain('sandbox');
    expect((await officer.get(`/api/v1/feedback/${other.number}/photos/${id}`)).status).toBe(404);
    expect((await (await bench.as('社工')).get(path)).status).toBe(404);
    expect((await bench.client().get(path)).status).toBe(401);
    expect((await officer.get(`/api/v1/feedback/${number}/photos/..%2F..%2Fkeys.json`)).status).toBe(404);
  });
});
